"""Writing files so that a kill at any moment leaves the old one or the new one, owned by the right user."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import secrets
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from gate.evidence.globs import real

CHUNK = 1 << 20
MOST_CHUNKS_WAITING = 8
MOST_READ = 1 << 20
MOST_SOURCE = 16 << 20
"""No source file that anyone tests is larger; reading one costs memory."""

TEMPORARY = ".*.gate-tmp"
"""What a kill may leave of a file that was being written."""


class Written(msgspec.Struct, frozen=True):
    """What was written: size in bytes and SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


class Owner(msgspec.Struct, frozen=True):
    """Who shall own created files. A container action runs as root in a workspace of another user, and
    root's leftovers break that user's next checkout."""

    uid: int
    gid: int

    @classmethod
    def of(cls, folder: Path) -> Owner:
        """The owner of a folder."""
        status = folder.stat()
        return cls(status.st_uid, status.st_gid)

    def take(self, descriptor_or_path: int | Path) -> None:
        """Hand a file or folder over, as far as we may."""
        if os.geteuid() == 0:
            with contextlib.suppress(OSError):
                os.chown(descriptor_or_path, self.uid, self.gid)


def make_folders(folder: Path, owner: Owner) -> None:
    """Create a folder and its missing parents."""
    if not folder.is_dir():
        make_folders(folder.parent, owner)
        folder.mkdir(exist_ok=True)
        owner.take(folder)


def write_atomically(path: Path, content: bytes, owner: Owner) -> Written:
    """Write a whole file by way of a temporary one beside it."""
    return _replace(path, owner, lambda file: _fill(file, (content,)))


def copy_atomically(source: Path, path: Path, owner: Owner) -> Written:
    """Copy a file; the size and hash are those of the bytes that went into the copy.

    Raises OSError, with a sentence of its own where the file changes while it is copied.
    """
    with source.open("rb") as reading:
        return _replace(path, owner, lambda file: _fill(file, _unchanging(reading)))


def read_from(workspace: Path, name: str, most: int = MOST_READ) -> bytes:
    """A regular file that a pull request may have put there: at most so many bytes, and no link out of here.

    An absolute name may lie elsewhere. Raises OSError, with a sentence where the system has none.
    """
    path = real(workspace / name)
    if not Path(name).is_absolute() and not path.is_relative_to(real(workspace)):
        raise OSError("it leads out of the workspace")
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is not a regular file")
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(f"it is larger than {most >> 20} MiB")
    return content


@contextlib.contextmanager
def private_copy(path: Path, folder: Path) -> Iterator[Path]:
    """A copy that nobody else writes to, in a folder of ours, as long as it is used."""
    copy = folder / f".{path.name[:80]}.{secrets.token_hex(6)}.gate-tmp"
    try:
        with path.open("rb") as reading, copy.open("xb") as writing:
            for chunk in chunks(reading):
                writing.write(chunk)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """A file's content in pieces."""
    return iter(lambda: file.read(CHUNK), b"")


def describe(path: Path) -> Written:
    """Size and hash of a file that is there already."""
    with path.open("rb") as reading:
        return _fill(None, chunks(reading))


def _unchanging(file: BinaryIO) -> Iterator[bytes]:
    before = os.fstat(file.fileno())
    yield from chunks(file)
    after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OSError("it changed while it was copied: what writes it had not finished")


def _fill(file: BinaryIO | None, content: Iterable[bytes]) -> Written:
    size = 0
    with _Digest() as digest:
        for chunk in content:
            digest.take(chunk)
            if file is not None:
                file.write(chunk)
            size += len(chunk)
    return Written(size, digest.sha256)


class _Digest:
    """A SHA-256 that is computed beside the writing from the second chunk on: it takes as long as that."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._chunks: queue.Queue[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._began = False

    def __enter__(self) -> _Digest:
        return self

    def take(self, chunk: bytes) -> None:
        """Add the next bytes."""
        if not self._began:
            self._began = True
            self._digest.update(chunk)
            return
        if self._chunks is None:
            self._chunks = queue.Queue(MOST_CHUNKS_WAITING)
            self._thread = threading.Thread(target=self._compute, args=(self._chunks,), daemon=True)
            self._thread.start()
        self._chunks.put(chunk)

    def _compute(self, chunks: queue.Queue[bytes]) -> None:
        while chunk := chunks.get():
            self._digest.update(chunk)

    def __exit__(self, *_: object) -> None:
        if self._chunks is not None and self._thread is not None:
            self._chunks.put(b"")
            self._thread.join()

    @property
    def sha256(self) -> str:
        """The digest of all that was taken, in hexadecimal."""
        return self._digest.hexdigest()


def _replace(path: Path, owner: Owner, fill: Callable[[BinaryIO], Written]) -> Written:
    make_folders(path.parent, owner)
    temporary = path.parent / f".{path.name[:80]}.{secrets.token_hex(6)}.gate-tmp"
    try:
        with temporary.open("xb") as file:
            written = fill(file)
            file.flush()
            owner.take(file.fileno())
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return written
