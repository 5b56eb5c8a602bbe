from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.compare import Observed
from gate.evidence.index import Artifact, Kind
from gate.policy.resolved import FlakeBudget, Tier
from gate.reports.outcomes import Outcome
from gate.stability import History, judge, one_execution
from gate.verdict import Code, Reason
from tests.observing import missed, run

PASSED, FAILED = (Outcome.PASSED,), (Outcome.FAILED,)
ROOT = "artifacts/coverage-gate"


def report(content: str, kind: Kind = Kind.JUNIT, note: str | None = None) -> Artifact:
    """A report with a content of its own, or another one's."""
    return Artifact(name="*", kind=kind, path="kept", source="found", sha256=content, note=note)


def told(current: Observed, *earlier: Observed, tier: Tier) -> tuple[list[str], str]:
    """Reasons and notes; the earlier runs the latest first."""
    judgement = judge(current, History(root=ROOT, of_commit=earlier, latest=earlier), tier)
    assert {reason.code for reason in judgement.reasons} <= {Code.UNSTABLE}
    return [reason.message for reason in judgement.reasons], "; ".join(
        note.message for note in judgement.notes
    )


@given(st.integers(2, 6), st.integers(0, 6))
def test_as_many_runs_as_asked_for_pass_and_one_fewer_does_not(asked: int, earlier: int) -> None:
    runs = [run(f"r{n}", artifacts=(report(str(n)),)) for n in range(earlier + 1)]
    reasons, _ = told(*runs, tier=Tier("heavy", consecutive_runs=asked))
    assert bool(reasons) == (earlier + 1 < asked)


def test_an_earlier_run_that_was_only_unstable_counts() -> None:
    unstable = run("r1", artifacts=(report("1"),), reasons=(Reason(Code.UNSTABLE, "why"),))
    assert told(run("r2", artifacts=(report("2"),)), unstable, tier=Tier("t", consecutive_runs=2))[0] == []


def test_two_runs_that_agree_do_not_make_up_for_a_third_that_differs() -> None:
    runs = [
        run("r3", missed(), artifacts=(report("3"),)),
        run("r2", missed(), artifacts=(report("2"),)),
        run("r1", missed(lines={7}), artifacts=(report("1"),)),
    ]
    assert told(*runs, tier=Tier("t", consecutive_runs=2))[0] == []
    (reason,) = told(*runs, tier=Tier("t", consecutive_runs=3))[0]
    assert "'a.py': line 7 covered in r2, r3, not in r1, since r2" in reason


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([report("a")], [report("a")], True),
        ([report("a")], [report("b")], False),
        ([report("a"), report("b")], [report("b"), report("a")], True),
        ([report("a"), report("a")], [report("a")], False),
        # The tests' report decides, where there is one.
        ([report("a"), report("c", Kind.COVERAGE)], [report("b"), report("c", Kind.COVERAGE)], False),
        ([report("c", Kind.COVERAGE, "coverage.py JSON (coverage.py 7.17.3)")] * 2, None, True),
        ([report("c", Kind.COVERAGE, "Cobertura XML")], None, True),
        # No time is in these: two executions may write the same bytes.
        ([report("c", Kind.COVERAGE, "LCOV (lcov)")], None, False),
        ([report("c", Kind.COVERAGE, "Go cover profile")], None, False),
        ([report("c", Kind.COVERAGE, "Istanbul JSON (nyc)")], None, False),
        ([], [], False),
    ],
)
def test_the_same_reports_are_one_execution_where_they_hold_times(
    one: list[Artifact], other: list[Artifact] | None, same: bool
) -> None:
    runs = run("r1", artifacts=tuple(one)), run("r2", artifacts=tuple(one if other is None else other))
    assert one_execution(*runs) is same


@given(
    flaky=st.integers(0, 30),
    steady=st.integers(0, 30),
    percent=st.fractions(0, 100, max_denominator=1000),
)
def test_the_budget_is_exact(flaky: int, steady: int, percent: Fraction) -> None:
    names = [f"t{n}" for n in range(flaky + steady)]
    current = run("r2", tests=dict.fromkeys(names, PASSED), artifacts=(report("2"),))
    ended = {name: FAILED if n < flaky else PASSED for n, name in enumerate(names)}
    earlier = run("r1", tests=ended, artifacts=(report("1"),))
    reasons, _ = told(current, earlier, tier=Tier("t", flake_budget=FlakeBudget(2, percent)))
    assert bool(reasons) == (flaky * 100 > percent * (flaky + steady))


def test_only_runs_of_one_commit_are_held_against_each_other() -> None:
    budget = Tier("t", flake_budget=FlakeBudget(4, Fraction(0)))
    runs = [
        run(f"r{n}", tests={"a": ended, f"only{n}": PASSED}, artifacts=(report(str(n)),), commit=commit)
        for n, (ended, commit) in enumerate([(PASSED, "1"), (FAILED, "2"), (PASSED, None), (FAILED, None)])
    ]
    reasons, notes = told(*runs, tier=budget)
    assert (reasons, "nothing to compare" in notes) == ([], True)
    of_the_first = msgspec.structs.replace(runs[1], verdict=runs[0].verdict)
    (reason,) = told(runs[0], of_the_first, tier=budget)[0]
    # The tests a, only0 and only1; the last two are in one of the runs alone, and changed nothing.
    assert reason.startswith("1 of 3 tests changed the outcome")


def test_one_execution_judged_twice_shows_no_flake_and_takes_no_place_in_the_budget() -> None:
    tests = {"a": PASSED}
    current = run("r4", tests=tests, artifacts=(report("x"),))
    twins = [run(f"r{n}", tests=tests, artifacts=(report("x"),)) for n in (3, 2)]
    other = run("r1", tests={"a": FAILED}, artifacts=(report("y"),))
    assert told(current, *twins, other, tier=Tier("t", flake_budget=FlakeBudget(2, Fraction(99))))[0]
