"""Cobertura XML, as coverage.py, gcovr, Istanbul, Coverlet, PHPUnit and many others write it.

The shape is Cobertura's own `coverage-04.dtd`, which few keep to; what each writer makes of it is told in
`cobertura_writers`, how lines and branches count in `cobertura_lines`.

- A class's own `<lines>` are its lines; those below its methods repeat them, or more (Istanbul lists where
  functions are declared). Classes of one filename are one file.
- A relative filename lies below one of the `<source>`s. coverage.py drops the source of each file: of two
  files of one name below two sources it writes only one, which nobody can tell from the other.
- Rates are never counted with. coverage.py's are checked: it counts branches on lines that it does not
  list (dead code). Istanbul, too, lists no branch on a line where no statement begins. What the root states
  must be what all classes list; where it is not, there is a note or a refusal.
- `branch-rate="0"` says that coverage.py did not measure branches, "1" that there are none.
- `timestamp` counts milliseconds (coverage.py, Istanbul, Cobertura) or seconds (gcovr, Coverlet, PHPUnit).
"""

from __future__ import annotations

import codecs
import re

from gate.errors import UnreadableArtifact
from gate.reports.cobertura_classes import OpenClass, Unparsed
from gate.reports.cobertura_lines import FileLines
from gate.reports.cobertura_report import ROOM, put_together
from gate.reports.cobertura_tally import Tally
from gate.reports.cobertura_totals import Totals, one_of_a_name
from gate.reports.cobertura_writers import Writer, writer_of
from gate.reports.file import ReportFile
from gate.reports.model import Report, Repository, SourceName
from gate.reports.moments import from_epoch
from gate.reports.xml_attributes import mapped, root_tag
from gate.reports.xml_events import MAX_DEPTH, Parser, Skippable, parse_xml, too_deep
from gate.text import quoted

NAME = "Cobertura XML"

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|https?://")
_NO_FOLDER = "--source"
"""What scoverage lists as its first source."""

_MOST_TEXT = 4096
_MOST_PLACES = 2_000_000
"""Of all files below all sources: beyond, looking for them would take minutes."""


def recognises(sample: bytes) -> bool:
    """Whether a file is Cobertura XML: a `<coverage>` with rates or packages, which Clover's has not."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sample = sample.decode("utf-16", "ignore").encode()
    name, tag = root_tag(sample)
    return name == b"coverage" and (
        b" line-rate=" in tag or (b"<packages" in sample and b"<project" not in sample)
    )


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the classes of the wanted files; the others are only named, and their lines counted."""
    events = _Events(repository, file)
    parse_xml(file, events.listen_to, Skippable(b"<class ", events.unparsed, events.entered, events.skipped))
    return events.report()


