"""From a configured path or glob to the files that it names.

Nothing here opens a file: a fifo would block, and a link that leaves the workspace would be followed.
"""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path

import msgspec

from gate.text import as_utf8


class Located(msgspec.Struct, frozen=True):
    """A file that a pattern found. `problem` says why it must not be read, continuing "the file …"."""

    pattern: str
    path: Path
    source: str
    problem: str | None = None


class Place(msgspec.Struct, frozen=True):
    """Where patterns are looked up. All are absolute."""

    workspace: Path
    artifacts_dir: Path
    run_folder: Path


def locate(pattern: str, place: Place) -> tuple[Located, ...]:
    """The regular files that a path or glob names, in the order of their names; none is no error here.

    Evidence folders of other runs are never looked into: what an earlier run left proves nothing.
    """
    found = [_checked(pattern, path, place) for path in _expand(pattern, place)]
    return tuple(one for one in found if one is not None)


def _expand(pattern: str, place: Place) -> list[Path]:
    literal = place.workspace / pattern
    if os.path.lexists(literal):
        return [literal]
    try:
        # Not Path.glob: it knows no absolute patterns.
        names = glob.glob(pattern, root_dir=place.workspace, recursive=True)  # noqa: PTH207
    except (ValueError, OSError):
        return []
    return [place.workspace / name for name in sorted(names)]


def _checked(pattern: str, path: Path, place: Place) -> Located | None:
    plain = Path(os.path.normpath(path))
    if plain.is_relative_to(place.artifacts_dir) and not plain.is_relative_to(place.run_folder):
        return None
    if path.is_dir() and path != place.workspace / pattern:
        return None  # a glob matches folders too, but nobody named this one
    name = (
        plain.relative_to(place.workspace).as_posix() if plain.is_relative_to(place.workspace) else str(plain)
    )
    problem = "has a name that is not UTF-8; rename it" if as_utf8(name) != name else None
    return Located(pattern, path, as_utf8(name), problem or _problem(pattern, path, place))


def _problem(pattern: str, path: Path, place: Place) -> str | None:
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError):
        return "is a link that leads nowhere"
    if not Path(pattern).is_absolute() and not real.is_relative_to(place.workspace.resolve()):
        return "leads out of the workspace; give an absolute path if it is meant"
    if stat.S_ISDIR(mode):
        return "is a folder; name the files in it"
    return None if stat.S_ISREG(mode) else "is not a regular file"
