"""What became of a tier's suites: the values that the verdict is made with, and the document results.json."""

from __future__ import annotations

from datetime import datetime

import msgspec

from gate.suites.model import How
from gate.text import counted, quoted
from gate.verdict import Note

MEBIBYTE = 1 << 20


class SuiteResult(msgspec.Struct, frozen=True, kw_only=True):
    """One suite's last attempt.

    Times are in seconds; `peak_bytes` is the most memory that one of its processes held. `log` is its path in
    the evidence folder, empty where it was not begun; `tail` are its last lines. `left_behind` counts
    processes that outlived the command, `notes` are sentences about what else went wrong.
    """

    name: str
    blocking: bool
    how: How
    exit_code: int | None
    signal: int | None
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    attempts: int
    log: str
    left_behind: int = 0
    timeout_seconds: int | None = None
    tail: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """How it ended, as a clause."""
        match self.how:
            case "timeout":
                how = f"was still running after {self.timeout_seconds} s and was ended"
            case "not-started":
                how = f"could not be started: {self.tail[-1] if self.tail else 'no reason is known'}"
            case "not-begun":
                how = f"was not begun: {self.tail[-1]}"
            case "interrupted":
                how = "was interrupted"
            case _ if self.signal is not None:
                how = f"was killed by signal {self.signal}"
            case _ if self.exit_code is None:
                how = "ended, and nobody saw how"
            case _:
                how = f"ended with exit code {self.exit_code}"
        return f"{how}{f', {self.attempts} times' if self.attempts > 1 and self.how != 'passed' else ''}"

    @property
    def cost(self) -> str:
        """What it took: time, processor time, memory."""
        parts = [
            f"{self.seconds:.1f} s",
            f"{self.cpu_seconds:.1f} s of processor time",
            f"{self.peak_bytes / MEBIBYTE:.0f} MiB at most",
        ]
        if self.attempts > 1:
            parts.append(counted(self.attempts, "attempt"))
        if self.left_behind:
            parts.append(f"{counted(self.left_behind, 'process', 'processes')} left behind and ended")
        return ", ".join(parts)

    @property
    def sentence(self) -> str:
        """The suite, how it ended, and where its log is."""
        said = f"suite {quoted(self.name)} {self.outcome}"
        return f"{said}; its log is {quoted(self.log)}" if self.log else said


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """A tier's suites, run. Evidence that is older than `since` is not theirs.

    `only` are the names of those that were asked for, where others of the tier were left out; `notes` are
    worth knowing of how they were run.
    """

    since: datetime
    finished: datetime
    suites: tuple[SuiteResult, ...]
    only: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    interrupted: bool = False

    def to_json(self, run_id: str, tier: str | None) -> bytes:
        """The document results.json, indented, ending with a line break."""
        document = {
            "schema": 1,
            "run_id": run_id,
            "tier": tier,
            "started": self.since,
            "finished": self.finished,
            "interrupted": self.interrupted,
            "suites": self.suites,
        }
        return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
