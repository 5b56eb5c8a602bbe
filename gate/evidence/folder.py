"""The evidence folder of one run: what is kept, where, and the index that is written last."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from gate.errors import UsageError
from gate.evidence.copies import Copies
from gate.evidence.expected import Want
from gate.evidence.files import (
    TEMPORARY,
    Owner,
    copy_atomically,
    describe,
    make_folders,
    write_atomically,
)
from gate.evidence.freshness import Freshness
from gate.evidence.globs import real
from gate.evidence.index import Artifact, Index, Kind, Status
from gate.evidence.journal import INDEX, JOURNAL, Journal, files_of, read_journal, write_journal
from gate.evidence.locate import Located, Place
from gate.evidence.recorded import Records
from gate.evidence.take import Taking
from gate.text import as_utf8

VERDICT = "verdict.json"
SUMMARY = "summary.md"
RESULTS = "results.json"
LATEST = "latest"

_FOLDER_KINDS = {"coverage": Kind.COVERAGE, "junit": Kind.JUNIT, "logs": Kind.LOG, "traces": Kind.TRACE}


class EvidenceFolder:
    """`<artifacts-dir>/<run-id>/`, with each file listed that it is to hold."""

    def __init__(self, place: Place, run_id: str, freshness: Freshness) -> None:
        self.place = place
        self.path = place.run_folder
        self.run_id = run_id
        self.owner = Owner.of(place.workspace)
        self._kept: list[Artifact] = []
        self._copies = Copies(self.owner)
        self._records = Records()
        self._freshness = freshness
        self._journal = Journal()
        self._remarks: dict[str, str] = {}

    def open(self) -> None:
        """Create the folder, and remove what an earlier check under this run id made.

        What a suite itself left in the folder stays: it is evidence, not a copy. From here until `close` the
        folder has no index, which says that it is unfinished.
        """
        workspace = self.place.workspace
        kinds = (self.path / kind for kind in _FOLDER_KINDS)
        for folder in (self.place.artifacts_dir, self.path, self.place.artifacts_dir / LATEST, *kinds):
            if folder.is_relative_to(workspace) and not folder.resolve().is_relative_to(workspace.resolve()):
                raise UsageError(f"evidence folder {folder} is a link that leaves the workspace")
        try:
            make_folders(self.path, self.owner)
        except OSError as error:
            raise UsageError(f"evidence folder {self.path} cannot be created: {error.strerror}") from error
        earlier = read_journal(self.path, workspace)
        write_journal(self.path, earlier, self.owner)
        for name in (INDEX, VERDICT, SUMMARY):
            (self.path / name).unlink(missing_ok=True)
        temporary = (path for path in self.path.rglob(TEMPORARY) if path.name != JOURNAL)
        for path in (*files_of(self.path, earlier.copies), *temporary):
            path.unlink(missing_ok=True)
        self._journal = msgspec.structs.replace(earlier, copies=frozenset[str]())

    def collect(self, kind: Kind, wants: Iterable[Want]) -> tuple[Artifact, ...]:
        """Copy what is wanted into the folder; one artifact per file, or per want without one."""
        found: dict[Path, Located] = {}
        missing: list[Artifact] = []
        for want in wants:
            for one in want.located:
                # By the file itself: read twice under two names, a report's tests would count twice.
                found.setdefault(real(one.path), one)
            if not want.located:
                note = want.why_missing
                missing.append(Artifact(name=want.name, kind=kind, status=Status.MISSING, note=note))
        names = self._names(kind, [one for one in found.values() if one.problem is None])
        copies = {name for path, name in names.items() if self.path / name != path}
        self._journal = msgspec.structs.replace(self._journal, copies=self._journal.copies | copies)
        write_journal(self.path, self._journal, self.owner)
        taking = Taking(self.place, self._copies, self._records, self._freshness, self._journal)
        collected = [
            *(taking.take(kind, one, names.get(one.path)) for one in found.values()),
            *missing,
        ]
        self._kept.extend(collected)
        return tuple(collected)

    def add(self, artifacts: Iterable[Artifact]) -> None:
        """List artifacts of which there is no file."""
        self._kept.extend(artifacts)

    def replace(self, artifacts: Iterable[Artifact]) -> None:
        """Record what reading the collected artifacts showed."""
        renewed = {artifact.path: artifact for artifact in artifacts if artifact.path}
        self._kept = [renewed.get(artifact.path or "", artifact) for artifact in self._kept]

    def verified(self, artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
        """The artifacts, those unreadable of which the copy is not what was copied."""
        damaged = self._copies.damaged()
        return tuple(
            msgspec.structs.replace(
                artifact, status=Status.UNREADABLE, note=damaged[self.path / artifact.path]
            )
            if artifact.path and self.path / artifact.path in damaged
            else artifact
            for artifact in artifacts
        )

    def unlisted(self, listed: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
        """What the index will list besides: a suite's own files, here by name alone."""
        known = {artifact.path for artifact in listed} | {INDEX, JOURNAL, VERDICT, SUMMARY}
        return tuple(self._named(name) for name in _file_names(self.path) if name not in known)

    def write(self, name: str, kind: Kind, content: bytes) -> None:
        """Write one of our own files."""
        written = write_atomically(self.path / name, content, self.owner)
        self._kept.append(
            Artifact(name=name, kind=kind, path=name, bytes=written.bytes, sha256=written.sha256)
        )

    def annotate(self, remarks: Mapping[str, str]) -> None:
        """Say something of files in the folder that nobody looks for, by path."""
        self._remarks |= remarks

    def close(self, created: str, commit: str | None) -> None:
        """Write the index, which lists every other file, and repeat the result in `latest/`."""
        listed = {artifact.path for artifact in self._kept}
        for name in _file_names(self.path):
            if name not in listed and name not in (INDEX, JOURNAL):
                self._kept.append(self._stray(name))
        index = Index(
            run_id=self.run_id,
            created=created,
            commit=commit,
            artifacts=tuple(self._kept),
            missing_count=sum(artifact.status is Status.MISSING for artifact in self._kept),
        )
        encoded = msgspec.json.format(msgspec.json.encode(index), indent=2) + b"\n"
        write_atomically(self.path / INDEX, encoded, self.owner)
        (self.path / JOURNAL).unlink(missing_ok=True)
        for name in (VERDICT, SUMMARY, INDEX):
            copy_atomically(self.path / name, self.place.artifacts_dir / LATEST / name, self.owner)

    def _names(self, kind: Kind, found: list[Located]) -> dict[Path, str]:
        """A place in the folder for each file: its own if it lies there, or the one laid down for it, else
        below its kind's folder, with as much of its path as tells the files apart."""
        inside = {
            one.path: one.path.relative_to(self.path).as_posix() for one in found if self._holds(one.path)
        }
        outside = [one for one in found if one.path not in inside]
        taken = {*inside.values(), *_file_names(self.path)}
        free = [one.path for one in outside if one.kept_as is None]
        common = Path(os.path.commonpath([path.parent for path in free])) if free else Path()
        for one in outside:
            name = PurePosixPath(
                PurePosixPath(kind.value, one.path.relative_to(common))
                if one.kept_as is None
                else one.kept_as
            )
            while str(name) in taken:
                name = name.with_name(f"{name.stem}+{name.suffix}")
            taken.add(str(name))
            inside[one.path] = str(name)
        return inside

    def _holds(self, path: Path) -> bool:
        return path.is_relative_to(self.path)

    def _stray(self, name: str) -> Artifact:
        artifact = self._named(name)
        if artifact.path is None:
            return artifact
        written = describe(self.path / artifact.path)
        return msgspec.structs.replace(artifact, bytes=written.bytes, sha256=written.sha256)

    def _named(self, name: str) -> Artifact:
        path = self.path / name
        kind = _FOLDER_KINDS.get(name.partition("/")[0], Kind.OTHER)
        if path.is_symlink() or not path.is_file() or as_utf8(name) != name:
            note = "is not a regular file, or its name is not UTF-8"
            return Artifact(name=as_utf8(name), kind=kind, status=Status.UNREADABLE, note=note)
        return Artifact(name=name, kind=kind, path=name, note=self._remarks.get(name))


def _file_names(folder: Path) -> list[str]:
    """What lies in the folder and is no folder itself: a link to one is listed, and not entered."""
    return sorted(
        Path(parent, name).relative_to(folder).as_posix()
        for parent, folders, names in os.walk(folder)
        for name in (*names, *(one for one in folders if Path(parent, one).is_symlink()))
    )
