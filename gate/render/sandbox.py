"""The process of its own in which a user's template is drawn: `main` is what it runs.

It is given the task through its standard input and answers on its standard output; it has no environment
and no token. Before it reads the template it gives up time, memory, files and further processes, so that a
template that gets out of Jinja's sandbox finds nothing: it cannot open a file, a socket or a library.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import resource
import signal
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import msgspec

from gate.render.environment import foreign_environment
from gate.render.links import Links
from gate.text import one_line
from gate.verdict import Verdict

if TYPE_CHECKING:
    from jinja2 import Environment

COMMENT_LIMIT = 65_536
"""GitHub's, in characters."""

SECONDS = 4
"""How long a template may take: by the clock, and by the processor too."""

TOO_LONG = f"takes longer than {SECONDS} seconds"

MEBIBYTES = 256
"""How much memory it may take, beyond what the verdict and Jinja2 take."""

TOO_MUCH = f"needs more than {MEBIBYTES} MiB of memory"


class Task(msgspec.Struct, frozen=True):
    """What is to be drawn of what, in `room` characters at most."""

    source: str
    verdict: Verdict
    links: Links
    room: int


class Drawn(msgspec.Struct, frozen=True):
    """The answer: the document, or the `problem`, a sentence without a subject and without a full stop."""

    document: str | None
    problem: str = ""


class _Refused(Exception):  # noqa: N818 - says what became of the template
    """A bound is reached: the message is the problem."""


def main() -> None:
    """Draw the task on standard input; answer on standard output."""
    environment = foreign_environment()
    _import_what_drawing_imports()
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    _give_up()
    try:
        answer = draw(task, environment)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except (_Refused, MemoryError) as error:  # while it was already saying what went wrong
        answer = Drawn(None, str(error) or TOO_MUCH)
    os.write(sys.stdout.fileno(), msgspec.json.encode(answer))


def draw(task: Task, environment: Environment) -> Drawn:
    """What comes of the task, whatever the template does short of ending the process."""
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415 - the parent reads this module for its structs

    try:
        template = environment.from_string(task.source)
        pieces = template.generate(verdict=task.verdict, links=task.links)
        return Drawn(_bounded(pieces, task.room))
    except TemplateSyntaxError as error:
        problem = f"is wrong in line {error.lineno}: {one_line(str(error.message))}"
    except _Refused as error:
        problem = f"{error}{_place(error)}"
    except MemoryError as error:
        problem = f"{TOO_MUCH}{_place(error)}"
    except RecursionError as error:
        problem = f"calls itself, or nests, too deeply{_place(error)}"
    except Exception as error:  # whatever a foreign program raises
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        problem = f"failed{_place(error)}: {one_line(str(said))}"
    return Drawn(None, problem)


def _bounded(pieces: Iterable[str], room: int) -> str:
    """What a template prints, given up as soon as it is too much."""
    document = ""
    for piece in pieces:
        document += str(piece)
        if len(document) > room:
            raise _Refused(f"prints more than the {COMMENT_LIMIT:,} characters of a comment")
    document.encode()  # half a surrogate pair is no text
    return document


def _place(error: BaseException) -> str:
    """The line of the template that was being drawn, which Jinja puts into the traceback."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return "" if line is None else f" in line {line}"


def _import_what_drawing_imports() -> None:
    """Jinja2 takes these when they are first used, which is too late once no file can be opened."""
    for module in ("jinja2.constants", "jinja2.debug", "pprint"):
        import_module(module)
    for codec in ("ascii", "unicode_escape"):
        codecs.lookup(codec)


def _give_up() -> None:
    """Give up, for good, what a template has no use for."""
    signal.signal(signal.SIGALRM, _refuse)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    _limit(resource.RLIMIT_CPU, SECONDS + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    if (mapped := _mapped()) is not None:
        _limit(resource.RLIMIT_AS, mapped + (MEBIBYTES << 20))
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(OSError, ValueError):  # macOS knows some of these by name only
        resource.setrlimit(kind, (most, most))


def _mapped() -> int | None:
    """Bytes of address space in use; None where the system does not tell (macOS)."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()


def _refuse(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's own shape
    raise _Refused(TOO_LONG)
