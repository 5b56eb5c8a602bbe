"""Clover XML: OpenClover's format, in the dialects of those that write it (`gate.reports.clover_writers`).

A `<coverage>` holds projects, these packages or files, a file its metrics and `<line>` elements. The name
of a file is its `path` where it has one: `name` is then the last part of it only. Test code has a project
of its own. Where no file of a report has conditionals, its writer may not measure them: branches are then
not measured, but for Istanbul's, which always are. (Converters that name themselves so without measuring
them do not count methods either.)
"""

from __future__ import annotations

import re

from gate.errors import UnreadableArtifact
from gate.reports.clover_file import CloverFile
from gate.reports.clover_writers import Writer, name_of, writer_of
from gate.reports.file import ReportFile
from gate.reports.model import FileCoverage, Report, Repository, SourceName
from gate.reports.moments import Moment, earliest, from_epoch
from gate.reports.xml_attributes import mapped, root_tag, whole_number
from gate.reports.xml_levels import COUNT, SPACE, TEXT, XmlLevels
from gate.text import quoted

NAME = "Clover XML"

_OWN = (b" generated=", b" clover=")
_PROJECT_METRICS_DEPTH = 3
_TOTALS = ("conditionals", "methods")
_GCOVRS_DUMMY = SourceName("dummy")

_ATTRIBUTES = (
    # PHPUnit's; the first is gcovr's, too.
    rb' num="%(count)b" type="stmt" count="%(count)b"',
    rb' num="%(count)b" type="method" name="%(text)b" visibility="[a-z]*+" complexity="%(count)b"'
    rb' crap="[0-9.]*+" count="%(count)b"',
    # Istanbul's
    rb' num="%(count)b" count="%(count)b" type="stmt"',
    rb' num="%(count)b" count="%(count)b" type="cond" truecount="%(count)b" falsecount="%(count)b"',
    # OpenClover's; its statements are written like Istanbul's.
    rb' falsecount="%(count)b" truecount="%(count)b" num="%(count)b" type="cond"',
    rb' complexity="%(count)b" visibility="[a-z]*+" signature="%(text)b" num="%(count)b" count="%(count)b"'
    rb' type="method"',
)
_ANY_ATTRIBUTES = b"|".join(_ATTRIBUTES).replace(b" ", b" ++") % {b"count": COUNT, b"text": TEXT}
_LINE = rb"<line(?:%b) ?+/>" % _ANY_ATTRIBUTES
_PLAIN = re.compile(rb"(?:%b%b)*+" % (SPACE, _LINE))
"""Lines of a file, as most tools write them."""


def recognises(sample: bytes) -> bool:
    """Whether a file is Clover XML: a `<coverage>` that says when it was generated, or by which Clover."""
    name, tag = root_tag(sample)
    return name == b"coverage" and (any(own in tag for own in _OWN) or b"<project" in sample)


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the wanted files of a report; the others are only named."""
    events = _Events(repository)
    events.read(file, _PLAIN)
    return events.report()


class _Events(XmlLevels):
    """Takes the parser's events one by one and keeps the wanted files only."""

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository
        self._coverage: dict[str, str] = {}
        self._project: dict[str, str] | None = None
        self._counted: set[str] = set()
        self._names: set[SourceName] = set()
        self._files: list[CloverFile] = []

    def report(self) -> Report:
        """What was read. Only now all metrics are known: PHPUnit writes the project's at the end."""
        writer = writer_of(self._coverage, self._project or {})
        measured = "conditionals" in self._counted or (
            writer is Writer.ISTANBUL and "methods" in self._counted
        )
        names = self._names
        if writer is Writer.GCOVR:
            names.discard(_GCOVRS_DUMMY)
        files: dict[SourceName, FileCoverage] = {}
        for file in self._files:
            if file.name in names:
                coverage = file.coverage(writer, measures_branches=measured)
                known = files.get(file.name)
                files[file.name] = coverage if known is None else known | coverage
        return Report(name_of(writer, self._coverage), frozenset(names), files, written=self._written())

    def _written(self) -> Moment | None:
        """In seconds or milliseconds. OpenClover's project is as old as the instrumented sources."""
        project = self._project or {}
        return earliest(from_epoch(self._coverage.get("generated")), from_epoch(project.get("timestamp")))

    def started(self, tag: str, attributes: list[str]) -> None:
        """The root, a project, a package, or what is in these."""
        if self.depth == 1:
            if tag != "coverage":
                raise UnreadableArtifact(f"is not a Clover report: its root is {quoted(tag)}")
            self._coverage = mapped(attributes)
        elif tag == "file":
            self._start_file(mapped(attributes))
        elif tag == "project" and self._project is None:
            self._project = mapped(attributes)
        elif tag == "metrics" and self.depth == _PROJECT_METRICS_DEPTH:
            metrics = mapped(attributes)
            line = f"in line {self.parser.CurrentLineNumber}"
            self._counted |= {what for what in _TOTALS if whole_number(metrics, what, line)}

    def _start_file(self, attributes: dict[str, str]) -> None:
        name = SourceName(attributes.get("path") or attributes.get("name", ""))
        self._names.add(name)
        if self._repository.wants(name):
            file = CloverFile(name, self.parser.CurrentLineNumber)
            self.enter(file.take, lambda: self._files.append(file))
        else:
            self.enter(None)
