"""Branches of a file: what each kind of report knows of them, their union, and the counts.

Formats know different things of a branch. coverage.py's JSON and data files, LCOV and Istanbul name every
branch; coverage.py's XML says how many a line has and names the untaken ones; Cobertura, JaCoCo and Clover
give two numbers a line. Each kind is merged for itself, without loss, and only the counting brings them
together: so the union of any reports in any order is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import msgspec

from gate.reports import v8_ranges
from gate.reports.lines import Ratio

Arc = tuple[int, int]
"""A branch as coverage.py names it: (from line, to line); a negative line is a function's exit."""

Branch = tuple[int, int | str]
"""A branch by identity: its line, and where coverage.py says it goes, or an id of the format's own.

An id is a string that begins with the name of what gives it and a colon (`lcov:0,1`), since the ids of
two formats never mean the same.
"""

EXIT = 0
"""The target of any way out of a function, in a report that does not tell these apart."""

WHOLE_FILE = 0
"""As a line: the counts of a file whose report does not say which line they belong to."""

Known = TypeVar("Known")


class Untaken(msgspec.Struct, frozen=True):
    """How many branches a line has, and the targets of the untaken ones (EXIT for a way out)."""

    total: int
    targets: frozenset[int]

    def __or__(self, other: Untaken) -> Untaken:
        return Untaken(max(self.total, other.total), self.targets & other.targets)


class Branches(msgspec.Struct, frozen=True):
    """A file's branches.

    - `executed`, `known`: by identity; at the line WHOLE_FILE where a report does not tell the line.
    - `declared`: how many there are by the report's own count. It may exceed the known ones: coverage.py
      counts the exits of a `# pragma: no branch` line as taken without naming them.
    - `untaken`: by line, where only the untaken ones are named (coverage.py's XML).
    - `counts`: by line, where none is named. The line WHOLE_FILE holds what belongs to no line.
    - `v8_runs`: where the branches are V8's ranges, what each run says of those that it does not list.
    """

    executed: frozenset[Branch] = frozenset()
    known: frozenset[Branch] = frozenset()
    declared: int = 0
    untaken: Mapping[int, Untaken] = {}
    counts: Mapping[int, Ratio] = {}
    v8_runs: frozenset[v8_ranges.Run] = frozenset()

    def __or__(self, other: Branches) -> Branches:
        return Branches(
            self.executed | other.executed,
            self.known | other.known,
            max(self.declared, other.declared),
            _joined(self.untaken, other.untaken, Untaken.__or__),
            _joined(self.counts, other.counts, _larger),
            self.v8_runs | other.v8_runs,
        )

    @property
    def missing(self) -> frozenset[Branch]:
        """Known branches that no report saw taken."""
        missing = self.known - self.executed
        if self.untaken:
            missing = frozenset(branch for branch in missing if not self._seen_by_line(branch))
        if self.v8_runs:
            missing -= v8_ranges.executed_within(missing, self.v8_runs)
        return missing

    @property
    def missing_arcs(self) -> tuple[Arc, ...]:
        """The untaken branches that have a target, ascending."""
        arcs = {(line, target) for line, target in self.missing if isinstance(target, int)}
        for line, untaken in self._still_untaken():
            arcs |= {(line, target) for target in untaken.targets if target != EXIT}
        return tuple(sorted(arcs))

    @property
    def ratio(self) -> Ratio:
        """Taken branches of all branches."""
        kinds = self._kinds()
        named = sum((ratio for line, ratio in _by_line(kinds).items() if line != WHOLE_FILE), Ratio(0, 0))
        for lines in kinds.values():
            # What belongs to no line is some of what another kind of report may have by line.
            if WHOLE_FILE in lines:
                named = _larger(named, sum(lines.values(), Ratio(0, 0)))
        total = max(self.declared, named.total)
        return Ratio(total - (named.total - named.covered), total)

    def by_line(self) -> dict[int, Ratio]:
        """Taken of all branches of each line; where kinds of report differ, the larger number of each."""
        return _by_line(self._kinds())

    def blurs(self, other: Branches) -> bool:
        """Whether a union with `other` can only take the larger count on a line that stays incomplete.

        Both saw some of the line's branches, and nothing tells whether they were the same ones.
        """
        if not (self.counts or other.counts) and len(self._namespaces() | other._namespaces()) <= 1:
            return False
        mine, others = self._kinds(), other._kinds()
        joined = (self | other).by_line()
        return any(
            seen.covered and with_kind[line].covered and joined[line].covered < joined[line].total
            for kind, lines in mine.items()
            for other_kind, with_kind in others.items()
            if kind == _COUNTED or kind != other_kind
            for line, seen in lines.items()
            if line in with_kind
        )

    def _namespaces(self) -> set[str]:
        """The kinds of identity that occur."""
        return {_namespace(target) for _, target in self.known} | ({_ARCS} if self.untaken else set())

    def _kinds(self) -> dict[str, dict[int, Ratio]]:
        """By each kind of knowledge: taken of all branches of each line."""
        kinds: dict[str, dict[int, Ratio]] = {}
        missing = self.missing
        tally: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        for branch in self.known:
            line, target = branch
            counted = tally[_namespace(target), line]
            counted[0] += branch not in missing
            counted[1] += 1
        for (kind, line), (covered, total) in tally.items():
            kinds.setdefault(kind, {})[line] = Ratio(covered, total)
        arcs = kinds.setdefault(_ARCS, {})
        for line, untaken in self._still_untaken():
            ratio = Ratio(untaken.total - len(untaken.targets), untaken.total)
            arcs[line] = _larger(arcs[line], ratio) if line in arcs else ratio
        kinds[_COUNTED] = dict(self.counts)
        return kinds

    def _still_untaken(self) -> Iterator[tuple[int, Untaken]]:
        """`untaken` without the targets that a report which names every branch saw taken."""
        if not self.untaken:
            return
        taken, missing = defaultdict(set), set()
        for line, target in self.executed:
            if isinstance(target, int):
                taken[line].add(max(target, EXIT))
        for line, target in self.known - self.executed:
            if isinstance(target, int):
                missing.add((line, max(target, EXIT)))
        for line, untaken in self.untaken.items():
            # Of several ways out of a line, one taken says nothing of the others.
            seen = {target for target in taken[line] if (line, target) not in missing}
            yield line, Untaken(untaken.total, untaken.targets - seen)

    def _seen_by_line(self, branch: Branch) -> bool:
        """Whether a report that names the untaken branches of this line leaves this one out."""
        line, target = branch
        untaken = self.untaken.get(line)
        return isinstance(target, int) and untaken is not None and max(target, EXIT) not in untaken.targets


_ARCS = "arcs"
_COUNTED = "counted"


def _by_line(kinds: Mapping[str, Mapping[int, Ratio]]) -> dict[int, Ratio]:
    lines: dict[int, Ratio] = {}
    for found in kinds.values():
        for line, ratio in found.items():
            lines[line] = _larger(lines[line], ratio) if line in lines else ratio
    return lines


def _namespace(target: int | str) -> str:
    return _ARCS if isinstance(target, int) else target.partition(":")[0]


def _larger(one: Ratio, other: Ratio) -> Ratio:
    return Ratio(max(one.covered, other.covered), max(one.total, other.total))


def _joined(
    one: Mapping[int, Known], other: Mapping[int, Known], join: Callable[[Known, Known], Known]
) -> Mapping[int, Known]:
    if not (one and other):
        return one or other
    return {
        **one,
        **{line: join(one[line], known) if line in one else known for line, known in other.items()},
    }
