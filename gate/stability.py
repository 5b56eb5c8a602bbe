"""A tier's `consecutive-runs` and `flake-budget`: this run beside earlier ones. Values in, values out.

Runs count if they are of one known commit, passed but for their stability, and are executions of their own:
one execution's reports judged twice say nothing of a second one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from gate.compare import Identity, Observed, compare
from gate.compare_commits import shown_commit
from gate.compare_text import sentences
from gate.evidence.index import Artifact, Kind, Status
from gate.policy.resolved import ONLY_SOME, FlakeBudget, Tier
from gate.reports.model import Function
from gate.reports.outcomes import Outcome
from gate.text import counted, quoted
from gate.verdict import BELOW, Code, Note, Reason, Verdict

NAMED = 3
_WITHOUT_TIME = ("LCOV", "Go cover profile", "Istanbul JSON")
"""Formats of which two executions may write the same bytes: no time is in them."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Earlier runs of this run's tier, the latest first.

    `of_commit` are those of its commit, `latest` those of any, as many as the tier asks for and a few to
    spare. `uncounted` says why some folders are no runs; `root` is where all were looked for. `functions`
    are those of files that flip between this run and those of its commit.
    """

    root: str
    of_commit: tuple[Observed, ...] = ()
    latest: tuple[Observed, ...] = ()
    uncounted: tuple[str, ...] = ()
    functions: Mapping[str, tuple[Function, ...]] = {}


class Judgement(msgspec.Struct, frozen=True):
    """What the history adds to a verdict."""

    reasons: tuple[Reason, ...] = ()
    notes: tuple[Note, ...] = ()


def asks_for_history(tier: Tier) -> bool:
    """Whether a tier judges more than its own run."""
    return tier.consecutive_runs > 1 or tier.flake_budget is not None


def judge(current: Observed, history: History, tier: Tier) -> Judgement:
    """Hold this run, as evaluated by itself, against the earlier ones."""
    reasons: list[str] = []
    notes: list[Note] = []
    if history.uncounted:
        listed = "; ".join(history.uncounted[:NAMED])
        notes.append(Note("runs-not-counted", f"{listed}{_more(history.uncounted)}"))
    if tier.consecutive_runs > 1:
        reason, said = _consecutive(current, history, tier)
        reasons += [reason] if reason else []
        notes += [Note("consecutive-runs", sentence) for sentence in said]
    if tier.flake_budget is not None:
        exceeded, sentence = _flakes(current, history.latest, tier.flake_budget)
        if exceeded:
            reasons.append(sentence)
        else:
            notes.append(Note("flake-budget", sentence))
    return Judgement(tuple(Reason(Code.UNSTABLE, reason) for reason in reasons), tuple(notes))


def passed(verdict: Verdict) -> bool:
    """Whether a run counts as one that passed: for its stability alone no first run ever could, and a run
    of some of the tier's suites is none of the tier."""
    if any(note.code == ONLY_SOME for note in verdict.notes):
        return False
    forgiven = {Code.UNSTABLE, *(BELOW if verdict.coverage == "report" else ())}
    return all(reason.code in forgiven for reason in verdict.reasons)


def one_execution(one: Observed, other: Observed) -> bool:
    """Whether two runs judged the reports of one execution: bytes that hold times do not repeat."""
    for kind in (Kind.JUNIT, Kind.COVERAGE):
        mine, others = _hashes(one, kind), _hashes(other, kind)
        if mine or others:
            return mine == others and (kind is Kind.JUNIT or _tells_time(one))
    return False


def _hashes(run: Observed, kind: Kind) -> Counter[str | None]:
    return Counter(one.sha256 for one in _read(run) if one.kind is kind)


def _tells_time(run: Observed) -> bool:
    return any(
        one.kind is Kind.COVERAGE and not (one.note or "").startswith(_WITHOUT_TIME) for one in _read(run)
    )


def _read(run: Observed) -> Iterator[Artifact]:
    """The reports that were judged; other files in the folder were not looked for."""
    return (one for one in run.artifacts if one.status is Status.PRESENT and one.source is not None)


