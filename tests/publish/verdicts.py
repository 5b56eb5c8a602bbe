"""Small verdicts with chosen gaps, for tests of what is told about them."""

from __future__ import annotations

from gate.reports.lines import Ratio
from gate.verdict import FileResult, Metric, ModuleResult, Status, TestCounts, Verdict

Ranges = tuple[tuple[int, int], ...]


def metric(covered: int, total: int, threshold: int | None, *, measured: bool = True) -> Metric:
    return Metric(
        covered=covered,
        total=total,
        measured=measured,
        percent=covered * 10_000 // total / 100 if total else None,
        threshold=threshold,
        passed=None if threshold is None else measured and covered * 100 >= threshold * total,
    )


def file(path: str, missing_lines: Ranges = (), missing_branches: Ranges = ()) -> FileResult:
    return FileResult(path, Ratio(0, 0), Ratio(0, 0), missing_lines, missing_branches)


def module(
    *files: FileResult, name: str = "wallet", line: Metric | None = None, branch: Metric | None = None
) -> ModuleResult:
    line, branch = line or metric(1, 2, 85), branch or metric(1, 1, None)
    status: Status = "failed" if False in (line.passed, branch.passed) else "passed"
    return ModuleResult(
        name=name, status=status, line=line, branch=branch, files=files, hotspots=(), reasons=(), notes=()
    )


def verdict(*modules: ModuleResult) -> Verdict:
    failed = any(one.status != "passed" for one in modules)
    return Verdict(
        verdict="failed" if failed else "passed",
        exit_code=int(failed),
        tier=None,
        coverage="enforce",
        run_id="1-1",
        commit=None,
        head_sha=None,
        modules_configured=len(modules),
        modules_evaluated=len(modules),
        modules=modules,
        tests=TestCounts(),
        artifacts={},
        reasons=(),
        notes=(),
    )
