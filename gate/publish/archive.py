"""One member out of an artifact's zip archive, in memory: pure, and nothing is ever extracted.

The archive comes from whoever opened the pull request. zipfile reads its directory; the content is inflated
here, since zipfile cuts a member off where its directory says that it ends.
"""

from __future__ import annotations

import copy
import io
import re
import struct
import zipfile
import zlib

from gate.errors import UnreadableArtifact
from gate.text import counted, quoted

MOST_MEMBERS = 20_000
"""An evidence folder holds the reports, logs and traces of a run: some hundreds."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_PARTS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")


def member(archive: bytes, name: str, limit: int) -> bytes:
    """The content of the one member of exactly this name, at most `limit` bytes.

    Raises UnreadableArtifact.
    """
    # Each entry begins so, and zipfile makes an object of half a kilobyte of each.
    if archive.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise UnreadableArtifact(f"the artifact holds more than {MOST_MEMBERS} files")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            info = _only(opened.infolist(), name)
            return _inflated(_stored(opened, info, name, limit), info, name, limit)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        OverflowError,
        RuntimeError,  # also of a compression that zipfile does not know
        ValueError,
    ) as error:
        raise UnreadableArtifact(f"the artifact is no whole zip archive ({type(error).__name__})") from None


def _only(members: list[zipfile.ZipInfo], name: str) -> zipfile.ZipInfo:
    for info in members:
        # The name before zipfile makes it one of this system.
        if _leads_out(info.orig_filename):
            raise UnreadableArtifact(
                f"the artifact holds a file named {quoted(info.orig_filename)}, which leads out of its "
                "folder: no upload of a folder does"
            )
    found = [info for info in members if info.orig_filename == name]
    if len(found) > 1:
        raise UnreadableArtifact(f"the artifact holds {len(found)} files named {name}")
    if not found:
        deeper = [info.orig_filename for info in members if info.orig_filename.endswith(f"/{name}")]
        where = f", but {quoted(deeper[0])}: upload the output `evidence-dir` itself" if deeper else ""
        raise UnreadableArtifact(
            f"the artifact holds no {name} at its top among {counted(len(members), 'file')}{where}"
        )
    return found[0]


def _leads_out(name: str) -> bool:
    return (
        name.startswith(("/", "\\"))
        or _DRIVE.match(name) is not None
        or "\0" in name
        or ".." in _PARTS.split(name)
    )


def _stored(opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int) -> bytes:
    """The member as it lies in the archive."""
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableArtifact(f"{name} in the artifact is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableArtifact(f"{name} in the artifact is compressed in a way that no upload uses")
    if info.file_size > limit:
        raise UnreadableArtifact(
            f"{name} in the artifact is said to hold {info.file_size} bytes: more than {limit >> 20} MiB"
        )
    as_stored = copy.copy(info)
    as_stored.compress_type = zipfile.ZIP_STORED
    as_stored.file_size = info.compress_size
    del as_stored.CRC  # it is that of the content
    with opened.open(as_stored) as file:
        return file.read()


def _inflated(stored: bytes, info: zipfile.ZipInfo, name: str, limit: int) -> bytes:
    content, whole = stored, True
    if info.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(stored, limit + 1)
        whole = stream.eof and not stream.unused_data
    if len(content) > limit:
        raise UnreadableArtifact(
            f"{name} in the artifact expands beyond {limit >> 20} MiB, and is said to hold "
            f"{info.file_size} bytes: a compression bomb"
        )
    if not whole or len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise UnreadableArtifact(f"{name} in the artifact is not what the archive's directory says of it")
    return content
