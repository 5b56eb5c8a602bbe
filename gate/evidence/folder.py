"""The evidence folder of one run: what is kept, where, and the index that is written last."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from gate.errors import UsageError
from gate.evidence.files import TEMPORARY, Owner, copy_atomically, describe, make_folders, write_atomically
from gate.evidence.globs import expand, real
from gate.evidence.index import Artifact, Index, Kind, Status
from gate.evidence.locate import Located, Place, locate
from gate.text import as_utf8

INDEX = "index.json"
VERDICT = "verdict.json"
SUMMARY = "summary.md"
LATEST = "latest"
JOURNAL = ".copies.gate-tmp"
"""The names of our copies, until the index has them: a killed check's copies are no suite's evidence."""

Document = TypeVar("Document")

_FOLDER_KINDS = {"coverage": Kind.COVERAGE, "junit": Kind.JUNIT, "logs": Kind.LOG, "traces": Kind.TRACE}


class EvidenceFolder:
    """`<artifacts-dir>/<run-id>/`, with each file listed that it is to hold."""

    def __init__(self, place: Place, run_id: str) -> None:
        self.place = place
        self.path = place.run_folder
        self.run_id = run_id
        self.owner = Owner.of(place.workspace)
        self._kept: list[Artifact] = []
        self._copies: set[str] = set()

    def open(self) -> None:
        """Create the folder, and remove the copies that an earlier check under this run id made.

        What a suite itself left in the folder stays: it is evidence, not a copy.
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
        noted = (*_noted_copies(self.path), *_indexed_copies(self.path, workspace))
        for path in (*noted, *self.path.rglob(TEMPORARY)):
            path.unlink(missing_ok=True)

    def collect(self, kind: Kind, patterns: tuple[str, ...]) -> tuple[Artifact, ...]:
        """Copy what the patterns name into the folder; one artifact per file, or per pattern without one."""
        found: dict[Path, Located] = {}
        missing: list[Artifact] = []
        for pattern in patterns:
            located = locate(pattern, self.place)
            for one in located:
                # By the file itself: read twice under two names, a report's tests would count twice.
                found.setdefault(real(one.path), one)
            if not located:
                note = self._why_missing(pattern)
                missing.append(Artifact(name=as_utf8(pattern), kind=kind, status=Status.MISSING, note=note))
        names = self._names(kind, [one.path for one in found.values() if one.problem is None])
        self._note_copies(names)
        collected = [*(self._take(kind, one, names) for one in found.values()), *missing]
        self._kept.extend(collected)
        return tuple(collected)

    def replace(self, artifacts: tuple[Artifact, ...]) -> None:
        """Record what reading the collected artifacts showed."""
        renewed = {artifact.path: artifact for artifact in artifacts if artifact.path}
        self._kept = [renewed.get(artifact.path or "", artifact) for artifact in self._kept]

    def write(self, name: str, kind: Kind, content: bytes) -> None:
        """Write one of our own files."""
        written = write_atomically(self.path / name, content, self.owner)
        self._kept.append(
            Artifact(name=name, kind=kind, path=name, bytes=written.bytes, sha256=written.sha256)
        )

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

    def _note_copies(self, names: dict[Path, str]) -> None:
        self._copies |= {name for path, name in names.items() if self.path / name != path}
        write_atomically(self.path / JOURNAL, msgspec.json.encode(sorted(self._copies)), self.owner)

    def _take(self, kind: Kind, located: Located, names: dict[Path, str]) -> Artifact:
        artifact = Artifact(name=located.pattern, kind=kind, source=located.source)
        if located.problem is not None:
            return msgspec.structs.replace(artifact, status=Status.UNREADABLE, note=located.problem)
        name = names[located.path]
        try:
            if self.path / name == located.path:
                written = describe(located.path)
            else:
                written = copy_atomically(located.path, self.path / name, self.owner)
        except OSError as error:
            return msgspec.structs.replace(
                artifact, status=Status.UNREADABLE, note=f"cannot be read: {error.strerror}"
            )
        return msgspec.structs.replace(
            artifact,
            path=name,
            bytes=written.bytes,
            sha256=written.sha256,
            status=Status.PRESENT if written.bytes else Status.EMPTY,
            note=None if written.bytes else "is empty",
        )

    def _names(self, kind: Kind, paths: list[Path]) -> dict[Path, str]:
        """A place in the folder for each file: its own if it lies there, else below its kind's folder,
        with as much of its path as tells the files apart."""
        inside = {path: path.relative_to(self.path).as_posix() for path in paths if self._holds(path)}
        outside = [path for path in paths if path not in inside]
        taken = {*inside.values(), *_file_names(self.path)}
        common = Path(os.path.commonpath([path.parent for path in outside])) if outside else Path()
        for path in outside:
            name = PurePosixPath(kind.value, path.relative_to(common).as_posix())
            while str(name) in taken:
                name = name.with_name(f"{name.stem}+{name.suffix}")
            taken.add(str(name))
            inside[path] = str(name)
        return inside

    def _holds(self, path: Path) -> bool:
        return path.is_relative_to(self.path)

    def _why_missing(self, pattern: str) -> str:
        if expand(pattern, self.place.workspace):
            return "only files in evidence folders of other runs are there, which prove nothing of this one"
        if Path(pattern).is_absolute() and not Path(pattern).is_relative_to(self.place.workspace):
            return (
                f"nothing is there; the workspace is {self.place.workspace} here, so a path relative to it "
                "is safer than an absolute one"
            )
        return "nothing is there"

    def _stray(self, name: str) -> Artifact:
        path = self.path / name
        kind = _FOLDER_KINDS.get(name.partition("/")[0], Kind.OTHER)
        if path.is_symlink() or not path.is_file() or as_utf8(name) != name:
            note = "is not a regular file, or its name is not UTF-8"
            return Artifact(name=as_utf8(name), kind=kind, status=Status.UNREADABLE, note=note)
        written = describe(path)
        return Artifact(name=name, kind=kind, path=name, bytes=written.bytes, sha256=written.sha256)


def _file_names(folder: Path) -> list[str]:
    return sorted(
        Path(parent, name).relative_to(folder).as_posix()
        for parent, _, names in os.walk(folder)
        for name in names
    )


def _noted_copies(folder: Path) -> list[Path]:
    """The copies of a check that was killed."""
    names = _decoded(folder / JOURNAL, list[str]) or []
    return [folder / name for name in names if _is_file_in(folder, name)]


def _indexed_copies(folder: Path, workspace: Path) -> list[Path]:
    """The copies of a check that finished, by its index: those whose source lies elsewhere."""
    index = _decoded(folder / INDEX, Index)
    return [
        folder / artifact.path
        for artifact in (index.artifacts if index else ())
        if artifact.path
        and artifact.source is not None
        and workspace / artifact.source != folder / artifact.path
        and _is_file_in(folder, artifact.path)
    ]


def _decoded(path: Path, kind: type[Document]) -> Document | None:
    """A JSON document of ours; None where there is none, or a damaged one."""
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError):
        return None


def _is_file_in(folder: Path, name: str) -> bool:
    path = folder / name
    return path.is_file() and real(path).is_relative_to(real(folder))
