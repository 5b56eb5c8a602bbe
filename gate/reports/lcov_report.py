"""A whole LCOV report: its files, and what is known of it beyond them."""

from __future__ import annotations

import mmap
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec

from gate.reports.branches import Branches
from gate.reports.file import ReportFile
from gate.reports.lcov_files import WantedFiles
from gate.reports.lcov_records import Record, records
from gate.reports.model import FileCoverage, Report, Repository, SourceName

_BRANCH = b"\nBRDA:"
_BEGINNING = 4096

_COVERAGE_PY = (b",0,jump to line ", b",0,exit the module", b",0,return from function ")
_COVERAGE_PY_WITHOUT_BRANCHES = re.compile(rb"\nLH:\d+\r?\nFN:\d+,\d+,")
"""The functions behind the lines, with their last lines. lcov has them in front."""
_COVERAGE_PY_BEFORE_7_6 = re.compile(rb"TN:\r?\nSF:[^\n]*\nDA:\d+,[01],[A-Za-z0-9+/]{22}\r?\n")

_LANGUAGES = (
    frozenset({"", ".c", ".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".tcc"}),
    frozenset({".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"}),
)


def read_report(file: ReportFile, repository: Repository) -> Report:
    """Decode the wanted files of a report; the others are only named."""
    names: set[SourceName] = set()
    wanted = WantedFiles(repository)
    for found in records(file.data):
        names.add(found.name)
        if repository.wants(found.name):
            wanted.add(Record(file.data, found))
    files = wanted.files()
    notes = tuple(wanted.notes(files))
    return Report(_writer(file.sample), frozenset(names), _with_none(file.data, files), notes)


def _with_none(data: mmap.mmap, files: Mapping[SourceName, FileCoverage]) -> dict[SourceName, FileCoverage]:
    """The files, of which those without branches have none where their language was measured for them."""
    sought = {_language(name) for name, found in files.items() if found.branches is None}
    measured: set[frozenset[str]] = set()
    if sought and data.find(_BRANCH) >= 0:
        for name, _, start, end in records(data):
            language = _language(name)
            if language in sought - measured and data.find(_BRANCH, start, end) >= 0:
                measured.add(language)
                if measured == sought:
                    break
    return {
        name: msgspec.structs.replace(found, branches=Branches())
        if found.branches is None and _language(name) in measured
        else found
        for name, found in files.items()
    }


def _language(name: SourceName) -> frozenset[str]:
    """The extensions of the files that one tool measures together."""
    extension = PurePosixPath(name.text).suffix.lower()
    return next((known for known in _LANGUAGES if extension in known), frozenset({extension}))


def _writer(sample: bytes) -> str:
    if (
        any(words in sample for words in _COVERAGE_PY)
        or _COVERAGE_PY_WITHOUT_BRANCHES.search(sample)
        or _COVERAGE_PY_BEFORE_7_6.match(sample)
    ):
        return "coverage.py"
    return "gcovr" if b"TN:GCOVR" in sample[:_BEGINNING] else "LCOV"
