"""Reading the kept artifacts: coverage by module, tests by file, and what was wrong with each artifact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from heapq import nsmallest
from pathlib import Path, PurePosixPath
from typing import TypeAlias, TypeVar

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
FilesByPath: TypeAlias = dict[str, FileCoverage]


class Coverage(msgspec.Struct, frozen=True):
    """All coverage reports together.

    `measured` has the gated files by repository path, `suffixes` the extensions that occur in any report,
    `foreign` some names that belong to no module, `partly` the paths with branches in some reports only.
    """

    artifacts: tuple[Artifact, ...]
    measured: FilesByPath
    suffixes: frozenset[str]
    foreign: tuple[str, ...]
    partly: tuple[str, ...]


def read_coverage_artifacts(
    folder: Path, artifacts: Iterable[Artifact], resolver: PathResolver, wanted: Wants
) -> Coverage:
    """Read each coverage artifact that is present, and merge what they say of the wanted files."""

    resolve = cache(resolver.resolve)

    def wants(name: str) -> bool:
        path = resolve(name)
        return path is not None and wanted(path)

    def read_one(data: bytes) -> tuple[Report, FilesByPath]:
        report = read_coverage(data, wants)
        return report, _by_path(report, resolve)

    read = [_read(folder, artifact, read_one) for artifact in artifacts]
    usable = [content for _, content in read if content is not None]
    names = frozenset(name for report, _ in usable for name in report.names)
    by_path = [files for _, files in usable]
    return Coverage(
        tuple(
            artifact if content is None else msgspec.structs.replace(artifact, note=content[0].writer)
            for artifact, content in read
        ),
        _merged(by_path),
        frozenset(PurePosixPath(name).suffix for name in names) - {""},
        tuple(nsmallest(SAMPLE_NAMES, (name for name in names if not wants(name)))),
        _partly(by_path),
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


def _by_path(report: Report, resolve: Callable[[str], str | None]) -> FilesByPath:
    """A report's files by repository path.

    Two names that only the path-map makes one are no measurement of either file: UnreadableArtifact.
    """
    named: dict[str, str] = {}
    files: FilesByPath = {}
    for name, file in sorted(report.files.items()):
        path = resolve(name)
        if path is None:
            continue
        other = named.setdefault(path, name)
        if plain_name(other) != plain_name(name):
            raise UnreadableArtifact(
                f"names {quoted(other)} and {quoted(name)}, which both stand for {quoted(path)}; "
                "correct the path-map"
            )
        _add(files, path, file)
    return files


def _merged(reports: Iterable[FilesByPath]) -> FilesByPath:
    """What all reports together say of each path."""
    measured: FilesByPath = {}
    for files in reports:
        for path, file in files.items():
            _add(measured, path, file)
    return measured


def _add(files: FilesByPath, path: str, file: FileCoverage) -> None:
    files[path] = files[path] | file if path in files else file


def _partly(reports: Iterable[FilesByPath]) -> tuple[str, ...]:
    """Paths whose branches were measured in some reports only."""
    kinds: dict[str, set[bool]] = defaultdict(set)
    for files in reports:
        for path, file in files.items():
            if file.lines.ratio.total:
                kinds[path].add(file.branches is None)
    return tuple(sorted(path for path, seen in kinds.items() if len(seen) > 1))


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
