"""Lines and branches of a file, as every coverage format is brought to; merging and counting.

Merging keeps what was executed and what was reported missing apart, and derives the rest, so that the
union of any number of reports is commutative, associative and idempotent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from gate.errors import UnreadableArtifact

Wants = Callable[[str], bool]
"""Asks whether a file, named as the report names it, belongs to a configured module."""

Arc = tuple[int, int]
"""A branch as coverage.py names it: (from line, to line); a negative line is a function's exit."""

MAX_LINE = 5_000_000
"""A line number beyond this is not believed: no source has it, and a bit set would grow to match."""


class Ratio(msgspec.Struct, frozen=True):
    """Covered of total, in whole statements, lines or branches."""

    covered: int
    total: int

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.covered + other.covered, self.total + other.total)

    @property
    def hundredths(self) -> int | None:
        """The percentage in hundredths, floored: 8869 is 88.69 %. None where there is nothing to divide."""
        return self.covered * 10_000 // self.total if self.total else None


class Lines(msgspec.Struct, frozen=True):
    """A file's measured lines as bit sets: bit n is line n.

    `executed` may hold lines that are no statements (coverage.py before 7.17 lists docstrings there), so
    only `statements` says what is to be covered, and `declared` how many there are by the report's own
    count, which may be more than those known by number.
    """

    executed: int
    statements: int
    declared: int

    def __or__(self, other: Lines) -> Lines:
        return Lines(
            self.executed | other.executed,
            self.statements | other.statements,
            max(self.declared, other.declared),
        )

    @property
    def missing(self) -> int:
        """Statements that no report saw executed."""
        return self.statements & ~self.executed

    @property
    def ratio(self) -> Ratio:
        """Covered statements of all statements."""
        total = max(self.declared, self.statements.bit_count())
        return Ratio(total - self.missing.bit_count(), total)


class Branches(msgspec.Struct, frozen=True):
    """A file's branches by identity.

    `declared` may exceed the `known` ones: coverage.py counts the exits of a `# pragma: no branch` line
    as taken without naming them.
    """

    executed: frozenset[Arc]
    known: frozenset[Arc]
    declared: int

    def __or__(self, other: Branches) -> Branches:
        return Branches(
            self.executed | other.executed,
            self.known | other.known,
            max(self.declared, other.declared),
        )

    @property
    def missing(self) -> frozenset[Arc]:
        """Branches that no report saw taken."""
        return self.known - self.executed

    @property
    def ratio(self) -> Ratio:
        """Taken branches of all branches."""
        total = max(self.declared, len(self.known))
        return Ratio(total - len(self.missing), total)


class Function(msgspec.Struct, frozen=True):
    """A named region of a file and the statements in it, as a bit set."""

    name: str
    lines: int


class FileCoverage(msgspec.Struct, frozen=True):
    """What was measured of one source file. `branches` is None where branches were not measured."""

    lines: Lines
    branches: Branches | None
    functions: tuple[Function, ...] = ()

    def __or__(self, other: FileCoverage) -> FileCoverage:
        return FileCoverage(
            self.lines | other.lines,
            _either(self.branches, other.branches),
            _union_of_functions(self.functions, other.functions),
        )


class Report(msgspec.Struct, frozen=True):
    """One coverage report: every name that it lists, and the wanted files decoded."""

    writer: str
    names: frozenset[str]
    files: Mapping[str, FileCoverage]


def _either(one: Branches | None, other: Branches | None) -> Branches | None:
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _union_of_functions(one: tuple[Function, ...], other: tuple[Function, ...]) -> tuple[Function, ...]:
    lines: dict[str, int] = {}
    for function in (*one, *other):
        lines[function.name] = lines.get(function.name, 0) | function.lines
    return tuple(Function(name, lines[name]) for name in sorted(lines))


def line_set(numbers: Iterable[int]) -> int:
    """Line numbers as a bit set. A number below 1 or beyond MAX_LINE raises UnreadableArtifact."""
    bits = bytearray()
    for number in numbers:
        if not 1 <= number <= MAX_LINE:
            raise UnreadableArtifact(f"names line {number}, which no source file has")
        index = number >> 3
        if index >= len(bits):
            bits.extend(bytes(index + 1 - len(bits)))
        bits[index] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def line_ranges(lines: int) -> tuple[tuple[int, int], ...]:
    """Runs of adjacent numbers in a bit set, ascending: {3, 4, 5, 9} is ((3, 5), (9, 9))."""
    ranges: list[tuple[int, int]] = []
    start = 0
    while lines >> start:
        rest = lines >> start
        start += (rest & -rest).bit_length() - 1
        rest = lines >> start
        length = (~rest & -~rest).bit_length() - 1
        ranges.append((start, start + length - 1))
        start += length
    return tuple(ranges)
