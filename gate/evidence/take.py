"""Taking one file into the evidence folder: copied, hashed, and held against what is known of it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gate.errors import StaleArtifact, UnreadableArtifact
from gate.evidence.copies import Copies
from gate.evidence.files import Written, describe
from gate.evidence.freshness import Freshness
from gate.evidence.index import Artifact, Kind, Status
from gate.evidence.journal import Journal
from gate.evidence.locate import Located, Place
from gate.evidence.recorded import Records, hold

MOST_BYTES = {Kind.COVERAGE: 2 << 30, Kind.JUNIT: 256 << 20}
"""More is no report; a test report is held in memory."""
MOST_OTHER = 2 << 30


class Taking:
    """How files of one run are taken."""

    def __init__(
        self, place: Place, copies: Copies, records: Records, freshness: Freshness, earlier: Journal
    ) -> None:
        self._place = place
        self._copies = copies
        self._records = records
        self._freshness = freshness
        self._earlier = earlier

    def take(self, kind: Kind, located: Located, name: str | None) -> Artifact:
        """Take a file by a name in the folder; the artifact says what is wrong with it, if anything."""
        artifact = Artifact(name=located.pattern, kind=kind, source=located.source)
        problem = located.problem or _too_large(kind, located)
        if problem is not None or name is None:
            return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=problem)
        path = self._place.run_folder / name
        try:
            written = describe(path) if path == located.path else self._copies.make(located.path, path)
        except OSError as error:
            note = f"cannot be read: {error.strerror or error}"
            return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=note)
        artifact = msgspec.structs.replace(artifact, path=name, bytes=written.bytes, sha256=written.sha256)
        if not written.bytes:
            return msgspec.structs.replace(artifact, status=Status.EMPTY, note="is empty")
        try:
            self._hold(located, written)
        except StaleArtifact as error:
            return msgspec.structs.replace(artifact, status=Status.STALE, note=str(error))
        except UnreadableArtifact as error:
            return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=str(error))
        return artifact

    def _hold(self, located: Located, written: Written) -> None:
        """Hold a file against what is known of it besides its content. Raises UnreadableArtifact."""
        place, source = self._place, located.source
        record = self._records.of(located.path, Path("/") if source.startswith("/") else place.workspace)
        if record is not None:
            hold(record, self._freshness.head, written)
        self._freshness.hold_file(source, located.modified)
        in_a_run_folder = any(located.path.is_relative_to(folder) for folder in place.run_folders)
        if in_a_run_folder and self._earlier.has_judged(source, written.sha256, located.modified):
            self._freshness.hold_judged(source, self._earlier.judged_time)


def _too_large(kind: Kind, located: Located) -> str | None:
    most = MOST_BYTES.get(kind, MOST_OTHER)
    if located.bytes <= most:
        return None
    return f"is {located.bytes >> 20} MiB large, and {most >> 20} MiB are the most that is read: split it"
