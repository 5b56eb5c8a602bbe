"""What V8's counters say of a source range that a run does not list.

c8, jest's and older vitest's v8 provider (v8-to-istanbul) write V8's ranges as branches of the type
`branch`. V8 lists a block only where its count differs from that of the block around it, so two runs of one
program list different ranges, and a range that is missing from a run says as much as one that is there:
it was counted with the narrowest listed range around it. This is how istanbul-lib-coverage merges, and so
do we, but for two cases in which its merge takes a range as executed although nothing says so:

- A function that never ran is listed without the ranges in it. A named one stands among the functions with
  a count of 0, so functions are ranges too.
- One without a name is listed nowhere; only the lines that it spans have a count of 0. So a range that
  begins in such a line did not run.

What stays open is a nameless function within one line that a run never called: that cannot be told from one
of which all was executed. And the number of ranges depends on the runs: a union may have others than one run
of everything would list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

MAX_DEPTH = 200
"""Ranges are looked for around a range up to this depth; beyond, it counts as not executed."""

_ID = re.compile(r"istanbul:(-?\d{1,9}):(-?\d{1,9})-(-?\d{1,9}):(-?\d{1,9})/branch[+#]")

Position = tuple[int, int]
"""Line and column."""


class Span(NamedTuple):
    """A piece of source, its end exclusive."""

    start: Position
    end: Position


class Run(msgspec.Struct, frozen=True):
    """What one run lists of a file: its ranges, outer before inner, each with whether it was executed.

    `idle_lines` are the lines that it counts as not executed, as a bit set.
    """

    ranges: tuple[tuple[Span, bool], ...]
    idle_lines: int


def run_of(ranges: Mapping[Span, bool], idle_lines: int) -> Run:
    """A run with these ranges, whatever their order."""
    return Run(tuple(sorted(ranges.items(), key=lambda item: _outer_first(item[0]))), idle_lines)


def executed_within(
    branches: Iterable[tuple[int, int | str]], runs: Collection[Run]
) -> frozenset[tuple[int, int | str]]:
    """Those of some branches, by identity, that a run executed as a part of a range around them."""
    spans = {branch: span for branch in branches if (span := _span(branch[1])) is not None}
    asked = sorted(set(spans.values()), key=_outer_first)
    executed = {span for run in runs for span in _executed(asked, run)}
    return frozenset(branch for branch, span in spans.items() if span in executed)


def _executed(asked: Iterable[Span], run: Run) -> Iterator[Span]:
    """Those of `asked` (outer before inner) that the run executed, in one pass over both."""
    idle = run.idle_lines.to_bytes(run.idle_lines.bit_length() // 8 + 1, "little")
    begun: list[tuple[Span, bool]] = []
    upcoming = iter(run.ranges)
    following = next(upcoming, None)
    for span in asked:
        while following is not None and _outer_first(following[0]) <= _outer_first(span):
            while begun and begun[-1][0].end <= following[0].start:
                begun.pop()
            begun.append(following)
            following = next(upcoming, None)
        innermost_first = islice(reversed(begun), MAX_DEPTH)
        executed = next((ran for around, ran in innermost_first if around.end >= span.end), False)
        line = span.start[0]
        if executed and not (line >> 3 < len(idle) and idle[line >> 3] >> (line & 7) & 1):
            yield span


def _outer_first(span: Span) -> tuple[int, int, int, int]:
    return (*span.start, -span.end[0], -span.end[1])


def _span(target: int | str) -> Span | None:
    """The range that an id stands for, where it is one of V8's."""
    found = _ID.match(target) if isinstance(target, str) else None
    if found is None:
        return None
    line, column, last_line, last_column = map(int, found.groups())
    return Span((line, column), (last_line, last_column))
