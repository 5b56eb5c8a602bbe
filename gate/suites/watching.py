"""The gate's side of a watcher: its pipes, and what it reports."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from io import FileIO
from pathlib import Path

import msgspec

from gate.suites.lost import end_lost
from gate.suites.model import Command

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; sys.path.append(sys.argv[1]); from gate.suites.watcher import main; main()"
NEEDED = frozenset({"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"})
"""What a Python may need to start; a watcher's environment holds nothing that a command could read there."""
PIECE = 1 << 16


class Report(msgspec.Struct, frozen=True):
    """All that a watcher told, see `gate.suites.watcher`; `why` is None if it never came to the end."""

    refused: str | None = None
    number: int = 0
    process: int | None = None
    why: str | None = None
    status: int | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    left_behind: int = 0
    unended: int = 0


class Watching:
    """A watcher that runs a command. When it is closed its control ends, by which it stops at the latest."""

    def __init__(self, command: Command) -> None:
        """Raises ValueError where a word of the command is no text that a system can take."""
        request = _request(command)
        with contextlib.ExitStack() as open_files:
            control, self._control = _pipe(open_files)
            self.output, writing = _pipe(open_files)
            self.report, reporting = _pipe(open_files)
            with control, writing, reporting:
                self._program = subprocess.Popen(  # noqa: S603 - our own program
                    [sys.executable, "-I", "-S", "-c", PROGRAM, str(ROOT), str(reporting.fileno())],
                    stdin=control,
                    stdout=writing,
                    stderr=writing,
                    pass_fds=[reporting.fileno()],
                    start_new_session=True,
                    env={name: value for name, value in os.environ.items() if name in NEEDED},
                )
            self._say(request)
            self._open_files = open_files.pop_all()
        self._told = b""
        self._stopped = False

    def __enter__(self) -> Watching:
        return self

    def __exit__(self, *_: object) -> None:
        self._open_files.close()
        self._program.wait()

    def stop(self) -> None:
        """End the command, with its grace."""
        if not self._stopped:
            self._stopped = True
            self._say(b"t")

    def kill(self) -> None:
        """End the command at once."""
        self._stopped = True
        self._say(b"k")

    def hear(self) -> bool:
        """Read what the watcher reports next; False at the end of its report, which is its own end."""
        piece = self.report.read(PIECE)
        self._told += piece or b""
        if not piece:
            self._program.wait()
        return bool(piece)

    def result(self) -> Report:
        """What was reported, when the watcher has ended."""
        facts: dict[str, object] = {}
        for line in self._told.splitlines():
            facts |= msgspec.json.decode(line, type=dict[str, object])
        report = msgspec.convert(facts, Report)
        if report.why is None and report.refused is None:
            end_lost(report.process, self.output.fileno())
        return report

    def _say(self, words: bytes) -> None:
        # A watcher that was killed hears nothing; its report ends, and that tells.
        with contextlib.suppress(BrokenPipeError):
            rest = memoryview(words)
            while rest:
                rest = rest[os.write(self._control.fileno(), rest) :]


def _pipe(open_files: contextlib.ExitStack) -> tuple[FileIO, FileIO]:
    """A pipe's two ends, to read and to write; no other program that is started has them."""
    reading, writing = os.pipe()
    return open_files.enter_context(FileIO(reading, "rb")), open_files.enter_context(FileIO(writing, "wb"))


def _request(command: Command) -> bytes:
    if any("=" in name for name in command.env):
        raise ValueError("a variable's name ends where the sign of equality is")
    text = msgspec.json.encode(
        {
            "argv": [_latin(word) for word in command.argv],
            "folder": _latin(str(command.folder)),
            "env": {_latin(name): _latin(value) for name, value in command.env.items()},
            "timeout": command.timeout,
            "grace": command.grace,
        }
    )
    return b"%010d" % len(text) + text


def _latin(text: str) -> str:
    if "\0" in text:
        raise ValueError("a word ends where a NUL is")
    return os.fsencode(text).decode("latin-1")
