"""The runs of one commit in an evidence root, each verified."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gate.errors import DamagedRun
from gate.runs.folder import Run, read_run, runs_in
from gate.runs.verify import damage
from gate.text import as_utf8


class Sibling(msgspec.Struct, frozen=True):
    """A run of the commit, and how many differences there are from its index."""

    run: Run
    damage: int


class Siblings(msgspec.Struct, frozen=True):
    """The commit's runs, the newest first, and the names of folders whose commit cannot be told."""

    runs: tuple[Sibling, ...]
    unread: tuple[str, ...]


def siblings(root: Path, commit: str, sound: Path) -> Siblings:
    """Look up the runs of a commit, and hash the files of each but the one that is known to be sound."""
    found: list[Sibling] = []
    unread: list[str] = []
    for folder in sorted(runs_in(root)):
        try:
            run = read_run(folder)
        except DamagedRun:
            unread.append(as_utf8(folder.name))
            continue
        if run.index.commit == commit:
            found.append(Sibling(run, 0 if folder == sound else len(damage(folder))))
    found.sort(key=lambda one: (one.run.index.created, one.run.folder.name), reverse=True)
    return Siblings(tuple(found), tuple(unread))
