"""JaCoCo XML, as JaCoCo writes it, and those that write its format: IntelliJ's coverage (Kover), Pester.

The shape is JaCoCo's own `report.dtd`; what the numbers mean is said by its `SourceNodeImpl`: a line
counts where it has instructions, and is covered where one of them ran (`ci` > 0); `mb` and `cb` are missed
and covered branches. A source file ends with its counters, from which the zero ones are left out: they are
the tool's own totals, and the lines must agree with them.

- Classes repeat by method what source files say by line: only the source files are read. A class that was
  compiled without the name of its source file is in none of them; a note tells it.
- Branches of a class that was compiled without line numbers are in the counters only.
- Groups (of Ant, or of Maven's `report-aggregate`) are a build's modules: folders that a name may lie
  below. The same package path in two groups is two files.
- JaCoCo always measures branches and Pester never does: a BRANCH or COMPLEXITY counter tells.
- IntelliJ repeats a line for each class with code there, and counts it so. It names the default package
  like the class in it. Pester repeats the package's last folders in the source file's name.
- gcovr's JaCoCo does not say which lines ran: it is refused.
- Each run that was recorded is a `<sessioninfo>`, `dump` its end in milliseconds. An execution file that was
  appended to holds old runs as well: the report is as old as the oldest.
"""

from __future__ import annotations

import re

import msgspec

from gate.errors import UnreadableArtifact
from gate.reports.file import ReportFile
from gate.reports.jacoco_package import BRANCH_COUNTERS, Package, SourceFile
from gate.reports.model import FileCoverage, Report, Repository, SourceName
from gate.reports.moments import Moment, earliest, from_epoch
from gate.reports.xml_attributes import mapped, root_tag
from gate.reports.xml_levels import COUNT, SPACE, TEXT, XmlLevels
from gate.text import counted, quoted

NAME = "JaCoCo XML"

_OWN = (b"<counter", b"<sourcefile", b"<sessioninfo", b"//JACOCO//")
_REPORT_COUNTERS_DEPTH = 2
_OTHER_WRITERS = {"Intellij Coverage Report": "IntelliJ coverage", "Kover ": "Kover", "Pester (": "Pester"}

_COUNTERS = rb'(?:%b<counter type="[A-Z]++" missed="%b" covered="%b" ?+/>)*+' % (SPACE, COUNT, COUNT)
_METHOD = rb'<method name="%b" desc="%b"(?: line="%b")?+' % (TEXT, TEXT, COUNT)
_METHODS = rb"(?:%b%b(?: ?+/>|>%b%b</method>))*+" % (SPACE, _METHOD, _COUNTERS, SPACE)
_CLASS = rb'<class name="(?:[\w$-]++/)++%b" sourcefilename="[ !#-%%\'-;=-~]++"' % TEXT
_CLASSES = rb"(?:%b%b(?: ?+/>|>%b%b%b</class>))*+" % (SPACE, _CLASS, _METHODS, _COUNTERS, SPACE)
_LINE = rb'<line nr="%b" mi="%b" ci="%b" mb="%b" cb="%b" ?+/>' % (COUNT, COUNT, COUNT, COUNT, COUNT)
_LINES = rb"(?:%b%b)*+" % (SPACE, _LINE)
_PLAIN = re.compile(rb"(?P<classes>%b)%b%b%b" % (_CLASSES, _METHODS, _LINES, _COUNTERS))
"""Classes right behind a package's start tag, or what a class or a source file holds, as JaCoCo writes it."""


def recognises(sample: bytes) -> bool:
    """Whether a file is JaCoCo XML: a `<report>` that holds what no other report has."""
    return root_tag(sample)[0] == b"report" and any(element in sample for element in _OWN)


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the wanted source files of a report; the others are only named."""
    events = _Events(repository)
    events.read(file, _PLAIN)
    return events.report()


class _Events(XmlLevels):
    """Takes the parser's events one by one and keeps the wanted source files only."""

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository
        self._writer = "JaCoCo"
        self._names: set[SourceName] = set()
        self._files: dict[SourceName, FileCoverage] = {}
        self._measures_branches = False
        self._sourceless_classes = 0
        self._sourceless_class = ""
        self._groups: list[str] = []
        self._package: Package | None = None
        self._written: Moment | None = None

    def report(self) -> Report:
        """What was read."""
        files = self._files
        if not self._measures_branches:
            files = {name: msgspec.structs.replace(file, branches=None) for name, file in files.items()}
        return Report(self._writer, frozenset(self._names), files, self._notes(), self._written)

    def _notes(self) -> tuple[str, ...]:
        if not self._sourceless_classes:
            return ()
        classes = counted(self._sourceless_classes, "class", "classes")
        example = quoted(self._sourceless_class)
        return (
            f"has {classes} without the name of a source file, such as {example}: "
            "compiled without debug information, they count for no file",
        )

    def started(self, tag: str, attributes: list[str]) -> None:
        """The root, a group, a package, or what is in these."""
        if self.depth == 1:
            self._start_report(tag, mapped(attributes).get("name", ""))
        elif tag == "class":
            self._start_class(mapped(attributes))
        elif tag == "sourcefile":
            self._start_source_file(mapped(attributes).get("name", ""))
        elif tag == "package":
            self._package = Package(mapped(attributes).get("name", ""))
            self.idle()
        elif tag == "group":
            self._groups.append(mapped(attributes).get("name", ""))
        elif tag == "counter" and self.depth == _REPORT_COUNTERS_DEPTH:
            self._measures_branches |= mapped(attributes).get("type") in BRANCH_COUNTERS
        elif tag == "sessioninfo":
            self._written = earliest(self._written, from_epoch(mapped(attributes).get("dump")))

    def ended(self, tag: str) -> None:
        """The end of any of them."""
        if tag == "group":
            self._groups.pop()
        elif tag == "package":
            self._end_package()

    def skipped(self, content: re.Match[bytes]) -> None:
        """Classes whose source files are named were left out."""
        if self._package is not None and content.end("classes") > content.start():
            self._package.skip_classes()

    def _start_report(self, tag: str, title: str) -> None:
        if tag != "report":
            raise UnreadableArtifact(f"is not a JaCoCo report: its root is {quoted(tag)}")
        for beginning, writer in _OTHER_WRITERS.items():
            if title.startswith(beginning):
                self._writer = writer

    def _open_package(self, what: str) -> Package:
        if self._package is None:
            line = self.parser.CurrentLineNumber
            raise UnreadableArtifact(f"has a {what} outside of a package in line {line}")
        return self._package

    def _end_package(self) -> None:
        package, self._package = self._package, None
        if package is not None and (classes := package.sourceless_classes()):
            self._sourceless_class = self._sourceless_class or package.first_class
            self._sourceless_classes += classes

    def _start_class(self, attributes: dict[str, str]) -> None:
        package = self._open_package("class")
        package.add_class(attributes.get("name", ""), attributes.get("sourcefilename", ""))
        self.enter(None)

    def _start_source_file(self, name_in_package: str) -> None:
        package = self._open_package("source file")
        name = SourceName(package.path_of(name_in_package), tuple(self._groups))
        if not self._repository.wants(name):
            self.enter(None)
        elif name in self._names:
            raise UnreadableArtifact(f"has {quoted(name.text)} twice, and nothing tells them apart")
        else:
            file = SourceFile(name)
            self.enter(file.take, lambda: self._add(file))
        self._names.add(name)

    def _add(self, file: SourceFile) -> None:
        self._files[file.name] = file.coverage()
        self._measures_branches |= file.measures_branches
