"""Suites beside each other, each after those that it waits for."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from gate.policy.resolved import Policy, Suite, Tier
from gate.suites.model import How
from gate.suites.plan import Planned, plan
from gate.suites.results import SuiteResult
from gate.suites.schedule import run_all


def planned(*suites: Suite) -> tuple[Planned, ...]:
    return plan(Policy((), tier=Tier("t", suites=tuple(one.name for one in suites)), suites=suites), "r")


def result(one: Planned, how: How = "passed") -> SuiteResult:
    return SuiteResult(
        name=one.name, blocking=one.suite.blocking, how=how, exit_code=0, signal=None, seconds=0,
        cpu_seconds=0, peak_bytes=0, attempts=1, log=one.log,
    )  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Planned, ...]:
    """Suites, each of which waits for some of those before it."""
    suites = []
    for number in range(draw(st.integers(1, 8))):
        after = draw(st.sets(st.integers(0, number - 1))) if number else set()
        suites.append(Suite(f"s{number}", "x", after=tuple(f"s{one}" for one in sorted(after))))
    return planned(*draw(st.permutations(suites)))


@given(graphs(), st.integers(1, 4))
def test_each_runs_once_after_those_it_waits_for_and_never_more_at_once_than_jobs(
    suites: tuple[Planned, ...], jobs: int
) -> None:
    lock = threading.Lock()
    ended: list[str] = []
    running: set[str] = set()

    def run(one: Planned) -> SuiteResult:
        with lock:
            assert one.after <= set(ended)
            running.add(one.name)
            assert len(running) <= jobs
        with lock:
            running.remove(one.name)
            ended.append(one.name)
        return result(one)

    results, left = run_all(suites, run, threading.Event(), jobs=jobs, fail_fast=False)
    assert [one.name for one in results] == [one.name for one in suites]
    assert (sorted(ended), left) == (sorted(one.name for one in suites), ())


def test_two_that_do_not_wait_for_each_other_run_at_the_same_time() -> None:
    both_there = threading.Barrier(2, timeout=30)

    def run(one: Planned) -> SuiteResult:
        both_there.wait()
        return result(one)

    suites = planned(Suite("a", "x"), Suite("b", "x"))
    assert len(run_all(suites, run, threading.Event(), jobs=2, fail_fast=False)[0]) == 2


def test_after_a_blocking_failure_fail_fast_begins_no_other() -> None:
    suites = planned(Suite("a", "x"), Suite("b", "x"))

    def run(one: Planned) -> SuiteResult:
        return result(one, "failed")

    assert len(run_all(suites, run, threading.Event(), jobs=1, fail_fast=False)[0]) == 2
    results, left = run_all(suites, run, threading.Event(), jobs=1, fail_fast=True)
    assert ([one.name for one in results], left) == (["a"], ("b",))
    tolerant = planned(Suite("a", "x", blocking=False), Suite("b", "x"))
    assert len(run_all(tolerant, run, threading.Event(), jobs=1, fail_fast=True)[0]) == 2


def test_once_stopped_it_begins_no_other() -> None:
    stop = threading.Event()

    def run(one: Planned) -> SuiteResult:
        stop.set()
        return result(one, "interrupted")

    results, left = run_all(planned(Suite("a", "x"), Suite("b", "x")), run, stop, jobs=1, fail_fast=False)
    assert ([one.how for one in results], left) == (["interrupted"], ("b",))
