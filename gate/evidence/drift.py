"""Whether a report was measured on the source that is checked out: its lines held against the source's.

Nothing is seen of a change within a line, of one that leaves each statement on its line, and of comments and
empty lines behind the last statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from gate.evidence.python_outline import Outline
from gate.reports.lines import Lines, line_ranges, line_set
from gate.reports.model import FileCoverage

if TYPE_CHECKING:
    from gate.reports.coverage_py_statements import Statements

NAMED_RANGES = 3


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """How a report contradicts a source of `end` lines. Lines are bit sets: bit n is line n.

    `beyond` were measured beyond the end, `foreign` where nothing begins that can be executed; `unknown` are
    statements that the report has not. `guesses` is whether the report leaves excluded lines out without a
    word, so that the repository's settings had to tell them.
    """

    report: str
    end: int
    beyond: int = 0
    foreign: int = 0
    unknown: int = 0
    guesses: bool = False

    def __bool__(self) -> bool:
        return bool(self.beyond or self.foreign or self.unknown)

    @property
    def sentence(self) -> str:
        """What contradicts the source."""
        return "; ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.beyond:
            verb = "are" if self.beyond.bit_count() > 1 else "is"
            yield f"{_named(self.beyond)} {verb} beyond its end at line {self.end}"
        if self.foreign:
            verb = "hold" if self.foreign.bit_count() > 1 else "holds"
            yield f"{_named(self.foreign)} {verb} no statement in the checked-out file"
        if self.unknown:
            noun = "statements" if self.unknown.bit_count() > 1 else "statement"
            hint = " (those that --cov-config or --rcfile exclude are told by coverage.py's JSON only)"
            yield f"the report does not know the {noun} in {_named(self.unknown)}{hint * self.guesses}"


def beyond_end(file: FileCoverage, end: int) -> int:
    """The measured lines that a source of `end` lines has not."""
    lines = file.lines.executed | file.lines.statements
    others = (line for line in _other_lines(file) if line > end)
    return lines >> end + 1 << end + 1 | line_set(others)


def python_drift(
    lines: Lines, end: int, outline: Outline, statements: Callable[[], Statements]
) -> tuple[int, int]:
    """The lines without a statement that coverage.py measured, and the statements that it does not know.

    `statements` parses the source as coverage.py does, which takes five times as long as its outline: it is
    asked only where the outline leaves doubt.
    """
    reported = (lines.executed | lines.statements) & (2 << end) - 1
    known = reported | (lines.excluded or 0)
    foreign = reported & ~outline.begins
    if not foreign and not outline.expected(outline.begins, reported) & ~known:
        return 0, 0
    found = statements()
    unknown = outline.expected(found.every, reported) & ~(known | found.excluded)
    return foreign & ~found.every, unknown


def _other_lines(file: FileCoverage) -> Iterator[int]:
    """Lines of Go's blocks, and those that branch."""
    if file.blocks is not None:
        for block in file.blocks.known:
            yield block.first_line
            yield block.last_line
    if file.branches is not None:
        for line, _ in chain(file.branches.known, file.branches.executed):
            yield line
        yield from chain(file.branches.untaken, file.branches.counts)


def _named(lines: int) -> str:
    """Lines in words: line 4; lines 4, 7 to 9 and 12; the first few of many."""
    ranges = line_ranges(lines)
    words = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:NAMED_RANGES]]
    left_out = sum(last - first + 1 for first, last in ranges[NAMED_RANGES:])
    if left_out:
        words.append(f"{left_out} more")
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"{'lines' if lines.bit_count() > 1 else 'line'} {listed}"
