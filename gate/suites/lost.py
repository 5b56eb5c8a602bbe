"""Ending a command whose watcher was killed, as far as it can be found."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import time
from pathlib import Path

LAST_PATIENCE = 10.0
"""Seconds for the killed to be gone."""
OFTEN = 0.01


def end_lost(group: int | None, output: int) -> None:
    """Kill a command's group, where it is known, and whoever holds the other end of its output, a pipe."""
    until = time.monotonic() + LAST_PATIENCE
    pipe = f"pipe:[{os.fstat(output).st_ino}]"
    killed: set[int] = set()
    found = _groups(pipe) | ({group} if group is not None else set())
    while found and time.monotonic() < until:
        # A group gets the signal in one moment, so that no member escapes it by a fork.
        for one in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(one, signal.SIGKILL)
        killed |= found
        time.sleep(OFTEN)
        found = _groups(pipe)
    while _reaped(killed) and time.monotonic() < until:
        time.sleep(OFTEN)


def _reaped(groups: set[int]) -> bool:
    """Reap those that we inherited, as the first process of a container does. Whether there were any."""
    ours = False
    for group in groups:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-group, os.WNOHANG)
            ours = True
    return ours


def _groups(pipe: str) -> set[int]:
    """The groups of those that can write to a pipe; a reader, such as this process, is none."""
    groups = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) == pipe and link.lstat().st_mode & stat.S_IWUSR:
                groups.add(os.getpgid(int(link.parts[2])))
    return groups - {os.getpgrp()}
