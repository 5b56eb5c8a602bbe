"""A small program that runs one command and ends with all that the command started, never before.

A process whose parent ends gets the nearest subreaper as its parent (prctl(2), Linux). So all that a command
starts stays below its own watcher: no session, double fork or cleared environment leads out, and commands
that run at the same time are not mixed up. "No child left" means that nothing is left. Elsewhere than on
Linux the command's process group is all that can be found.

Descriptors: 0 is the control (the request, then `t` or its end: stop; `k`: kill), so the command is ended
also when the gate itself is killed. 1 and 2 are the command's output. The one named as argument takes the
report, one line of JSON each: `Started` or `Refused`, then `Finished`. Strings of the request are bytes,
written as Latin-1.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
from typing import TypedDict

from gate.suites.watch import Watch

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
SETTLING = 1.0
"""Seconds that background processes have to end by themselves, as a `tee` does when its input ends."""
SHORT_GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL for what a command that ended has left behind."""


class Request(TypedDict):
    """`timeout` and `grace` in seconds."""

    argv: list[str]
    folder: str
    env: dict[str, str]
    timeout: float | None
    grace: float


class Refused(TypedDict):
    """What could not be used, `folder` or `program`, and the system's error number."""

    refused: str
    number: int


class Started(TypedDict):
    """The command's process id, which is its group's too."""

    process: int


class Finished(TypedDict):
    """`why` is `ended`, `timeout` or `stopped`; `status` as wait(2) gives it, None where no end was seen;
    `left_behind` processes were ended, `unended` could not be."""

    why: str
    status: int | None
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    left_behind: int
    unended: int


def main() -> None:
    """Do what the request says."""
    report = int(sys.argv[2])
    wake = _prepare_signals()
    contained = _become_subreaper()
    request = _request()
    if request is None:
        return
    refusing = "folder"
    try:
        os.chdir(_bytes(request["folder"]))
        refusing = "program"
        child = subprocess.Popen(  # noqa: S603 - the command is the policy's
            [_bytes(word) for word in request["argv"]],
            env={_bytes(name): _bytes(value) for name, value in request["env"].items()},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        _tell(report, Refused(refused=refusing, number=error.errno or 0))
        return
    watch = Watch(child.pid, contained, wake)
    _tell(report, Started(process=child.pid))
    _tell(report, _watched(watch, request["timeout"], request["grace"]))
    child.returncode = 0  # the watch has reaped it


def _watched(watch: Watch, timeout: float | None, grace: float) -> Finished:
    why = watch.wait_ended(timeout)
    left_behind = 0
    if why != "ended":
        watch.end(grace)
    elif not watch.wait_gone(SETTLING):
        left_behind = watch.left()
        watch.end(min(grace, SHORT_GRACE))
    return Finished(
        why=why,
        status=watch.status,
        seconds=watch.seconds,
        cpu_seconds=watch.cpu_seconds,
        peak_bytes=watch.peak * (1 if sys.platform == "darwin" else 1024),
        left_behind=left_behind,
        unended=0 if watch.gone() else watch.left(),
    )


def _prepare_signals() -> int:
    """Let a descriptor tell when a child ends, and no signal end this program.

    Signals are caught, not ignored: what is ignored here, or was by whoever started the gate, the command
    would ignore too (execve(2)).
    """
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    for name in ("CHLD", "TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "ALRM", "TSTP", "TTIN", "TTOU"):
        signal.signal(signal.Signals[f"SIG{name}"], lambda *_: None)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    return wake


def _become_subreaper() -> bool:
    try:
        return bool(ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def _request() -> Request | None:
    """The request, after its length in ten digits; None where the gate is gone before it was told."""
    length = _read(10)
    text = _read(int(length)) if length else b""
    if not text:
        return None
    request: Request = json.loads(text)
    return request


def _read(length: int) -> bytes:
    text = b""
    while len(text) < length:
        piece = os.read(0, length - len(text))
        if not piece:
            return b""
        text += piece
    return text


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _tell(report: int, fact: Refused | Started | Finished) -> None:
    # The gate may have been killed: nobody is left to be told.
    with contextlib.suppress(BrokenPipeError):
        os.write(report, json.dumps(fact).encode("ascii") + b"\n")
