"""Which statements and branches a Python source has, and which of them ran, counted by coverage.py itself.

A source is parsed once for all data files of a process. What ran is brought to its statements and branches
element by element, as coverage.py's `results.analysis_from_file_reporter` does, so that the union over data
files equals what `coverage combine` and a report count.
"""

from __future__ import annotations

import platform
import posixpath
import warnings
from collections.abc import Iterable, Mapping

import coverage
from coverage.exceptions import NotPython
from coverage.parser import PythonParser
from coverage.phystokens import source_encoding
from coverage.plugin import CodeRegion
from coverage.regions import RegionFinder
from coverage.results import Analysis

from gate.errors import UnreadableArtifact
from gate.reports.branches import Arc, Branches
from gate.reports.coverage_py_settings import Settings
from gate.reports.lines import Lines, line_set
from gate.reports.model import FileCoverage, Function, Repository
from gate.text import one_line, quoted

ANALYSER = f"coverage.py {coverage.__version__} on Python {platform.python_version()}"
RELEASE = coverage.version_info[:2]
"""Major and minor version of the coverage.py that counts; between patches it counts the same."""

KEPT_SOURCES = 10_000
"""Some 70 KB each at 300 lines. Beyond, a source is parsed again for every data file."""


class Source:
    """One Python source, analysed. Lines are bit sets: bit n is line n."""

    def __init__(self, path: str, text: str, settings: Settings) -> None:
        parser = PythonParser(text=text, filename=path, exclude=settings.exclude)
        parser.parse_source()
        self._statements = line_set(parser.statements)
        self._excluded = line_set(parser.excluded)
        self.functions = _functions(parser, self._statements)
        no_branch = parser.lines_matching(settings.partial)
        counts = parser.exit_counts()
        never, always = (
            Analysis(
                precision=0,
                filename=path,
                has_arcs=True,
                statements=parser.statements,
                excluded=parser.excluded,
                executed=set(),
                arc_possibilities_set=parser.arcs(),
                arcs_executed_set=executed,
                exit_counts=counts,
                no_branch=no_branch,
            )
            for executed in (set[Arc](), parser.arcs())
        )
        self._declared_branches = never.numbers.n_branches
        self._untaken = frozenset(_pairs(never.missing_branch_arcs()))
        branch_lines = always.executed_branch_arcs().keys()
        self._inner_lines = _inner_lines(parser.multiline_map)
        self._starts = branch_lines | {
            line for line, first in parser.multiline_map.items() if first in branch_lines
        }
        possible = frozenset(_pairs(always.executed_branch_arcs()))
        self._taken = _Taken(_translator(parser), possible, text.count("\n") + 1)

    def with_lines(self, executed: int) -> FileCoverage:
        """What was measured of it without branches."""
        return FileCoverage(self._lines(executed), None, self.functions)

    def with_arcs(self, arcs: Iterable[Arc]) -> FileCoverage:
        """What was measured of it with branches."""
        executed = line_set({line for arc in arcs for line in arc if line > 0})
        return FileCoverage(self._lines(executed), self._branches(arcs), self.functions)

    def _lines(self, executed: int) -> Lines:
        # Lines that are no statements are kept: one that is not in the source shows that it has changed.
        lines = executed & ~1
        for first, others in self._inner_lines:
            if lines & others:
                lines = lines & ~others | 1 << first
        return Lines(lines, self._statements, self._statements.bit_count(), excluded=self._excluded)

    def _branches(self, arcs: Iterable[Arc]) -> Branches:
        starting = [arc for arc in arcs if arc[0] in self._starts]
        executed = frozenset(branch for branch in map(self._taken.__getitem__, starting) if branch)
        return Branches(executed, self._untaken, self._declared_branches)


