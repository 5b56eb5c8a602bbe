"""A report's file, as readers take it: a sample, the whole content memory-mapped, or piece by piece."""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType

SAMPLE_BYTES = 65_536
PIECE = 1 << 20


class ReportFile:
    """A regular file that nobody else writes to: one that shrinks while it is mapped kills the process.

    `origin` is the repository path where it was found before it was copied; None outside the repository.
    """

    def __init__(self, path: Path, origin: str | None = None) -> None:
        self.path = path
        self.origin = origin
        self.size = path.stat().st_size

    def __enter__(self) -> ReportFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__dict__.pop("content", None)
        self.__dict__.pop("data", None)  # unmapped with its last user

    @cached_property
    def sample(self) -> bytes:
        """The first and the last 64 KiB, without a byte order mark; small files whole."""
        with self.path.open("rb") as file:
            start = file.read(SAMPLE_BYTES).removeprefix(codecs.BOM_UTF8)
            if self.size > SAMPLE_BYTES:
                file.seek(max(SAMPLE_BYTES, self.size - SAMPLE_BYTES))
                start += file.read()
        return start

    @cached_property
    def data(self) -> mmap.mmap:
        """The whole content as it is, for `find` and for regular expressions. Not for an empty file."""
        with self.path.open("rb") as file:
            # Populated at once: whoever asks for it reads all of it, and page by page costs a third more.
            return mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE | mmap.MAP_POPULATE, mmap.PROT_READ)

    @cached_property
    def content(self) -> memoryview:
        """The whole content without a byte order mark. Not for an empty file."""
        mark = codecs.BOM_UTF8
        return memoryview(self.data)[len(mark) if self.data[: len(mark)] == mark else 0 :]

    def pieces(self) -> Iterator[bytes]:
        """The content in pieces of 1 MiB, each read when it is asked for, so that memory stays flat."""
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
