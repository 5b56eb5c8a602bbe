"""coverage.py's JSON report, as written by `coverage json` and `pytest --cov-report=json`.

The shape is coverage's own `jsonreport.py`: format 2 added `meta.format`, format 3 the functions and
classes; before that (coverage 6.5 to 7.2) the same keys came without a number. The summary is what
`coverage report` prints, so it is the truth, and the line lists must agree with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

import msgspec

from gate.errors import UnreadableArtifact
from gate.reports.branches import Arc, Branches
from gate.reports.file import ReportFile
from gate.reports.lines import MAX_LINE, Lines, line_set
from gate.reports.model import FileCoverage, Function, Report, Repository, SourceName
from gate.reports.moments import Moment, from_iso
from gate.text import one_line, quoted

NAME = "coverage.py JSON"
NEWEST_FORMAT = 3
MOST_FUNCTION_BITS = 1 << 29
"""Some ten thousand functions in a file of 50,000 lines."""

MAX_COUNT = 1 << 53
"""More than any file has, and a number that is printed in full."""

_KEY = re.compile(rb'"(?:branch_coverage|executed_lines)"\s*:')

_Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]


class _Meta(msgspec.Struct):
    version: str
    branch_coverage: bool
    format: int = 1
    timestamp: msgspec.Raw = msgspec.Raw(b"null")  # whatever it is, it is no reason to refuse


class _Document(msgspec.Struct):
    meta: _Meta
    files: dict[str, msgspec.Raw]


class _Summary(msgspec.Struct):
    covered_lines: _Count
    num_statements: _Count
    missing_lines: _Count
    num_branches: _Count = 0
    covered_branches: _Count = 0
    missing_branches: _Count = 0


class _Region(msgspec.Struct):
    executed_lines: list[int]
    missing_lines: list[int]


class _File(_Region):
    summary: _Summary
    excluded_lines: list[int] = []
    executed_branches: list[Arc] | None = None
    missing_branches: list[Arc] | None = None
    functions: dict[str, _Region] = {}


def recognises(sample: bytes) -> bool:
    """Whether a file is coverage.py's JSON. With sorted keys and contexts, `meta` is near its end."""
    return sample.lstrip()[:1] == b"{" and _KEY.search(sample) is not None


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the wanted files of a report; the others are only named."""
    document = msgspec.json.decode(file.content, type=_Document)
    meta = document.meta
    if not 1 <= meta.format <= NEWEST_FORMAT:
        raise UnreadableArtifact(
            f"is coverage.py JSON of format {meta.format}; formats 1 to {NEWEST_FORMAT} can be read"
        )
    decoder = msgspec.json.Decoder(_File)
    names = {SourceName(name): raw for name, raw in document.files.items()}
    files = {
        name: _file_coverage(name.text, decoder.decode(raw), with_branches=meta.branch_coverage)
        for name, raw in names.items()
        if repository.wants(name)
    }
    written = _written(meta.timestamp)
    return Report(f"coverage.py {meta.version}", frozenset(names), files, written=written)


def _written(timestamp: msgspec.Raw) -> Moment | None:
    """Local time, without a zone."""
    try:
        return from_iso(msgspec.json.decode(timestamp, type=str))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _file_coverage(name: str, file: _File, *, with_branches: bool) -> FileCoverage:
    excluded = line_set(file.excluded_lines)
    return FileCoverage(
        _lines(name, file, excluded),
        _branches(name, file, excluded) if with_branches else None,
        _functions(file.functions),
    )


def _functions(regions: dict[str, _Region]) -> tuple[Function, ...]:
    """Named regions; the one without a name is the code outside all functions.

    None where their bit sets would take more memory than those of any real file: they are only shown.
    """
    highest = max(
        (max((*region.executed_lines, *region.missing_lines), default=0) for region in regions.values()),
        default=0,
    )
    if highest * len(regions) > MOST_FUNCTION_BITS:
        return ()
    return tuple(
        Function(name, line_set(region.executed_lines) | line_set(region.missing_lines))
        for name, region in regions.items()
        if name
    )


def _lines(name: str, file: _File, excluded: int) -> Lines:
    summary = file.summary
    # Before 7.17, and without branches, the line of an empty file that ran is 0 (Python 3.11 and newer).
    executed = line_set(line for line in file.executed_lines if line)
    missing = line_set(file.missing_lines)
    statements = (executed & ~excluded) | missing
    _hold(
        name,
        "lines",
        covered=summary.covered_lines,
        missing=(summary.missing_lines, missing.bit_count()),
        total=summary.num_statements,
        named=statements.bit_count(),
        overlap=bool(executed & missing),
    )
    if statements.bit_count() > summary.num_statements:
        # Executed lines that are no statements (docstrings, before coverage 7.17): which ones is not said.
        statements = missing
    return Lines(executed, statements, summary.num_statements, excluded=excluded)


def _branches(name: str, file: _File, excluded: int) -> Branches:
    if file.executed_branches is None or file.missing_branches is None:
        raise UnreadableArtifact(
            f"counts the branches of {quoted(name)} without naming them; "
            "write it with coverage.py 6.5 or newer"
        )
    summary = file.summary
    # Before 7.6 a comprehension's jump to its own line is listed as taken; no release counts one.
    executed = frozenset(_checked(arc) for arc in file.executed_branches if arc[0] != arc[1])
    missing = frozenset(_checked(arc) for arc in file.missing_branches)
    # coverage.py lists taken branches into excluded lines without counting them.
    counted = frozenset(
        (source, target)
        for source, target in executed
        if not excluded >> source & 1 and not (target > 0 and excluded >> target & 1)
    )
    _hold(
        name,
        "branches",
        covered=summary.covered_branches,
        missing=(summary.missing_branches, len(missing)),
        total=summary.num_branches,
        named=None,
        overlap=bool(executed & missing),
    )
    known = counted | missing
    return Branches(executed, known if len(known) <= summary.num_branches else missing, summary.num_branches)


def _checked(arc: Arc) -> Arc:
    if not (1 <= arc[0] <= MAX_LINE and -MAX_LINE <= arc[1] <= MAX_LINE):
        shown = one_line(f"{arc[0]} to {arc[1]}", 80)
        raise UnreadableArtifact(f"names a branch from line {shown}, which no source file has")
    return arc


def _hold(
    name: str,
    what: str,
    *,
    covered: int,
    missing: tuple[int, int],
    total: int,
    named: int | None,
    overlap: bool,
) -> None:
    """Hold a file's summary against its own lists; a contradiction is no evidence."""
    stated, listed = missing
    problems: Iterable[tuple[bool, str]] = (
        (covered + stated != total, f"{covered} covered and {stated} missing {what} are not {total}"),
        (stated != listed, f"{stated} missing {what} in the summary, {listed} in the list"),
        (named is not None and named < total, f"{total} {what} in the summary, {named} in the lists"),
        (overlap, f"some {what} are listed as executed and as missing"),
    )
    for wrong, sentence in problems:
        if wrong:
            raise UnreadableArtifact(f"contradicts itself at {quoted(name)}: {sentence}")
