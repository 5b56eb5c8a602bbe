"""What the runner makes of a step's output and of its output file, written from GitHub's documentation of
workflow commands and from the rules that its runner is known to follow, not from the product's code."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    message: str


def log_lines(output: str) -> list[str]:
    return _LINE_END.split(output)


def parse_command(line: str) -> Command | None:
    """A command begins a line, but for white space; properties are trimmed as a whole."""
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    head, _, data = line[2:].partition("::")
    name, _, listed = head.partition(" ")
    pairs = [part.split("=", 1) for part in listed.strip().split(",") if "=" in part]
    properties = {key: _decoded(value, {"3A": ":", "2C": ","}) for key, value in pairs}
    return Command(name, properties, _decoded(data, {}))


def _decoded(text: str, more: dict[str, str]) -> str:
    escapes = {"25": "%", "0D": "\r", "0A": "\n", **more}
    pattern = re.compile("%(" + "|".join(escapes) + ")")
    return pattern.sub(lambda found: escapes[found[1]], text)


def parse_output_file(content: str) -> dict[str, str]:
    """`name=value` lines and `name<<delimiter` blocks, which end at the first line that is the delimiter."""
    outputs, lines = {}, content.split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if heredoc >= 0 and (equals < 0 or heredoc < equals):
            name, delimiter = line.split("<<", 1)
            end = lines.index(delimiter)
            outputs[name], lines = "\n".join(lines[:end]), lines[end + 1 :]
        elif equals > 0:
            name, value = line.split("=", 1)
            outputs[name] = value
        else:
            raise ValueError(line)
    return outputs
