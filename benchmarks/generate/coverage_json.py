"""coverage.py's JSON report of a generated project, written file by file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from coverage import __version__
from coverage.results import Numbers

from benchmarks.generate.model import Arc, Measured, Outcome, Tested, joined

_META = {
    "format": 3,
    "version": __version__,
    "timestamp": "2026-11-22T10:15:00.000000",
    "branch_coverage": True,
    "show_contexts": False,
}


class _Region(NamedTuple):
    """A part of a file: a function, a class, or what is in none of them, which has no name."""

    name: str
    line: int
    outcome: Outcome


def write_json(files: Iterable[Measured], path: Path) -> None:
    """What `coverage json` writes."""
    totals, separator = Numbers(), ""
    with path.open("w") as report:
        report.write(f'{{"meta": {json.dumps(_META)}, "files": {{')
        for file in files:
            whole = file.outcome
            report.write(
                f'{separator}"{file.path}": {{{_measured(whole)}, '
                f'"functions": {{{_regions(_functions(file))}}}, "classes": {{{_regions(_classes(file))}}}}}'
            )
            totals += Numbers(*_counts(whole))
            separator = ", "
        report.write(f'}}, "totals": {json.dumps(_summary(totals))}}}')


def _functions(file: Measured) -> Iterable[_Region]:
    for function in file.functions:
        yield _Region(function.name, function.line, function.outcome)
    yield _Region("", 1, file.outside)


def _classes(file: Measured) -> Iterable[_Region]:
    methods: dict[int, list[Tested]] = {}
    for function in file.functions:
        methods.setdefault(function.place.offset, []).append(function)
    elsewhere = [file.outside]
    for place in file.places:
        outcomes = [method.outcome for method in methods.get(place.offset, ())]
        if place.piece.class_line is None:
            elsewhere += outcomes
        else:
            yield _Region(place.name, place.offset + place.piece.class_line, joined(outcomes))
    yield _Region("", 1, joined(elsewhere))


def _regions(regions: Iterable[_Region]) -> str:
    return ", ".join(f'"{name}": {{{_measured(outcome, line)}}}' for name, line, outcome in regions)


def _measured(outcome: Outcome, line: int | None = None) -> str:
    start = "" if line is None else f'"start_line": {line}, '
    return (
        f'"executed_lines": {list(outcome.executed)}, "summary": {_summary_text(_counts(outcome))}, '
        f'"missing_lines": {list(outcome.missing)}, "excluded_lines": {list(outcome.excluded)}, {start}'
        f'"executed_branches": {_pairs(outcome.taken)}, "missing_branches": {_pairs(outcome.untaken)}'
    )


def _pairs(arcs: Iterable[Arc]) -> list[list[int]]:
    return [list(arc) for arc in arcs]


def _counts(outcome: Outcome) -> tuple[int, ...]:
    """In the order of coverage.py's Numbers: precision, files, statements, excluded, missing, branches."""
    unreached = frozenset(outcome.missing)
    return (
        0,
        1,
        len(outcome.executed) + len(outcome.missing),
        len(outcome.excluded),
        len(outcome.missing),
        len(outcome.taken) + len(outcome.untaken),
        sum(source not in unreached for source, _ in outcome.untaken),
        len(outcome.untaken),
    )


@cache
def _summary_text(counts: tuple[int, ...]) -> str:
    return json.dumps(_summary(Numbers(*counts)))


def _summary(numbers: Numbers) -> dict[str, float | str]:
    return {
        "covered_lines": numbers.n_executed,
        "num_statements": numbers.n_statements,
        "percent_covered": numbers.pc_covered,
        "percent_covered_display": numbers.pc_covered_str,
        "missing_lines": numbers.n_missing,
        "excluded_lines": numbers.n_excluded,
        "percent_statements_covered": numbers.pc_statements,
        "percent_statements_covered_display": numbers.pc_statements_str,
        "num_branches": numbers.n_branches,
        "num_partial_branches": numbers.n_partial_branches,
        "covered_branches": numbers.n_executed_branches,
        "missing_branches": numbers.n_missing_branches,
        "percent_branches_covered": numbers.pc_branches,
        "percent_branches_covered_display": numbers.pc_branches_str,
    }
