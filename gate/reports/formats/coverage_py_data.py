"""coverage.py's data files (`.coverage`, `.coverage.<host>.<pid>.<random>`), without combining or reporting.

A data file says which lines or arcs ran. What there was to run is analysed from the source in the
workspace, by the coverage package, for the files of configured modules alone: `coverage_py_database` reads
the rows, `coverage_py_settings` finds what the configuration leaves out, `coverage_py_analysis` counts.
Before coverage.py 5 a data file was JSON behind a warning.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from gate.errors import UnreadableArtifact
from gate.reports.file import ReportFile
from gate.reports.model import FileCoverage, Report, Repository, SourceName
from gate.reports.moments import from_iso
from gate.text import counted, quoted

if TYPE_CHECKING:
    from gate.reports.coverage_py_analysis import Sources
    from gate.reports.coverage_py_database import Database
    from gate.reports.coverage_py_settings import Configurations, Settings

NAME = "coverage.py data"

_SQLITE = b"SQLite format 3\x00"
_VERSION_4 = b"!coverage.py: This is a private format"
_RELEASE = re.compile(r"(\d{1,4})\.(\d{1,4})[\w.+]{0,40}", re.ASCII)
_NAMES_SHOWN = 3

_source_name = lru_cache(maxsize=100_000)(SourceName)
"""A name is made once for all shards of a project."""


def recognises(sample: bytes) -> bool:
    """Whether a file is a SQLite database (no other format is one), or coverage.py 4's data."""
    return sample.startswith((_SQLITE, _VERSION_4))


def read(file: ReportFile, repository: Repository) -> Report:
    """Analyse the wanted files of a data file; the others are only named."""
    if not file.sample.startswith(_SQLITE):
        raise UnreadableArtifact(
            "was written by coverage.py 4, whose data is not read: measure with coverage.py 5 or newer, "
            "or give coverage.py's XML report"
        )
    # Imported here: a check without data files does not need the 0.1 s.
    from gate.reports.coverage_py_database import opened  # noqa: PLC0415

    with opened(file) as data:
        return _Reading(data, repository, file.origin).report()


class _Reading:
    """One data file on its way to a report."""

    def __init__(self, data: Database, repository: Repository, origin: str | None) -> None:
        self._data = data
        self._repository = repository
        self._origin = origin
        self._sources, self._configurations = _kept(cast(Hashable, repository))
        self._followed: set[Settings] = set()
        self._omitted: set[SourceName] = set()
        self._not_python: set[SourceName] = set()

    def report(self) -> Report:
        from gate.reports.coverage_py_analysis import ANALYSER  # noqa: PLC0415 - see `read`

        names = [_source_name(path) for path in self._data.paths()]
        files = {}
        for name in filter(self._repository.wants, names):
            measured = self._measured(name)
            if measured is not None:
                files[name] = measured
        left_out = self._omitted | self._not_python
        return Report(
            f"coverage.py{self._version()} data, analysed by {ANALYSER}",
            frozenset(names) - left_out,
            files,
            tuple(self._notes()),
            from_iso(self._data.when),
        )

    def _measured(self, name: SourceName) -> FileCoverage | None:
        """What ran of a wanted file; None for one that coverage.py itself leaves out of its reports."""
        path = self._repository.path_of(name)
        if path is None:
            raise UnreadableArtifact(_without_source(name.text))
        settings = self._configurations.of(path, self._origin)
        self._followed.add(settings)
        if settings.leaves_out(name.text, path):
            self._omitted.add(name)
            return None
        number = self._data.file_id(name.text)
        tracer = self._data.tracer(number)
        if tracer is not None:
            raise UnreadableArtifact(
                f"has {quoted(name.text)} measured by the plugin {quoted(tracer)}, and the gate runs no "
                "plugins: give coverage.py's JSON instead"
            )
        try:
            source = self._sources.of(path, settings)
        except LookupError as error:
            raise UnreadableArtifact(_without_source(name.text)) from error
        if source is None:
            self._not_python.add(name)
            return None
        if self._data.has_arcs:
            return source.with_arcs(self._data.arcs(name.text, number))
        return source.with_lines(self._data.lines(name.text, number))

    def _version(self) -> str:
        """` X.Y.Z` of the coverage.py that wrote the file; nothing where it names none that could be."""
        version = self._data.version or ""
        return f" {version}" if _RELEASE.fullmatch(version) else ""

    def _notes(self) -> Iterable[str]:
        from gate.reports.coverage_py_analysis import ANALYSER, RELEASE  # noqa: PLC0415 - see `read`

        written_by = _RELEASE.fullmatch(self._data.version or "")
        if self._followed and (written_by is None or (int(written_by[1]), int(written_by[2])) != RELEASE):
            yield (
                f"was measured by coverage.py{self._version() or ' of an unknown version'} and is counted by "
                f"{ANALYSER}, which may see other statements and branches"
            )
        for settings in sorted(self._followed, key=lambda settings: settings.source or ""):
            if settings.source is not None:
                yield f"is counted with coverage.py's settings in {quoted(settings.source)}"
            if settings.has_paths:
                yield f"is read without the [paths] in {quoted(settings.source or '')}: use `path-map`"
        if self._omitted:
            yield f"leaves out {_some(self._omitted)}, as `include` and `omit` in these settings say"
        if self._not_python:
            yield f"leaves out {_some(self._not_python)}, which cannot be read as Python"


@lru_cache(maxsize=1)
def _kept(repository: Repository) -> tuple[Sources, Configurations]:
    """What all data files of a check share."""
    from gate.reports.coverage_py_analysis import Sources  # noqa: PLC0415 - see `read`
    from gate.reports.coverage_py_settings import Configurations  # noqa: PLC0415

    return Sources(repository), Configurations(repository)


def _without_source(name: str) -> str:
    return (
        f"cannot be counted without the source of {quoted(name)}, which is not in the workspace: "
        "check the repository out, correct the path-map, or give coverage.py's JSON instead"
    )


def _some(names: set[SourceName]) -> str:
    shown = ", ".join(quoted(name.text) for name in sorted(names)[:_NAMES_SHOWN])
    return (
        f"{counted(len(names), 'file')} of configured modules ({shown}{', …' * (len(names) > _NAMES_SHOWN)})"
    )
