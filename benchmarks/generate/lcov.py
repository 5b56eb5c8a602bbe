"""coverage.py's LCOV of a generated project, written file by file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.generate.model import Measured, Tested, moved


def write_lcov(files: Iterable[Measured], path: Path) -> None:
    """What `coverage lcov` writes."""
    with path.open("w") as report:
        for file in files:
            report.writelines(_record(file))


def _record(file: Measured) -> Iterator[str]:
    outcome = file.outcome
    executed = frozenset(outcome.executed)
    lines = sorted((*outcome.executed, *outcome.missing))
    yield f"SF:{file.path}\n"
    yield from (f"DA:{line},{int(line in executed)}\n" for line in lines)
    if lines:
        yield f"LF:{len(lines)}\nLH:{len(executed)}\n"
    if file.functions:
        yield from _functions(file.functions)
    yield from _branches(file)
    branches = len(outcome.taken) + len(outcome.untaken)
    if branches:
        yield f"BRF:{branches}\nBRH:{len(outcome.taken)}\n"
    yield "end_of_record\n"


def _functions(functions: Iterable[Tested]) -> Iterator[str]:
    found = hit = 0
    for _, name, line, inside, outcome in functions:
        if outcome.executed or outcome.missing:
            is_hit = bool(outcome.executed)
            found += 1
            hit += is_hit
            yield f"FN:{line},{inside[-1]},{name}\nFNDA:{int(is_hit)},{name}\n"
    yield f"FNF:{found}\nFNH:{hit}\n"


def _branches(file: Measured) -> Iterator[str]:
    for function in file.functions:
        targets: dict[int, list[tuple[bool, int, str]]] = defaultdict(list)
        reached = {line for line, _ in function.outcome.taken}
        for arcs, is_taken in ((function.outcome.taken, True), (function.outcome.untaken, False)):
            for line, target in arcs:
                count = "1" if is_taken else "0" if line in reached else "-"
                targets[line].append((target < 0, target, count))
        for line in sorted(targets):
            for _, target, count in sorted(targets[line]):
                yield f"BRDA:{line},0,{_words(function, line, target)},{count}\n"


def _words(function: Tested, line: int, target: int) -> str:
    if target > 0:
        return f"jump to line {target}"
    piece, offset, name = function.place
    return piece.exits[moved((line, target), -offset)].replace(f"'{piece.name}'", f"'{name}'")
