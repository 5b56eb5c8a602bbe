"""Removing what an earlier run, or an earlier attempt, left: it proves nothing of this one.

Nothing but this run's own folders is removed, and no link is followed on the way there: a pull request may
lay one, and a container writes below its mount with whatever rights its user has.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from gate.errors import UsageError
from gate.evidence.globs import real
from gate.evidence.locate import Place
from gate.text import quoted

HoldsSources = Callable[[Path], bool]
"""Whether files of the repository lie in a folder."""


def clear(place: Place, holds_sources: HoldsSources) -> None:
    """Remove this run's folder, here and below each mount. All are looked at before one is touched.

    Raises UsageError where a folder is not to be removed, or cannot be.
    """
    folders = [folder for base, folder in _bases(place) if _is_to_go(base, folder, place, holds_sources)]
    for folder in folders:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise UsageError(_unremovable(folder, error)) from error


def forget(path: str, mount: str | None, place: Place) -> str | None:
    """Remove an artifact of this run that a failed attempt left; a sentence where that cannot be done."""
    for base in (place.run_folder, place.under(mount)):
        if base is None or not os.path.lexists(base / path):
            continue
        left = base / path
        if real(left.parent) != real(base) / left.relative_to(base).parent:
            return f"What its attempt left at {quoted(str(left))} lies behind a link, and was not removed"
        try:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        except OSError as error:
            return (
                f"What its attempt left at {quoted(str(left))} cannot be removed: {error.strerror or error}"
            )
    return None


def _bases(place: Place) -> Iterator[tuple[Path, Path]]:
    """The run's folder, here and below each mount, each with the folder below which no link may lie."""
    yield place.workspace, place.run_folder
    for mount in place.mounts:
        folder = place.under(mount)
        if folder is not None:
            yield place.workspace / mount, folder


def _is_to_go(base: Path, folder: Path, place: Place, holds_sources: HoldsSources) -> bool:
    # Also where there is nothing yet: the folder is made, and below a mount opened to all.
    if folder.is_symlink() or not _lies_in(folder, base, place):
        raise UsageError(
            f"evidence folder {quoted(str(folder))} is a link, or lies behind one, and nothing is removed or "
            "made through links: remove the link, or set another artifacts-dir"
        )
    if not os.path.lexists(folder):
        return False
    if not folder.is_dir():
        raise UsageError(f"evidence folder {quoted(str(folder))} is a file: remove it, or name the run anew")
    if holds_sources(folder):
        raise UsageError(
            f"{quoted(str(folder))} holds files of the repository, and a run's folder is replaced: set "
            "another artifacts-dir, or name the run anew"
        )
    return True


def _lies_in(folder: Path, base: Path, place: Place) -> bool:
    """Whether a folder lies where its name says; of one that somebody keeps elsewhere, that is his affair."""
    if not folder.is_relative_to(place.workspace):
        return True
    return real(base).is_relative_to(real(place.workspace)) and real(folder) == real(
        base
    ) / folder.relative_to(base)


def _unremovable(folder: Path, error: OSError) -> str:
    return (
        f"what an earlier run left in {quoted(str(folder))} cannot be removed: {error.strerror or error}. A "
        "container that runs as root leaves files of root: remove the folder as root, have the container run "
        "as your user, or name the run anew"
    )
