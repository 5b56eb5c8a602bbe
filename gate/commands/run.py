"""`gate run`: a tier's suites, then the check of what they left."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from gate.commands.flags import flags as option_flags
from gate.commands.flags import given
from gate.door import INTERRUPTED, guarded, show, told
from gate.errors import GateError, UsageError
from gate.output import Log, to_stderr, to_stdout
from gate.runner import Runner
from gate.text import one_line, quoted, without_commands

if TYPE_CHECKING:
    from gate.check import Checked
    from gate.inputs import Inputs
    from gate.run import Request
    from gate.suites.plan import Planned
    from gate.suites.progress import Progress

MOST_REPEATED = 100
MOST_JOBS = 64
_UNFIT = re.compile(r"[^A-Za-z0-9._-]")

EXIT_CODES = """\b
Exit codes:
  0    passed, or the tier only reports
  1    a threshold is missed, a blocking test or suite failed, or repeated runs differ
  2    usage or policy error, or a container that does not see its mount: nothing was evaluated
  3    evidence unusable: missing, unreadable, stale, or not covering a configured module
  5    publishing was required and failed, exit otherwise 0
  70   internal error
  130  interrupted; the evidence of what ran is written
"""


@click.command(epilog=EXIT_CODES)
@click.option(
    "--repeat",
    type=click.IntRange(1, MOST_REPEATED),
    default=1,
    metavar="N",
    help="Run the tier N times, each into a folder of its own (ID-1, ID-2, ...), and compare them.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    default=1,
    metavar="J",
    help="Run so many suites beside each other.",
)
@click.option("--timeout", metavar="TIME", help="Longest time of a suite without one of its own: 30m, 90s.")
@click.option("--only", multiple=True, metavar="SUITE", help="Run this suite of the tier only; may repeat.")
@click.option("--fail-fast", is_flag=True, help="Begin no suite after a blocking one has failed.")
@click.option("--dry-run", is_flag=True, help="Show what would be run, and run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print verdict.json to stdout, and nothing else there.")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def run(  # noqa: PLR0917 - click passes them by name
    repeat: int,
    jobs: int,
    timeout: str | None,
    only: tuple[str, ...],
    fail_fast: bool,
    dry_run: bool,
    as_json: bool,
    debug: bool,
    **flags: tuple[str, ...],
) -> int:
    """Run a tier's suites, then do what `gate check` does on what they left.

    Each suite's output goes to logs/ in the run's evidence folder, which replaces an earlier one of the same
    run id. The run id defaults to UTC time and the tier's name. Tests get no token of the job.
    """
    log = to_stderr if as_json else to_stdout
    runner = Runner.from_environ(os.environ)

    def work() -> int:
        from gate.run import Request  # noqa: PLC0415 - a mistake in an option is told before

        request = Request(only=only, jobs=jobs, timeout=_seconds(timeout), fail_fast=fail_fast)
        inputs = _inputs(given(flags), runner)
        if dry_run:
            return _show_plan(inputs, request, log)
        return _Runs(inputs, request, log, as_json=as_json).all(repeat)

    return guarded(work, runner, log, debug=debug)


run.params[:0] = option_flags()


def _inputs(values: Mapping[str, Sequence[str]], runner: Runner) -> Inputs:
    from gate.inputs import read_inputs  # noqa: PLC0415 - see `run`

    now = datetime.now(UTC)
    tier = (values.get("tier") or ("",))[-1].strip()
    if not tier:
        raise UsageError("name the tier to run with --tier: it says which suites there are")
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{_UNFIT.sub('-', tier)[:60]}"
    return read_inputs({"run-id": (run_id,), **values}, runner, Path.cwd(), now)


def _seconds(timeout: str | None) -> int | None:
    from gate.policy.durations import LONGEST_SECONDS, parsed  # noqa: PLC0415 - see `run`

    if timeout is None:
        return None
    seconds = parsed(timeout)
    if seconds is None:
        raise UsageError(
            f"--timeout {quoted(timeout)} is not usable: seconds from 1 to {LONGEST_SECONDS}, or a duration "
            "such as 90s or 30m"
        )
    return seconds


def _show_plan(inputs: Inputs, request: Request, log: Log) -> int:
    from gate.run import Tier  # noqa: PLC0415 - see `run`

    for line in Tier(inputs, request, os.environ).shown():
        log(without_commands(one_line(line, 2000)))
    return 0


class _Runs:
    """A tier, run as often as asked for."""

    def __init__(self, inputs: Inputs, request: Request, log: Log, *, as_json: bool) -> None:
        self._inputs = inputs
        self._request = request
        self._log = log
        self._as_json = as_json
        self._stop = threading.Event()

    def all(self, times: int) -> int:
        from gate.repeats import repeated  # noqa: PLC0415 - see `run`
        from gate.run import Tier  # noqa: PLC0415

        finished: list[Checked] = []
        every = repeated(self._inputs, times)
        for number, inputs in enumerate(every, 1):
            tier = Tier(inputs, self._request, os.environ)
            with _stopping(self._stop):
                checked = tier.run(self._progress(tier.plan), self._stop)
            finished.append(checked)
            if self._stop.is_set():
                show(checked, self._log, as_json=self._as_json)
                self._log("interrupted")
                return INTERRUPTED
            if number < times:
                show(checked, self._log, as_json=self._as_json)
        last = finished[-1] if times == 1 else self._together(finished)
        return told(every[-1], last, self._log, as_json=self._as_json)

    def _together(self, finished: Sequence[Checked]) -> Checked:
        """The last run with what the runs before it, and their comparison, add."""
        from gate.commands.compare import compared, shown  # noqa: PLC0415 - repeated runs only
        from gate.repeats import together  # noqa: PLC0415

        try:
            comparison = compared([checked.folder for checked in finished])
        except GateError as error:
            return together(finished, error)
        self._log(shown(comparison))
        return together(finished, comparison)

    def _progress(self, plan: Sequence[Planned]) -> Progress:
        from gate.suites.progress import Lines, Table  # noqa: PLC0415 - see `run`

        runner = self._inputs.runner
        if sys.stderr is not None and sys.stderr.isatty() and not runner.in_ci:
            return Table(plan)
        return Lines(self._log, grouped=runner.in_actions)


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """While suites run, the first SIGINT or SIGTERM ends them, and the same once more the gate itself.

    An exception could come between any two steps, and would leave what was started to itself. The runner
    cancels a step by both, 7.5 s apart: the evidence may still be written then.
    """
    came: set[int] = set()

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's own shape
        if number in came:
            raise KeyboardInterrupt
        came.add(number)
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
