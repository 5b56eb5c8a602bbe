"""Ending a command whose watcher was killed, as far as it can be found."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

LAST_PATIENCE = 10.0
"""Seconds for the killed to be gone."""
OFTEN = 0.01


def end_lost(group: int | None, output: int) -> None:
    """Kill a command's group, where it is known, and whoever holds the other end of its output, a pipe.

    The first process of a container inherits them: it reaps its own.
    """
    until = time.monotonic() + LAST_PATIENCE
    ours = f"pipe:[{os.fstat(output).st_ino}]"
    while time.monotonic() < until:
        # A holder is found by its group, which gets the signal in one moment.
        groups = set(_groups(ours)) - {os.getpgrp()}
        if group is not None and _alive(group):
            groups.add(group)
        if not groups:
            return
        for one in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(one, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-one, os.WNOHANG)
        time.sleep(OFTEN)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _groups(pipe: str) -> Iterator[int]:
    """The groups of those that can write to a pipe; a reader, such as this process, is none."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) == pipe and link.lstat().st_mode & stat.S_IWUSR:
                yield os.getpgid(int(link.parts[2]))
