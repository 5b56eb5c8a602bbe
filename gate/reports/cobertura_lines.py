"""The lines and branches that a Cobertura report lists of one file, read strictly.

- The unit is a `<line>` of a class's own `<lines>`. Where a number repeats (instances of a template, a
  lambda on its method's line, several statements), gcovr, Coverlet, scoverage and Java's Cobertura count
  each.
- `condition-coverage="50% (1/2)"` counts branches; only the numbers in parentheses do, percentages are
  rounded, or written with a comma, or NaN where there is nothing to divide (Istanbul, an empty `switch`).
- coverage.py's `missing-branches="12,exit"` names the untaken ones, unless several of them are exits.
- Without `condition-coverage`, grcov lists every branch as a `<condition>` of coverage 0 or 1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from gate.errors import UnreadableArtifact
from gate.reports.branches import EXIT, Branches, Untaken
from gate.reports.cobertura_writers import Writer
from gate.reports.line_units import Unit, blocks_of, lines_of
from gate.reports.lines import MAX_LINE, Ratio, line_set
from gate.reports.model import FileCoverage, Function
from gate.reports.xml_attributes import MOST_DIGITS
from gate.text import quoted

_COUNT = f"[0-9]{{1,{MOST_DIGITS}}}"
_CONDITIONS = re.compile(rf"([^()]*)\((-?{_COUNT})/(-?{_COUNT})\)\s*")
_PERCENT = re.compile(rf"(?:{_COUNT}(?:[.,]{_COUNT})?\s*%?)?\s*")
_LINE_DIGITS = len(str(MAX_LINE))
_LONGEST = 4 * MOST_DIGITS
_PLAIN_LINE = re.compile(
    r'<line number="([0-9]*+)" hits="([0-9]*+)"'
    r'(?: branch="[tT]rue" condition-coverage="([^"]*+)"(?: missing-branches="([^"]*+)")?+)?+'
)
_NOTHING = Ratio(0, 0)
_ROUNDED = 1e-4
"""coverage.py rounds rates to four digits, and keeps them from 0 and 1 by this."""

_Branches: TypeAlias = tuple[Ratio, Untaken | None]


def rate_fits(rate: str, listed: Ratio) -> bool:
    """Whether one of coverage.py's rates is that of the listed lines or branches; 1 where there are none."""
    try:
        stated = float(rate)
    except ValueError:
        return False
    if not listed.total:
        return stated == 1
    return abs(stated * listed.total - listed.covered) <= _ROUNDED * listed.total


@lru_cache(maxsize=256)
def _counted(text: str) -> Ratio | None:
    """What condition-coverage counts; None where that cannot be."""
    match = _CONDITIONS.fullmatch(text)
    if match is None:
        return None
    counted = Ratio(int(match[2]), int(match[3]))
    can_be = 0 <= counted.covered <= counted.total and (not counted.total or _PERCENT.fullmatch(match[1]))
    return counted if can_be else None


