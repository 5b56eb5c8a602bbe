"""The definitions of `program.py`, with what coverage.py's own parser says of each and ways to run it.

Every definition is analysed once; a file of any number of them is then counted by moving line numbers. A
definition is a function, or a class of methods without conditions between them, on Python's own grounds:
no function within a function.
"""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from coverage.config import DEFAULT_EXCLUDE
from coverage.parser import PythonParser

from benchmarks.generate.model import Arc, Function, Outcome, Piece, moved_line

PROGRAM = Path(__file__).with_name("program.py")
BLANK_LINES = 2
MOST_RUNS = 6
_TRIES = 40
_LONGEST_RUN = 60
_PAD = "pad = 0\n"
"""Stands before a definition while it is analysed, so that none of its negative numbers is the module's."""


@cache
def pieces() -> tuple[Piece, ...]:
    """The beginning of every file, then the definitions."""
    text = PROGRAM.read_text()
    lines = text.splitlines()
    tree = ast.parse(text)
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    starts = [_first_line(node) for node in definitions]
    ends = [start - 1 - BLANK_LINES for start in starts[1:]]
    return (
        _piece("", lines[: starts[0] - 1 - BLANK_LINES]),
        *(
            _piece(node.name, lines[start - 1 : end])
            for node, start, end in zip(definitions, starts, [*ends, len(lines)], strict=True)
        ),
    )


@cache
def outcome(function: Function, runs: int) -> Outcome:
    """What the runs leave whose numbers are the bits of `runs`."""
    arcs = {arc for number, run in enumerate(function.runs) if runs >> number & 1 for arc in run}
    seen = {line for arc in arcs for line in arc}
    branches = [(line, target) for line, targets in function.branches.items() for target in targets]
    return Outcome(
        tuple(line for line in function.statements if line in seen),
        tuple(line for line in function.statements if line not in seen),
        function.excluded,
        tuple(sorted(arc for arc in branches if arc in arcs)),
        tuple(sorted(arc for arc in branches if arc not in arcs)),
    )


def _piece(name: str, lines: list[str]) -> Piece:
    text = "\n".join(lines) + "\n"
    skip = 1 if name else 0
    parser = PythonParser(
        text=_PAD * skip + text, exclude="|".join(f"(?:{pattern})" for pattern in DEFAULT_EXCLUDE)
    )
    parser.parse_source()
    after: dict[int, list[int]] = defaultdict(list)
    for source, target in sorted(parser.arcs()):
        after[moved_line(source, -skip)].append(moved_line(target, -skip))
    analysed = _Analysed(
        ast.parse(text),
        after,
        tuple(sorted(line - skip for line in parser.statements if line > skip)),
        tuple(sorted(line - skip for line in parser.excluded)),
        {line - skip: count for line, count in parser.exit_counts().items()},
    )
    functions = tuple(analysed.functions())
    inside = {line for function in functions for line in function.inside}
    return Piece(
        name,
        text,
        len(lines),
        next((node.lineno for node in analysed.tree.body if isinstance(node, ast.ClassDef)), None),
        analysed.straight(1, -1 + skip),
        tuple(analysed.on_import()),
        tuple(line for line in analysed.statements if line not in inside),
        tuple(line for line in analysed.excluded if line not in inside),
        functions,
        {
            (line, target): parser.arc_description(line + skip, moved_line(target, skip))
            for function in functions
            for line, targets in function.branches.items()
            for target in targets
            if target < 0
        },
    )


class _Analysed(NamedTuple):
    """A definition's syntax, and what coverage.py's parser says: where each line may lead, and so on."""

    tree: ast.Module
    after: Mapping[int, list[int]]
    statements: tuple[int, ...]
    excluded: tuple[int, ...]
    exits: Mapping[int, int]

    def functions(self) -> Iterator[Function]:
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                yield self._function(node, node.name)
            elif isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef):
                        yield self._function(method, f"{node.name}.{method.name}")

    def on_import(self) -> Iterator[Arc]:
        """The arcs of class bodies."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                start = -_first_line(node)
                yield from _chain(start, self.straight(node.body[0].lineno, start), start)

    def straight(self, line: int, end: int) -> tuple[int, ...]:
        """The lines from one to the end where each leads to one other only."""
        lines = []
        while line != end:
            lines.append(line)
            (line,) = self.after[line]
        return tuple(lines)

    def _function(self, node: ast.FunctionDef, name: str) -> Function:
        inside = range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)
        branches = {
            line: tuple(sorted(target for target in self.after[line] if target not in self.excluded))
            for line in inside
            if self.exits.get(line, 0) > 1
        }
        if any(len(targets) != self.exits[line] for line, targets in branches.items()):
            raise ValueError(f"{PROGRAM}: coverage.py counts other branches in {name} than it names")
        return Function(
            name,
            node.lineno,
            inside,
            tuple(line for line in self.statements if line in inside),
            tuple(line for line in self.excluded if line in inside),
            branches,
            self._runs(node),
        )

    def _runs(self, node: ast.FunctionDef) -> tuple[frozenset[Arc], ...]:
        chance = random.Random(node.name)  # noqa: S311 - numbers to repeat, no secrets
        raised = {
            statement.lineno: tried.handlers[0].lineno
            for tried in ast.walk(node)
            if isinstance(tried, ast.Try) and tried.handlers
            for statement in tried.body
        }
        has_docstring = ast.get_docstring(node) is not None and len(node.body) > 1
        first = node.body[int(has_docstring)].lineno
        if first in self.excluded:
            return ()
        ways = (self._way(-_first_line(node), first, raised, chance) for _ in range(_TRIES))
        return tuple(dict.fromkeys(way for way in ways if way is not None))[:MOST_RUNS]

    def _way(
        self, start: int, line: int, raised: Mapping[int, int], chance: random.Random
    ) -> frozenset[Arc] | None:
        """One way through a function; None where it goes round for too long."""
        lines = [start, line]
        while line != start and len(lines) < _LONGEST_RUN:
            if line in raised and chance.random() < 1 / 4:
                line = raised[line]
            else:
                line = chance.choice([target for target in self.after[line] if target not in self.excluded])
            lines.append(line)
        return frozenset(pairwise(lines)) if line == start else None


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _chain(start: int, lines: tuple[int, ...], end: int) -> Iterator[Arc]:
    return zip((start, *lines), (*lines, end), strict=True)
