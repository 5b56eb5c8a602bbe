"""What the coverage reports themselves give reason to say: how they were read, merged, and told apart."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable

from gate.evaluate_drift import drift_notes
from gate.evidence.model import Ambiguity, Coverage, CoverageReport, Survey
from gate.reports.paths import How
from gate.text import counted, quoted
from gate.verdict import Code, ModuleResult, Note, Reason

NAMED_REPORTS = 3
NAMED_AMBIGUITIES = 3
READ = "report-read"

_WAYS = {
    How.AS_NAMED: "as in the repository",
    How.MAPPED: "by path-map",
    How.BY_ENDING: "by the end of the path",
    How.ABSENT: "without a source here",
    How.AMBIGUOUS: "ambiguous",
    How.FOREIGN: "not in the repository",
}


def ambiguous_reasons(coverage: Coverage) -> list[Reason]:
    """One reason a report whose names leave open which file is meant."""
    return [
        Reason(
            Code.AMBIGUOUS_PATH,
            f"coverage report {quoted(report.source)}: {'; '.join(map(_ambiguity, named))}{more}; "
            f"say which with a path-map line such as {quoted(_map_line(named[0]))}",
        )
        for report in coverage.reports
        if report.ambiguous
        for named in [report.ambiguous[:NAMED_AMBIGUITIES]]
        for left_out in [len(report.ambiguous) - len(named)]
        for more in [f"; and {counted(left_out, 'other name')}" if left_out else ""]
    ]


def report_notes(coverage: Coverage, modules: Iterable[ModuleResult]) -> list[Note]:
    """How the reports were read and merged, and what else is worth knowing of them."""
    return [
        *_reading_notes(coverage.reports),
        *_foreign_notes(coverage, modules),
        *_path_notes(
            "branches-in-some-reports",
            coverage.partly,
            "branches of {paths} were measured in some of the reports only: those count",
        ),
        *_path_notes(
            "branches-merged-by-count",
            coverage.blurred,
            "the reports do not tell the branches of {paths} apart: of each line the larger count was taken, "
            "which may be less than what they cover together",
        ),
        *_path_notes(
            "statements-and-lines",
            coverage.mixed,
            "some reports count {paths} in statements and others in lines: the statements count",
        ),
        *drift_notes(coverage),
    ]


def _reading_notes(reports: tuple[CoverageReport, ...]) -> list[Note]:
    """What was read as what, and how names became paths; reports of which the same is true share a note."""
    sources: dict[str, list[str]] = defaultdict(list)
    remarks: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        said = f"{report.kind}: {_resolved(report.survey)}"
        sources[said].append(report.source)
        for remark in report.notes:
            remarks[remark].append(report.source)
    return [
        *(Note(READ, f"{_named(names)}: {said}") for said, names in sources.items()),
        *(Note("report-remark", f"{_named(names)}: {remark}") for remark, names in remarks.items()),
    ]


def _resolved(survey: Survey) -> str:
    files = counted(survey.names, "file")
    if set(survey.ways) <= {How.AS_NAMED}:
        return f"{files}, named as in the repository"
    ways = ", ".join(f"{survey.ways[way]} {words}" for way, words in _WAYS.items() if way in survey.ways)
    if survey.example is None:
        return f"{files}, found {ways}"
    name, path = survey.example
    return f"{files}, found {ways} ({quoted(name)} is {quoted(path)})"


def _named(sources: list[str]) -> str:
    shown = ", ".join(quoted(source) for source in sources[:NAMED_REPORTS])
    more = f" and {len(sources) - NAMED_REPORTS} more" if len(sources) > NAMED_REPORTS else ""
    return f"coverage {'report' if len(sources) == 1 else 'reports'} {shown}{more}"


def _foreign_notes(coverage: Coverage, modules: Iterable[ModuleResult]) -> list[Note]:
    """Where a module was not found, names that were: most often a prefix differs."""
    lost = any(reason.code is Code.MODULE_NOT_MEASURED for module in modules for reason in module.reasons)
    if not (lost and coverage.foreign):
        return []
    names = ", ".join(quoted(name) for name in coverage.foreign)
    return [
        Note(
            "names-in-reports",
            f"the coverage reports name {names}, which no module claims: if these are files of the "
            "repository under another prefix, say so with a path-map line FROM=TO",
        )
    ]


def _path_notes(code: str, paths: tuple[str, ...], sentence: str) -> list[Note]:
    if not paths:
        return []
    others = f" and {counted(len(paths) - 1, 'other file')}" if len(paths) > 1 else ""
    return [Note(code, sentence.format(paths=f"{quoted(paths[0])}{others}"))]


def _ambiguity(ambiguity: Ambiguity) -> str:
    names, paths = (" or ".join(map(quoted, some)) for some in (ambiguity.names, ambiguity.paths))
    if len(ambiguity.names) > 1:
        return f"both {' and '.join(map(quoted, ambiguity.names))} may be {paths}"
    return f"{names} may be {paths}"


def _map_line(ambiguity: Ambiguity) -> str:
    """A line that settles it, for the prefixes before what name and path have in common."""
    name, path = ambiguity.names[0].replace("\\", "/").rstrip("/"), ambiguity.paths[0]
    if len(ambiguity.names) > 1 or not ambiguity.shared:
        return f"{name}={path}"
    for _ in range(ambiguity.shared):
        name, path = posixpath.dirname(name), posixpath.dirname(path)
    return f"{name or '.'}={path}"
