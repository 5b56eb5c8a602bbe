"""A user's own template for the comment: a pull request may have written it, so it can do nothing but fail.

It is drawn by another process and not by a fork of this one, whose memory holds the token. A new process
costs a fifth of a second, and only where there is a template.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import BinaryIO, cast

import msgspec

from gate.errors import GateError
from gate.render.links import Links
from gate.render.marker import marker
from gate.render.sandbox import COMMENT_LIMIT, SECONDS, TOO_LONG, Drawn, Task
from gate.text import one_line
from gate.verdict import Verdict

MOST_ANSWERED = 6 * COMMENT_LIMIT + 4096
"""Bytes: JSON writes a character in six at most."""

PATIENCE = SECONDS + 1
"""Seconds until the process is killed, its start included. One that can still speak stops before."""

PROGRAM = "import sys; sys.path += sys.argv[1:]; from gate.render.sandbox import main; main()"
NEEDED = ("gate", "jinja2", "markupsafe", "msgspec")


class BrokenTemplate(GateError):  # noqa: N818 - names the state of the template
    """The template cannot be used; the sentence continues "the comment template …"."""


def render_user_comment(source: str, verdict: Verdict, links: Links, *, key: str) -> str:
    """The comment that a template makes of `verdict` and `links`, behind the key's marker.

    Raises BrokenTemplate with the template's line where that is known. What it prints is escaped as in our
    own templates.
    """
    start = f"{marker(key)}\n"
    room = COMMENT_LIMIT - len(start)
    drawn = _drawn(msgspec.json.encode(Task(source, verdict, links, room)))
    if drawn.document is None:
        raise BrokenTemplate(one_line(drawn.problem, 500))
    if len(drawn.document) > room:
        raise BrokenTemplate("printed more than it may")
    return start + drawn.document


def _drawn(task: bytes) -> Drawn:
    """The other process' answer. Raises BrokenTemplate if there is none in time."""
    # -I -S -B: nothing but the standard library and what is named here is imported, and nothing is written.
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", PROGRAM, *_folders()]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
    except OSError as error:
        raise BrokenTemplate(f"cannot be drawn: no process could be started ({error.strerror})") from error
    timer = Timer(PATIENCE, _kill, (process,))
    timer.start()
    try:
        answer = _exchange(process, task)
    finally:
        late = not timer.is_alive()
        timer.cancel()
        timer.join()  # it may kill only what was not yet waited for: then the number may be another's
        _kill(process)
        process.wait()
    return _read(answer, process.returncode, late=late)


def _exchange(process: subprocess.Popen[bytes], task: bytes) -> bytes:
    """Hand the task over and take the answer, of which no more is read than may come."""
    with cast(BinaryIO, process.stdout) as reading:
        with contextlib.suppress(BrokenPipeError), cast(BinaryIO, process.stdin) as writing:
            writing.write(task)
        return reading.read(MOST_ANSWERED)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _read(answer: bytes, code: int, *, late: bool) -> Drawn:
    """The answer, or why there is none."""
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.json.decode(answer, type=Drawn)
    if late or code == -signal.SIGXCPU:
        return Drawn(None, TOO_LONG)
    ended = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    return Drawn(None, f"failed: the process that draws it ended {ended}")


def _folders() -> list[str]:
    """Where what the process needs is imported from."""
    origins = (spec.origin for name in NEEDED if (spec := find_spec(name)) is not None)
    return list(dict.fromkeys(str(Path(origin).parents[1]) for origin in origins if origin))
