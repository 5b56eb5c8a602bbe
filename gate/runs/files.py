"""The files of a run against what its index lists: each a sentence where it differs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gate.evidence.files import Written, describe
from gate.evidence.index import Artifact, Status
from gate.evidence.journal import INDEX
from gate.runs.listing import Entry, Listing
from gate.text import as_utf8, counted, quoted

_LEFTOVER = re.compile(r"\..+\.[0-9a-f]{12}\.gate-tmp", re.DOTALL)
"""How `gate.evidence.files` names a file that it has not finished."""


class FileCheck:
    """One run's files, each hashed once however often it is listed.

    `files` and `bytes` count those that were found as listed.
    """

    def __init__(self, folder: Path, found: Listing) -> None:
        self._folder = folder
        self._found = found
        self._hashed: dict[str, Written | str] = {}
        self.files = 0
        self.bytes = 0

    def listed(self, artifacts: tuple[Artifact, ...]) -> Iterator[str]:
        """What is wrong with the files that the index lists."""
        for artifact in artifacts:
            problem = self._difference(artifact)
            if problem is not None:
                yield f"{quoted(artifact.path or artifact.name)} {problem}"

    def unlisted(self, artifacts: tuple[Artifact, ...]) -> Iterator[str]:
        """What lies in the folder and is not in the index."""
        listed = {artifact.path for artifact in artifacts if artifact.path is not None}
        # A check lists a link, a socket or a name that is not UTF-8 by its name alone: it has no hash.
        named = {one.name for one in artifacts if one.path is None and one.status is Status.UNREADABLE}
        for name, entry in sorted(self._found.entries.items()):
            shown = as_utf8(name)
            without_hash = shown in named and (entry.oddity is not None or shown != name)
            if name == INDEX or name in listed or without_hash or is_leftover(name, entry):
                continue
            what = f", and {entry.oddity}" if entry.oddity else ""
            yield f"{quoted(shown)} is not listed in index.json{what}: it was added after the check"

    def unread(self) -> Iterator[str]:
        """Folders that could not be looked into."""
        for name, why in sorted(self._found.unread.items()):
            yield f"folder {quoted(as_utf8(name) or '.')} cannot be looked into: {why}"

    def _difference(self, artifact: Artifact) -> str | None:
        facts = (artifact.path, artifact.bytes, artifact.sha256)
        if all(fact is None for fact in facts):
            if artifact.status in (Status.PRESENT, Status.EMPTY):
                return f"is listed as {artifact.status.value}, without a file"
            return None
        if artifact.path is None or artifact.bytes is None or artifact.sha256 is None:
            return "is listed without all of its path, size and hash"
        return self._not_in_folder(artifact.path) or self._changed(
            artifact.path, artifact.bytes, artifact.sha256
        )

    def _not_in_folder(self, path: str) -> str | None:
        """Why a listed path is none that a check writes, or has no file that may be opened."""
        parts = path.split("/")
        if path.startswith("/") or {"", ".", ".."} & set(parts) or "\0" in path:
            return "leads out of the folder, or is no plain path"
        if path == INDEX:
            return "is listed in itself"
        for depth in range(1, len(parts)):
            above = "/".join(parts[:depth])
            if (entry := self._found.entries.get(above)) is not None:
                return f"cannot be there: {quoted(above)} {entry.oddity or 'is no folder'}"
        entry = self._found.entries.get(path)
        if entry is None:
            return "is missing"
        return None if entry.oddity is None else f"{entry.oddity}, where the index lists a file"

    def _changed(self, path: str, size: int, sha256: str) -> str | None:
        entry = self._found.entries[path]
        if entry.bytes != size:
            return f"has changed: it holds {entry.bytes} bytes, the index says {size}"
        written = self._written(path)
        if isinstance(written, str):
            return written
        if (written.bytes, written.sha256) != (size, sha256):
            return f"has changed: its SHA-256 is {written.sha256}, the index says {quoted(sha256)}"
        return None

    def _written(self, path: str) -> Written | str:
        if path not in self._hashed:
            try:
                self._hashed[path] = written = describe(self._folder / path)
                self.files += 1
                self.bytes += written.bytes
            except OSError as error:
                self._hashed[path] = f"cannot be read: {error.strerror}"
        return self._hashed[path]


def is_leftover(name: str, entry: Entry) -> bool:
    """Whether this is our own temporary file, which a kill leaves."""
    return entry.oddity is None and _LEFTOVER.fullmatch(name.rpartition("/")[2]) is not None


def leftovers(found: Listing) -> tuple[str, ...]:
    """A sentence about such files, if there are any."""
    names = [name for name, one in found.entries.items() if is_leftover(name, one)]
    if not names:
        return ()
    return (
        f"{counted(len(names), 'temporary file')} of a process that was stopped, such as "
        f"{quoted(as_utf8(min(names)))}: no part of the run, and safe to remove",
    )
