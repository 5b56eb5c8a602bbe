"""What was executed of a file: lines as bit sets, or Go's statement blocks; union and counting."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from gate.errors import UnreadableArtifact
from gate.text import one_line

_ONES = re.compile("1+")

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
    count, which may be more than those known by number. `unlisted` is how many more of those are missing
    than show by number, or fewer where it is negative: llvm-cov sums up functions, and lists lines. Of two
    reports that count any, the number nearer to none holds. `excluded` are lines that are not to be covered;
    None where a report leaves them out without a word.
    """

    executed: int = 0
    statements: int = 0
    declared: int = 0
    unlisted: int = 0
    excluded: int | None = None

    def __or__(self, other: Lines) -> Lines:
        return Lines(
            self.executed | other.executed,
            self.statements | other.statements,
            max(self.declared, other.declared),
            _nearer_to_none(self.unlisted, other.unlisted)
            if self.declared and other.declared
            else self.unlisted or other.unlisted,
            self.excluded if other.excluded is None else other.excluded | (self.excluded or 0),
        )

    @property
    def missing(self) -> int:
        """Statements that no report saw executed."""
        return self.statements & ~self.executed

    @property
    def ratio(self) -> Ratio:
        """Covered statements of all statements."""
        total = max(self.declared, self.statements.bit_count())
        missing = self.missing.bit_count() + self.unlisted
        return Ratio(total - min(max(0, missing), total), total)


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
        executed = _united(self.executed & self.known)
        missing = self.known - self.executed
        begins = [first for first, _ in executed]
        hidden = [block for block in missing if _within(block, executed, begins)]
        return (_bits(_united(missing)) & ~_bits(executed)) | _bits(_united(hidden))


def _nearer_to_none(one: int, other: int) -> int:
    return min(one, other, key=abs) if one * other > 0 else 0


def _span(block: Block) -> tuple[int, int]:
    """The lines of a block from first to last. Under `//line` directives it may end before it begins."""
    return min(block.first_line, block.last_line), max(block.first_line, block.last_line)


def _united(blocks: Iterable[Block]) -> list[tuple[int, int]]:
    """The lines of all blocks as runs, ascending; between two runs there is a line of no block."""
    runs: list[tuple[int, int]] = []
    for first, last in sorted(_span(block) for block in blocks):
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return runs


def _within(block: Block, runs: list[tuple[int, int]], begins: list[int]) -> bool:
    first, last = _span(block)
    index = bisect_right(begins, first) - 1
    return index >= 0 and last <= runs[index][1]


def _bits(runs: list[tuple[int, int]]) -> int:
    """Runs of lines, ascending, as a bit set."""
    bits = bytearray((runs[-1][1] >> 3) + 1 if runs else 0)
    for first, last in runs:
        low, high = first >> 3, last >> 3
        if low == high:
            bits[low] |= (2 << (last & 7)) - (1 << (first & 7))
            continue
        bits[low] |= 0xFF << (first & 7) & 0xFF
        bits[low + 1 : high] = b"\xff" * (high - low - 1)
        bits[high] |= (2 << (last & 7)) - 1
    return int.from_bytes(bits, "little")


def line_set(numbers: Iterable[int]) -> int:
    """Line numbers as a bit set. A number below 1 or beyond MAX_LINE raises UnreadableArtifact."""
    bits = bytearray()
    for number in numbers:
        if not 1 <= number <= MAX_LINE:
            raise UnreadableArtifact(f"names line {one_line(str(number), 40)}, which no source file has")
        index = number >> 3
        if index >= len(bits):
            bits.extend(bytes(index + 1 - len(bits)))
        bits[index] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def line_ranges(lines: int) -> tuple[tuple[int, int], ...]:
    """Runs of adjacent numbers in a bit set, ascending: {3, 4, 5, 9} is ((3, 5), (9, 9))."""
    digits = bin(lines)[
        :1:-1
    ]  # the lowest number first; digits, since cutting the int bit by bit is quadratic
    return tuple((run.start(), run.end() - 1) for run in _ONES.finditer(digits))
