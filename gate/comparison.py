"""What differs between runs: the value that `gate.compare` makes, and the document of `gate compare --json`.

`covered`, `taken`, `there` and the like have one entry for each of `runs`, in the order given: true or false,
null where the run says nothing of it (it has not measured the file). `since` is the run from which on it
stayed changed; null where it goes back and forth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from gate.reports.branches import Arc
from gate.reports.lines import Ratio

Pattern = tuple[bool | None, ...]
"""In which of the runs something was so; None where a run does not tell."""

LineRange = tuple[int, int]
"""First and last line."""

Change = Literal["once", "back-and-forth"]
"""Over the runs in the order given: it changed once and stayed, or it changed more often."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One branch of a line: where it goes (negative: the function's exit), and in which runs it was taken.

    `lines` and `branches` ran in the same runs only, and follow it: they are no news of their own.
    """

    target: int
    taken: Pattern
    change: Change
    since: str | None
    lines: tuple[LineRange, ...] = ()
    branches: tuple[Arc, ...] = ()


class BranchFlip(msgspec.Struct, frozen=True, kw_only=True):
    """A line of which some branches are taken in some runs only: one decision, with those of its ways."""

    path: str
    function: str | None
    line: int
    ways: tuple[Way, ...]


class LineFlip(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of one function that run together, in some runs only; `branches` are those that begin there."""

    path: str
    function: str | None
    lines: tuple[LineRange, ...]
    covered: Pattern
    change: Change
    since: str | None
    branches: tuple[Arc, ...] = ()


class CountFlip(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose counts differ and whose report does not name what differs, or whose totals differ.

    None stands for a run that did not measure it.
    """

    path: str
    what: Literal["lines", "branches"]
    counts: tuple[Ratio | None, ...]


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """A module that only some runs have configured, or a file of one that only some have measured."""

    what: Literal["module", "file"]
    name: str
    there: Pattern
    change: Change
    since: str | None


class TestFlip(msgspec.Struct, frozen=True, kw_only=True):
    """A test with another outcome in another run; several outcomes where it ran several times.

    None stands for a run without it.
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    test: str
    outcomes: tuple[tuple[str, ...] | None, ...]
    change: Change
    since: str | None


class ArtifactFlip(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact with another status in another run; None stands for a run that does not list it."""

    kind: str
    name: str
    statuses: tuple[str | None, ...]
    change: Change
    since: str | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Runs of one commit held against each other. `notes` decide nothing."""

    schema: int = 1
    result: Literal["stable", "unstable"]
    commit: str | None
    runs: tuple[str, ...]
    branches: tuple[BranchFlip, ...] = ()
    lines: tuple[LineFlip, ...] = ()
    counts: tuple[CountFlip, ...] = ()
    presence: tuple[Presence, ...] = ()
    tests: tuple[TestFlip, ...] = ()
    artifacts: tuple[ArtifactFlip, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def flipping_paths(self) -> frozenset[str]:
        """The files of which lines or branches flip."""
        return frozenset((*(flip.path for flip in self.branches), *(flip.path for flip in self.lines)))

    def to_json(self) -> bytes:
        """The document, indented, ending with a line break."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def change_of(values: Sequence[object], runs: Sequence[str]) -> tuple[Change, str | None]:
    """Whether values, one for each run, changed once and since which run, or go back and forth."""
    changes = [at for at in range(1, len(values)) if values[at] != values[at - 1]]
    return ("once", runs[changes[0]]) if len(changes) == 1 else ("back-and-forth", None)
