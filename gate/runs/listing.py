"""What lies in a folder, without following a link or opening anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """Something in a folder that is no folder itself; `oddity` says what, unless it is a regular file."""

    bytes: int
    oddity: str | None = None


class Listing(msgspec.Struct, frozen=True):
    """Entries by their path in the folder, with `/`, and why folders could not be looked into."""

    entries: dict[str, Entry]
    unread: dict[str, str]


def listing(folder: Path) -> Listing:
    """List a folder and all below it."""
    entries: dict[str, Entry] = {}
    unread: dict[str, str] = {}
    below = [""]
    while below:
        prefix = below.pop()
        try:
            with os.scandir(folder / prefix) as found:
                for one in found:
                    name = prefix + one.name
                    if one.is_dir(follow_symlinks=False):
                        below.append(f"{name}/")
                    else:
                        status = one.stat(follow_symlinks=False)
                        entries[name] = Entry(status.st_size, _oddity(status.st_mode))
        except OSError as error:
            unread[prefix.rstrip("/")] = error.strerror or str(error)
    return Listing(entries, unread)


def entry(path: Path) -> Entry | None:
    """One path; None where nothing is there."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return Entry(status.st_size, "is a folder" if stat.S_ISDIR(status.st_mode) else _oddity(status.st_mode))


def _oddity(mode: int) -> str | None:
    if stat.S_ISREG(mode):
        return None
    return "is a link" if stat.S_ISLNK(mode) else "is no regular file"
