"""Running suites beside each other, as many as there are jobs, each after those that it waits for."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from gate.suites.plan import Planned
from gate.suites.results import SuiteResult

Run = Callable[[Planned], SuiteResult]


def run_all(
    plan: Sequence[Planned], run: Run, stop: threading.Event, *, jobs: int, fail_fast: bool
) -> tuple[tuple[SuiteResult, ...], tuple[str, ...]]:
    """Run the suites of a plan; what became of each, in the plan's order, and the names of those not begun.

    With `fail_fast` none begins after a blocking one has failed. A suite is begun whatever became of those
    that it waits for: each says by itself what it proves. `stop`, set from elsewhere, ends the running ones,
    and what they came to is in the answer.
    """
    ended: dict[str, SuiteResult] = {}
    waiting = list(plan)
    running: dict[Future[SuiteResult], Planned] = {}
    with ThreadPoolExecutor(jobs, "suite") as threads, _ending_all(stop):
        while running or (waiting and not stop.is_set()):
            for one in _ready(waiting, ended):
                if len(running) == jobs or stop.is_set():
                    break
                waiting.remove(one)
                running[threads.submit(run, one)] = one
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                one = running.pop(future)
                result = ended[one.name] = future.result()
                if fail_fast and result.blocking and result.how != "passed":
                    waiting.clear()
    results = tuple(ended[one.name] for one in plan if one.name in ended)
    return results, tuple(one.name for one in plan if one.name not in ended)


@contextlib.contextmanager
def _ending_all(stop: threading.Event) -> Iterator[None]:
    """An error ends the suites that still run: the pool waits for them."""
    try:
        yield
    except BaseException:
        stop.set()
        raise


def _ready(waiting: Sequence[Planned], ended: Mapping[str, SuiteResult]) -> list[Planned]:
    return [one for one in waiting if one.after <= ended.keys()]
