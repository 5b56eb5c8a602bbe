"""Live output: the lines of a log that grows, told to somebody who may be slow.

They are read back from the log, in a thread: however slow the listener is, the command is not slowed, no
memory grows, and no line is lost while the command runs.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable

from gate.suites.lines import Lines
from gate.suites.log import Log

PIECE = 1 << 16


class Listening:
    """A thread that tells the lines of a log from its beginning."""

    def __init__(self, log: Log, heard: Callable[[str], None]) -> None:
        self._log = log
        self._heard = heard
        self._told = 0
        self._news = threading.Event()
        self._over = False
        self._too_late = False
        # A listener that hangs for good is left alone: its thread dies with the program.
        self._thread = threading.Thread(
            target=self._tell_all, args=(log.reader(),), name="listening", daemon=True
        )
        self._thread.start()

    def more(self) -> None:
        """The log has grown."""
        self._news.set()

    def finish(self, patience: float) -> int:
        """Wait so many seconds until all is told; nothing is told after that.

        Gives the number of bytes that were not told.
        """
        self._over = True
        self._news.set()
        self._thread.join(patience)
        self._too_late = True
        return self._log.bytes - self._told

    def _tell_all(self, descriptor: int) -> None:
        lines = Lines()
        try:
            over = False
            while not over:
                self._news.wait()
                self._news.clear()
                over = self._over
                self._tell_until(self._log.bytes, descriptor, lines)
            self._tell(lines.rest())
        finally:
            os.close(descriptor)

    def _tell_until(self, end: int, descriptor: int, lines: Lines) -> None:
        while self._told < end and not self._too_late:
            piece = os.pread(descriptor, min(PIECE, end - self._told), self._told)
            self._tell(lines.add(piece))
            # Somebody may have cut the log off: what is gone is not told.
            self._told += len(piece) or end - self._told

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            if self._too_late:
                return
            with contextlib.suppress(Exception):
                self._heard(line)
