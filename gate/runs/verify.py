"""A run's folder held against its index: every file hashed again, every difference a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from gate.errors import DamagedRun, UsageError
from gate.evidence.folder import LATEST, SUMMARY, VERDICT
from gate.evidence.globs import real
from gate.evidence.index import Index, Status
from gate.evidence.journal import INDEX, JOURNAL
from gate.runs.files import FileCheck, leftovers
from gate.runs.folder import Run, read_document
from gate.runs.latest import run_of_latest
from gate.runs.listing import Listing, listing
from gate.text import ELLIPSIS, quoted
from gate.verdict import Verdict

MOST_DAMAGE = 200
"""So many differences are told one by one; the rest is counted."""

UNFINISHED = (
    "unfinished: index.json, which a check writes last, is not there or not complete. The check was stopped "
    "or is still running; run it again"
)

State = Literal["sound", "damaged", "unfinished"]


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying showed. `folder` is the run's, of `latest/` the one that it repeats.

    `run` is None where its documents cannot be read. `damage` has a sentence for each difference and is
    empty for a sound run only; `notes` are no damage. `files` and `bytes` count what was found as listed.
    """

    folder: Path
    run: Run | None
    state: State
    damage: tuple[str, ...]
    notes: tuple[str, ...] = ()
    files: int = 0
    bytes: int = 0


def damage(folder: Path) -> tuple[str, ...]:
    """All that is wrong with a run's folder, or with `latest/` and the run that it repeats; () if sound.

    Raises UsageError where the folder is not there.
    """
    return examine(folder).damage


def examine(folder: Path) -> Examined:
    """Hash a run's files again. Links are not followed and nothing but regular files is opened.

    Raises UsageError where the folder is not there.
    """
    if not folder.is_dir():
        raise UsageError(f"{quoted(str(folder))} is not there, or is no folder: name a run's evidence folder")
    folder = real(folder)
    if folder.name != LATEST:
        return _examined(folder, listing(folder))
    latest = run_of_latest(folder)
    if latest.run_folder is None:
        return Examined(folder=folder, run=None, state="damaged", damage=latest.damage, notes=latest.notes)
    examined = _examined(latest.run_folder, listing(latest.run_folder))
    return msgspec.structs.replace(
        examined,
        state="damaged" if latest.damage and examined.state == "sound" else examined.state,
        damage=_bounded((*latest.damage, *examined.damage)),
        notes=(*latest.notes, *examined.notes),
    )


def _examined(folder: Path, found: Listing) -> Examined:
    if JOURNAL in found.entries or INDEX not in found.entries:
        return Examined(folder=folder, run=None, state="unfinished", damage=(UNFINISHED,))
    index = verdict = None
    wrong: list[str] = []
    try:
        index = read_document(folder / INDEX, Index)
    except DamagedRun as error:
        wrong.append(str(error))
    try:
        verdict = read_document(folder / VERDICT, Verdict)
    except DamagedRun as error:
        # Where it is not there, or no file, its entry in the index says so.
        if index is None or _is_file(found, VERDICT):
            wrong.append(str(error))
    check = FileCheck(folder, found)
    if index is not None:
        wrong += _contradictions(folder, index, verdict)
        wrong += check.listed(index.artifacts)
        wrong += check.unlisted(index.artifacts)
    wrong += check.unread()
    return Examined(
        folder=folder,
        run=None if index is None or verdict is None else Run(folder, index, verdict),
        state="damaged" if wrong else "sound",
        damage=_bounded(tuple(dict.fromkeys(wrong))),
        notes=leftovers(found),
        files=check.files,
        bytes=check.bytes,
    )


def _is_file(found: Listing, name: str) -> bool:
    return name in found.entries and found.entries[name].oddity is None


def _contradictions(folder: Path, index: Index, verdict: Verdict | None) -> Iterator[str]:
    """What is wrong with the index by itself and beside the verdict."""
    if index.run_id != folder.name:
        yield (
            f"index.json is of run {quoted(index.run_id)}, and the folder is named {quoted(folder.name)}: it "
            "is a copy or was renamed; give it the run's name"
        )
    if verdict is not None and (verdict.run_id, verdict.commit) != (index.run_id, index.commit):
        yield (
            f"verdict.json is of run {quoted(verdict.run_id)} at commit {_commit(verdict.commit)}, "
            f"index.json of run {quoted(index.run_id)} at commit {_commit(index.commit)}"
        )
    missing = sum(artifact.status is Status.MISSING for artifact in index.artifacts)
    if index.missing_count != missing:
        yield f"index.json counts {index.missing_count} missing and lists {missing}"
    listed = {artifact.path for artifact in index.artifacts}
    for name in (VERDICT, SUMMARY):
        if name not in listed:
            yield f"index.json does not list {name}, which every run has"


def _commit(commit: str | None) -> str:
    return "unknown" if commit is None else quoted(commit)


def _bounded(sentences: tuple[str, ...]) -> tuple[str, ...]:
    hidden = len(sentences) - MOST_DAMAGE
    if hidden <= 0:
        return sentences
    return (*sentences[:MOST_DAMAGE], f"{ELLIPSIS} and {hidden} more")
