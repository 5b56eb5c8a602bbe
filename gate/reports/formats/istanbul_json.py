"""Istanbul's JSON (`coverage-final.json`, `.nyc_output/*.json`), written by nyc, jest, vitest, c8 and others.

The numbers are istanbul-lib-coverage's: a line is covered as often as the most executed statement that begins
in it, and a branch is each entry of `b` (`bT`, the truth of logic, is in no total of branches). Three
generations are in use:

- By syntax: nyc, jest, vitest's istanbul provider, monocart, from version 4 on vitest's v8 provider. A
  branch is identified by its place, type and index, since the keys are the instrumenter's; of several equal
  ones (a coarse source map makes them) the later are numbered. nyc's merge takes such for one branch.
- By V8's ranges: c8, jest's and before version 4 vitest's v8 provider. See `gate.reports.v8_ranges`.
- istanbul 0.4 and solidity-coverage: `l` has the lines, and `skip` marks what counts as covered unseen.

`all` marks a file that the tests never loaded. It yields to any report of a run that did load it, as in
istanbul-lib-coverage's merge: of such a file, V8's converters make one range that no other run has.

With `inputSourceMap` the places are those of compiled code. Releases of nyc differ in how they map them
back, so there is no right number before they did, and the file is refused where it is wanted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from gate.errors import UnreadableArtifact
from gate.reports.branches import Branch, Branches
from gate.reports.file import ReportFile
from gate.reports.istanbul_file import Fork, IstanbulFile, Place, Position, checked_line, decoded
from gate.reports.lines import Lines, line_set
from gate.reports.model import FileCoverage, Function, Report, Repository, SourceName
from gate.reports.v8_ranges import Run, Span, run_of

NAME = "Istanbul JSON"
V8_RANGE = "branch"
NEVER_LOADED = "(empty-report)"
"""The function that V8's converters make of a file that was never loaded."""

MAX_FUNCTION_BYTES = 1 << 26
"""Functions are only a help to show: where their lines would take more memory, they are left out."""

# Keys with their colon, since a function or a file in another report may have any of these names.
_OURS = re.compile(rb'"(?:statementMap|branchMap|fnMap|inputSourceMap)"\s*:\s*\{')
_SUMMARY = re.compile(rb'"(?:lines|branches)"\s*:\s*\{\s*"total"\s*:\s*\d+\s*,\s*"covered"\s*:')
_COVERAGE_PY = re.compile(rb'"(?:branch_coverage|executed_lines|covered_lines)"\s*:')


def recognises(sample: bytes) -> bool:
    """Whether a file is Istanbul's JSON, or Istanbul's summary, which is refused with a hint."""
    return (
        sample.lstrip()[:1] == b"{"
        and (_OURS.search(sample) or _SUMMARY.search(sample)) is not None
        and _COVERAGE_PY.search(sample) is None
    )


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the wanted files of a report; the others are only named."""
    if _OURS.search(file.sample) is None:
        raise UnreadableArtifact(
            "is Istanbul's summary, which has totals but no lines: "
            "add the reporter `json` and give its coverage-final.json"
        )
    document = msgspec.json.decode(file.content, type=dict[str, msgspec.Raw])
    names = {SourceName(name): raw for name, raw in document.items()}
    files = {
        name: _file_coverage(name.text, decoded(name.text, raw))
        for name, raw in names.items()
        if repository.wants(name)
    }
    return Report("Istanbul", frozenset(names), files)


def _file_coverage(name: str, file: IstanbulFile) -> FileCoverage:
    lines = _lines(name, file)
    branches = _branches(name, file, _v8_runs(file, lines.missing))
    return FileCoverage(lines, branches, _functions(file, lines.statements), loaded=not file.all)


def _lines(name: str, file: IstanbulFile) -> Lines:
    if file.l is None:
        counted = [
            (checked_line(name, place.start.line), bool(file.s[key]) or place.skip)
            for key, place in file.statement_map.items()
        ]
    else:
        counted = [(checked_line(name, line), bool(count)) for line, count in file.l.items()]
    statements = line_set(line for line, _ in counted)
    return Lines(line_set(line for line, executed in counted if executed), statements, statements.bit_count())


def _branches(name: str, file: IstanbulFile, runs: frozenset[Run]) -> Branches:
    executed: set[Branch] = set()
    known: set[Branch] = set()
    seen: Counter[str] = Counter()
    for key, fork in file.branch_map.items():
        line, stem = _identity(fork)
        seen[stem] += 1
        number = f"+{seen[stem]}" if seen[stem] > 1 else ""
        for index, count in enumerate(file.b[key]):
            branch = (checked_line(name, line), f"{stem}{number}#{index}")
            known.add(branch)
            if count or (index < len(fork.locations) and fork.locations[index].skip):
                executed.add(branch)
    return Branches(frozenset(executed), frozenset(known), v8_runs=runs)


def _identity(fork: Fork) -> tuple[int | None, str]:
    """The line of a fork, and what the ids of its branches begin with. istanbul 0.4 has no `loc`."""
    places = (place for place in (fork.loc, *fork.locations) if place and place.start.line is not None)
    place = next(places, None)
    if place is None:
        return fork.line, f"istanbul:{fork.line}/{fork.type}"
    return place.start.line, f"istanbul:{_text(place.start)}-{_text(place.end)}/{fork.type}"


def _text(position: Position) -> str:
    return ":".join("*" if number is None else str(number) for number in (position.line, position.column))


def _v8_runs(file: IstanbulFile, idle_lines: int) -> frozenset[Run]:
    """What V8's ranges tell of those that are not listed; nothing where none was executed."""
    ranges: dict[Span, bool] = {}
    for place, executed in _v8_ranges(file):
        span = _span(place)
        if span is not None:
            ranges[span] = executed and ranges.get(span, True)
    return frozenset({run_of(ranges, idle_lines)} if any(ranges.values()) else ())


def _v8_ranges(file: IstanbulFile) -> Iterator[tuple[Place | None, bool]]:
    forks = [(key, fork) for key, fork in file.branch_map.items() if fork.type == V8_RANGE]
    for key, fork in forks:
        yield fork.loc, any(file.b[key])
    if forks:
        for key, function in file.fn_map.items():
            yield function.loc, bool(file.f.get(key))


def _span(place: Place | None) -> Span | None:
    if place is None:
        return None
    start, end = place.start, place.end
    if start.line is None or start.column is None or end.line is None or end.column is None:
        return None
    return Span((start.line, start.column), (end.line, end.column))


def _functions(file: IstanbulFile, statements: int) -> tuple[Function, ...]:
    """The functions that hold statements; of several of one name each is named with its line."""
    if len(file.fn_map) * statements.bit_length() // 8 > MAX_FUNCTION_BYTES:
        return ()
    found = [
        (function.name, function.loc.start.line, lines)
        for function in file.fn_map.values()
        if function.name and function.name != NEVER_LOADED and function.decl and function.loc
        if (lines := statements & _whole_lines(function.loc, statements.bit_length()))
    ]
    names = Counter(name for name, _, _ in found)
    return tuple(
        Function(name if names[name] == 1 else f"{name} (line {line})", lines) for name, line, lines in found
    )


def _whole_lines(place: Place, end: int) -> int:
    """The lines from the first to the last of a place, as a bit set, none beyond `end`."""
    if place.start.line is None or place.end.line is None:
        return 0
    first, last = max(place.start.line, 0), min(place.end.line, end)
    return (1 << last + 1) - (1 << first) if first <= last else 0