def chain(current: Observed, earlier: Sequence[Observed], length: int) -> tuple[list[Observed], list[str]]:
    """This run and the latest earlier ones that count, at most `length`; and why others do not."""
    counting, why = [current], []
    for run in earlier:
        if len(counting) == length:
            break
        twin = next((one for one in counting if one_execution(one, run)), None)
        if twin is not None:
            same = "this one" if twin is current else quoted(twin.label)
            why.append(
                f"run {quoted(run.label)} holds the very same reports as {same}: one execution judged twice"
            )
        elif not passed(run.verdict):
            codes = ", ".join(dict.fromkeys(reason.code.value for reason in run.verdict.reasons))
            why.append(f"run {quoted(run.label)} did not pass ({codes}), so none before it counts")
            break
        else:
            counting.append(run)
    return counting, why


def _consecutive(current: Observed, history: History, tier: Tier) -> tuple[str | None, list[str]]:
    commit = current.verdict.commit
    asked = (
        f"tier {quoted(tier.name or '')} asks for {tier.consecutive_runs} consecutive runs of "
        f"{'one commit' if commit is None else f'commit {shown_commit(commit)}'} that pass and agree"
    )
    if not passed(current.verdict):
        return None, [f"{asked}: this run did not pass, so earlier ones were not counted"]
    if commit is None:
        return f"{asked}: without a commit no run can be told to be of the same one", []
    counting, why = chain(current, history.of_commit, tier.consecutive_runs)
    comparison = compare(counting[::-1], history.functions)
    if comparison.result == "unstable":
        differing = list(sentences(comparison))
        return f"{asked}: they differ: {'; '.join(differing[:NAMED])}{_more(differing)}", why
    if len(counting) < tier.consecutive_runs:
        missing = tier.consecutive_runs - len(counting)
        again = "once more" if missing == 1 else f"{missing} times more"
        because = f" ({'; '.join(why[:NAMED])}{_more(why)})" if why else ""
        there = f"{len(counting)} {'is' if len(counting) == 1 else 'are'} in {quoted(history.root)}"
        return f"{asked}: {there}{because}; run it {again}", []
    labels = ", ".join(quoted(run.label) for run in counting[:0:-1])
    return None, [*why, f"{asked}: this one does, and so {'does' if len(counting) == 2 else 'do'} {labels}"]  # noqa: PLR2004


def _flakes(current: Observed, latest: Sequence[Observed], budget: FlakeBudget) -> tuple[bool, str]:
    """Whether the budget is exceeded, and the numbers."""
    executions = [current]
    for run in latest:
        if len(executions) == budget.runs:
            break
        if not any(one_execution(one, run) for one in executions):
            executions.append(run)
    by_commit: dict[str, list[Observed]] = defaultdict(list)
    for run in executions:
        if run.verdict.commit is not None:
            by_commit[run.verdict.commit].append(run)
    groups = [runs for runs in by_commit.values() if len(runs) > 1]
    if not groups:
        return False, f"nothing to compare: no commit has two of the latest {counted(len(executions), 'run')}"
    seen: set[Identity] = set()
    flaky: set[Identity] = set()
    for runs in groups:
        outcomes: dict[Identity, set[tuple[Outcome, ...]]] = defaultdict(set)
        for run in runs:
            for test, ended in run.outcomes.items():
                outcomes[test].add(ended)
        seen |= outcomes.keys()
        flaky |= {test for test, ways in outcomes.items() if len(ways) > 1}
    percent = budget.percent
    allowed = percent.numerator if percent.denominator == 1 else float(percent)
    numbers = (
        f"{len(flaky)} of {counted(len(seen), 'test')} changed the outcome between runs of one commit, over "
        f"the latest {counted(len(executions), 'run')}; the flake budget is {allowed} %"
    )
    exceeded = len(flaky) * 100 > percent * len(seen)
    if not flaky:
        return False, numbers
    names = sorted(test.label for test in flaky)
    shown = ", ".join(quoted(name, 200) for name in islice(names, NAMED))
    return exceeded, f"{numbers}: {shown}{_more(names)}"


def _more(items: Sequence[str]) -> str:
    return f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
