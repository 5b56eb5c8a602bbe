"""Reading the kept artifacts: coverage by repository path, tests by file, and what was wrong with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.evidence.files import private_copy
from gate.evidence.folder import EvidenceFolder
from gate.evidence.index import Artifact, Status
from gate.evidence.model import Coverage, CoverageReport, Tests
from gate.evidence.names import Names
from gate.policy.resolved import Suite
from gate.reports.file import ReportFile
from gate.reports.junit import read_junit
from gate.reports.model import FileCoverage
from gate.reports.read import read_coverage

Content = TypeVar("Content")


def read_coverage_artifacts(
    folder: EvidenceFolder, artifacts: Iterable[Artifact], names: Names
) -> tuple[tuple[Artifact, ...], Coverage]:
    """Read each coverage artifact that is present, one after the other, and merge what they say."""
    merged = _Merged()
    read = []
    for artifact in artifacts:

        def read_one(path: Path, artifact: Artifact = artifact) -> CoverageReport:
            with _unchanging(folder, artifact, path) as unchanging:
                return _read_report(unchanging, artifact, names, merged)

        artifact, report = _read(folder.path, artifact, read_one)  # noqa: PLW2901
        if report is not None:
            artifact = msgspec.structs.replace(artifact, note=report.kind)  # noqa: PLW2901
        read.append((artifact, report))
    reports = tuple(report for _, report in read if report is not None)
    return tuple(artifact for artifact, _ in read), merged.coverage(reports, names.foreign())


def read_junit_artifacts(
    folder: EvidenceFolder, artifacts: Iterable[Artifact], suites: tuple[Suite, ...]
) -> tuple[tuple[Artifact, ...], tuple[Tests, ...]]:
    """Read each JUnit artifact that is present."""
    read = [
        _read(folder.path, artifact, lambda path: read_junit(path.read_bytes())) for artifact in artifacts
    ]
    return tuple(artifact for artifact, _ in read), tuple(
        Tests(source, report, _blocks(suites, source))
        for artifact, report in read
        if report is not None
        for source in [artifact.source or artifact.name]
    )


class _Merged:
    """What the reports read so far say together of each path."""

    def __init__(self) -> None:
        self._measured: dict[str, FileCoverage] = {}
        self._kinds: dict[str, set[bool]] = defaultdict(set)
        self._blurred: set[str] = set()
        self._mixed: set[str] = set()

    def add(self, files: dict[str, FileCoverage]) -> None:
        for path, file in files.items():
            if file.line_ratio.total:
                self._kinds[path].add(file.branches is None)
            before = self._measured.get(path)
            self._measured[path] = file if before is None else self._joined(path, before, file)

    def _joined(self, path: str, before: FileCoverage, file: FileCoverage) -> FileCoverage:
        if before.branches is not None and file.branches is not None and before.branches.blurs(file.branches):
            self._blurred.add(path)
        if (before.blocks is None) != (file.blocks is None):
            self._mixed.add(path)
        return before | file

    def coverage(self, reports: tuple[CoverageReport, ...], foreign: tuple[str, ...]) -> Coverage:
        return Coverage(
            measured=self._measured,
            reports=reports,
            partly=tuple(sorted(path for path, kinds in self._kinds.items() if len(kinds) > 1)),
            blurred=tuple(sorted(self._blurred)),
            mixed=tuple(sorted(self._mixed)),
            foreign=foreign,
        )


def _read_report(path: Path, artifact: Artifact, names: Names, merged: _Merged) -> CoverageReport:
    in_repository = artifact.source is not None and not artifact.source.startswith("/")
    with ReportFile(path, artifact.source if in_repository else None) as file:
        name, report = read_coverage(file, names)
        survey = names.survey(report.names)
        names.hold(survey, report.names)
        files, disputed = names.by_path(report.files)
        merged.add(files)
        return CoverageReport(
            source=artifact.source or artifact.name,
            format=name,
            writer=report.writer,
            survey=survey,
            ambiguous=(*disputed, *names.ambiguous(report.names, files)),
            notes=report.notes,
        )


def _unchanging(folder: EvidenceFolder, artifact: Artifact, path: Path) -> AbstractContextManager[Path]:
    """The file, or a copy of it where it is a suite's own: that one may still be written to."""
    own_copy = artifact.source is None or folder.place.workspace / artifact.source != path
    return nullcontext(path) if own_copy else private_copy(path, folder.path)


def _read(
    folder: Path, artifact: Artifact, read: Callable[[Path], Content]
) -> tuple[Artifact, Content | None]:
    """An artifact's content, and the artifact with what reading it showed."""
    if artifact.status is not Status.PRESENT or artifact.path is None:
        return artifact, None
    try:
        return artifact, read(folder / artifact.path)
    except EmptyArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.EMPTY, note=str(error)), None
    except UnreadableArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=str(error)), None


def _blocks(suites: tuple[Suite, ...], source: str) -> bool:
    """Whether failures in a JUnit file block: they do, unless the suite that writes it says otherwise.

    A suite's artifact is named by its path's end; the longest that fits is the file's. Where suites share
    it, one that blocks decides.
    """
    fitting = [
        (len(path), suite.blocking)
        for suite in suites
        for kind, path in suite.artifacts
        if kind == "junit" and f"/{source}".endswith(f"/{path}")
    ]
    return max(fitting, default=(0, True))[1]
