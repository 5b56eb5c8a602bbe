"""Paths and globs in a workspace: `*`, `?`, `[…]` within a name, `**` for any folders.

The standard library's glob follows links below `**`, and never comes back from a few that lead in a circle.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

_WILD = re.compile(r"[*?\[]")
_ANY_FOLDERS = "**"


def expand(pattern: str, workspace: Path) -> list[Path]:
    """What a path or glob names, sorted, each once; a name that exists as it is written is that file.

    `*` and `**` pass over names that begin with a dot. Links are found, and not entered below `**`.
    """
    if not pattern or "\0" in pattern:
        return []
    anchored = normal(workspace / pattern)
    if os.path.lexists(anchored):
        return [anchored]
    segments: list[str] = []
    for segment in anchored.parts[1:]:
        if segment != _ANY_FOLDERS or segments[-1:] != [_ANY_FOLDERS]:
            segments.append(segment)
    if segments[-1:] == [_ANY_FOLDERS]:
        segments.append("*")
    return sorted(_Walk(tuple(segments)).from_folder(Path(anchored.anchor), 0))


def normal(path: Path) -> Path:
    """A path without `.` and `..`, as text says it."""
    return Path(os.path.normpath(path))


def real(path: Path) -> Path:
    """Where a path leads through all links; as it is, where these lead in a circle."""
    return Path(os.path.realpath(path))


class _Walk:
    """One pattern's way through the folders, each visited once for each part of the pattern."""

    def __init__(self, segments: tuple[str, ...]) -> None:
        self._segments = segments
        self._visited: set[tuple[Path, int]] = set()

    def from_folder(self, folder: Path, at: int) -> Iterator[Path]:
        if (folder, at) in self._visited:
            return
        self._visited.add((folder, at))
        segment = self._segments[at]
        if segment == _ANY_FOLDERS:
            yield from self.from_folder(folder, at + 1)
            for entry in _entries(folder):
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    yield from self.from_folder(folder / entry.name, at)
        elif _WILD.search(segment):
            for entry in _entries(folder):
                if fnmatchcase(entry.name, segment) and (segment[0] == "." or entry.name[0] != "."):
                    yield from self._found(folder / entry.name, at)
        elif os.path.lexists(folder / segment):
            yield from self._found(folder / segment, at)

    def _found(self, path: Path, at: int) -> Iterator[Path]:
        if at == len(self._segments) - 1:
            yield path
        elif path.is_dir():
            yield from self.from_folder(path, at + 1)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
