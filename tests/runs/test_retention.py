"""Which runs go, held against what the words say of any set of runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gate.policy.resolved import Keep
from gate.runs.retention import FinishedRun, Why, decide

START = datetime(2026, 11, 1, tzinfo=UTC)


def finished(run_id: str, hour: int, *, passed: bool = True) -> FinishedRun:
    return FinishedRun(run_id, START + timedelta(hours=hour), passed)


def gone(*runs: FinishedRun, keep: Keep, current: str | None) -> list[str]:
    return [one.run.run_id for one in decide(runs, keep, current) if one.goes]


def test_the_latest_of_each_kind_stay_and_older_ones_go() -> None:
    runs = [finished(f"p{hour}", hour) for hour in range(4)]
    runs += [finished(f"f{hour}", hour, passed=False) for hour in range(4)]
    assert gone(*runs, keep=Keep(2, 1), current="p3") == ["f2", "p1", "f1", "p0", "f0"]


def test_of_runs_of_one_second_the_last_by_name_is_the_latest() -> None:
    assert gone(finished("b", 1), finished("c", 1), finished("a", 1), keep=Keep(1, 0), current="c") == [
        "b",
        "a",
    ]


def test_the_run_that_latest_repeats_stays_however_old_it_is() -> None:
    runs = (finished("old", 1, passed=False), finished("new", 2, passed=False))
    assert gone(*runs, keep=Keep(1, 0), current="old") == ["new"]


def test_where_latest_names_no_run_the_newest_of_all_stays() -> None:
    runs = (finished("a", 1, passed=False), finished("b", 2, passed=False))
    assert [one.why for one in decide(runs, Keep(1, 0), None)] == [Why.NEWEST, Why.OLDER]


RUNS = st.lists(
    st.builds(finished, st.text("abc-.", min_size=1, max_size=4), st.integers(0, 5), passed=st.booleans()),
    unique_by=lambda run: run.run_id,
)


@given(RUNS, st.integers(1, 4), st.integers(0, 4), st.data())
def test_each_run_is_decided_on_once_and_no_run_goes_that_is_newer_than_one_of_its_kind_that_stays(
    runs: list[FinishedRun], passed: int, failed: int, data: st.DataObject
) -> None:
    current = data.draw(st.sampled_from([None, *(run.run_id for run in runs)]))
    decisions = decide(runs, Keep(passed, failed), current)
    assert {one.run for one in decisions} == set(runs)
    assert len(decisions) == len(runs)
    for kind, number in ((True, passed), (False, failed)):
        of_kind = [run for run in runs if run.passed is kind]
        latest = sorted(of_kind, key=lambda run: (run.created, run.run_id))[-number:] if number else []
        stay = {one.run for one in decisions if not one.goes and one.run.passed is kind}
        assert set(latest) <= stay
        # Beyond these only the one run stays that latest/ repeats, or that is the newest of all.
        assert all(run.run_id == current or current is None for run in stay - set(latest))
        assert len(stay) <= number + 1


@given(RUNS.filter(bool), st.data())
def test_the_order_in_which_a_folder_lists_its_runs_changes_nothing(
    runs: list[FinishedRun], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(runs))
    assert decide(runs, Keep(1, 1), None) == decide(shuffled, Keep(1, 1), None)
