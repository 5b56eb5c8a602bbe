"""What must hold of a reader whatever it is given."""

from __future__ import annotations

from pathlib import Path

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.reports.lines import Ratio
from gate.reports.model import FileCoverage, Report
from tests.fuzz.samples import DATA
from tests.reports.reading import Files, read_file

LONGEST_MESSAGE = 2_000
PROGRAM = (DATA / "coverage_py" / "program.py").read_bytes()


class OneProgram(Files):
    """A repository that wants everything and in which every source is the same one."""

    def read(self, path: str) -> bytes | None:
        return PROGRAM if path.endswith(".py") else None


SOURCES = OneProgram()


def outcome(path: Path, repository: Files = SOURCES) -> str:
    """Read a file and hold what comes of it; "read", or the sentence of the refusal.

    Raises AssertionError, or whatever else the reader should not have raised.
    """
    try:
        _, report = read_file(path, repository)
    except (EmptyArtifact, UnreadableArtifact) as error:
        return _sentence(str(error))
    hold(report)
    return "read"


def hold(report: Report) -> None:
    """Counts within their bounds, lists that agree with them, and merging that changes nothing."""
    assert set(report.files) <= report.names
    assert _sentence(report.writer)
    for note in report.notes:
        assert _sentence(note)
    for file in report.files.values():
        _hold_file(file)


def _hold_file(file: FileCoverage) -> None:
    _within(file.line_ratio)
    if file.blocks is None:
        missing = file.missing_lines.bit_count() + file.lines.unlisted
        assert missing == file.line_ratio.total - file.line_ratio.covered
    again = file | file
    assert again.line_ratio == file.line_ratio
    if file.branches is not None:
        _within(file.branches.ratio)
        assert again.branches is not None
        assert again.branches.ratio == file.branches.ratio
        ratio = file.branches.ratio
        assert len(file.branches.missing_arcs) <= ratio.total - ratio.covered
    assert all(function.lines >= 0 and function.name for function in file.functions)


def _within(ratio: Ratio) -> None:
    assert 0 <= ratio.covered <= ratio.total


def _sentence(text: str) -> str:
    assert text
    assert text.isprintable(), text
    assert len(text) <= LONGEST_MESSAGE, text
    assert "Error(" not in text, text
    assert " object at 0x" not in text, text
    return text
