"""One command from its start to its end."""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import threading
from collections.abc import Callable, Iterator

from gate.evidence.files import Owner
from gate.suites.listening import Listening
from gate.suites.log import Log
from gate.suites.model import Command, Ended, How
from gate.suites.tail import Tail
from gate.suites.watching import Report, Watching
from gate.text import counted, quoted

PIECE = 1 << 16
MOST_LATE = 1 << 20
"""Bytes that a pipe can still hold when all processes of a command are gone."""
OFTEN = 0.1
PATIENCE, HURRIED = 10.0, 0.5
"""Seconds for a listener to catch up when the command has ended, by itself or stopped."""
HOW: dict[str, How] = {"timeout": "timeout", "stopped": "interrupted"}

_REFUSED_PROGRAM = {
    errno.ENOENT: "is not there, or its interpreter is not: install it, or correct the command",
    errno.EACCES: "may not be executed: make it so (chmod +x), or name its interpreter in the command",
    errno.ENOEXEC: "is nothing that the system can execute: begin it with a line such as #!/bin/sh",
    errno.E2BIG: "cannot be started: its arguments and environment are too long",
}
_REFUSED_FOLDER = {
    errno.ENOENT: "is not there: create it before the suite runs, or correct the suite's folder",
    errno.ENOTDIR: "is no folder: correct the suite's folder",
}


def run(
    command: Command,
    *,
    stop: threading.Event,
    heard: Callable[[str], None] | None = None,
    owner: Owner | None = None,
) -> Ended:
    """Run a command and wait until it and all that it started is gone. Several may run at once, in threads.

    `stop` ends it. `heard` is told each line of its output, foreign text, from another thread; what it raises
    is ignored. The log is created with the `owner`. On KeyboardInterrupt the command is ended (at once on a
    second one) and KeyboardInterrupt raised again.
    """
    if not command.argv:
        return _not_started("No program is named: give the suite a command")
    try:
        log = Log(command.log, owner)
    except OSError as error:
        return _not_started(f"Its log {quoted(str(command.log))} cannot be written: {error.strerror}")
    with contextlib.closing(log):
        if stop.is_set():
            return Ended("interrupted", notes=("It was not started: the run was stopped before",))
        try:
            watching = Watching(command)
        except ValueError:
            return _not_started(
                "The command, its folder or its environment holds a character that no program can be given, "
                "such as NUL: remove it"
            )
        except OSError as error:
            return _not_started(f"It cannot be started: {error.strerror}")
        with watching:
            return _run(watching, command, stop, Output(log, heard))


class Output:
    """Where a command's output goes: to the log, to the tail, and to whoever listens."""

    def __init__(self, log: Log, heard: Callable[[str], None] | None) -> None:
        self.log = log
        self.tail = Tail()
        self._listening = Listening(log, heard) if heard is not None else None

    def take(self, piece: bytes) -> None:
        """Add what the command wrote next."""
        self.tail.add(piece)
        self.log.write(piece)
        if self._listening is not None:
            self._listening.more()

    def finish(self, *, hurried: bool) -> Iterator[str]:
        """Nothing more comes; what went wrong, in sentences."""
        if self.log.problem is not None:
            yield self.log.problem
        if self._listening is None:
            return
        untold = self._listening.finish(HURRIED if hurried else PATIENCE)
        if untold:
            yield f"The last {counted(untold, 'byte')} of its output were not shown in time: read the log"


def _run(watching: Watching, command: Command, stop: threading.Event, output: Output) -> Ended:
    interrupted = _attend(watching, stop, output)
    os.set_blocking(watching.output.fileno(), False)
    late = 0
    while late < MOST_LATE and (piece := watching.output.read(PIECE)):
        output.take(piece)
        late += len(piece)
    notes = tuple(output.finish(hurried=interrupted or stop.is_set()))
    report = watching.result()
    if interrupted:
        raise KeyboardInterrupt
    if report.refused is not None:
        return _not_started(_refusal(command, report))
    return _ended(report, output, notes)


def _attend(watching: Watching, stop: threading.Event, output: Output) -> bool:
    """Take the output until the watcher has ended; whether Ctrl-C came meanwhile."""
    interrupts = 0
    with selectors.DefaultSelector() as selector:
        selector.register(watching.output, selectors.EVENT_READ)
        selector.register(watching.report, selectors.EVENT_READ)
        running = True
        while running:
            try:
                ready = {key.fileobj for key, _ in selector.select(OFTEN)}
                if stop.is_set() or interrupts:
                    watching.stop()
                if watching.output in ready:
                    output.take(watching.output.read(PIECE) or b"")
                if watching.report in ready:
                    running = watching.hear()
            except KeyboardInterrupt:
                interrupts += 1
                if interrupts > 1:
                    watching.kill()
    return interrupts > 0


def _ended(report: Report, output: Output, notes: tuple[str, ...]) -> Ended:
    status = report.status
    how = HOW.get(report.why or "", "passed" if report.why == "ended" and status == 0 else "failed")
    return Ended(
        how,
        exit_code=os.WEXITSTATUS(status) if status is not None and os.WIFEXITED(status) else None,
        signal=os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else None,
        seconds=report.seconds,
        cpu_seconds=report.cpu_seconds,
        peak_bytes=report.peak_bytes,
        log_bytes=output.log.bytes,
        tail=output.tail.lines(),
        left_behind=report.left_behind,
        notes=(*_leftovers(report), *notes),
    )


def _leftovers(report: Report) -> Iterator[str]:
    """Sentences about processes that did not end as they should."""
    if report.why is None:
        yield (
            "How it ended is not known: the process that watched over it was killed. What it started in "
            "sessions of their own may still run"
        )
    if report.left_behind:
        left = counted(report.left_behind, "process", "processes")
        yield f"It left {left} running, which the gate ended: let the command stop what it starts"
    if report.unended:
        left = counted(report.unended, "process", "processes")
        yield f"{left} could not be ended and may still run: of another user, or waiting for a device"


def _refusal(command: Command, report: Report) -> str:
    if report.refused == "folder":
        what, known = f"Folder {quoted(str(command.folder))}", _REFUSED_FOLDER
    else:
        what, known = f"Program {quoted(command.argv[0])}", _REFUSED_PROGRAM
    return f"{what} {known.get(report.number, f'cannot be used: {os.strerror(report.number)}')}"


def _not_started(sentence: str) -> Ended:
    return Ended("not-started", tail=(sentence,))
