"""`latest/`: which run it repeats, and whether it does so word for word."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gate.errors import DamagedRun
from gate.evidence.files import describe
from gate.evidence.folder import LATEST, SUMMARY, VERDICT
from gate.evidence.index import Index
from gate.evidence.journal import INDEX
from gate.inputs import RUN_ID
from gate.runs.files import is_leftover, leftovers
from gate.runs.folder import read_document
from gate.runs.listing import entry, listing
from gate.text import as_utf8, quoted

DOCUMENTS = (VERDICT, SUMMARY, INDEX)


class Latest(msgspec.Struct, frozen=True):
    """The folder of the run that `latest/` repeats, None where it names none that is there."""

    run_folder: Path | None
    damage: tuple[str, ...]
    notes: tuple[str, ...] = ()


def run_of_latest(latest: Path) -> Latest:
    """Follow `latest/` to its run, and hold the three documents against the run's own."""
    if entry(latest / INDEX) is None:
        return Latest(None, ("latest/index.json is not there: no check has finished here",))
    try:
        run_id = read_document(latest / INDEX, Index).run_id
    except DamagedRun as error:
        return Latest(None, (str(error),))
    folder = latest.parent / run_id
    if RUN_ID.fullmatch(run_id) is None or run_id == LATEST:
        return Latest(None, (f"latest/index.json names {quoted(run_id)}, which is no run's name",))
    if folder.is_symlink() or not folder.is_dir():
        return Latest(
            None, (f"latest/index.json names run {quoted(run_id)}, whose folder is not beside latest/",)
        )
    found = listing(latest)
    extra = [
        f"latest/ holds {quoted(as_utf8(name))}, which no check writes there"
        for name, one in sorted(found.entries.items())
        if name not in DOCUMENTS and not is_leftover(name, one)
    ]
    differing = [
        f"latest/{name} is not that of run {quoted(run_id)}: it was changed, or a check was stopped while it "
        "repeated its result"
        for name in DOCUMENTS
        if not _same(latest / name, folder / name)
    ]
    return Latest(folder, (*differing, *extra), leftovers(found))


def current_run(root: Path) -> str | None:
    """The run id that `latest/` names; None where it cannot be told."""
    latest = root / LATEST
    if latest.is_symlink() or not latest.is_dir():
        return None
    try:
        return read_document(latest / INDEX, Index).run_id
    except DamagedRun:
        return None


def _same(repeated: Path, own: Path) -> bool:
    found, original = entry(repeated), entry(own)
    if found is None or original is None or found != original or found.oddity is not None:
        return False
    try:
        return describe(repeated) == describe(own)
    except OSError:
        return False
