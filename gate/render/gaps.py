"""Which of the uncovered lines and branches are named where there is room for a few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from gate.reports.branches import Arc
from gate.verdict import FileResult, ModuleResult

MOST_FILES = 4
MOST_PARTS = 6
A_FEW = 2


class Room(msgspec.Struct, frozen=True):
    """How many line ranges and how many branches are named at most."""

    lines: int
    branches: int


class FileGaps(msgspec.Struct, frozen=True):
    """Line ranges (first, last) and branches (from, to) of a file that no test reached.

    `label` is the end of the path that no other file of the module shares.
    """

    file: FileResult
    label: str
    lines: tuple[tuple[int, int], ...]
    branches: tuple[Arc, ...]

    @property
    def lines_left_out(self) -> int:
        """Line ranges that there was no room for."""
        return len(self.file.missing_lines) - len(self.lines)

    @property
    def branches_left_out(self) -> int:
        """Branches that there was no room for."""
        return len(self.file.missing_branches) - len(self.branches)

    @property
    def unnamed_branches(self) -> int:
        """Branches that no test took and that the report counts without telling which they are."""
        return _missing_branches(self.file) - len(self.file.missing_branches)


class Gaps(msgspec.Struct, frozen=True):
    """A module's gaps that are named, worst file first, and how many more ranges and branches there are.

    `unnamed_branches` counts those of all files that the report does not tell apart.
    """

    files: tuple[FileGaps, ...]
    left_out: int
    unnamed_branches: int


def module_gaps(module: ModuleResult, room: Room) -> Gaps:
    """The gaps of a module's worst files, as many as there is room for in all of them together."""
    label = labels(file.path for file in module.files)
    found: list[FileGaps] = []
    left_out = unnamed = 0
    for file in worst_first(module):
        gaps = file_gaps(file, label[file.path], room if len(found) < MOST_FILES else Room(0, 0))
        left_out += gaps.lines_left_out + gaps.branches_left_out
        unnamed += gaps.unnamed_branches
        if gaps.lines or gaps.branches:
            found.append(gaps)
            room = Room(room.lines - len(gaps.lines), room.branches - len(gaps.branches))
    return Gaps(tuple(found), left_out, unnamed)


def file_gaps(file: FileResult, label: str, room: Room) -> FileGaps:
    """The first gaps of a file, as many as there is room for."""
    return FileGaps(file, label, file.missing_lines[: room.lines], file.missing_branches[: room.branches])


def branches_to_begin_with(module: ModuleResult) -> FileGaps | None:
    """A few branches of the file that misses most; None where the report tells no branches apart."""
    files = [file for file in module.files if file.missing_branches]
    if not files:
        return None
    worst = min(files, key=lambda file: (-len(file.missing_branches), file.path))
    return file_gaps(worst, labels(file.path for file in module.files)[worst.path], Room(0, A_FEW))


def worst_first(module: ModuleResult) -> tuple[FileResult, ...]:
    """The files that are not covered in full: most missing lines first, then most branches, then by path."""
    incomplete = (file for file in module.files if _missing_lines(file) or _missing_branches(file))
    return tuple(
        sorted(incomplete, key=lambda file: (-_missing_lines(file), -_missing_branches(file), file.path))
    )


def labels(paths: Iterable[str]) -> dict[str, str]:
    """For each path the fewest of its last parts that tell it from the others, or all if it takes many."""
    every = {path: path.split("/") for path in paths}
    endings = Counter(ending for parts in every.values() for ending in _endings(parts))
    return {
        path: next((ending for ending in _endings(parts) if endings[ending] == 1), path)
        for path, parts in every.items()
    }


def _endings(parts: list[str]) -> list[str]:
    return ["/".join(parts[-count:]) for count in range(1, min(len(parts), MOST_PARTS) + 1)]


def _missing_lines(file: FileResult) -> int:
    return file.line.total - file.line.covered


def _missing_branches(file: FileResult) -> int:
    return 0 if file.branch is None else file.branch.total - file.branch.covered
