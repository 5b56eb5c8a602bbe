"""What a check notes in its evidence folder until the index is there, for whoever comes after a kill.

A killed check's copies are no suite's evidence; and what an earlier check under this run id has judged is
not this run's. The journal carries both on, so that nothing is forgotten however often a check is killed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.evidence.files import Owner, write_atomically
from gate.evidence.globs import real
from gate.evidence.index import Index

JOURNAL = ".copies.gate-tmp"
INDEX = "index.json"
MOST_BYTES = 64 << 20

Document = TypeVar("Document")


class Journal(msgspec.Struct, frozen=True):
    """`copies` are paths in the folder. `judged` has the SHA-256 of what was judged before, by its source;
    `judged_at` is when the check that did so was finished, in seconds since 1970."""

    copies: frozenset[str] = frozenset()
    judged: Mapping[str, str] = {}
    judged_at: float = 0.0

    @property
    def judged_time(self) -> datetime:
        """When the earlier check was finished."""
        return datetime.fromtimestamp(self.judged_at, UTC)

    def has_judged(self, source: str, sha256: str, modified: datetime | None) -> bool:
        """Whether a file is the one that an earlier check judged, not written anew since."""
        known = self.judged.get(source) == sha256
        return known and modified is not None and modified <= self.judged_time


def read_journal(folder: Path, workspace: Path) -> Journal:
    """What the check before left in a run's folder, finished or killed."""
    journal = decoded(folder / JOURNAL, Journal) or Journal()
    index = decoded(folder / INDEX, Index)
    if index is None:
        return journal
    judged_at = (folder / INDEX).stat().st_mtime
    copies = set(journal.copies)
    judged = dict(journal.judged)
    for artifact in index.artifacts:
        if artifact.path is None or artifact.source is None:
            continue
        if workspace / artifact.source != folder / artifact.path:
            copies.add(artifact.path)
        if artifact.sha256 is not None:
            judged[artifact.source] = artifact.sha256
    return Journal(frozenset(copies), judged, judged_at)


def write_journal(folder: Path, journal: Journal, owner: Owner) -> None:
    """Note it, before anything is done that it is about."""
    content = msgspec.json.encode(journal, order="deterministic")
    write_atomically(folder / JOURNAL, content, owner)


def files_of(folder: Path, names: frozenset[str]) -> list[Path]:
    """Those of the named files that are there, inside of the folder."""
    return [folder / name for name in sorted(names) if _is_file_in(folder, name)]


def decoded(path: Path, kind: type[Document]) -> Document | None:
    """A JSON document of ours; None where there is none, or a damaged one."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        return None


def _is_file_in(folder: Path, name: str) -> bool:
    path = folder / name
    try:
        return os.path.lexists(path) and path.is_file() and real(path).is_relative_to(real(folder))
    except (OSError, ValueError):  # a name that no file can have
        return False
