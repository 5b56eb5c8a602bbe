"""One file in Istanbul's JSON: its shape, held against itself.

The shape is that of istanbul-lib-coverage's file coverage, with what only istanbul 0.4 and solidity-coverage
write (`l`, `skip`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated

import msgspec

from gate.errors import UnreadableArtifact
from gate.reports.lines import MAX_LINE
from gate.text import one_line, quoted

# JSON has no NaN: what was one is null, which covers nothing in Istanbul's totals either.
_Count = Annotated[int, msgspec.Meta(ge=0)] | None
_Type = Annotated[str, msgspec.Meta(pattern="^[A-Za-z-]*$")]

_WRAPPED = re.compile(rb'\s*\{\s*"data"\s*:')


class Position(msgspec.Struct):
    """A line from 1 and a column from 0. What a source map puts at the end of its line has no column."""

    line: int | None = None
    column: int | None = None


class Place(msgspec.Struct):
    """A piece of source. `skip`: marked to be ignored, so it counts as covered."""

    start: Position
    end: Position
    skip: bool = False


class FileFunction(msgspec.Struct):
    """A function; `loc` is its body where there is a `decl`, else only its head."""

    name: str | None = None
    decl: Place | None = None
    loc: Place | None = None


class Fork(msgspec.Struct):
    """Where branches part, and the places of the branches. The place of an implicit `else` is empty."""

    type: _Type = ""
    line: int | None = None
    loc: Place | None = None
    locations: list[Place] = []


class IstanbulFile(msgspec.Struct, rename="camel"):
    """What was counted in a file: statements, functions and branches by key, and lines (`l`)."""

    statement_map: dict[str, Place]
    s: dict[str, _Count]
    branch_map: dict[str, Fork]
    b: dict[str, list[_Count]]
    fn_map: dict[str, FileFunction]
    f: dict[str, _Count]
    l: dict[int, _Count] | None = None  # noqa: E741 - the format's name
    all: bool = False
    input_source_map: msgspec.Raw = msgspec.Raw(b"null")


class _Wrapped(msgspec.Struct):
    data: IstanbulFile


def decoded(name: str, raw: msgspec.Raw) -> IstanbulFile:
    """A file whose counts and places belong together, in lines of its source.

    Cypress wraps some files of a report into `data`. Raises UnreadableArtifact.
    """
    try:
        if _WRAPPED.match(raw):
            file = msgspec.json.decode(raw, type=_Wrapped).data
        else:
            file = msgspec.json.decode(raw, type=IstanbulFile)
    except msgspec.ValidationError as error:
        raise UnreadableArtifact(
            f"looks like Istanbul JSON, but is not whole at {quoted(name)}: {one_line(str(error))}"
        ) from error
    if bytes(file.input_source_map) != b"null":
        raise UnreadableArtifact(
            f"has the lines of {quoted(name)} as they were compiled: run `nyc report --reporter=json`, "
            "which maps them back to the source, and give its coverage-final.json"
        )
    # oxc's instrumenter leaves null counts without a place behind; Istanbul's lines do without them.
    _hold(name, "statement", file.statement_map, file.s, {key for key, n in file.s.items() if n is not None})
    _hold(name, "branch", file.branch_map, file.b, file.b)
    return file


def checked_line(name: str, line: int | None) -> int:
    """A line that a file may have."""
    if line is None or not 1 <= line <= MAX_LINE:
        raise UnreadableArtifact(f"names line {line} of {quoted(name)}, which no source file has")
    return line


def _hold(
    name: str, what: str, places: Collection[str], counts: Collection[str], counted: Collection[str]
) -> None:
    """Refuse a place without a count, and a count without a place."""
    for key in places:
        if key not in counts:
            raise UnreadableArtifact(
                f"contradicts itself at {quoted(name)}: no count of {what} {quoted(key)}"
            )
    for key in counted:
        if key not in places:
            raise UnreadableArtifact(
                f"contradicts itself at {quoted(name)}: no place of {what} {quoted(key)}"
            )
