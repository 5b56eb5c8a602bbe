"""Parts of verdicts to draw; percentages and outcomes are worked out here again, with fractions."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal

from gate.reports.lines import Ratio
from gate.verdict import (
    FileResult,
    Hotspot,
    Metric,
    ModuleResult,
    Note,
    Reason,
    Status,
    TestCounts,
    Verdict,
)

HEAD = "5f3c9a1e7b2d4c6080a1b2c3d4e5f60718293a4b"
MERGE = "0c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ff"
SERVER = "https://github.com"
REPOSITORY = "octo-org/billing"

ALL_PRESENT = {"present": 2, "missing": 0, "empty": 0, "unreadable": 0, "stale": 0}

Ranges = tuple[tuple[int, int], ...]


def metric(covered: int, total: int, threshold: float | None) -> Metric:
    """A measured metric."""
    ratio = Fraction(covered * 100, total) if total else None
    return Metric(
        covered=covered,
        total=total,
        measured=True,
        percent=None if ratio is None else floor(ratio * 100) / 100,
        threshold=threshold,
        passed=None if threshold is None else ratio is None or ratio >= Fraction(str(threshold)),
    )


def not_measured(threshold: float | None) -> Metric:
    """A metric of which nothing is known."""
    return Metric(
        covered=0,
        total=0,
        measured=False,
        percent=None,
        threshold=threshold,
        passed=None if threshold is None else False,
    )


def file(
    path: str,
    line: tuple[int, int],
    branch: tuple[int, int] | None,
    missing_lines: Ranges = (),
    missing_branches: Ranges = (),
) -> FileResult:
    """A file: covered and total of lines and of branches, and what is missing."""
    return FileResult(
        path, Ratio(*line), None if branch is None else Ratio(*branch), missing_lines, missing_branches
    )


def module(
    name: str,
    status: Status,
    line: Metric,
    branch: Metric,
    *files: FileResult,
    hotspots: tuple[Hotspot, ...] = (),
    reasons: tuple[Reason, ...] = (),
    notes: tuple[Note, ...] = (),
) -> ModuleResult:
    """A module's result."""
    return ModuleResult(
        name=name,
        status=status,
        line=line,
        branch=branch,
        files=files,
        hotspots=hotspots,
        reasons=reasons,
        notes=notes,
    )


def verdict(
    word: Status,
    exit_code: int,
    *modules: ModuleResult,
    tier: str | None = "merge-medium",
    coverage: Literal["enforce", "report", "off"] = "enforce",
    configured: int | None = None,
    tests: TestCounts = TestCounts(total=120, passed=119, skipped=1),  # noqa: B008 - frozen
    artifacts: dict[str, int] = ALL_PRESENT,
    reasons: tuple[Reason, ...] = (),
    notes: tuple[Note, ...] = (),
) -> Verdict:
    """A verdict; `reasons` and `notes` are those of no module."""
    return Verdict(
        verdict=word,
        exit_code=exit_code,
        tier=tier,
        coverage=coverage,
        run_id="4711-1",
        commit=MERGE,
        head_sha=HEAD,
        modules_configured=len(modules) if configured is None else configured,
        modules_evaluated=sum(one.status != "error" for one in modules),
        modules=modules,
        tests=tests,
        artifacts=artifacts,
        reasons=(*reasons, *(reason for one in modules for reason in one.reasons)),
        notes=(*notes, *(note for one in modules for note in one.notes)),
    )
