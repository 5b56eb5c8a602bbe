"""A package of a JaCoCo report, and a source file in it: its lines held against its own counters."""

from __future__ import annotations

from typing import NoReturn

from gate.errors import UnreadableArtifact
from gate.reports.branches import WHOLE_FILE, Branches
from gate.reports.line_units import Unit, blocks_of, lines_of, ratio_of
from gate.reports.lines import Ratio
from gate.reports.model import FileCoverage, SourceName
from gate.reports.xml_attributes import line_number, whole_number
from gate.text import quoted

BRANCH_COUNTERS = frozenset({"BRANCH", "COMPLEXITY"})
"""Either shows that branches were measured: a method's complexity is counted from its branches."""

_ADVICE = "(gcovr's JaCoCo never does): write Cobertura XML or LCOV instead"
_NOTHING = Ratio(0, 0)


class Package:
    """An open `<package>`, and what was seen in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.first_class = ""
        self.classes = 0
        self._names_source_files = False
        self._has_source_files = False

    def add_class(self, name: str, source_file: str) -> None:
        """Take a class; `source_file` is the name that it was compiled with."""
        if name == self.name:  # IntelliJ calls the default package by the class in it
            self.name = ""
        self.first_class = self.first_class or name
        self.classes += 1
        self._names_source_files |= bool(source_file)

    def skip_classes(self) -> None:
        """Take classes that were compiled with the names of their source files, seen no closer."""
        self._names_source_files = True

    def path_of(self, source_file: str) -> str:
        """The path of a `<sourcefile>` of this name, from the folder that holds the outermost package."""
        self._has_source_files = True
        folder, _, base = source_file.rpartition("/")
        if folder and f"/{self.name}/".endswith(f"/{folder}/"):  # as Pester writes it
            source_file = base
        return f"{self.name}/{source_file}" if self.name else source_file

    def sourceless_classes(self) -> int:
        """How many classes no source file counts, now that all was seen.

        Raises UnreadableArtifact where the lines of source files are left out.
        """
        if self._has_source_files:
            return 0
        if self._names_source_files:
            raise UnreadableArtifact(
                f"does not say which lines ran in the classes of {quoted(self.name)} {_ADVICE}"
            )
        return self.classes


class SourceFile:
    """A wanted `<sourcefile>`, to be told its child elements and then asked for its coverage."""

    def __init__(self, name: SourceName) -> None:
        self.name = name
        self._place = f"at {quoted(name.text)}"
        self._units: list[Unit] = []
        self._branches: dict[int, Ratio] = {}
        self._counters: dict[str, Ratio] = {}

    @property
    def measures_branches(self) -> bool:
        """Whether it shows that branches were measured."""
        return bool(self._branches) or not BRANCH_COUNTERS.isdisjoint(self._counters)

    def take(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a child element. Raises UnreadableArtifact where it holds no counts."""
        if tag == "line":
            self._take_line(attributes)
        elif tag == "counter":
            kind = attributes.get("type", "")
            self._counters[kind] = _ratio(attributes, "covered", "missed", self._place)

    def coverage(self) -> FileCoverage:
        """What the elements add up to. Raises UnreadableArtifact where they contradict the counters."""
        if self._counters:
            self._hold()
        lines = lines_of(self._units)
        repeated = lines.declared < len(self._units)
        blocks = blocks_of(self._units) if repeated else None
        return FileCoverage(lines, Branches(counts=self._branches), blocks=blocks)

    def _take_line(self, attributes: dict[str, str]) -> None:
        number = line_number(attributes, "nr", self._place)
        place = f"{self._place}, line {number}"
        if "ci" not in attributes:
            raise UnreadableArtifact(f"does not say whether a line ran {place} {_ADVICE}")
        instructions = _ratio(attributes, "ci", "mi", place)
        self._units.append((number, instructions.covered > 0))
        branches = _ratio(attributes, "cb", "mb", place)
        if branches.total:
            self._branches[number] = self._branches.get(number, _NOTHING) + branches

    def _hold(self) -> None:
        """Hold the lines against the counters. What is in a counter only belongs to no line."""
        lines = ratio_of(self._units)
        stated = self._counters.get("LINE", _NOTHING)
        if lines != stated:
            self._refuse_to_choose("lines", lines, stated)
        if not lines.total and self._counters.get("INSTRUCTION", _NOTHING).total:
            raise UnreadableArtifact(
                f"has code without line numbers {self._place}: compile it with them (javac -g)"
            )
        branches = sum(self._branches.values(), _NOTHING)
        stated = self._counters.get("BRANCH", _NOTHING)
        rest = Ratio(stated.covered - branches.covered, stated.total - branches.total)
        if not 0 <= rest.covered <= rest.total:
            self._refuse_to_choose("branches", branches, stated)
        if rest.total:
            self._branches[WHOLE_FILE] = rest

    def _refuse_to_choose(self, what: str, by_line: Ratio, stated: Ratio) -> NoReturn:
        raise UnreadableArtifact(
            f"contradicts itself {self._place}: {by_line.covered} of {by_line.total} {what} are covered "
            f"line by line, {stated.covered} of {stated.total} by its counter"
        )


def _ratio(attributes: dict[str, str], covered: str, missed: str, place: str) -> Ratio:
    taken = whole_number(attributes, covered, place)
    return Ratio(taken, taken + whole_number(attributes, missed, place))
