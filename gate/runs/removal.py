"""Removing a run so that no kill leaves half of it to be read as a whole one.

The folder first gets a hidden name, which is one step, and no run's name begins with a dot. Then its index
goes, without which nothing is read of it, and then the rest. Links in it are removed, never followed.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from gate.errors import UsageError
from gate.evidence.journal import INDEX
from gate.text import quoted

_HALF_REMOVED = re.compile(r"\.[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.[0-9a-f]{12}\.gate-tmp")


def half_removed(root: Path) -> Iterator[Path]:
    """What a removal that was stopped has left in an evidence root."""
    for folder in root.iterdir():
        if _HALF_REMOVED.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            yield folder


def remove(folder: Path) -> None:
    """Remove a run's folder. Raises UsageError with a sentence; the run is then whole, or hidden."""
    hidden = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.gate-tmp")
    try:
        folder.rename(hidden)
    except OSError as error:
        raise UsageError(f"{quoted(str(folder))} was left as it is: {_why(error)}") from error
    try:
        (hidden / INDEX).unlink(missing_ok=True)
    except OSError as error:
        with contextlib.suppress(OSError):
            hidden.rename(folder)
            raise UsageError(f"{quoted(str(folder))} was left as it is: {_why(error)}") from error
    finish(hidden)


def finish(hidden: Path) -> None:
    """Remove what `remove` has hidden. Raises UsageError with a sentence."""
    try:
        shutil.rmtree(hidden)
    except (OSError, RecursionError) as error:
        raise UsageError(
            f"{quoted(str(hidden))} is what is left of a run, since it cannot be removed: {_why(error)}"
        ) from error


def _why(error: OSError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "its folders are nested too deep; remove it by hand"
    where = f"{quoted(str(error.filename))}: " if error.filename else ""
    reason = f"{where}{error.strerror or error}"
    return f"{reason}. Is it of another owner, or in a folder that may not be written to?"
