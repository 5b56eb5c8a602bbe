"""What an index.json beside an artifact recorded of it: evidence that another job gathered, handed over.

Shards upload their evidence folders, and the job that merges them downloads these. Each index says of which
commit the files are, and how they looked.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from gate.errors import StaleArtifact, UnreadableArtifact
from gate.evidence.files import Written
from gate.evidence.freshness import SHORT_SHA, Head
from gate.evidence.globs import real
from gate.evidence.index import Artifact, Index, Status
from gate.evidence.journal import INDEX, decoded
from gate.text import one_line, quoted

MOST_ABOVE = 6
"""So many folders up an evidence folder may begin."""


class Record(msgspec.Struct, frozen=True):
    """The index of the evidence folder that a file lies in, and what it lists of it; None: it does not."""

    index: Index
    entry: Artifact | None


class Records:
    """The indexes above artifacts, each read once."""

    def __init__(self) -> None:
        self._indexes: dict[Path, Index | None] = {}

    def of(self, path: Path, around: Path) -> Record | None:
        """What the nearest index above a file, below the folder `around`, says of it; None without one."""
        path, around = real(path), real(around)
        for folder in list(path.parents)[:MOST_ABOVE]:
            if not folder.is_relative_to(around):
                return None
            if folder not in self._indexes:
                self._indexes[folder] = decoded(folder / INDEX, Index)
            index = self._indexes[folder]
            if index is not None:
                name = path.relative_to(folder).as_posix()
                return Record(index, next((one for one in index.artifacts if one.path == name), None))
        return None


def hold(record: Record, head: Head | None, written: Written) -> None:
    """Hold a copied file against its record. Raises StaleArtifact or UnreadableArtifact."""
    index, entry = record.index, record.entry
    run = f"the evidence of run {quoted(index.run_id)}"
    if head is not None and index.commit is not None and index.commit != head.commit:
        raise StaleArtifact(
            f"is of commit {one_line(index.commit[:SHORT_SHA])} by the index of {run}, and "
            f"{head.commit[:SHORT_SHA]} is checked out: run the tests on this commit"
        )
    if entry is None:
        raise UnreadableArtifact(f"lies in {run}, whose index does not list it: it was put there afterwards")
    if entry.status is Status.STALE:
        raise StaleArtifact(f"was stale already in {run}: {one_line(entry.note or '')}")
    if entry.sha256 != written.sha256:
        raise UnreadableArtifact(
            f"is not what the index of {run} lists: its SHA-256 is {written.sha256[:SHORT_SHA]}… and not "
            f"{one_line((entry.sha256 or 'none')[:SHORT_SHA])}…; it was changed or exchanged afterwards"
        )
