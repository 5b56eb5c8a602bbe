"""One module: its files of all that was measured, summed as integers and held against its thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from gate.evaluate_drift import drift_reasons
from gate.evidence.drift import Drift
from gate.policy.resolved import Module
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage
from gate.text import counted, quoted
from gate.verdict import (
    UNUSABLE,
    Code,
    FileResult,
    Hotspot,
    Metric,
    ModuleResult,
    Note,
    Reason,
    Status,
    needed,
)

HOTSPOTS = 5
NAMED_FILES = 5
SLACK_POINTS = 10
"""A threshold this many percentage points below what is reached protects little."""


def evaluate_module(
    module: Module,
    files: Mapping[str, FileCoverage],
    unmeasured: tuple[str, ...],
    drifted: Mapping[str, tuple[Drift, ...]],
) -> ModuleResult:
    """Judge a module by its measured files, by those with statements that no report names, and by those of
    which a report contradicts the source."""
    without_branches = [
        path for path, file in files.items() if file.branches is None and file.line_ratio.total
    ]
    line = _metric(_sum(file.line_ratio for file in files.values()), module.line, measured=bool(files))
    branch = _metric(
        _sum(file.branches.ratio for file in files.values() if file.branches is not None),
        module.branch,
        measured=bool(files) and not without_branches,
    )
    reasons = (
        *_missing_evidence(module, files, line, without_branches),
        *_unmeasured_files(module, unmeasured),
        *drift_reasons(module, files, drifted),
        *_below(module, line, branch),
    )
    return ModuleResult(
        name=module.name,
        status=_status(reasons),
        line=line,
        branch=branch,
        files=tuple(_file_result(path, file) for path, file in files.items()),
        hotspots=_hotspots(files),
        reasons=reasons,
        notes=(*_unmeasured_notes(module, unmeasured), *_slack(module, line, branch)),
    )


def _sum(ratios: Iterable[Ratio]) -> Ratio:
    return sum(ratios, Ratio(0, 0))


def _metric(ratio: Ratio, threshold: Fraction | None, *, measured: bool) -> Metric:
    hundredths = ratio.hundredths if measured else None
    return Metric(
        covered=ratio.covered,
        total=ratio.total,
        measured=measured,
        percent=None if hundredths is None else hundredths / 100,
        threshold=None if threshold is None else _number(threshold),
        passed=None if threshold is None else measured and ratio.covered >= needed(ratio.total, threshold),
    )


def _number(threshold: Fraction) -> int | float:
    return threshold.numerator if threshold.denominator == 1 else float(threshold)


def _status(reasons: tuple[Reason, ...]) -> Status:
    if any(reason.code in UNUSABLE for reason in reasons):
        return "error"
    return "failed" if reasons else "passed"


def _missing_evidence(
    module: Module, files: Mapping[str, FileCoverage], line: Metric, without_branches: list[str]
) -> list[Reason]:
    if not files:
        globs = ", ".join(quoted(pattern) for pattern in module.files)
        return [
            Reason(
                Code.MODULE_NOT_MEASURED,
                f"{_named(module)}: no coverage report names a file that matches {globs}",
            )
        ]
    if not line.total and not module.allow_empty:
        return [
            Reason(Code.NOTHING_MEASURED, f"{_named(module)}: its measured files hold no statement to cover")
        ]
    if module.branch is not None and without_branches:
        return [
            Reason(
                Code.BRANCH_NOT_MEASURED,
                f"{_named(module)}: branches were not measured in {_listed(without_branches)}, "
                f"but its branch threshold is {_shown(module.branch)} %",
            )
        ]
    return []


def _unmeasured_files(module: Module, unmeasured: tuple[str, ...]) -> list[Reason]:
    if not unmeasured or module.unmeasured != "error":
        return []
    return [Reason(Code.FILE_NOT_MEASURED, _unmeasured_message(module, unmeasured))]


def _unmeasured_notes(module: Module, unmeasured: tuple[str, ...]) -> list[Note]:
    if not unmeasured or module.unmeasured != "warn":
        return []
    return [Note(Code.FILE_NOT_MEASURED.value, _unmeasured_message(module, unmeasured))]


def _unmeasured_message(module: Module, unmeasured: tuple[str, ...]) -> str:
    return f"{_named(module)}: no coverage report names {_listed(unmeasured)}, which it claims"


def _below(module: Module, line: Metric, branch: Metric) -> list[Reason]:
    judged = (
        (Code.BELOW_LINE_THRESHOLD, "line", line, module.line),
        (Code.BELOW_BRANCH_THRESHOLD, "branch", branch, module.branch),
    )
    return [
        Reason(code, _below_message(module, what, metric, threshold))
        for code, what, metric, threshold in judged
        if threshold is not None and metric.measured and not metric.passed
    ]


def _below_message(module: Module, what: str, metric: Metric, threshold: Fraction) -> str:
    short = needed(metric.total, threshold) - metric.covered
    noun = counted(short, f"more {what}", f"more {what}s" if what == "line" else "more branches")
    return (
        f"{_named(module)}: {what} coverage is {metric.percent:.2f} % ({metric.covered} of {metric.total}), "
        f"below {_shown(threshold)} %: {noun} needed"
    )


def _slack(module: Module, line: Metric, branch: Metric) -> list[Note]:
    return [
        Note(
            "threshold-slack",
            f"{_named(module)}: {what} coverage is {metric.percent:.2f} %, its threshold "
            f"{_shown(threshold)} %: raise it to keep what is reached",
        )
        for what, metric, threshold in (("line", line, module.line), ("branch", branch, module.branch))
        if threshold is not None
        and metric.measured
        and metric.total
        and metric.covered >= needed(metric.total, threshold + SLACK_POINTS)
    ]


def _file_result(path: str, file: FileCoverage) -> FileResult:
    return FileResult(
        path=path,
        line=file.line_ratio,
        branch=None if file.branches is None else file.branches.ratio,
        missing_lines=line_ranges(file.missing_lines),
        missing_branches=() if file.branches is None else file.branches.missing_arcs,
    )


def _hotspots(files: Mapping[str, FileCoverage]) -> tuple[Hotspot, ...]:
    found = [
        Hotspot(path, function.name, missing)
        for path, file in files.items()
        for function in file.functions
        if (missing := (function.lines & file.missing_lines).bit_count())
    ]
    return tuple(sorted(found, key=lambda spot: (-spot.missing_lines, spot.path, spot.function))[:HOTSPOTS])


def _named(module: Module) -> str:
    return f"module {quoted(module.name)}"


def _listed(paths: Iterable[str]) -> str:
    every = list(paths)
    named = ", ".join(quoted(path) for path in every[:NAMED_FILES])
    return named if len(every) <= NAMED_FILES else f"{named} and {len(every) - NAMED_FILES} more"


def _shown(threshold: Fraction) -> str:
    return str(_number(threshold))
