"""A generated project: its source files, each the same for one seed, and what its tests executed of them.

Files are made one at a time, whenever they are asked for, so that a project of any size needs no memory. The
tests may be spread over any number of shards: together these execute exactly what one run does.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cached_property

from benchmarks.generate.model import Arc, Function, Measured, Outcome, Place, Tested, moved
from benchmarks.generate.pieces import BLANK_LINES, outcome, pieces

MODULES = 20
FILES_IN_PACKAGE = 25
PACKAGES_IN_FOLDER = 40
FEWEST_PIECES, MOST_PIECES = 1, 15
_NEVER_IMPORTED, _ONLY_IMPORTED = 0.03, 0.06
_THOROUGH = (0.15, 0.9)
"""How many of a file's ways are tested, from the worst file to the best."""

_PICKS = 3
_PICK_BITS = 10
_PICK_MASK = (1 << _PICK_BITS) - 1

Shard = tuple[int, int]
"""Which shard, of how many."""

WHOLE: Shard = (0, 1)


class SourceFile:
    """One file of a project: a package's `__init__.py` is empty, another has several definitions."""

    def __init__(self, number: int, seed: int) -> None:
        package, position = divmod(number, FILES_IN_PACKAGE)
        folder = f"src/shop/area_{package // PACKAGES_IN_FOLDER:02}/part_{package % PACKAGES_IN_FOLDER:02}"
        self.path = f"{folder}/module_{position:02}.py" if position else f"{folder}/__init__.py"
        self._chance = random.Random(seed << 32 | number)  # noqa: S311 - numbers to repeat, no secrets
        self.places = tuple(self._places()) if position else ()
        kind = self._chance.random()
        self._imports = self._pick() if position and kind >= _NEVER_IMPORTED else 0
        thorough = self._chance.uniform(*_THOROUGH) if kind >= _NEVER_IMPORTED + _ONLY_IMPORTED else 0
        self._functions = tuple(
            (
                place,
                function,
                [self._pick() if self._chance.random() < thorough else 0 for _ in function.runs],
            )
            for place in self.places
            for function in place.piece.functions
        )

    @property
    def source(self) -> str:
        """The file's text."""
        return ("\n" * BLANK_LINES).join(_renamed(place) for place in self.places)

    def measured(self, shard: Shard = WHOLE) -> Measured:
        """What a shard's tests executed of the file."""
        ran = [
            (
                place,
                function,
                sum(1 << number for number, pick in enumerate(picks) if _is_picked(pick, shard)),
            )
            for place, function, picks in self._functions
        ]
        is_imported = any(runs for *_, runs in ran) or self._is_imported(shard)
        outside = self._lines("outside")
        return Measured(
            self.path,
            self.places,
            tuple(_tested(*one) for one in ran),
            Outcome(
                executed=outside if is_imported else (),
                missing=() if is_imported else outside,
                excluded=self._lines("outside_excluded"),
            ),
        )

    def arcs(self, shard: Shard = WHOLE) -> set[Arc]:
        """What coverage.py would record of a shard's tests; nothing where they did not import the file."""
        found = {arc for pick, arcs in self._run_arcs if _is_picked(pick, shard) for arc in arcs}
        if found or self._is_imported(shard):
            found.update(self._import_arcs)
        return found

    def _places(self) -> Iterator[Place]:
        beginning, *definitions = pieces()
        yield Place(beginning, 0, "")
        offset = beginning.height + BLANK_LINES
        for number in range(self._chance.randint(FEWEST_PIECES, MOST_PIECES)):
            piece = self._chance.choice(definitions)
            yield Place(piece, offset, f"{piece.name}_{number}")
            offset += piece.height + BLANK_LINES

    def _lines(self, kind: str) -> tuple[int, ...]:
        return tuple(line + place.offset for place in self.places for line in getattr(place.piece, kind))

    def _pick(self) -> int:
        """The shards that do something: a few numbers in one, never 0."""
        return 1 << _PICKS * _PICK_BITS | self._chance.getrandbits(_PICKS * _PICK_BITS)

    def _is_imported(self, shard: Shard) -> bool:
        """Most shards import most files."""
        number, _ = shard
        often = self._imports >> number % _PICK_BITS & 3 > 0
        return self._imports > 0 and (often or _is_picked(self._imports, shard))

    @cached_property
    def _run_arcs(self) -> list[tuple[int, list[Arc]]]:
        """For each run that any shard does: which ones do, and its arcs."""
        return [
            (pick, [moved(arc, place.offset) for arc in run])
            for place, function, picks in self._functions
            for pick, run in zip(picks, function.runs, strict=True)
            if pick
        ]

    @cached_property
    def _import_arcs(self) -> list[Arc]:
        lines = [line + place.offset for place in self.places for line in place.piece.top]
        within = [moved(arc, place.offset) for place in self.places for arc in place.piece.on_import]
        return [*zip((-1, *lines), (*lines, -1), strict=True), *within]


def source_files(count: int, seed: int = 1) -> Iterator[SourceFile]:
    """A project's files in the order of their paths within each package."""
    return (SourceFile(number, seed) for number in range(count))


def gated(count: int, modules: int = MODULES) -> list[int]:
    """The numbers of some files with definitions, spread evenly: one for each module."""
    step = count // modules
    return [number + (number % FILES_IN_PACKAGE == 0) for number in range(0, step * modules, step)]


def _tested(place: Place, function: Function, runs: int) -> Tested:
    offset = place.offset
    found = outcome(function, runs)
    return Tested(
        place,
        function.name.replace(place.piece.name, place.name, 1),
        function.line + offset,
        range(function.inside.start + offset, function.inside.stop + offset),
        Outcome(
            tuple([line + offset for line in found.executed]),
            tuple([line + offset for line in found.missing]),
            tuple([line + offset for line in found.excluded]),
            tuple([moved(arc, offset) for arc in found.taken]),
            tuple([moved(arc, offset) for arc in found.untaken]),
        ),
    )


def _is_picked(pick: int, shard: Shard) -> bool:
    number, shards = shard
    return pick > 0 and any(
        (pick >> at * _PICK_BITS & _PICK_MASK) * shards >> _PICK_BITS == number for at in range(_PICKS)
    )


def _renamed(place: Place) -> str:
    if not place.name:
        return place.piece.text
    return re.sub(rf"^(def|class) {place.piece.name}\b", rf"\1 {place.name}", place.piece.text, flags=re.M)
