"""Reading a report in a test, from a file or from bytes, for a repository that the test describes."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from gate.reports.file import ReportFile
from gate.reports.model import Report, SourceName
from gate.reports.read import read_coverage


class Files:
    """A repository that wants everything, or the named files only; each name is its own path.

    `contents` are the repository's files by path.
    """

    def __init__(
        self, wanted: Collection[str] | None = None, contents: Mapping[str, bytes] | None = None
    ) -> None:
        self._wanted = wanted
        self._contents = contents or {}

    def wants(self, name: SourceName) -> bool:
        return self._wanted is None or name.text in self._wanted

    def path_of(self, name: SourceName) -> str | None:
        return name.text

    def read(self, path: str) -> bytes | None:
        return self._contents.get(path)


EVERYTHING = Files()


def read_file(path: Path, repository: Files = EVERYTHING) -> tuple[str, Report]:
    """A report on disk: the name of its format, and what it says."""
    with ReportFile(path) as file:
        return read_coverage(file, repository)


def read_bytes(data: bytes, repository: Files = EVERYTHING) -> Report:
    """A report of these bytes."""
    with tempfile.NamedTemporaryFile() as written:
        written.write(data)
        written.flush()
        return read_file(Path(written.name), repository)[1]
