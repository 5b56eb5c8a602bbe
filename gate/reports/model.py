"""What every coverage report is brought to: files with their lines and branches, under the report's names.

Merging keeps what was executed and what was reported missing apart, and derives the rest, so that the
union of any number of reports is commutative, associative and idempotent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import msgspec

from gate.reports.branches import Branches
from gate.reports.lines import Blocks, Lines, Ratio
from gate.reports.moments import Moment


class SourceName(NamedTuple):
    """A source file as a report names it.

    `under` are the folders that the report says it may lie below (Cobertura's `<source>`, JaCoCo's groups).
    """

    text: str
    under: tuple[str, ...] = ()


class Repository(Protocol):
    """What a reader may ask about the checked-out repository."""

    def wants(self, name: SourceName) -> bool:
        """Whether a file belongs to a configured module, so that its coverage is to be decoded."""
        ...

    def path_of(self, name: SourceName) -> str | None:
        """The repository path of a file; None where it is not in the repository."""
        ...

    def read(self, path: str) -> bytes | None:
        """The content of a file of the repository, by its repository path; None where it is not there."""
        ...


class Function(msgspec.Struct, frozen=True):
    """A named region of a file and the statements in it, as a bit set."""

    name: str
    lines: int


class FileCoverage(msgspec.Struct, frozen=True):
    """What was measured of one source file.

    `branches` is None where branches were not measured. `blocks` is there where the unit is not the line
    (Go); the file is then counted by it. `loaded` is false where the tests never loaded the file and the
    report lists it all the same, as well as it can: that yields to any report of a run that did load it.
    """

    lines: Lines
    branches: Branches | None
    functions: tuple[Function, ...] = ()
    blocks: Blocks | None = None
    loaded: bool = True

    def __or__(self, other: FileCoverage) -> FileCoverage:
        if self.loaded != other.loaded:
            return self if self.loaded else other
        return FileCoverage(
            self.lines | other.lines,
            _branches(self.branches, other.branches),
            _functions(self.functions, other.functions),
            _blocks(self.blocks, other.blocks),
            self.loaded,
        )

    @property
    def line_ratio(self) -> Ratio:
        """Covered of total, in the format's own unit: statements or lines."""
        return self.lines.ratio if self.blocks is None else self.blocks.ratio

    @property
    def missing_lines(self) -> int:
        """The lines of what no report saw executed, as a bit set."""
        return self.lines.missing if self.blocks is None else self.blocks.missing


class Report(msgspec.Struct, frozen=True):
    """One coverage report.

    `writer` is what wrote (or analysed) it, with its version where it is told. `names` are all files that
    it lists, `files` has the wanted ones decoded. `notes` stand after its name and a colon. `written` is when
    it was made by its own account, None where the format does not tell.
    """

    writer: str
    names: frozenset[SourceName]
    files: Mapping[SourceName, FileCoverage]
    notes: tuple[str, ...] = ()
    written: Moment | None = None


def _branches(one: Branches | None, other: Branches | None) -> Branches | None:
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _blocks(one: Blocks | None, other: Blocks | None) -> Blocks | None:
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _functions(one: tuple[Function, ...], other: tuple[Function, ...]) -> tuple[Function, ...]:
    if not (one and other):
        return one or other
    lines: dict[str, int] = {}
    for function in (*one, *other):
        lines[function.name] = lines.get(function.name, 0) | function.lines
    return tuple(Function(name, lines[name]) for name in sorted(lines))
