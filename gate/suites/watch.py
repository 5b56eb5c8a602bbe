"""One command and all that it started, seen by the process that is their parent."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time

from gate.suites.descendants import living_groups

LAST_PATIENCE = 10.0
"""Seconds for the killed to be gone; one that waits for a dead disk may never be."""
OFTEN = 0.02


class Watch:
    """One command and all that it started."""

    def __init__(self, process: int, contained: bool, wake: int) -> None:
        self._process = process
        self._contained = contained
        self._wake = wake
        self._began = time.monotonic()
        self._listening = [wake, 0]
        self.stopped = self.killed = False
        self.status: int | None = None
        self._seconds = 0.0
        self.cpu_seconds = 0.0
        self.peak = 0

    def gone(self) -> bool:
        """Whether nothing is left; whoever has ended is reaped here."""
        with contextlib.suppress(ChildProcessError):
            while True:
                process, status, usage = os.wait4(-1, os.WNOHANG)
                if process == 0:
                    return False
                self.cpu_seconds += usage.ru_utime + usage.ru_stime
                self.peak = max(self.peak, usage.ru_maxrss)
                if process == self._process:
                    self.status = status
                    self._seconds = time.monotonic() - self._began
        return self._contained or not self._groups()

    @property
    def seconds(self) -> float:
        """From the start to the command's own end, or to now."""
        return time.monotonic() - self._began if self.status is None else self._seconds

    def ended(self) -> bool:
        """Whether the command itself has ended."""
        self.gone()
        return self.status is not None

    def pause(self, seconds: float | None) -> None:
        """Wait for a child to end, a word from the gate or the time to pass."""
        ready, _, _ = select.select(self._listening, [], [], seconds)
        if self._wake in ready:
            os.read(self._wake, 4096)
        if 0 in ready:
            words = os.read(0, 4096)
            self.stopped = True
            self.killed = self.killed or b"k" in words
            if not words:
                self._listening = [self._wake]

    def wait_ended(self, timeout: float | None) -> str:
        """Wait for the command's end, the gate's word or the time; which it was."""
        while not self.ended():
            left = None if timeout is None else self._began + timeout - time.monotonic()
            if self.stopped:
                return "stopped"
            if left is not None and left <= 0:
                return "timeout"
            self.pause(left)
        return "ended"

    def wait_gone(self, seconds: float) -> bool:
        """Wait until nothing is left; False when the time is over, or the gate will not wait."""
        until = time.monotonic() + seconds
        while not self.gone():
            left = until - time.monotonic()
            if left <= 0 or self.killed:
                return False
            # Without a subreaper no signal tells that the last one of the group has ended.
            self.pause(left if self._contained else min(left, OFTEN))
        return True

    def end(self, grace: float) -> None:
        """SIGTERM, time to clear up, SIGKILL: to all, a stopped process too."""
        self._send(signal.SIGTERM, signal.SIGCONT)
        if self.wait_gone(grace):
            return
        until = time.monotonic() + LAST_PATIENCE
        while not self.gone() and time.monotonic() < until:
            self._send(signal.SIGKILL)
            self.pause(OFTEN)

    def left(self) -> int:
        """How many processes are alive; of a group alone it is known that there are any."""
        return sum(self._groups().values())

    def _groups(self) -> dict[int, int]:
        groups = living_groups(os.getpid()) if self._contained else None
        if groups is None:
            try:
                os.killpg(self._process, 0)
            except ProcessLookupError:
                return {}
            except PermissionError:
                pass
            return {self._process: 1}
        return groups

    def _send(self, *signals: int) -> None:
        # A group gets a signal in one moment, so that no member escapes it by a fork.
        for group in self._groups():
            for number in signals:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, number)
