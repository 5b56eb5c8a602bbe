"""From a configured path or glob to the files that it names.

Nothing here opens a file: a fifo would block, and a link that leaves the workspace would be followed.
"""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path

import msgspec


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
    source = (
        plain.relative_to(place.workspace).as_posix() if plain.is_relative_to(place.workspace) else str(plain)
    )
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError):
        return Located(pattern, path, source, "is a link that leads nowhere")
    if not Path(pattern).is_absolute() and not real.is_relative_to(place.workspace.resolve()):
        return Located(
            pattern, path, source, "leads out of the workspace; give an absolute path if it is meant"
        )
    if stat.S_ISDIR(mode):
        named = path == place.workspace / pattern
        return Located(pattern, path, source, "is a folder; name the files in it") if named else None
    if not stat.S_ISREG(mode):
        return Located(pattern, path, source, "is not a regular file")
    return Located(pattern, path, source)
