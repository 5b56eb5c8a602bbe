"""Runs of different commits: what changed from the first to the last is a change, and no instability."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gate.text import one_line, quoted
from gate.verdict import Metric, ModuleResult, Verdict

MOST_MODULES = 20
_SHOWN_COMMIT = 12
_RANK = {"passed": 2, "failed": 1, "error": 0}


def shown_commit(commit: str | None) -> str:
    """The first digits of a commit."""
    return "an unknown commit" if commit is None else one_line(commit[:_SHOWN_COMMIT])


def different_commits(runs: Sequence[tuple[str, Verdict]]) -> str | None:
    """Why runs, each with its label, are not to be compared, in lines; None where all are of one commit."""
    commits = dict.fromkeys(verdict.commit for _, verdict in runs)
    if len(commits) == 1:
        return None
    of_each = ", ".join(f"{quoted(label)} of {shown_commit(verdict.commit)}" for label, verdict in runs)
    if None in commits:
        return (
            f"these runs are not known to be of one commit: {of_each}. Check them in a git work tree, so "
            "that each knows its commit"
        )
    (first, before), (last, after) = runs[0], runs[-1]
    regressed, improved = _moved(before, after)
    return "\n".join(
        (
            f"these runs are of different commits: {of_each}. A difference between commits is a change, "
            "regressed or improved, and no instability; compare runs of one commit",
            *(
                f"{word} from {quoted(first)} to {quoted(last)}: {'; '.join(moved) or 'no module'}"
                for word, moved in (("regressed", regressed), ("improved", improved))
            ),
        )
    )


def _moved(before: Verdict, after: Verdict) -> tuple[list[str], list[str]]:
    """Of the modules that both verdicts have: those with something worse, and those that only got better."""
    earlier = {module.name: module for module in before.modules}
    regressed: list[str] = []
    improved: list[str] = []
    for module in after.modules:
        if (old := earlier.get(module.name)) is not None:
            steps = [_step(old.line, module.line), _step(old.branch, module.branch), _rise(old, module)]
            if min(steps) < 0:
                regressed.append(_shown(old, module))
            elif max(steps) > 0:
                improved.append(_shown(old, module))
    return _bounded(regressed), _bounded(improved)


def _bounded(shown: list[str]) -> list[str]:
    more = len(shown) - MOST_MODULES
    return shown if more <= 0 else [*shown[:MOST_MODULES], f"and {more} more"]


def _step(before: Metric, after: Metric) -> int:
    """-1 where a ratio fell, 1 where it rose; a metric that one of the two did not measure did neither."""
    if not (before.measured and after.measured and before.total > 0 and after.total > 0):
        return 0
    old, new = Fraction(before.covered, before.total), Fraction(after.covered, after.total)
    return (new > old) - (new < old)


def _rise(before: ModuleResult, after: ModuleResult) -> int:
    return _RANK[after.status] - _RANK[before.status]


def _shown(before: ModuleResult, after: ModuleResult) -> str:
    parts = [
        f"{what} {_percent(old)} → {_percent(new)}"
        for what, old, new in (("line", before.line, after.line), ("branch", before.branch, after.branch))
        if (old.covered, old.total) != (new.covered, new.total)
    ]
    if before.status != after.status:
        parts.append(f"{before.status} → {after.status}")
    return f"{quoted(after.name)} ({', '.join(parts)})"


def _percent(metric: Metric) -> str:
    return "n/a" if metric.percent is None else f"{metric.percent:.2f} % ({metric.covered}/{metric.total})"
