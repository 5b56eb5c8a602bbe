"""How much a Cobertura report lists in all, wanted or not: held against what its root states.

It tells a report that leaves something out. The classes that no module wants never reach the parser where
their content is plain (`plain_content`): their lines and branches are counted, not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from gate.reports.xml_attributes import MOST_DIGITS, mapped
from gate.reports.xml_levels import COUNT, SPACE

_COUNTED = rb' branch="[tT]rue" condition-coverage="[0-9.]*+% \([0-9]{1,9}+/[0-9]{1,9}+\)"'
_MISSING = rb'(?: missing-branches="[0-9,exit]*+")?+'
_USUAL = rb' number="%b" hits="%b"(?: branch="[fF]alse"|%b%b)?+' % (COUNT, COUNT, _COUNTED, _MISSING)
_PLAIN = rb"(?:[ !#-%'-;=?-~]++|&(?:lt|gt|amp|quot|apos);)*+"
_MOST_ATTRIBUTES = 12


def _any(group: bytes) -> bytes:
    """Attributes of any names, none of which comes again before the tag's end."""
    once = rb'(?!(?: [a-z-]++="[^"<]*+")*? (?P=%b)=)' % group
    return rb'(?: (?P<%b>[a-z][a-z-]*+)="%b"%b){0,%d}+' % (group, _PLAIN, once, _MOST_ATTRIBUTES)


def _lines(group: bytes) -> bytes:
    condition = rb'<condition number="%b" type="[a-z]++" coverage="[0-9.]++%%?+" ?+/>' % COUNT
    conditions = rb"<conditions>(?:%b%b)*+%b</conditions>" % (SPACE, condition, SPACE)
    end = rb"(?: ?+/>|>%b(?:%b%b)?+</line>)" % (SPACE, conditions, SPACE)
    line = rb"<line(?:%b|%b)%b" % (_USUAL, _any(group), end)
    return rb"<lines(?: ?+/>|>%b(?:%b%b)*+</lines>)" % (SPACE, line, SPACE)


@cache
def plain_content() -> re.Pattern[bytes]:
    """What a class holds, as real writers write it: its methods, then its own lines (the group `own`)."""
    method = rb"<method%b>%b(?:%b%b)?+</method>" % (_any(b"method"), SPACE, _lines(b"of_method"), SPACE)
    methods = rb"<methods(?: ?+/>|>%b(?:%b%b)*+</methods>)" % (SPACE, method, SPACE)
    return re.compile(rb"%b(?:%b%b)?+(?P<own>%b)" % (SPACE, methods, SPACE, _lines(b"of_class")))


@cache
def plain_lines() -> re.Pattern[bytes]:
    """What a class holds that has no methods, and lines as most write them."""
    line = rb"<line%b ?+/>" % _USUAL
    return re.compile(
        rb"%b(?:<methods ?+/>%b)?+<lines>(?:%b%b)*+%b</lines>" % (SPACE, SPACE, SPACE, line, SPACE)
    )


_TOTALS = re.compile(rb'/([0-9]{1,9}+)\)"')
_NUMBER = re.compile(rb' number="(%b)"' % COUNT)
_DIGITS = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}")
_COUNTED_TEXT = re.compile(r".*/([0-9]{1,9})\)")


class Tally:
    """Lines and branches so far. `branches` is None once a line's branches are not counted.

    Where lines may repeat within a file, its classes stand one after the other, and each line counts once.
    """

    def __init__(self, *, lines_repeat: bool) -> None:
        self._lines_repeat = lines_repeat
        self._file = ""
        self._lines_of_file: set[int] = set()
        self._lines = 0
        self.branches: int | None = 0

    @property
    def lines(self) -> int:
        """How many lines are listed."""
        return self._lines + len(self._lines_of_file)

    def add(self, lines: int, branches: int | None) -> None:
        """What a decoded file lists."""
        self._lines += lines
        self._add_branches(branches)

    def add_content(self, file: str, content: re.Match[bytes]) -> None:
        """What a class of this file lists."""
        own = content["own"]
        if self._lines_repeat:
            self._unite(file, map(int, _NUMBER.findall(own)))
        else:
            self._lines += own.count(b"<line ")
        totals = _TOTALS.findall(own)
        counted = len(totals) >= own.count(b' branch="true"') + own.count(b' branch="True"')
        self._add_branches(sum(map(int, totals)) if counted else None)

    def add_line(self, file: str, attributes: list[str]) -> None:
        """A line of a class of this file that no module wants: nothing is refused for its sake."""
        if self._lines_repeat:
            number = mapped(attributes).get("number", "")
            self._unite(file, [int(number)] if _DIGITS.fullmatch(number) else [])
        else:
            self._lines += 1
        if "branch" in attributes or "condition-coverage" in attributes:
            self._add_branches_of(mapped(attributes))

    def _add_branches_of(self, attributes: dict[str, str]) -> None:
        counted = _COUNTED_TEXT.fullmatch(attributes.get("condition-coverage", ""))
        if counted:
            self._add_branches(int(counted[1]))
        elif attributes.get("branch") in ("true", "True"):
            self._add_branches(None)

    def _unite(self, file: str, numbers: Iterable[int]) -> None:
        if file != self._file:
            self._lines = self.lines
            self._file, self._lines_of_file = file, set()
        self._lines_of_file.update(numbers)

    def _add_branches(self, branches: int | None) -> None:
        self.branches = None if branches is None or self.branches is None else self.branches + branches
