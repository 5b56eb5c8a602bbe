"""Commands for tests, and the processes that they started."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from gate.suites.model import Command, Ended
from gate.suites.process import run
from tests.running import marked

ENOUGH = 60.0
"""Seconds that nothing here takes, however busy the machine is."""


class Bench:
    """Runs commands in a folder. All that they start carries a mark in its environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = f"MARK={secrets.token_hex(8)}"
        self.stop = threading.Event()
        self.log = folder / "logs" / "suite.log"

    @property
    def env(self) -> dict[str, str]:
        name, _, value = self.mark.partition("=")
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", name: value}

    def command(
        self,
        *argv: str,
        timeout: float | None = None,
        grace: float = 10.0,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> Command:
        return Command(
            "suite", argv, self.folder, self.env if env is None else env, log or self.log, timeout, grace
        )

    def sh(self, text: str, timeout: float | None = None, grace: float = 10.0) -> Ended:
        return run(self.command("/bin/sh", "-c", text, timeout=timeout, grace=grace), stop=self.stop)

    def python(self, text: str, heard: Callable[[str], None] | None = None) -> Ended:
        return run(self.command(sys.executable, "-c", text), stop=self.stop, heard=heard)

    def processes(self) -> list[int]:
        """Who carries the mark and is alive (a zombie's environment is empty)."""
        return marked(self.mark)


def until(true: Callable[[], object]) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + ENOUGH
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
