"""The layers of an image: their digests, and their sizes in bytes as a registry keeps them."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .engine import Engine

# What Go's gzip, and with it podman, docker and BuildKit, take when they are told nothing.
_LEVEL = 6
_GZIP = 16 + zlib.MAX_WBITS
_GZIPPED = b"\x1f\x8b"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Layer:
    """One layer: the SHA-256 of its tar file, the tar file's size, and that of its gzip file."""

    digest: str
    unpacked: int
    compressed: int


def digests(engine: Engine, image: str) -> list[str]:
    """The digest of each layer, the lowest first."""
    return list(json.loads(engine.must("image", "inspect", image))[0]["RootFS"]["Layers"])


def measure_layers(engine: Engine, image: str) -> Sequence[Layer]:
    """Each layer of an image, the lowest first."""
    with tempfile.TemporaryDirectory(prefix="layers-") as scratch:
        archive = Path(scratch) / "image.tar"
        engine.save(image, archive)
        with tarfile.open(archive) as members:
            sizes = [_sizes(members, layer["digest"]) for layer in _manifest(members)["layers"]]
    return [Layer(digest, *size) for digest, size in zip(digests(engine, image), sizes, strict=True)]


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    """The image's manifest, which an index names, or an index that this names."""
    document: dict[str, Any] = json.load(_member(archive, "index.json"))
    while "manifests" in document:
        document = json.load(_blob(archive, document["manifests"][0]["digest"]))
    return document


def _blob(archive: tarfile.TarFile, digest: str) -> IO[bytes]:
    return _member(archive, f"blobs/{digest.replace(':', '/')}")


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    file = archive.extractfile(name)
    assert file is not None, f"{name} is no file"
    return file


def _sizes(archive: tarfile.TarFile, digest: str) -> tuple[int, int]:
    """Bytes of a layer's tar file and of its gzip file, which is made here where the engine made none."""
    stored = _blob(archive, digest)
    if stored.read(len(_GZIPPED)) == _GZIPPED:
        compressed = stored.seek(0, os.SEEK_END)
        stored.seek(0)
        return sum(map(len, _chunks(gzip.GzipFile(fileobj=stored)))), compressed
    unpacked = stored.seek(0, os.SEEK_END)
    stored.seek(0)
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    compressed = sum(len(packer.compress(chunk)) for chunk in _chunks(stored))
    return unpacked, compressed + len(packer.flush())


def _chunks(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
