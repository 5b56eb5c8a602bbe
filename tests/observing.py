"""Runs as values, for tests of comparing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from gate.compare import Identity, Observed
from gate.evidence.index import Artifact
from gate.reports.lines import Ratio, line_ranges, line_set
from gate.reports.outcomes import Outcome
from gate.verdict import FileResult, Metric, ModuleResult, Reason, TestCounts, Verdict

UNKNOWN = Metric(covered=0, total=0, measured=False, percent=None, threshold=None, passed=None)


class Named(msgspec.Struct, frozen=True):
    """A test's identity."""

    label: str


def missed(
    path: str = "a.py",
    lines: Iterable[int] = (),
    arcs: Iterable[tuple[int, int]] = (),
    *,
    of: int = 1000,
    arcs_of: int | None = 1000,
) -> FileResult:
    """A file of which these lines and branches were missed."""
    numbers, branches = sorted(set(lines)), sorted(set(arcs))
    return FileResult(
        path,
        Ratio(of - len(numbers), of),
        None if arcs_of is None else Ratio(arcs_of - len(branches), arcs_of),
        line_ranges(line_set(numbers)),
        tuple(branches),
    )


def counted(path: str, line: tuple[int, int], branch: tuple[int, int] | None) -> FileResult:
    """A file of a report that names nothing."""
    return FileResult(path, Ratio(*line), None if branch is None else Ratio(*branch), (), ())


def run(
    label: str,
    *files: FileResult,
    tests: Mapping[str, Sequence[Outcome]] | None = None,
    artifacts: tuple[Artifact, ...] = (),
    reasons: tuple[Reason, ...] = (),
    commit: str | None = "c" * 40,
    modules: Mapping[str, tuple[FileResult, ...]] | None = None,
) -> Observed:
    """A run with one module, unless it is told otherwise."""
    results = tuple(
        ModuleResult(
            name=name,
            status="passed",
            line=UNKNOWN,
            branch=UNKNOWN,
            files=its,
            hotspots=(),
            reasons=(),
            notes=(),
        )
        for name, its in (modules or {"m": files}).items()
    )
    verdict = Verdict(
        verdict="failed" if reasons else "passed",
        exit_code=1 if reasons else 0,
        tier="t",
        coverage="enforce",
        run_id=label,
        commit=commit,
        head_sha=None,
        modules_configured=len(results),
        modules_evaluated=len(results),
        modules=results,
        tests=TestCounts(),
        artifacts={},
        reasons=reasons,
        notes=(),
    )
    outcomes: dict[Identity, tuple[Outcome, ...]] = {
        Named(name): tuple(ended) for name, ended in (tests or {}).items()
    }
    return Observed(label, "2026-11-22T10:15:00+00:00", verdict, artifacts, outcomes)
