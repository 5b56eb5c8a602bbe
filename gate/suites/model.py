"""A suite's command and how it ended: values."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

How = Literal["passed", "failed", "timeout", "interrupted", "not-started", "not-begun"]


class Command(msgspec.Struct, frozen=True):
    """One program to be run. `env` is its whole environment, nothing is inherited; `folder` is where it
    starts; `timeout` and `grace` are seconds, `grace` those between SIGTERM and SIGKILL.

    A program named without a slash is looked up in the PATH of `env`; a relative one begins at `folder`.
    """

    name: str
    argv: tuple[str, ...]
    folder: Path
    env: Mapping[str, str]
    log: Path
    timeout: float | None
    grace: float = 10.0


class Ended(msgspec.Struct, frozen=True):
    """What came of a command.

    `exit_code` or `signal` says how the program itself ended, also after a timeout; neither where it was
    not started or its end was not seen. `seconds` are those until then. `cpu_seconds` are those of all its
    processes, `peak_bytes` the memory of the largest (from about 15 MB on: less cannot be told).

    `tail` are the last lines of its output, foreign text; of a command that was not started, why.
    `left_behind` counts the processes that it had left running and that were ended. `notes` are sentences
    about what else went wrong.
    """

    how: How
    exit_code: int | None = None
    signal: int | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    log_bytes: int = 0
    tail: tuple[str, ...] = ()
    left_behind: int = 0
    notes: tuple[str, ...] = ()

    @property
    def cause(self) -> str:
        """How the program itself ended: `exit code 3`, `signal 11 (SIGSEGV)`, or nothing."""
        if self.signal is not None:
            known = self.signal in set(signal.Signals)
            return f"signal {self.signal}" + (f" ({signal.Signals(self.signal).name})" if known else "")
        return "" if self.exit_code is None else f"exit code {self.exit_code}"
