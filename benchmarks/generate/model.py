"""What is known of generated code, and what tests executed of it.

A piece is a definition, analysed once with its lines counted from 1. In a file it has a place, and every
number is moved by it: so files of any size are counted without being analysed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

Arc = tuple[int, int]
"""As coverage.py has them, from line to line; a negative one enters or leaves what begins at that line."""


class Outcome(NamedTuple):
    """What some runs leave: lines and branches, each list ascending."""

    executed: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    taken: tuple[Arc, ...] = ()
    untaken: tuple[Arc, ...] = ()


@dataclass(frozen=True, eq=False)
class Function:
    """A function or method. Lines count from the definition's first, which is 1.

    `branches` gives the targets of each line that has several; `runs` are different ways through it, each
    as the arcs that coverage.py would record.
    """

    name: str
    line: int
    inside: range
    statements: tuple[int, ...]
    excluded: tuple[int, ...]
    branches: Mapping[int, tuple[int, ...]]
    runs: tuple[frozenset[Arc], ...]


@dataclass(frozen=True, eq=False)
class Piece:
    """A definition, or the beginning of a file.

    `class_line` is where it says `class`, None for a function. `top` are its lines at the module's level
    that importing executes, `on_import` the arcs within a class's body, `outside` its statements in no
    function. `exits` says how coverage.py's LCOV calls a branch that leaves its function.
    """

    name: str
    text: str
    height: int
    class_line: int | None
    top: tuple[int, ...]
    on_import: tuple[Arc, ...]
    outside: tuple[int, ...]
    outside_excluded: tuple[int, ...]
    functions: tuple[Function, ...]
    exits: Mapping[Arc, str]


class Place(NamedTuple):
    """A piece in a file: its lines come after `offset`."""

    piece: Piece
    offset: int
    name: str


class Tested(NamedTuple):
    """A function in a file, and what a shard's tests executed of it. Lines count from the file's first."""

    place: Place
    name: str
    line: int
    inside: range
    outcome: Outcome


class Measured(NamedTuple):
    """A file, and what a shard's tests executed of it. `outside` is the code in no function."""

    path: str
    places: tuple[Place, ...]
    functions: tuple[Tested, ...]
    outside: Outcome

    @property
    def outcome(self) -> Outcome:
        """The whole file's."""
        return joined((self.outside, *(function.outcome for function in self.functions)))


class Counts(NamedTuple):
    """Covered and all statements, taken and all branches."""

    covered: int
    statements: int
    taken: int
    branches: int

    @classmethod
    def of(cls, outcome: Outcome) -> Counts:
        """An outcome in numbers."""
        lines, branches = len(outcome.executed), len(outcome.taken)
        return cls(lines, lines + len(outcome.missing), branches, branches + len(outcome.untaken))

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*map(sum, zip(self, other, strict=True)))


def moved(arc: Arc, by: int) -> Arc:
    """An arc in a text that has so many lines more before it."""
    return moved_line(arc[0], by), moved_line(arc[1], by)


def moved_line(line: int, by: int) -> int:
    """A line's number there."""
    return line + by if line > 0 else line - by


def joined(outcomes: Iterable[Outcome]) -> Outcome:
    """What several parts of a file have together."""
    kinds = zip(*outcomes, strict=True)
    return Outcome(*(tuple(sorted(chain.from_iterable(kind))) for kind in kinds))
