"""Copies in an evidence folder, each read again from the disk to see that it is what was copied."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from gate.evidence.files import CHUNK, Owner, Written, copy_atomically, describe


class Copies:
    """Copies files one by one. Large copies are read again beside whatever the check does meanwhile."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._made: dict[Path, Written] = {}
        self._damaged: dict[Path, str] = {}
        self._waiting: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None

    def make(self, source: Path, path: Path) -> Written:
        """Copy a file. Raises OSError, also where the source changes meanwhile."""
        written = self._made[path] = copy_atomically(source, path, self._owner)
        self._waiting.put(path)
        if self._reader is None and written.bytes > CHUNK:
            self._reader = threading.Thread(target=self._read_all, daemon=True)
            self._reader.start()
        return written

    def damaged(self) -> dict[Path, str]:
        """The copies that are not what was copied, with a sentence that continues "the file …"."""
        self._waiting.put(None)
        if self._reader is None:
            self._read_all()
        else:
            self._reader.join()
            self._reader = None
        return self._damaged

    def _read_all(self) -> None:
        while (path := self._waiting.get()) is not None:
            try:
                if describe(path) != self._made[path]:
                    self._damaged[path] = (
                        "was copied, and the copy is another: the disk, or another process, changed it"
                    )
            except OSError as error:
                self._damaged[path] = f"was copied, and the copy cannot be read: {error.strerror or error}"
