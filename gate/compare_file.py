"""The lines and branches of one file that flip from run to run: which, and which of them cause which.

verdict.json names what was missed. Where the runs agree on the number of statements, a statement that one
run missed and another did not was covered there; likewise a branch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

import msgspec

from gate.comparison import BranchFlip, LineFlip, LineRange, Pattern, Way, change_of
from gate.reports.branches import Arc
from gate.reports.model import Function
from gate.verdict import FileResult

MOST_LINES_BY_FUNCTION = 10_000
"""A longer stretch of lines that flip together is told by the function of its first line."""

Files = Sequence[FileResult | None]
"""A file in each of the runs; None where a run has not measured it."""


class _Stretch(msgspec.Struct, frozen=True):
    """Adjacent lines of one function that flip together."""

    first: int
    last: int
    covered: Pattern
    function: str | None


class _Functions:
    """Which function a line belongs to: "" outside of all, None where nobody tells."""

    def __init__(self, functions: tuple[Function, ...] | None) -> None:
        self._known = functions is not None
        self._smallest_first = sorted(functions or (), key=lambda one: (one.lines.bit_count(), one.name))

    def of(self, line: int) -> str | None:
        """The innermost function of a line, which has the fewest lines."""
        if not self._known:
            return None
        if line < 1:
            return ""
        return next((one.name for one in self._smallest_first if one.lines >> line & 1), "")


class _Holding:
    """Which stretch a line lies in."""

    def __init__(self, parts: list[_Stretch]) -> None:
        self._parts = parts
        self._begins = [part.first for part in parts]

    def line(self, line: int, taken: Pattern) -> _Stretch | None:
        """The stretch of a line, if the runs that covered it are those that took a branch."""
        at = bisect_right(self._begins, line) - 1
        part = self._parts[at] if at >= 0 else None
        return part if part is not None and line <= part.last and part.covered == taken else None


class _Nearest:
    """Which branch lines follow from."""

    def __init__(self, causes: Mapping[Arc, Pattern], where: _Functions) -> None:
        self._arcs: dict[tuple[str | None, Pattern], list[tuple[int, int]]] = defaultdict(list)
        for (line, target), taken in causes.items():
            if target > 0:
                self._arcs[where.of(line), taken].append((target, line))
        for arcs in self._arcs.values():
            arcs.sort()

    def before(self, part: _Stretch) -> Arc | None:
        """Without functions, only a branch's very target is known to follow from it."""
        arcs = self._arcs.get((part.function, part.covered), [])
        at = bisect_right(arcs, part.first, key=lambda arc: arc[0]) - 1
        if at < 0 or (part.function is None and arcs[at][0] != part.first):
            return None
        target, line = arcs[at]
        return line, target


def line_stretches(files: Files) -> list[tuple[int, int, Pattern]]:
    """Runs of lines, ascending, that some of the runs missed and others did not: first, last, who covered it.

    By the ends of the ranges alone: a document may name any number of lines.
    """
    ends: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for run, file in enumerate(files):
        for first, last in file.missing_lines if file is not None else ():
            ends[first].append((run, 1))
            ends[last + 1].append((run, -1))
    depth = [0] * len(files)
    found: list[tuple[int, int, Pattern]] = []
    places = sorted(ends)
    for place, following in pairwise(places):
        for run, step in ends[place]:
            depth[run] += step
        covered = tuple(None if file is None else not depth[run] for run, file in enumerate(files))
        if True in covered and False in covered:
            if found and found[-1][1] == place - 1 and found[-1][2] == covered:
                found[-1] = (found[-1][0], following - 1, covered)
            else:
                found.append((place, following - 1, covered))
    return found


def arc_flips(files: Files) -> dict[Arc, Pattern]:
    """The named branches, ascending, that some of the runs missed and others did not, and who took them."""
    missed = [None if file is None else frozenset(file.missing_branches) for file in files]
    every = sorted(frozenset[Arc]().union(*(one for one in missed if one is not None)))
    patterns = {arc: tuple(None if one is None else arc not in one for one in missed) for arc in every}
    return {arc: taken for arc, taken in patterns.items() if True in taken}


def file_flips(
    path: str,
    stretches: Iterable[tuple[int, int, Pattern]],
    arcs: Mapping[Arc, Pattern],
    functions: tuple[Function, ...] | None,
    runs: Sequence[str],
) -> tuple[tuple[BranchFlip, ...], tuple[LineFlip, ...]]:
    """What flips, causes before what follows from them.

    A branch that begins on a line which itself flips in the same way follows from that line. Lines follow
    from the nearest branch before them, in the same function, that is taken in the very runs that cover them.
    """
    where = _Functions(functions)
    parts = [part for stretch in stretches for part in _by_function(stretch, where)]
    holding = _Holding(parts)
    causes = {arc: taken for arc, taken in arcs.items() if holding.line(arc[0], taken) is None}
    nearest = _Nearest(causes, where)
    led_to: dict[Arc, list[_Stretch]] = defaultdict(list)
    alone: dict[tuple[str | None, Pattern], list[_Stretch]] = defaultdict(list)
    group_of: dict[_Stretch, list[_Stretch]] = {}
    for part in parts:
        cause = nearest.before(part)
        group = alone[part.function, part.covered] if cause is None else led_to[cause]
        group.append(part)
        group_of[part] = group
    consequences: dict[int, list[Arc]] = defaultdict(list)
    for arc, taken in arcs.items():
        at = holding.line(arc[0], taken)
        if at is not None:
            consequences[id(group_of[at])].append(arc)

    def way(arc: Arc) -> Way:
        change, since = change_of(causes[arc], runs)
        group = led_to.get(arc, [])
        return Way(
            target=arc[1], taken=causes[arc], change=change, since=since,
            lines=_ranges(group), branches=tuple(consequences[id(group)]),
        )  # fmt: skip

    branches = tuple(
        BranchFlip(path=path, function=where.of(line) or None, line=line, ways=tuple(map(way, _order(ways))))
        for line, ways in groupby(causes, key=lambda arc: arc[0])
    )
    lines = []
    for (function, covered), group in alone.items():
        change, since = change_of(covered, runs)
        lines.append(
            LineFlip(
                path=path,
                function=function or None,
                lines=_ranges(group),
                covered=covered,
                change=change,
                since=since,
                branches=tuple(consequences[id(group)]),
            )
        )
    return branches, tuple(lines)


def _order(arcs: Iterable[Arc]) -> list[Arc]:
    """By target, the ways out of the function last."""
    return sorted(arcs, key=lambda arc: (arc[1] < 0, abs(arc[1])))


def _by_function(stretch: tuple[int, int, Pattern], where: _Functions) -> list[_Stretch]:
    first, last, covered = stretch
    if last - first >= MOST_LINES_BY_FUNCTION:
        return [_Stretch(first, last, covered, where.of(first))]
    parts = []
    for function, lines in groupby(range(first, last + 1), key=where.of):
        within = list(lines)
        parts.append(_Stretch(within[0], within[-1], covered, function))
    return parts


def _ranges(parts: Iterable[_Stretch]) -> tuple[LineRange, ...]:
    return tuple((part.first, part.last) for part in parts)