class FileLines:
    """What is listed of one file, taken line by line.

    `here` tells the place: UnreadableArtifact is raised with it for every number that cannot be.
    """

    def __init__(self, name: str, writer: Writer, here: Callable[[], str]) -> None:
        self.name = name
        self._here = here
        self.branch_rate = ""
        """As the file's class has it."""
        self._writer = writer
        self._units: list[Unit] = []
        self._branches: defaultdict[int, list[_Branches]] = defaultdict(list)
        self._functions: defaultdict[str, list[int]] = defaultdict(list)
        self.uncounted = 0
        """A line whose branches the report does not count; 0 where there is none."""

    def add(self, attributes: dict[str, str], conditions: list[str]) -> None:
        """A line of a class, and the `coverage` of the conditions in it."""
        number, executed = self._add(attributes.get("number", ""), attributes.get("hits", ""))
        counted = self._condition_coverage(attributes.get("condition-coverage", ""))
        if counted is None and attributes.get("branch") in ("true", "True"):
            counted = self._by_themselves(conditions, executed)
            if counted is None:
                self.uncounted = number
        if counted is not None and counted.total:
            untaken = self._untaken(counted, attributes.get("missing-branches", ""))
            self._branches[number].append((counted, untaken))

    def takes(self, lines: bytes) -> bool:
        """Add all lines of a class from its text, as `plain_lines` matches it.

        False where one has to be refused: `add` does so once more, and at its place.
        """
        try:
            for number, hits, coverage, missing in _PLAIN_LINE.findall(lines.decode("ascii")):
                line, _ = self._add(number, hits)
                counted = self._condition_coverage(coverage) if coverage else None
                if counted is not None and counted.total:
                    self._branches[line].append((counted, self._untaken(counted, missing)))
        except UnreadableArtifact:
            return False
        return True

    def add_function(self, name: str, attributes: dict[str, str]) -> None:
        """A line of a function."""
        number = self._number(attributes.get("number", ""))
        if name:
            self._functions[name].append(number)

    @property
    def size(self) -> int:
        """The bytes of a bit set of its lines."""
        last = max(chain((line for line, _ in self._units), *self._functions.values()), default=0)
        return last >> 3

    @property
    def functions(self) -> int:
        """How many functions have lines."""
        return len(self._functions)

    @property
    def total(self) -> int:
        """How many lines the report counts."""
        return len({line for line, _ in self._units}) if self._writer.repeats_lines else len(self._units)

    @property
    def branches(self) -> Ratio:
        """Taken of all listed branches."""
        return sum((counted for line in self._branches.values() for counted, _ in line), _NOTHING)

    def coverage(self, *, with_branches: bool, with_functions: bool) -> FileCoverage:
        """The file as it was measured."""
        lines = lines_of(self._units)
        repeated = not self._writer.repeats_lines and len(self._units) > lines.declared
        functions = self._functions.items() if with_functions else ()
        return FileCoverage(
            lines,
            self._by_line() if with_branches else None,
            tuple(Function(name, line_set(numbers)) for name, numbers in functions),
            blocks_of(self._units) if repeated or self._writer.counts_instances else None,
        )

    def _add(self, number: str, hits: str) -> Unit:
        line = self._number(number)
        if not (hits.isascii() and hits.isdigit()):
            raise UnreadableArtifact(f"has hits={quoted(hits, 40)} of {quoted(self.name)} {self._here()}")
        unit = line, hits != "0" and bool(hits.strip("0"))
        self._units.append(unit)
        return unit

    def _number(self, text: str) -> int:
        number = int(text) if len(text) <= _LINE_DIGITS and text.isascii() and text.isdigit() else 0
        if not 1 <= number <= MAX_LINE:
            raise UnreadableArtifact(f"names line {quoted(text, 40)} of {quoted(self.name)} {self._here()}")
        return number

    def _condition_coverage(self, text: str) -> Ratio | None:
        """The branches of a line; None where they are not counted."""
        if "(" not in text:
            return None
        counted = _counted(text) if len(text) <= _LONGEST else None
        if counted is None:
            raise UnreadableArtifact(
                f"has condition-coverage={quoted(text, 40)} of {quoted(self.name)} {self._here()}"
            )
        return counted

    def _by_themselves(self, conditions: list[str], executed: bool) -> Ratio | None:
        if conditions and all(coverage in ("0", "1") for coverage in conditions):
            return Ratio(conditions.count("1"), len(conditions))
        if self._writer.branches_by_themselves:
            return Ratio(int(executed), 1)
        return None

    def _untaken(self, counted: Ratio, missing: str) -> Untaken | None:
        """The untaken branches by their targets; None where these are not told apart."""
        if not missing and self._writer is not Writer.COVERAGE_PY:
            return None
        named = missing.split(",") if missing else []
        targets = frozenset(EXIT if text == "exit" else self._number(text) for text in named)
        return Untaken(counted.total, targets) if len(targets) == counted.total - counted.covered else None

    def _by_line(self) -> Branches:
        untaken, counts = {}, {}
        for line, listed in self._branches.items():
            counted, missing = listed[0]
            if len(listed) == 1 and missing is not None:
                untaken[line] = missing
            else:
                counts[line] = sum((counted for counted, _ in listed[1:]), counted)
        return Branches(untaken=untaken, counts=counts)
