"""The reports of a generated project as files, and how they are written on all processors."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks.generate.cobertura import write_cobertura
from benchmarks.generate.coverage_json import write_json
from benchmarks.generate.data_files import write_data_files
from benchmarks.generate.lcov import write_lcov
from benchmarks.generate.project import source_files

_ENDINGS = {"json": "json", "cobertura": "xml", "lcov": "info", "data": ""}
_DATA_FILES_AT_ONCE = 8


class Report(NamedTuple):
    """A report: `kind` is json, cobertura, lcov or data; `shards` are how many files it is spread over.

    With `names`, so many links are made to these files in turn.
    """

    kind: str
    shards: int = 1
    names: int = 0

    @property
    def files(self) -> tuple[str, ...]:
        """Their paths in the workspace."""
        count, ending = self.names or self.shards, _ENDINGS[self.kind]
        if count == 1:
            return (f"reports/coverage.{ending}" if ending else "reports/.coverage",)
        folder = f"reports/{self.kind}-{count}"
        return tuple(
            f"{folder}/shard-{number:02}.{ending}" if ending else f"{folder}/.coverage.{number:02}"
            for number in range(count)
        )

    @property
    def glob(self) -> str:
        """A pattern that names them all."""
        first, *others = self.files
        wild = "*" if _ENDINGS[self.kind] else ".coverage.*"
        return f"{Path(first).parent}/{wild}" if others else first

    def first(self, count: int) -> str:
        """A pattern that names so many of them."""
        return ",".join(self.files[:count])


class Job(NamedTuple):
    """What one process writes: some shards of a report of a project of `size` files."""

    report: Report
    numbers: tuple[int, ...]
    workspace: Path
    size: int
    seed: int

    def do(self) -> None:
        """Write them."""
        kind, shards, _ = self.report
        paths = {(number, shards): self.workspace / self.report.files[number] for number in self.numbers}
        for path in paths.values():
            path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "data":
            write_data_files(source_files(self.size, self.seed), paths)
            return
        for shard, path in paths.items():
            measured = (file.measured(shard) for file in source_files(self.size, self.seed))
            if kind == "json":
                write_json(measured, path)
            elif kind == "lcov":
                write_lcov(measured, path)
            else:
                write_cobertura(measured, path, str(self.workspace))


def write_reports(reports: Iterable[Report], workspace: Path, size: int, seed: int) -> None:
    """Write the reports that are not there yet."""
    missing = [report for report in dict.fromkeys(reports) if not (workspace / report.files[-1]).exists()]
    with ProcessPoolExecutor() as workers:
        jobs = [
            Job(report, numbers, workspace, size, seed) for report in missing for numbers in _shares(report)
        ]
        for done in [workers.submit(job.do) for job in jobs]:
            done.result()
    for report in missing:
        for number in range(report.shards, report.names):
            os.link(workspace / report.files[number % report.shards], workspace / report.files[number])


def _shares(report: Report) -> Iterator[tuple[int, ...]]:
    at_once = _DATA_FILES_AT_ONCE if report.kind == "data" else 1
    for start in range(0, report.shards, at_once):
        yield tuple(range(start, min(start + at_once, report.shards)))
