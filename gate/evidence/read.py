"""Reading the kept artifacts: coverage by repository path, tests by file, and what was wrong with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.errors import EmptyArtifact, StaleArtifact, UnreadableArtifact
from gate.evidence.checkout import Checkout, Held
from gate.evidence.drift import Drift
from gate.evidence.files import private_copy
from gate.evidence.folder import EvidenceFolder
from gate.evidence.freshness import Freshness
from gate.evidence.index import Artifact, Status
from gate.evidence.model import Coverage, CoverageReport, Tests
from gate.evidence.names import Names
from gate.policy.resolved import Suite
from gate.policy.suites import blocks
from gate.reports.file import ReportFile
from gate.reports.junit import TestReport, read_junit
from gate.reports.model import FileCoverage
from gate.reports.read import read_coverage

Content = TypeVar("Content")


def read_coverage_artifacts(
    folder: EvidenceFolder, artifacts: Iterable[Artifact], names: Names, freshness: Freshness
) -> tuple[tuple[Artifact, ...], Coverage]:
    """Read each coverage artifact that is present, one after the other, and merge what they say."""
    merged = _Merged(Checkout(names))
    read = []
    for artifact in artifacts:

        def read_one(path: Path, artifact: Artifact = artifact) -> CoverageReport:
            with _unchanging(folder, artifact, path) as unchanging:
                return _read_report(unchanging, artifact, names, merged, freshness)

        artifact, report = _read(folder.path, artifact, read_one)  # noqa: PLW2901
        if report is not None:
            artifact = msgspec.structs.replace(artifact, note=report.kind)  # noqa: PLW2901
        read.append((artifact, report))
    reports = tuple(report for _, report in read if report is not None)
    return tuple(artifact for artifact, _ in read), merged.coverage(reports, names.foreign())


def read_junit_artifacts(
    folder: EvidenceFolder, artifacts: Iterable[Artifact], suites: tuple[Suite, ...], freshness: Freshness
) -> tuple[tuple[Artifact, ...], tuple[Tests, ...]]:
    """Read each JUnit artifact that is present."""

    def read_one(artifact: Artifact, path: Path) -> TestReport:
        report = read_junit(path.read_bytes())
        freshness.hold_content(artifact.source or artifact.name, artifact.path or "", report.began)
        return report

    read = [_read(folder.path, artifact, partial(read_one, artifact)) for artifact in artifacts]
    return tuple(artifact for artifact, _ in read), tuple(
        Tests(source, report, blocks(suites, "junit", source))
        for artifact, report in read
        if report is not None
        for source in [artifact.source or artifact.name]
    )


class _Merged:
    """What the reports read so far say together of each path."""

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self._measured: dict[str, FileCoverage] = {}
        self._kinds: dict[str, set[bool]] = defaultdict(set)
        self._blurred: set[str] = set()
        self._mixed: set[str] = set()
        self._drifted: dict[str, list[Drift]] = defaultdict(list)
        self._absent: set[str] = set()
        self._uncompared: dict[str, set[str]] = defaultdict(set)

    def add(self, files: dict[str, FileCoverage], held: Held) -> None:
        for path, drift in held.drifted.items():
            self._drifted[path].append(drift)
        self._absent |= held.absent
        for path, why in held.uncompared.items():
            self._uncompared[why].add(path)
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
            drifted={path: tuple(drifts) for path, drifts in self._drifted.items()},
            absent=tuple(sorted(self._absent)),
            uncompared={why: tuple(sorted(paths)) for why, paths in self._uncompared.items()},
        )


def _read_report(
    path: Path, artifact: Artifact, names: Names, merged: _Merged, freshness: Freshness
) -> CoverageReport:
    in_repository = artifact.source is not None and not artifact.source.startswith("/")
    with ReportFile(path, artifact.source if in_repository else None) as file:
        name, report = read_coverage(file, names)
        freshness.hold_content(artifact.source or artifact.name, artifact.path or "", report.written)
        survey = names.survey(report.names)
        names.hold(survey, report.names)
        files, disputed = names.by_path(report.files)
        source = artifact.source or artifact.name
        merged.add(files, merged.checkout.hold(source, report.writer, file.origin, files))
        return CoverageReport(
            source=source,
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
    except StaleArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.STALE, note=str(error)), None
    except EmptyArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.EMPTY, note=str(error)), None
    except UnreadableArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=str(error)), None
