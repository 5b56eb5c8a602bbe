"""Reading the kept artifacts: coverage by module, tests by file, and what was wrong with each artifact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.evidence.index import Artifact, Status
from gate.evidence.model import Tests
from gate.policy.resolved import Suite
from gate.reports.junit import read_junit
from gate.reports.model import FileCoverage, Report, Wants
from gate.reports.paths import PathResolver, plain_name
from gate.reports.read import read_coverage
from gate.text import quoted

SAMPLE_NAMES = 3

Content = TypeVar("Content")


class Coverage(msgspec.Struct, frozen=True):
    """All coverage reports together.

    `measured` has the gated files by repository path, `suffixes` the extensions that occur in any report,
    `foreign` some names that belong to no module, `partly` the paths with branches in some reports only.
    """

    artifacts: tuple[Artifact, ...]
    measured: dict[str, FileCoverage]
    suffixes: frozenset[str]
    foreign: tuple[str, ...]
    partly: tuple[str, ...]


def read_coverage_artifacts(
    folder: Path, artifacts: Iterable[Artifact], resolver: PathResolver, wanted: Wants
) -> Coverage:
    """Read each coverage artifact that is present, and merge what they say of the wanted files."""

    def wants(name: str) -> bool:
        path = resolver.resolve(name)
        return path is not None and wanted(path)

    def read_one(data: bytes) -> Report:
        report = read_coverage(data, wants)
        _hold_apart(report, resolver)
        return report

    read = [_read(folder, artifact, read_one) for artifact in artifacts]
    reports = [report for _, report in read if report is not None]
    names = frozenset(name for report in reports for name in report.names)
    return Coverage(
        tuple(
            artifact if report is None else msgspec.structs.replace(artifact, note=report.writer)
            for artifact, report in read
        ),
        _merged(reports, resolver),
        frozenset(PurePosixPath(name).suffix for name in names) - {""},
        tuple(sorted(name for name in names if not wants(name))[:SAMPLE_NAMES]),
        _partly(reports, resolver),
    )


def read_junit_artifacts(
    folder: Path, artifacts: Iterable[Artifact], suites: tuple[Suite, ...]
) -> tuple[tuple[Artifact, ...], tuple[Tests, ...]]:
    """Read each JUnit artifact that is present."""
    read = [_read(folder, artifact, read_junit) for artifact in artifacts]
    return tuple(artifact for artifact, _ in read), tuple(
        Tests(source, report, _blocks(suites, source))
        for artifact, report in read
        if report is not None
        for source in [artifact.source or artifact.name]
    )


def _read(
    folder: Path, artifact: Artifact, read: Callable[[bytes], Content]
) -> tuple[Artifact, Content | None]:
    """An artifact's content, and the artifact with what reading it showed."""
    if artifact.status is not Status.PRESENT or artifact.path is None:
        return artifact, None
    try:
        return artifact, read((folder / artifact.path).read_bytes())
    except EmptyArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.EMPTY, note=str(error)), None
    except UnreadableArtifact as error:
        return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=str(error)), None


def _hold_apart(report: Report, resolver: PathResolver) -> None:
    """Two files of one report must not become one file: the union would be no measurement of either."""
    names: dict[str, str] = {}
    for name in sorted(report.files):
        path = resolver.resolve(name)
        if path is None:
            continue
        other = names.setdefault(path, name)
        if plain_name(other) != plain_name(name):
            raise UnreadableArtifact(
                f"names {quoted(other)} and {quoted(name)}, which both stand for {quoted(path)}; "
                "correct the path-map"
            )


def _partly(reports: Iterable[Report], resolver: PathResolver) -> tuple[str, ...]:
    """Paths whose branches were measured in some reports only."""
    seen: dict[str | None, set[bool]] = {}
    for report in reports:
        for name, file in report.files.items():
            if file.lines.ratio.total:
                seen.setdefault(resolver.resolve(name), set()).add(file.branches is None)
    return tuple(sorted(path for path, kinds in seen.items() if path is not None and len(kinds) > 1))


def _merged(reports: Iterable[Report], resolver: PathResolver) -> dict[str, FileCoverage]:
    """What all reports together say of each repository path."""
    measured: dict[str, FileCoverage] = {}
    for report in reports:
        for name, file in report.files.items():
            path = resolver.resolve(name)
            if path is not None:
                measured[path] = measured[path] | file if path in measured else file
    return measured


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
