"""The runner's files and log commands, as GitHub Actions documents them.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from os import SEEK_END
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from gate.text import ELLIPSIS

SUMMARY_LIMIT = 1_048_576
"""Bytes of a step's summary; of a larger one the runner drops all."""

MESSAGE_LIMIT = 4_096
"""Characters of an annotation's message that are kept."""

NOWHERE: Mapping[str, str] = MappingProxyType({})

_CUT = (
    "\n**This summary is cut here**: the runner drops one of more than 1 MiB. "
    "All of it is in `summary.md` in the evidence folder.\n"
)


def write_outputs(path: Path, outputs: Mapping[str, str]) -> None:
    """Append the step's outputs to the runner's file. Raises OSError."""
    with path.open("ab") as file:
        file.write(_encoded("".join(_output(name, value) for name, value in outputs.items())))


def _output(name: str, value: str) -> str:
    """An output between delimiters that nobody can foresee, so that no value can end early."""
    delimiter = f"gate-{secrets.token_hex(16)}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def append_summary(path: Path, markdown: str) -> bool:
    """Append to the step's summary, cut at a line's end where the whole would become too large.

    Returns False if there was no room even to say so, and nothing was written. Raises OSError.
    """
    with path.open("a+b") as file:
        before = file.tell()
        content = _start(file, before) + _encoded(markdown)
        room = SUMMARY_LIMIT - 1 - before
        if len(content) > room:
            cut = _encoded(_CUT)
            kept = content[: max(room - len(cut), 0)]
            content = kept[: kept.rfind(b"\n") + 1] + cut
        if len(content) > room:
            return False
        file.write(content)
        return True


def _start(file: BinaryIO, before: int) -> bytes:
    """A line break where whoever wrote before us left the last line open."""
    if not before:
        return b""
    file.seek(-1, SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def tried(what: str, write: Callable[[], bool | None]) -> list[str]:
    """Do it, and say what kept it from being done, if anything did."""
    try:
        written = write()
    except OSError as error:
        return [f"the {what} could not be written: {error.strerror}"]
    return [f"the {what} could not be written: earlier steps filled it"] if written is False else []


def error_command(message: str) -> str:
    """An error that the runner shows on the run's page."""
    return _command("error", NOWHERE, message)


def warning_command(message: str, at: Mapping[str, str] = NOWHERE) -> str:
    """A warning that the runner shows on the run's page; `at` names the place in a file by the properties
    `file`, `line`, `endLine` and `title`."""
    return _command("warning", at, message)


def _command(name: str, properties: Mapping[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_escaped_property(value)}" for key, value in properties.items())
    cut = message if len(message) <= MESSAGE_LIMIT else message[: MESSAGE_LIMIT - 1] + ELLIPSIS
    return f"::{name} {listed}::{_escaped(cut)}" if listed else f"::{name}::{_escaped(cut)}"


def _escaped(text: str) -> str:
    """Text in which no line can end; the percent sign comes first, or it would escape the escapes."""
    printable = _encoded(text).decode()
    return printable.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
