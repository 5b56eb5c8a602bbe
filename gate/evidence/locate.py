"""From a configured path or glob to the files that it names.

Nothing here opens a file: a fifo would block, and a link that leaves the workspace would be followed.
"""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec

from gate.evidence.globs import expand, normal, real
from gate.text import as_utf8

SYSTEM_FOLDERS = ("/proc", "/sys", "/dev")
"""What lies here may be a regular file, as our own environment with its token is, and is no report."""


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

    Evidence folders of other runs are never looked into, by whatever way a path leads there: what an
    earlier run left proves nothing. Paths are normalised as text, so that `a/../b` is `b`.
    """
    found = [_checked(pattern, path, place) for path in expand(pattern, place.workspace)]
    return tuple(one for one in found if one is not None)


def _checked(pattern: str, path: Path, place: Place) -> Located | None:
    target = real(path)
    if target.is_relative_to(real(place.artifacts_dir)) and not target.is_relative_to(real(place.run_folder)):
        return None
    if path.is_dir() and path != normal(place.workspace / pattern):
        return None  # a glob matches folders too, but nobody named this one
    name = path.relative_to(place.workspace).as_posix() if path.is_relative_to(place.workspace) else str(path)
    problem = "has a name that is not UTF-8; rename it" if as_utf8(name) != name else None
    return Located(as_utf8(pattern), path, as_utf8(name), problem or _problem(pattern, path, place))


def _problem(pattern: str, path: Path, place: Place) -> str | None:
    try:
        target = real(path)
        mode = target.stat().st_mode
    except OSError:
        return "is a link that leads nowhere"
    if not Path(pattern).is_absolute() and not target.is_relative_to(real(place.workspace)):
        return "leads out of the workspace; give an absolute path if it is meant"
    if any(target.is_relative_to(folder) for folder in SYSTEM_FOLDERS):
        return "belongs to the operating system"
    if stat.S_ISDIR(mode):
        return "is a folder; name the files in it"
    return None if stat.S_ISREG(mode) else "is not a regular file"
