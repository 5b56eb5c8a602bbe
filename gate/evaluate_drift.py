"""What it gives reason to say where a report was measured on other source than is checked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from gate.evidence.drift import Drift
from gate.evidence.model import Coverage
from gate.policy.resolved import Module
from gate.text import counted, quoted
from gate.verdict import Code, Note, Reason


def drift_reasons(
    module: Module, paths: Iterable[str], drifted: Mapping[str, tuple[Drift, ...]]
) -> list[Reason]:
    """One reason for a module, with the first of its files that drifted, and the report that shows it."""
    files = [(path, drifted[path]) for path in paths if path in drifted]
    if not files:
        return []
    path, (first, *_) = files[0]
    more = _more(len(files), len({drift.report for _, drifts in files for drift in drifts}))
    return [
        Reason(
            Code.SOURCE_DRIFT,
            f"module {quoted(module.name)}: coverage report {quoted(first.report)} was measured on other "
            f"source than is checked out: in {quoted(path)}, {first.sentence}{more}; run the tests on this "
            "commit",
        )
    ]


def drift_notes(coverage: Coverage) -> list[Note]:
    """What could not be held against a source."""
    notes = []
    if coverage.absent:
        notes.append(
            Note(
                "source-absent",
                f"{_listed(coverage.absent)} cannot be held against a source: the workspace has none to read",
            )
        )
    notes.extend(
        Note("source-not-compared", f"{_listed(paths)} could not be held against the source in full: {why}")
        for why, paths in coverage.uncompared.items()
    )
    return notes


def _more(files: int, reports: int) -> str:
    if files == reports == 1:
        return ""
    others = f"and {counted(files - 1, 'more file')} likewise, " if files > 1 else ""
    return f" ({others}in {counted(reports, 'report')})"


def _listed(paths: Collection[str]) -> str:
    first, *others = sorted(paths)
    return f"{quoted(first)} and {counted(len(others), 'other file')}" if others else quoted(first)
