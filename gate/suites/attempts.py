"""One suite from its first attempt to its last."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import msgspec

from gate.evidence.files import Owner
from gate.evidence.locate import Place
from gate.suites.clearing import forget
from gate.suites.model import Command, Ended
from gate.suites.plan import Planned
from gate.suites.process import run
from gate.suites.progress import Progress
from gate.suites.results import SuiteResult
from gate.suites.topology import PROBE_SECONDS

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL: a cancelled job has ten in all (actions/runner)."""


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """How suites are run: where, with which environment, and what ends them."""

    place: Place
    environ: Mapping[str, str]
    owner: Owner
    stop: threading.Event

    def run(self, progress: Progress, one: Planned) -> SuiteResult:
        """A suite with its retries. Several may run at once, in threads."""
        progress.began(one)
        log = self.place.run_folder / one.log
        notes: list[str] = []
        heard = partial(progress.heard, one) if progress.listens else None
        for attempt in range(1, one.suite.retries + 2):
            ended = run(
                self._command(one, one.argv, log, one.timeout), stop=self.stop, heard=heard, owner=self.owner
            )
            again = ended.how in ("failed", "timeout") and attempt <= one.suite.retries
            if not again or self.stop.is_set():
                break
            if hindrance := self._forgotten(one, log, attempt):
                notes.append(f"{hindrance}, so it was not run again")
                break
        result = _result(one, ended, attempt, notes)
        progress.ended(one, result, log)
        return result

    def probe(self, one: Planned, argv: tuple[str, ...]) -> Ended:
        """Another program in a suite's place; its log is not kept."""
        log = self.place.run_folder / f"logs/{one.name}.probe.log"
        try:
            return run(self._command(one, argv, log, PROBE_SECONDS), stop=self.stop, owner=self.owner)
        finally:
            log.unlink(missing_ok=True)

    def _forgotten(self, one: Planned, log: Path, attempt: int) -> str | None:
        """Put an attempt's log aside and remove its artifacts: the next one's evidence is its own."""
        try:
            log.replace(log.with_name(f"{one.name}.attempt-{attempt}.log"))
        except OSError as error:
            return f"The log of attempt {attempt} cannot be kept: {error.strerror}"
        hindrances = (forget(path, one.suite.mount, self.place) for _, path in one.suite.artifacts)
        return next((sentence for sentence in hindrances if sentence), None)

    def _command(self, one: Planned, argv: tuple[str, ...], log: Path, timeout: int) -> Command:
        return Command(
            name=one.name,
            argv=argv,
            folder=self.place.workspace / one.folder,
            env={**self.environ, **dict(one.suite.env)},
            log=log,
            timeout=timeout,
            grace=GRACE,
        )


def _result(one: Planned, ended: Ended, attempts: int, notes: list[str]) -> SuiteResult:
    return SuiteResult(
        name=one.name,
        blocking=one.suite.blocking,
        how=ended.how,
        exit_code=ended.exit_code,
        signal=ended.signal,
        seconds=round(ended.seconds, 3),
        cpu_seconds=round(ended.cpu_seconds, 3),
        peak_bytes=ended.peak_bytes,
        attempts=attempts,
        log=one.log,
        left_behind=ended.left_behind,
        timeout_seconds=one.timeout,
        tail=ended.tail,
        notes=(*ended.notes, *notes),
    )


def not_begun(one: Planned, why: str) -> SuiteResult:
    """What is told of a suite that nobody began; `why` is a clause."""
    return SuiteResult(
        name=one.name, blocking=one.suite.blocking, how="not-begun", exit_code=None, signal=None, seconds=0,
        cpu_seconds=0, peak_bytes=0, attempts=0, log="", timeout_seconds=one.timeout, tail=(why,),
    )  # fmt: skip
