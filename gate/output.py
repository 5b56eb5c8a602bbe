"""Lines for whoever watches. Nobody watching, or a full disk behind the stream, changes no verdict."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import NoReturn, TextIO

Log = Callable[[str], None]


def to_stdout(line: str) -> None:
    """Print a line, as far as that is possible."""
    _write(sys.stdout, line)


def to_stderr(line: str) -> None:
    """Print a line where stdout is kept for JSON, as far as that is possible."""
    _write(sys.stderr, line)


def _write(stream: TextIO | None, line: str) -> None:
    if stream is None:  # closed before we began
        return
    # A log in ASCII shows what it cannot encode as escapes.
    encodable = line.encode(stream.encoding, "backslashreplace").decode(stream.encoding)
    try:
        print(encodable, file=stream, flush=True)
    except OSError:
        # The reader went away. What is left in the buffer would fail again at exit, with a code of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def leave(exit_code: int) -> NoReturn:
    """End the process at once: taking apart what a check made would cost a twentieth of its time."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    if sys.getprofile() or sys.gettrace():
        sys.exit(exit_code)  # whoever measures us has something to do at the end
    os._exit(exit_code)
