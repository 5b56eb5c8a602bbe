"""The checked-out sources that reports are held against, each read and parsed once for all reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from gate.errors import UnreadableArtifact
from gate.evidence.drift import Drift, beyond_end, python_drift
from gate.evidence.python_outline import Outline, outline
from gate.evidence.unmeasured import PYTHON_SUFFIXES
from gate.reports.model import FileCoverage, Repository

if TYPE_CHECKING:
    from gate.reports.coverage_py_settings import Configurations
    from gate.reports.coverage_py_statements import Statements

COVERAGE_PY = "coverage.py"
"""What the name of a report's writer begins with."""

UNPARSABLE = "it cannot be parsed as Python here"
RENUMBERED = "its line directives number the lines anew"

_LINE_BREAK = re.compile(rb"\r\n|\r|\n|\xe2\x80[\xa8\xa9]")
"""JavaScript counts U+2028 and U+2029 too."""

_LINE_DIRECTIVE = re.compile(
    rb'^[ \t]*+(?://line |#[ \t]*+(?:line\b|[0-9]++[ \t]++"))|/\*line ', re.MULTILINE
)
"""Of Go, C, C# and Perl. What follows is measured under the numbers that they give."""

_EVERYTHING = -1


class Held(msgspec.Struct, frozen=True):
    """A report's files held against their sources: the contradictions by path, the paths without a source,
    and why others could not be compared, or not in full."""

    drifted: Mapping[str, Drift]
    absent: frozenset[str]
    uncompared: Mapping[str, str]


class Checkout:
    """The sources of one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sources: dict[str, _Source | None] = {}

    def hold(self, report: str, writer: str, origin: str | None, files: Mapping[str, FileCoverage]) -> Held:
        """Hold a report's files, by repository path, against their sources.

        `report` is what the report is called, `origin` its path where it was found in the repository.
        """
        drifted: dict[str, Drift] = {}
        absent: set[str] = set()
        uncompared: dict[str, str] = {}
        for path, file in files.items():
            source = self._source(path)
            if source is None:
                absent.add(path)
                continue
            drift, problem = self._held(report, writer, origin, source, file)
            if drift:
                drifted[path] = drift
            elif problem:
                uncompared[path] = problem
        return Held(drifted, frozenset(absent), uncompared)

    def _held(
        self, report: str, writer: str, origin: str | None, source: _Source, file: FileCoverage
    ) -> tuple[Drift, str]:
        """The contradictions, and why something could not be compared."""
        beyond = beyond_end(file, source.end)
        if not source.is_python:
            renumbered = beyond and _LINE_DIRECTIVE.search(source.content())
            drift = Drift(report=report, end=source.end, beyond=0 if renumbered else beyond)
            return drift, RENUMBERED if renumbered else ""
        drift = Drift(report=report, end=source.end, beyond=beyond, guesses=file.lines.excluded is None)
        if not writer.startswith(COVERAGE_PY):
            return drift, ""
        if source.outline is None:
            return drift, UNPARSABLE
        problem = ""

        def statements() -> Statements:
            nonlocal problem
            if file.lines.excluded is not None:
                return source.statements(None)
            try:
                exclude = self._configurations.of(source.path, origin).exclude
            except UnreadableArtifact as error:
                problem = f"what is excluded {error}"
                found = source.statements(None)
                return msgspec.structs.replace(found, excluded=_EVERYTHING)
            return source.statements(exclude)

        try:
            foreign, unknown = python_drift(file.lines, source.end, source.outline, statements)
        except UnreadableArtifact as error:
            return drift, str(error)
        return msgspec.structs.replace(drift, foreign=foreign, unknown=unknown), problem

    def _source(self, path: str) -> _Source | None:
        if path not in self._sources:
            content = self._repository.read(path)
            self._sources[path] = None if content is None else _Source(path, content, self._repository)
        return self._sources[path]

    @cached_property
    def _configurations(self) -> Configurations:
        # Imported here, as all that brings in coverage: a report that fits its sources does not need it.
        from gate.reports.coverage_py_settings import Configurations  # noqa: PLC0415

        return Configurations(self._repository)


class _Source:
    """One source: what is known of it is kept, its content is not."""

    def __init__(self, path: str, content: bytes, repository: Repository) -> None:
        self.path = path
        self.is_python = PurePosixPath(path).suffix in PYTHON_SUFFIXES
        ends_within = content and not _LINE_BREAK.fullmatch(content[-1:])
        # An empty file has a line 1, which runs on Python 3.8 to 3.10.
        self.end = max(1, len(_LINE_BREAK.findall(content)) + bool(ends_within))
        self._repository = repository
        self._statements: dict[str | None, Statements] = {}

    def content(self) -> bytes:
        """What it holds."""
        return self._repository.read(self.path) or b""

    @cached_property
    def outline(self) -> Outline | None:
        """Where its statements begin; None where it cannot be parsed."""
        return outline(self.content())

    def statements(self, exclude: str | None) -> Statements:
        """Its statements by coverage.py's parser; UnreadableArtifact where it cannot be parsed."""
        from gate.reports.coverage_py_statements import statements_of  # noqa: PLC0415 - see `Checkout`

        if exclude not in self._statements:
            self._statements[exclude] = statements_of(self.path, self.content(), exclude)
        return self._statements[exclude]