class _Events:
    """Takes the parser's events one by one and keeps the wanted files only."""

    def __init__(self, repository: Repository, file: ReportFile) -> None:
        self._repository = repository
        self._beginning = file.sample[:_MOST_TEXT]
        self._room = ROOM + file.size
        self._root: dict[str, str] = {}
        self._sources: dict[str, None] = {}
        self._under: tuple[str, ...] = ()
        self._names: set[SourceName] = set()
        self._files: dict[SourceName, FileLines] = {}
        self._text = ""
        self._depth = 0
        self._class_depth = 0
        self._class_attributes: dict[str, str] = {}
        self._in_lines = False
        self._class_at = -1
        self.unparsed = Unparsed()

    def listen_to(self, parser: Parser) -> None:
        """Take the parser's events from here on."""
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def entered(self) -> int:
        """The byte index of the class at hand, -1 outside of classes."""
        return self._class_at

    def skipped(self, content: re.Match[bytes]) -> None:
        """The content of that class did not reach the parser."""
        if self.unparsed.file is None:
            self._tally.add_content(self._class_attributes["filename"], content)

    def report(self) -> Report:
        """What was read."""
        totals = Totals.of(self._writer, self._root, self._tally)
        files, notes = put_together(self._files, totals, self._under, self._room)
        written = from_epoch(self._root.get("timestamp"))
        return Report(self._writer_shown, frozenset(self._names), files, notes, written)

    def _here(self) -> str:
        return f"in line {self._parser.CurrentLineNumber}"

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise too_deep(self._parser)

    def _start(self, tag: str, attributes: list[str]) -> None:
        self._deeper()
        if self._depth == 1:
            self._start_report(tag, mapped(attributes))
        elif tag == "class":
            self._start_class(mapped(attributes))
        elif tag == "source":
            self._text = ""
            self._parser.CharacterDataHandler = self._take_text

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "source":
            self._parser.CharacterDataHandler = None
            self._end_source(self._text.strip())

    def _start_report(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "coverage":
            raise UnreadableArtifact(f"is not a Cobertura report: its root is {quoted(tag)}")
        self._root = attributes
        self._set_writer(*writer_of(attributes, self._beginning))

    def _set_writer(self, writer: Writer, shown: str) -> None:
        self._writer, self._writer_shown = writer, shown
        self._tally = Tally(lines_repeat=writer.repeats_lines)

    def _take_text(self, text: str) -> None:
        self._text += text
        if len(self._text) > _MOST_TEXT:
            raise UnreadableArtifact(f"has a <source> of more than {_MOST_TEXT} characters {self._here()}")

    def _end_source(self, source: str) -> None:
        if source == _NO_FOLDER and not self._names:
            self._set_writer(Writer.SCOVERAGE, Writer.SCOVERAGE.value)
        elif source and source not in self._sources:
            self._sources[source] = None
            self._under = ()

    def _start_class(self, attributes: dict[str, str]) -> None:
        filename = attributes.get("filename")
        if filename is None:
            raise UnreadableArtifact(f"has a class without a filename {self._here()}")
        name = self._source_name(filename)
        self._names.add(name)
        if len(self._names) * len(name.under) > _MOST_PLACES:
            raise UnreadableArtifact(f"names too many files below {len(name.under)} sources")
        self._class_attributes = attributes
        self._class_depth = self._depth
        self._class_at = self._parser.CurrentByteIndex
        if filename and self._repository.wants(name):
            self.unparsed.file = self._file(name)
            self._class = OpenClass(self.unparsed.file, attributes, self._writer, self._here)
            self._parser.StartElementHandler = self._start_within
            self._parser.EndElementHandler = self._end_within
        else:
            self.unparsed.file = None
            self._in_lines = False
            self._parser.StartElementHandler = self._start_unwanted
            self._parser.EndElementHandler = self._end_unwanted

    def _source_name(self, filename: str) -> SourceName:
        if _ABSOLUTE.match(filename):
            return SourceName(filename)
        self._under = self._under or tuple(self._sources)
        return SourceName(filename, self._under)

    def _file(self, name: SourceName) -> FileLines:
        if self._writer is Writer.COVERAGE_PY and name in self._files:
            raise UnreadableArtifact(f"has {quoted(name.text)} twice: {one_of_a_name(self._under)}")
        return self._files.setdefault(name, FileLines(name.text, self._writer, self._here))

    def _start_within(self, tag: str, attributes: list[str]) -> None:
        self._deeper()
        if tag == "class":
            raise self._nested()
        self._class.started(self._depth - self._class_depth, tag, mapped(attributes))

    def _end_within(self, _tag: str) -> None:
        depth = self._depth - self._class_depth
        self._depth -= 1
        self._class.ended(depth)
        if not depth:
            self._class_at = -1
            self.listen_to(self._parser)

    def _start_unwanted(self, tag: str, attributes: list[str]) -> None:
        self._depth = depth = self._depth + 1
        if tag == "line":
            if depth == self._class_depth + 2 and self._in_lines:
                self._tally.add_line(self._class_attributes["filename"], attributes)
        elif depth == self._class_depth + 1:
            self._in_lines = tag == "lines"
        elif tag == "class":
            raise self._nested()
        if depth > MAX_DEPTH:
            raise too_deep(self._parser)

    def _end_unwanted(self, _tag: str) -> None:
        self._depth -= 1
        if self._depth < self._class_depth:
            self._class_at = -1
            self.listen_to(self._parser)

    def _nested(self) -> UnreadableArtifact:
        return UnreadableArtifact(f"has a class inside another one {self._here()}")
