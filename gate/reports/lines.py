"""What was executed of a file: lines as bit sets, or Go's statement blocks; union and counting."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gate.errors import UnreadableArtifact

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

    executed: int = 0
    statements: int = 0
    declared: int = 0

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


class Block(msgspec.Struct, frozen=True, order=True):
    """A run of statements that Go counts together; lines and columns count from 1."""

    first_line: int
    first_column: int
    last_line: int
    last_column: int
    statements: int


class Blocks(msgspec.Struct, frozen=True):
    """A file's measured statements where the unit is a block of them (Go's cover profiles)."""

    executed: frozenset[Block]
    known: frozenset[Block]

    def __or__(self, other: Blocks) -> Blocks:
        return Blocks(self.executed | other.executed, self.known | other.known)

    @property
    def ratio(self) -> Ratio:
        """Statements of executed blocks of those of all blocks."""
        total = sum(block.statements for block in self.known)
        missing = sum(block.statements for block in self.known - self.executed)
        return Ratio(total - missing, total)

    @property
    def missing(self) -> int:
        """Lines of blocks that no report saw executed, as a bit set.

        A line that an executed block shares is left out, but for a block that would then have no line.
        """
        executed = 0
        for block in self.executed & self.known:
            executed |= _span(block)
        lines = 0
        for block in self.known - self.executed:
            lines |= _span(block) & ~executed or _span(block)
        return lines


def _span(block: Block) -> int:
    return (1 << block.last_line + 1) - (1 << block.first_line)


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
