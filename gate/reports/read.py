"""Telling coverage formats apart by content, and reading a report with the right one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

import msgspec

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.reports import formats
from gate.reports.file import ReportFile
from gate.reports.model import Report, Repository
from gate.text import one_line, quoted

LONGEST_WRITER = 100
"""What wrote a report is told by the report itself, and shown."""


class CoverageFormat(Protocol):
    """What a module of `gate.reports.formats` offers."""

    NAME: str

    def recognises(self, sample: bytes) -> bool:
        """Whether a file is this format's, by its beginning and its end."""
        ...

    def read(self, file: ReportFile, repository: Repository) -> Report:
        """Read a whole file, decoding what the repository wants.

        UnreadableArtifact or msgspec's errors where it is not what it seems.
        """
        ...


def known_formats(sample: bytes = b"") -> Iterator[CoverageFormat]:
    """Every module of `gate.reports.formats`, by name, each imported when it is asked for.

    Whatever the order, one at most recognises a file; those of JSON come first where it looks like that, so
    that no other needs to be imported.
    """
    is_json = sample.lstrip().startswith(b"{")
    for name in sorted(_names(), key=lambda name: name.endswith("_json") != is_json):
        yield cast(CoverageFormat, importlib.import_module(f"{formats.__name__}.{name}"))


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(formats.__path__)))


def read_coverage(file: ReportFile, repository: Repository) -> tuple[str, Report]:
    """Read a coverage report of any known format: the format's name, and what the report says.

    Raises EmptyArtifact or UnreadableArtifact with a sentence that continues "the file …".
    """
    sample = file.sample
    if not sample.strip():
        raise EmptyArtifact("is empty")
    for known in known_formats(sample):
        if known.recognises(sample):
            report = _read(known, file, repository)
            return known.NAME, msgspec.structs.replace(report, writer=one_line(report.writer, LONGEST_WRITER))
    names = ", ".join(known.NAME for known in known_formats())
    raise UnreadableArtifact(
        f"is not a coverage report that can be read ({names}); it begins with {quoted(_beginning(sample))}"
    )


def _read(known: CoverageFormat, file: ReportFile, repository: Repository) -> Report:
    try:
        return known.read(file, repository)
    except msgspec.ValidationError as error:
        raise UnreadableArtifact(
            f"looks like {known.NAME}, but is not whole: {one_line(str(error))}"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if "truncated" in str(error):
            raise UnreadableArtifact(f"is {known.NAME} cut off after {file.size} bytes") from error
        raise UnreadableArtifact(
            f"looks like {known.NAME}, but is malformed: {one_line(str(error))}"
        ) from error
    except RecursionError as error:
        raise UnreadableArtifact(f"looks like {known.NAME}, but is nested too deeply") from error


def _beginning(sample: bytes) -> str:
    return sample[:40].decode("utf-8", "replace")