class _Taken(dict[Arc, Arc | None]):
    """By an arc that ran: the branch that was taken with it, if any. Shards repeat each other."""

    def __init__(self, parser: PythonParser, possible: frozenset[Arc], last_line: int) -> None:
        super().__init__()
        self._parser = parser
        self._possible = possible
        self._last_line = last_line

    def __missing__(self, arc: Arc) -> Arc | None:
        if abs(arc[1]) > self._last_line:
            return None  # of another source, or invented: not worth keeping
        translated = self._parser.translate_arcs([arc])
        # Twice, as coverage.py does: the way out of a `with` is known by its first lines. Between, it makes
        # an arc within a line the only way out of a line that has one, which is no branch.
        translated = self._parser.translate_arcs(arc for arc in translated if arc[0] != arc[1])
        taken = self[arc] = next(iter(self._possible & translated), None)
        return taken


class Sources:
    """The sources of one repository, each read and parsed once for all data files."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._known: dict[tuple[str, Settings], Source | None] = {}

    def of(self, path: str, settings: Settings) -> Source | None:
        """A source by its repository path.

        None for what coverage.py leaves out: a text that is neither Python nor named so. Raises
        UnreadableArtifact where it cannot be analysed, LookupError where it is not there.
        """
        key = path, settings
        if key in self._known:
            return self._known[key]
        content = self._repository.read(path)
        if content is None:
            raise LookupError(path)
        source = analysed(path, content, settings)
        if len(self._known) < KEPT_SOURCES:
            self._known[key] = source
        return source


def analysed(path: str, content: bytes, settings: Settings) -> Source | None:
    """A source's analysis, or None, as `Sources.of` has it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a syntax warning prints the source's line into the log
            return Source(path, source_text(content), settings)
    except NotPython as error:
        if not _is_named_python(path):
            return None
        raise UnreadableArtifact(_unparsable(path, error)) from error
    except Exception as error:  # the parser, the compiler and the user's expressions raise what they like
        raise UnreadableArtifact(_unparsable(path, error)) from error


def _unparsable(path: str, error: Exception) -> str:
    return (
        f"cannot be counted: {quoted(path)} cannot be analysed by {ANALYSER}: {one_line(str(error), 160)}; "
        "give coverage.py's JSON instead"
    )


def source_text(content: bytes) -> str:
    """As coverage.py's `get_python_source` reads a file."""
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\f", b" ")
    text = content.decode(source_encoding(content), "replace")
    return text if not text or text.endswith("\n") else f"{text}\n"


def _is_named_python(path: str) -> bool:
    """As coverage.py's `PythonFileReporter.should_be_python`."""
    suffix = posixpath.splitext(path)[1]
    return not suffix or suffix.startswith(".py")


def _pairs(arcs: dict[int, list[int]]) -> Iterable[Arc]:
    return ((source, target) for source, targets in arcs.items() for target in targets)


def _functions(parser: PythonParser, statements: int) -> tuple[Function, ...]:
    """Functions and their statements, named as in coverage.py's JSON. None where nesting is too deep."""
    finder = RegionFinder()
    assert parser._ast_root is not None  # noqa: S101 - parsed; `parser.arcs` lets go of it
    try:
        finder.handle_node(parser._ast_root)
    except RecursionError:
        return ()
    regions = sorted((region for region in finder.regions if region.kind == "function"), key=_start)
    found = [(region.name, region.start, line_set(region.lines) & statements) for region in regions]
    with_statements = {name for name, _, lines in found if lines}
    functions: dict[str, int] = {}
    for name, start, lines in found:
        is_taken = name in functions or (name in with_statements and not lines)
        functions[f"{name}@{start}" if is_taken else name] = lines
    return tuple(Function(name, lines) for name, lines in functions.items())


def _start(region: CodeRegion) -> int:
    return region.start


def _inner_lines(first_lines: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """By the first line of each statement of several lines: its other lines."""
    others: dict[int, int] = {}
    for line, first in first_lines.items():
        if line != first:
            others[first] = others.get(first, 0) | 1 << line
    return tuple(others.items())


def _translator(parser: PythonParser) -> PythonParser:
    """A parser that translates arcs as this one does, at a fraction of its memory."""
    translator = PythonParser(text="", filename=parser.filename)
    translator.multiline_map = parser.multiline_map
    translator._with_jump_fixers = parser._with_jump_fixers
    return translator
