"""From a configured path or glob, or from what a suite leaves, to the files that it names.

Nothing here opens a file: a fifo would block, and a link that leaves the workspace would be followed.
"""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gate.evidence.globs import expand, normal, real
from gate.text import as_utf8, quoted

SYSTEM_FOLDERS = ("/proc", "/sys", "/dev")
"""What lies here may be a regular file, as our own environment with its token is, and is no report."""

MOST_FILES = 10_000
"""Of one folder that a suite leaves."""


class Located(msgspec.Struct, frozen=True):
    """A file that a pattern found.

    `modified` and `bytes` are those of the file, None and 0 where it must not be looked at; `problem` says
    why it must not be read, continuing "the file …". `kept_as` is its path in the evidence folder, where
    that is laid down.
    """

    pattern: str
    path: Path
    source: str
    problem: str | None = None
    modified: datetime | None = None
    bytes: int = 0
    kept_as: str | None = None


class Place(msgspec.Struct, frozen=True):
    """Where patterns are looked up. All paths are absolute.

    `mounts` are folders of the repository that a container sees as its whole tree: what it writes to the
    evidence folder appears below them.
    """

    workspace: Path
    artifacts_dir: Path
    run_folder: Path
    mounts: tuple[str, ...] = ()

    def under(self, mount: str | None) -> Path | None:
        """The evidence folder as a container with a mount writes to it; None where it does not see it."""
        if mount is None or not self.run_folder.is_relative_to(self.workspace):
            return None
        return normal(self.workspace / mount / self.run_folder.relative_to(self.workspace))

    @property
    def run_folders(self) -> tuple[Path, ...]:
        """This run's evidence folder, and how it appears below each mount."""
        mounted = (self.under(mount) for mount in self.mounts)
        return (self.run_folder, *(folder for folder in mounted if folder is not None))

    def is_other_runs(self, target: Path) -> bool:
        """Whether a file lies in the evidence folder of another run, here or below a mount."""
        return any(
            target.is_relative_to(real(folder.parent)) and not target.is_relative_to(real(folder))
            for folder in self.run_folders
        )


def locate(pattern: str, place: Place) -> tuple[Located, ...]:
    """The regular files that a path or glob names, in the order of their names; none is no error here.

    Evidence folders of other runs are never looked into, by whatever way a path leads there: what an
    earlier run left proves nothing. Paths are normalised as text, so that `a/../b` is `b`.
    """
    found = [_checked(pattern, path, place) for path in expand(pattern, place.workspace)]
    return tuple(one for one in found if one is not None)


def locate_left(name: str, mount: str | None, place: Place) -> tuple[Located, ...]:
    """What a suite left at a path of the evidence folder, where its container wrote it or in the folder.

    A folder stands for all files in it. Links in it are not followed.
    """
    for folder in (place.under(mount), place.run_folder):
        if folder is None or not os.path.lexists(folder / name):
            continue
        path = folder / name
        if path.is_dir() and real(path).is_relative_to(real(place.workspace)):
            files = _files_below(path)
            if not files:
                return (_empty_folder(name, path, place),)
            return tuple(
                _left(name, file, f"{name}/{file.relative_to(path).as_posix()}", place) for file in files
            )
        return (_left(name, path, name, place),)
    return ()


def _left(name: str, path: Path, kept_as: str, place: Place) -> Located:
    return msgspec.structs.replace(_located(name, path, place, anchored=True), kept_as=as_utf8(kept_as))


def _empty_folder(name: str, path: Path, place: Place) -> Located:
    return Located(as_utf8(name), path, _source(path, place), "is a folder without any file")


def _files_below(folder: Path) -> list[Path]:
    """All that is no folder, links included."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders)
        links = [name for name in folders if Path(parent, name).is_symlink()]
        found.extend(Path(parent, name) for name in sorted((*names, *links)))
        if len(found) > MOST_FILES:
            break
    return found[: MOST_FILES + 1]


def _checked(pattern: str, path: Path, place: Place) -> Located | None:
    if place.is_other_runs(real(path)):
        return None
    if path.is_dir() and path != normal(place.workspace / pattern):
        return None  # a glob matches folders too, but nobody named this one
    return _located(pattern, path, place, anchored=not Path(pattern).is_absolute())


def _located(pattern: str, path: Path, place: Place, *, anchored: bool) -> Located:
    source = _source(path, place)
    located = Located(as_utf8(pattern), path, as_utf8(source))
    if located.source != source:
        return msgspec.structs.replace(located, problem="has a name that is not UTF-8; rename it")
    try:
        target = real(path)
        status = target.stat()
    except OSError:
        return msgspec.structs.replace(located, problem="is a link that leads nowhere")
    return msgspec.structs.replace(
        located,
        problem=_problem(target, status.st_mode, place, anchored=anchored),
        modified=datetime.fromtimestamp(status.st_mtime, UTC),
        bytes=status.st_size,
    )


def _source(path: Path, place: Place) -> str:
    return path.relative_to(place.workspace).as_posix() if path.is_relative_to(place.workspace) else str(path)


def _problem(target: Path, mode: int, place: Place, *, anchored: bool) -> str | None:
    if anchored and not target.is_relative_to(real(place.workspace)):
        return "leads out of the workspace; give an absolute path if it is meant"
    if any(target.is_relative_to(folder) for folder in SYSTEM_FOLDERS):
        return "belongs to the operating system"
    if stat.S_ISDIR(mode):
        return "is a folder; name the files in it"
    return None if stat.S_ISREG(mode) else "is not a regular file"


def looked_for(name: str, mount: str | None, place: Place) -> str:
    """Where `locate_left` looks, for a sentence."""
    folders = (place.under(mount), place.run_folder)
    return " nor at ".join(quoted(_source(folder / name, place)) for folder in folders if folder is not None)
