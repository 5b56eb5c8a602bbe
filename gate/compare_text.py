"""What differs between runs, in sentences. Names are foreign text, and made safe to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from gate.comparison import (
    ArtifactFlip,
    BranchFlip,
    Change,
    Comparison,
    CountFlip,
    LineFlip,
    LineRange,
    Pattern,
    Presence,
    TestFlip,
    Way,
)
from gate.reports.branches import Arc
from gate.reports.lines import Ratio
from gate.text import one_line, quoted

MOST_PLACES = 6
_ABSENT = "absent"

Item = TypeVar("Item")


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence for each thing that differs: tests, branches, lines, counts, files, artifacts."""
    runs = comparison.runs
    yield from (_test(flip, runs) for flip in comparison.tests)
    yield from (_branch(flip, runs) for flip in comparison.branches)
    yield from (_lines(flip, runs) for flip in comparison.lines)
    yield from (_count(flip, runs) for flip in comparison.counts)
    yield from (_presence(one, runs) for one in comparison.presence)
    yield from (_artifact(flip, runs) for flip in comparison.artifacts)


def shown_arc(arc: Arc) -> str:
    """A branch as `from → to`, or `from → exit`."""
    return f"{arc[0]} → {arc[1] if arc[1] > 0 else 'exit'}"


def _branch(flip: BranchFlip, runs: Sequence[str]) -> str:
    ways = "; ".join(_way(flip.line, way, runs) for way in flip.ways)
    return f"{_place(flip.path, flip.function)}: branch {ways}"


def _way(line: int, way: Way, runs: Sequence[str]) -> str:
    with_it = _consequences(way.lines, way.branches)
    only = f" (runs only with it: {with_it})" if with_it else ""
    change = _change(way.change, way.since, runs)
    return f"{shown_arc((line, way.target))} taken {_in(way.taken, runs)}, {change}{only}"


def _lines(flip: LineFlip, runs: Sequence[str]) -> str:
    with_it = f" (with {_consequences((), flip.branches)})" if flip.branches else ""
    change = _change(flip.change, flip.since, runs)
    lines = _consequences(flip.lines, ())
    return f"{_place(flip.path, flip.function)}: {lines} covered {_in(flip.covered, runs)}, {change}{with_it}"


def _consequences(lines: Sequence[LineRange], branches: Sequence[Arc]) -> str:
    parts = []
    if lines:
        one = len(lines) == 1 and lines[0][0] == lines[0][1]
        shown = _few(lines, lambda run: str(run[0]) if run[0] == run[1] else f"{run[0]}-{run[1]}")
        parts.append(f"{'line' if one else 'lines'} {shown}")
    if branches:
        parts.append(f"{'branch' if len(branches) == 1 else 'branches'} {_few(branches, shown_arc)}")
    return ", ".join(parts)


def _count(flip: CountFlip, runs: Sequence[str]) -> str:
    def shown(count: Ratio | None) -> str:
        return "not measured" if count is None else f"{count.covered} of {count.total}"

    return f"{quoted(flip.path)}: {flip.what} {_each(flip.counts, shown, runs)}"


def _presence(one: Presence, runs: Sequence[str]) -> str:
    state = "configured" if one.what == "module" else "measured"
    change = _change(one.change, one.since, runs)
    return f"{one.what} {quoted(one.name)}: {state} {_in(one.there, runs)}, {change}"


def _test(flip: TestFlip, runs: Sequence[str]) -> str:
    outcomes = _each(flip.outcomes, lambda one: _ABSENT if one is None else "+".join(one), runs)
    return f"test {quoted(flip.test, 200)}: {outcomes}, {_change(flip.change, flip.since, runs)}"


def _artifact(flip: ArtifactFlip, runs: Sequence[str]) -> str:
    statuses = _each(flip.statuses, lambda one: one or _ABSENT, runs)
    change = _change(flip.change, flip.since, runs)
    return f"{one_line(flip.kind)} artifact {quoted(flip.name)}: {statuses}, {change}"


def _place(path: str, function: str | None) -> str:
    return f"{quoted(path)} in {one_line(function, 100)}" if function else quoted(path)


def _change(change: Change, since: str | None, runs: Sequence[str]) -> str:
    # Of two runs nobody can tell more than that they differ.
    if change == "once" and since is not None and len(runs) > 2:  # noqa: PLR2004
        return f"since {one_line(since)}"
    return "flipping" if len(runs) == 2 else "back and forth"  # noqa: PLR2004


def _in(pattern: Pattern, runs: Sequence[str]) -> str:
    having = [run for run, so in zip(runs, pattern, strict=True) if so]
    lacking = [run for run, so in zip(runs, pattern, strict=True) if so is False]
    return f"in {_few(having, one_line)}, not in {_few(lacking, one_line)}"


def _each(values: Sequence[Item], shown: Callable[[Item], str], runs: Sequence[str]) -> str:
    """Each value with its runs, in the order in which they came up."""
    by_value: dict[str, list[str]] = {}
    for value, run in zip(values, runs, strict=True):
        by_value.setdefault(shown(value), []).append(run)
    return ", ".join(f"{value} in {_few(having, one_line)}" for value, having in by_value.items())


def _few(items: Sequence[Item], shown: Callable[[Item], str], most: int = MOST_PLACES) -> str:
    named = ", ".join(shown(item) for item in items[:most])
    return named if len(items) <= most else f"{named} and {len(items) - most} more"
