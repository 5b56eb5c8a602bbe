"""The real samples that fuzzing begins with, by the reader that recognises them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from gate.reports.file import ReportFile
from gate.reports.read import CoverageFormat, known_formats

DATA = Path(__file__).parents[1] / "data"
FINDINGS = DATA / "fuzz"
LARGEST = 200_000


def name_of(known: CoverageFormat) -> str:
    """A format's name as its module has it: `lcov`."""
    return str(known.__name__).rpartition(".")[2]  # type: ignore[attr-defined]  # every format is a module


@cache
def samples() -> dict[str, list[bytes]]:
    """Format → contents of its samples."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(DATA.rglob("*")):
        if FINDINGS in path.parents or not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
            continue
        with ReportFile(path) as file:
            for known in known_formats():
                if known.recognises(file.sample):
                    found[name_of(known)].append(path.read_bytes())
    return dict(found)


def findings() -> dict[str, bytes]:
    """Kept mutants by `format/name`."""
    return {
        path.relative_to(FINDINGS).as_posix(): path.read_bytes()
        for path in sorted(FINDINGS.rglob("*"))
        if path.is_file()
    }
