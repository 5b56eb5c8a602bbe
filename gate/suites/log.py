"""The log of a command: its output as it came, byte by byte, in a file."""

from __future__ import annotations

import os
from pathlib import Path

from gate.evidence.files import Owner, make_folders


class Log:
    """A new file that is written as the output comes. A full disk stops the log and not the command."""

    def __init__(self, path: Path, owner: Owner | None) -> None:
        """Create the file anew: what lies there, a link too, is removed and not written through.

        Raises OSError.
        """
        owner = owner or Owner(os.geteuid(), os.getegid())
        make_folders(path.parent, owner)
        path.unlink(missing_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o644)
        owner.take(self._descriptor)
        self.bytes = 0
        self.problem: str | None = None

    def write(self, piece: bytes) -> None:
        """Add what the command wrote next."""
        rest = memoryview(piece)
        try:
            while rest and self.problem is None:
                written = os.write(self._descriptor, rest)
                self.bytes += written
                rest = rest[written:]
        except OSError as error:
            self.problem = f"The log is cut off after {self.bytes} bytes: {error.strerror}"

    def reader(self) -> int:
        """A descriptor of its own for whoever reads the log while it grows, even if its name is removed."""
        return os.dup(self._descriptor)

    def close(self) -> None:
        """No more is written."""
        os.close(self._descriptor)
