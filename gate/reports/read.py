"""Telling coverage formats apart by content, and reading a report with the right one."""

from __future__ import annotations

import codecs
import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

import msgspec

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.reports import formats
from gate.reports.model import Report, Wants
from gate.text import quoted

SAMPLE_BYTES = 65_536


class CoverageFormat(Protocol):
    """What a module of `gate.reports.formats` offers."""

    NAME: str

    def recognises(self, sample: bytes) -> bool:
        """Whether a file is this format's, by its beginning and its end."""
        ...

    def read(self, data: bytes, wants: Wants) -> Report:
        """Read a whole file; UnreadableArtifact or msgspec's errors where it is not what it seems."""
        ...


@cache
def known_formats() -> tuple[CoverageFormat, ...]:
    """Every module of `gate.reports.formats`, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    return tuple(
        cast(CoverageFormat, importlib.import_module(f"{formats.__name__}.{name}")) for name in names
    )


def read_coverage(data: bytes, wants: Wants) -> Report:
    """Read a coverage report of any known format.

    Raises EmptyArtifact or UnreadableArtifact with a sentence that continues "the file …".
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    sample = data if len(data) <= 2 * SAMPLE_BYTES else data[:SAMPLE_BYTES] + data[-SAMPLE_BYTES:]
    if not data.strip():
        raise EmptyArtifact("is empty")
    for known in known_formats():
        if known.recognises(sample):
            return _read(known, data, wants)
    names = ", ".join(known.NAME for known in known_formats())
    raise UnreadableArtifact(
        f"is not a coverage report that can be read ({names}); it begins with {quoted(_beginning(sample))}"
    )


def _read(known: CoverageFormat, data: bytes, wants: Wants) -> Report:
    try:
        return known.read(data, wants)
    except msgspec.ValidationError as error:
        raise UnreadableArtifact(f"looks like {known.NAME}, but is not whole: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if "truncated" in str(error):
            raise UnreadableArtifact(f"is {known.NAME} cut off after {len(data)} bytes") from error
        raise UnreadableArtifact(f"looks like {known.NAME}, but is malformed: {error}") from error
    except RecursionError as error:
        raise UnreadableArtifact(f"looks like {known.NAME}, but is nested too deeply") from error


def _beginning(sample: bytes) -> str:
    return sample[:40].decode("utf-8", "replace")
