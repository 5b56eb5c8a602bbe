"""Lines that a report counts more than once: instances of a template, several statements on one line.

Such a report does not say which of a line's units is which, so that each line has so many covered ones of
so many; two reports merge as the larger numbers. As blocks: the unit n of a line is the column n, and the
covered ones come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from gate.reports.lines import Block, Blocks, Lines, Ratio, line_set

Unit = tuple[int, bool]
"""A line, and whether it was executed."""


def lines_of(units: Collection[Unit]) -> Lines:
    """Units as lines: several units of a line are one, executed where any of them was.

    A number that no source has raises UnreadableArtifact.
    """
    statements = line_set(line for line, _ in units)
    return Lines(line_set(line for line, executed in units if executed), statements, statements.bit_count())


def ratio_of(units: Collection[Unit]) -> Ratio:
    """Executed units of all."""
    return Ratio(sum(executed for _, executed in units), len(units))


def blocks_of(units: Iterable[Unit]) -> Blocks:
    """Units as blocks, one each."""
    total: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    for line, executed in units:
        total[line] += 1
        covered[line] += executed
    return Blocks(_unit_blocks(covered), _unit_blocks(total))


def _unit_blocks(counts: Counter[int]) -> frozenset[Block]:
    return frozenset(
        Block(line, unit, line, unit, 1) for line, count in counts.items() for unit in range(1, count + 1)
    )
