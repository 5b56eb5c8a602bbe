"""The files that a step writes for the runner, read by the runner's own rules."""

from __future__ import annotations

from collections.abc import Iterator


class FileCommandError(Exception):
    """The runner would fail the step because of this file."""


def parse_outputs(text: str) -> dict[str, str]:
    """The outputs in a GITHUB_OUTPUT file: `NAME=VALUE` lines and `NAME<<DELIMITER` blocks.

    Whichever of `=` and `<<` comes first in a line decides, lines end at line feeds only, and a later value
    of a name replaces an earlier one (actions/runner, FileCommandManager.cs).
    """
    outputs: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        before_equals, equals, value = line.partition("=")
        before_block, block, delimiter = line.partition("<<")
        if equals and len(before_equals) < len(before_block):
            name = before_equals
        elif block and before_block and delimiter:
            name, value = before_block, _block(lines, delimiter)
        else:
            raise FileCommandError(f"Invalid format {line!r}")
        outputs[name] = value
    return outputs


def _block(lines: Iterator[str], delimiter: str) -> str:
    value: list[str] = []
    for line in lines:
        if line == delimiter:
            return "\n".join(value)
        value.append(line)
    raise FileCommandError(f"Invalid value. Matching delimiter not found {delimiter!r}")
