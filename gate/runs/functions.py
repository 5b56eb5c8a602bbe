"""The functions of files whose lines flip: from the reports that runs keep, else from the Python source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from gate.errors import GateError
from gate.evidence.files import MOST_SOURCE, read_from
from gate.evidence.index import Artifact, Kind, Status
from gate.reports.file import ReportFile
from gate.reports.model import FileCoverage, Function, SourceName
from gate.reports.paths import plain_name
from gate.reports.read import read_coverage

Kept = tuple[Path, tuple[Artifact, ...]]
"""A run's folder and what its index lists."""


def functions_of(
    paths: frozenset[str], kept: Iterable[Kept], sources: Path | None
) -> Mapping[str, tuple[Function, ...]]:
    """The functions of each path that anything tells them of.

    `sources` is the checked-out commit of the runs, None where another one, or none, is checked out.
    """
    found: dict[str, tuple[Function, ...]] = {}
    for folder, artifacts in kept:
        for artifact in artifacts:
            wanted = paths - found.keys()
            if not wanted:
                return found
            if artifact.kind is Kind.COVERAGE and artifact.status is Status.PRESENT and artifact.path:
                found |= _reported(folder / artifact.path, _Wanted(wanted))
    if sources is not None:
        for path in paths - found.keys():
            functions = _parsed(sources, path)
            if functions is not None:
                found[path] = functions
    return found


class _Wanted(msgspec.Struct, frozen=True):
    """A repository of which only some files are asked for, each by the end of its path."""

    paths: frozenset[str]

    def wants(self, name: SourceName) -> bool:
        return self.path_of(name) is not None

    def path_of(self, name: SourceName) -> str | None:
        plain = f"/{plain_name(name.text)}"
        # A report may name less than the path, where the tests ran in a subfolder, or more.
        fitting = [path for path in self.paths if plain.endswith(f"/{path}") or f"/{path}".endswith(plain)]
        return fitting[0] if len(fitting) == 1 else None

    def read(self, path: str) -> bytes | None:  # noqa: ARG002 - the shape of a repository
        return None


def _reported(path: Path, wanted: _Wanted) -> dict[str, tuple[Function, ...]]:
    try:
        with ReportFile(path) as file:
            files = read_coverage(file, wanted)[1].files
    except (GateError, OSError):
        return {}  # no report of a format that can be read without sources
    by_path: dict[str, list[FileCoverage]] = {}
    for name, coverage in files.items():
        by_path.setdefault(wanted.path_of(name) or "", []).append(coverage)
    return {
        path: coverages[0].functions
        for path, coverages in by_path.items()
        if len(coverages) == 1 and coverages[0].functions
    }


def _parsed(root: Path, path: str) -> tuple[Function, ...] | None:
    if not path.endswith(".py"):
        return None
    try:
        tree = ast.parse(read_from(root, path, MOST_SOURCE))
        return tuple(_below(tree, ""))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _below(node: ast.AST, prefix: str) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if not isinstance(child, ast.ClassDef):
                first, last = child.body[0].lineno, child.end_lineno or child.lineno
                yield Function(name, (2 << last) - (1 << first))
            yield from _below(child, f"{name}.")
        else:
            yield from _below(child, prefix)
