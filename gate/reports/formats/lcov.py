"""LCOV tracefiles: of lcov, coverage.py, nyc, c8, jest, vitest, node, gcovr, llvm-cov, grcov and many others.

The form is that of geninfo's manual ("Files", "Tracefile format"): sections from `SF:` to `end_of_record`
of lines `KIND:fields`. A file may have several sections, one for each test or object file; they are parts
of one file, in which covered is what any of them covers, as lcov itself counts. Kinds that hold no line and
no branch (VER, MCDC, what may come) are passed over.

The rules for lines are in `lcov_lines`, those for branches in `lcov_branches`, each with the writer that it
is for. lcov, and coverage.py from 7.6 on, leave out the sums of branches where a file has none: a file
without them was measured if another of its language has branches.
"""

from __future__ import annotations

import re

from gate.errors import UnreadableArtifact
from gate.reports.file import ReportFile
from gate.reports.model import Report, Repository

NAME = "LCOV"

_BEGINNING = re.compile(rb"(?:[ \t\r\n]|#[^\n]*\n)*+(?:TN|SF):")
_UTF_16 = re.compile(rb"(?:\xff\xfe|\xfe\xff\0)(?:T\0N|S\0F)\0:")


def recognises(sample: bytes) -> bool:
    """Whether a file is LCOV: after comments, its first line names a test or a source file."""
    return (_BEGINNING.match(sample) or _UTF_16.match(sample)) is not None


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the wanted files of a report; the others are only named."""
    if _UTF_16.match(file.sample):
        raise UnreadableArtifact(
            "is LCOV in UTF-16, as PowerShell's > writes it: use the writer's own option for a file, or "
            "`| Out-File -Encoding utf8`"
        )
    # With all its forms compiled it takes 5 ms, which a run without LCOV need not spend.
    from gate.reports.lcov_report import read_report  # noqa: PLC0415

    return read_report(file, repository)
