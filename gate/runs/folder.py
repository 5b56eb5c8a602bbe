"""A finished run, read back from its evidence folder as `gate.evidence.folder` wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.errors import DamagedRun, UsageError
from gate.evidence.folder import LATEST, VERDICT
from gate.evidence.index import Index
from gate.evidence.journal import INDEX, JOURNAL
from gate.text import one_line, quoted
from gate.verdict import Verdict

MOST_DOCUMENT = 256 << 20
"""No verdict of ten thousand modules is larger."""

Document = TypeVar("Document", Index, Verdict)


class Run(msgspec.Struct, frozen=True):
    """An evidence folder with the two documents that say what is in it and what came of it."""

    folder: Path
    index: Index
    verdict: Verdict

    @property
    def run_id(self) -> str:
        """The run's name, which is its folder's."""
        return self.index.run_id


def read_index(folder: Path) -> Index:
    """Read a finished run's index alone.

    Raises UsageError where the folder is not there, DamagedRun where it is unfinished or not a run's.
    """
    if not folder.is_dir():
        raise UsageError(f"{quoted(str(folder))} is not there, or is no folder: name a run's evidence folder")
    if (folder / JOURNAL).exists() or not (folder / INDEX).exists():
        raise DamagedRun(
            f"{quoted(str(folder))} is unfinished: index.json, which is written last, is not there. Its "
            "check was stopped or is still running; run it again"
        )
    return read_document(folder / INDEX, Index)


def read_run(folder: Path) -> Run:
    """Read a run's index and verdict; its files are not hashed here.

    Raises UsageError where the folder is not there, DamagedRun where it is unfinished or not a run's.
    """
    index = read_index(folder)
    verdict = read_document(folder / VERDICT, Verdict)
    if (verdict.run_id, verdict.commit) != (index.run_id, index.commit):
        raise DamagedRun(f"{quoted(str(folder))}: verdict.json and index.json are of different runs")
    return Run(folder, index, verdict)


def runs_in(root: Path) -> Iterator[Path]:
    """The run folders of an evidence root, in no order; not `latest/`, and none that is a link.

    No run id begins with a dot: what does is on its way out.
    """
    if root.is_dir():
        for folder in root.iterdir():
            hidden = folder.name.startswith(".")
            if folder.name != LATEST and not hidden and folder.is_dir() and not folder.is_symlink():
                yield folder


def read_document(path: Path, kind: type[Document]) -> Document:
    """One of a run's two JSON documents. Raises DamagedRun; a link is not followed."""
    try:
        if path.is_symlink():
            raise DamagedRun(f"{quoted(str(path))} is a link, not the file that a check writes")
        if not path.is_file():
            what = "no regular file" if path.exists() else "not there"
            raise DamagedRun(f"{quoted(str(path))} is {what}")
        if path.stat().st_size > MOST_DOCUMENT:
            raise DamagedRun(f"{quoted(str(path))} is larger than {MOST_DOCUMENT >> 20} MiB")
        document = msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise DamagedRun(f"{quoted(str(path))} cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedRun(f"{quoted(str(path))} is not what a check writes: {one_line(str(error))}") from error
    if document.schema != 1:
        raise DamagedRun(f"{quoted(str(path))} has schema {document.schema}; schema 1 can be read")
    return document
