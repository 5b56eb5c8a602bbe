"""Running a tier: its suites, each in its place, then the check of what they left."""

from __future__ import annotations

import shlex
import shutil
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from gate.check import Checked, check, place_of, read_policy
from gate.evidence.files import Owner
from gate.evidence.locate import Place
from gate.inputs import Inputs
from gate.policy.resolved import ONLY_SOME, Policy
from gate.suites.model import Command
from gate.suites.plan import Planned, plan
from gate.suites.process import run as run_command
from gate.suites.progress import Progress
from gate.suites.results import Ran, SuiteResult
from gate.suites.schedule import run_all
from gate.suites.topology import PROBE_SECONDS, check_mounts, clear, prepare
from gate.text import quoted
from gate.verdict import Note

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL: a cancelled job has ten in all (actions/runner)."""

SECRETS = frozenset(
    {"GITHUB_TOKEN", "INPUT_GITHUB-TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"}
)
"""Tests are a pull request's code: no token of the job is theirs."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """How a tier is run. `timeout` is in seconds, for suites without one of their own."""

    only: tuple[str, ...] = ()
    jobs: int = 1
    timeout: int | None = None
    fail_fast: bool = False


class Tier:
    """A tier of one policy, ready to be run."""

    def __init__(self, inputs: Inputs, request: Request, environ: Mapping[str, str]) -> None:
        """Raises UsageError where there is nothing to run, or it cannot be."""
        self._inputs = inputs
        self._request = request
        self.policy: Policy = read_policy(inputs)
        self.place: Place = place_of(inputs, self.policy)
        folder = self.place.run_folder
        inside = folder.is_relative_to(inputs.workspace)
        seen = folder.relative_to(inputs.workspace).as_posix() if inside else str(folder)
        self.plan = plan(self.policy, seen, request.only, request.timeout)
        token = inputs.runner.token.value
        self._environ = {
            name: value
            for name, value in environ.items()
            if name not in SECRETS and not (token and token in value)
        }
        self._owner = Owner.of(inputs.workspace)

    def run(self, progress: Progress, stop: threading.Event) -> Checked:
        """Run the suites and check what they left. `stop` is set where the run was interrupted."""
        since = datetime.now(UTC)
        clear(self.place)
        prepare(self.plan, self.place, self._owner)
        untried = check_mounts(self.plan, self.place, self._attempt)
        with progress:
            results, _ = run_all(
                self.plan,
                partial(self._run, progress, stop),
                stop,
                jobs=self._request.jobs,
                fail_fast=self._request.fail_fast,
            )
        only = tuple(one.name for one in self.plan) if self._left_out() else ()
        ran = Ran(
            since=since,
            finished=datetime.now(UTC),
            suites=results,
            only=only,
            notes=tuple(self._notes(untried)),
            interrupted=stop.is_set(),
        )
        return check(self._inputs, since, ran)

    def shown(self) -> list[str]:
        """The plan, a suite a line or more."""
        lines = []
        for one in self.plan:
            waits = f", after {', '.join(sorted(one.after))}" if one.after else ""
            blocks = "" if one.suite.blocking else ", does not block"
            lines.append(
                f"{one.name} (in {one.folder}, {one.timeout} s at most{waits}{blocks}): "
                f"{shlex.join(one.argv)}"
            )
            lines.extend(f"    leaves {kind}: {path}" for kind, path in one.seen.items())
        return lines

    def _left_out(self) -> list[str]:
        planned = {one.name for one in self.plan}
        return [name for name in self.policy.tier.suites if name not in planned]

    def _notes(self, untried: tuple[str, ...]) -> list[Note]:
        notes = [Note("mount-not-tried", sentence) for sentence in untried]
        if left_out := self._left_out():
            names = ", ".join(map(quoted, left_out))
            notes.append(Note(ONLY_SOME, f"--only left out {names}: this is no run of the whole tier"))
        return notes

    def _run(self, progress: Progress, stop: threading.Event, one: Planned) -> SuiteResult:
        """One suite with its retries, in a thread of its own."""
        progress.began(one)
        log = self.place.run_folder / one.log
        for attempt in range(1, one.suite.retries + 2):
            ended = run_command(
                self._command(one, one.argv, log, one.timeout),
                stop=stop,
                heard=partial(progress.heard, one),
                owner=self._owner,
            )
            if ended.how in ("passed", "interrupted") or attempt > one.suite.retries or stop.is_set():
                break
            log.replace(log.with_name(f"{one.name}.attempt-{attempt}.log"))
            self._forget(one)
        result = SuiteResult(
            name=one.name,
            blocking=one.suite.blocking,
            how=ended.how,
            exit_code=ended.exit_code,
            signal=ended.signal,
            seconds=round(ended.seconds, 3),
            cpu_seconds=round(ended.cpu_seconds, 3),
            peak_bytes=ended.peak_bytes,
            attempts=attempt,
            log=one.log,
            left_behind=ended.left_behind,
            timeout_seconds=one.timeout,
            tail=ended.tail,
            notes=ended.notes,
        )
        progress.ended(one, result, log)
        return result

    def _forget(self, one: Planned) -> None:
        """Remove what an attempt left that did not pass: the next one's evidence is its own."""
        base = self.place.under(one.suite.mount) or self.place.run_folder
        for _, path in one.suite.artifacts:
            left = base / path
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)

    def _attempt(self, one: Planned, argv: tuple[str, ...]) -> tuple[bool, str]:
        log = self.place.run_folder / f"logs/{one.name}.probe.log"
        ended = run_command(
            self._command(one, argv, log, PROBE_SECONDS), stop=threading.Event(), owner=self._owner
        )
        log.unlink(missing_ok=True)
        return ended.how == "passed", next((line for line in reversed(ended.tail) if line.strip()), "")

    def _command(self, one: Planned, argv: tuple[str, ...], log: Path, timeout: int) -> Command:
        return Command(
            name=one.name,
            argv=argv,
            folder=self._inputs.workspace / one.folder,
            env={**self._environ, **dict(one.suite.env)},
            log=log,
            timeout=timeout,
            grace=GRACE,
        )


def repeated(inputs: Inputs, times: int) -> tuple[Inputs, ...]:
    """The inputs of each of several runs: with folders of their own where there is more than one."""
    if times == 1:
        return (inputs,)
    return tuple(
        msgspec.structs.replace(inputs, run_id=f"{inputs.run_id}-{number}") for number in range(1, times + 1)
    )
