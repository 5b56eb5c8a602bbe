"""An OCI image layout: a folder that holds an image as a registry would, each part named by its digest.

https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from .errors import ReleaseError

INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
_CHUNK = 1 << 20

_T = TypeVar("_T")


class Platform(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a manifest's image runs on, such as linux and arm64."""

    architecture: str
    os: str
    variant: str | None = None

    def __str__(self) -> str:
        return f"{self.os}/{self.architecture}"


class Descriptor(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A part by type, digest (`sha256:…`) and size in bytes; in an index also by platform."""

    media_type: str
    digest: str
    size: int
    platform: Platform | None = None
    annotations: dict[str, str] | None = None


class Index(msgspec.Struct, frozen=True, rename="camel"):
    """A list of manifests: of a layout (index.json), or of an image's platforms."""

    manifests: list[Descriptor]
    schema_version: int = 2
    media_type: str = INDEX_TYPE


class Manifest(msgspec.Struct, frozen=True):
    """One platform's image: its configuration and its layers, the lowest first."""

    config: Descriptor
    layers: list[Descriptor]


def read_image(layout: Path) -> Descriptor:
    """The one image of a layout, whose digest is what a registry will call it. All its parts are verified."""
    listed = _decode((layout / "index.json").read_bytes(), Index, "index.json").manifests
    if len(listed) != 1:
        raise ReleaseError(f"{layout}/index.json lists {len(listed)} images where one is expected.")
    for manifest in read_platforms(layout, listed[0]):
        for part in (read_manifest(layout, manifest).config, *read_manifest(layout, manifest).layers):
            _verify(layout, part)
    return listed[0]


def read_platforms(layout: Path, image: Descriptor) -> list[Descriptor]:
    """The manifests of an image, each with its platform. What a builder attached to the image is left out."""
    if image.media_type != INDEX_TYPE:
        return [msgspec.structs.replace(image, platform=_platform(layout, image), annotations=None)]
    index = _decode(read_blob(layout, image), Index, image.digest)
    attached = "vnd.docker.reference.type"
    manifests = [one for one in index.manifests if attached not in (one.annotations or {})]
    return [
        msgspec.structs.replace(one, platform=one.platform or _platform(layout, one)) for one in manifests
    ]


def read_manifest(layout: Path, manifest: Descriptor) -> Manifest:
    """The manifest that a descriptor names."""
    return _decode(read_blob(layout, manifest), Manifest, manifest.digest)


def read_blob(layout: Path, part: Descriptor) -> bytes:
    """A part's bytes, which have the size and the digest that the descriptor says."""
    _verify(layout, part)
    return blob_path(layout, part).read_bytes()


def blob_path(layout: Path, part: Descriptor) -> Path:
    """Where the part's bytes are."""
    algorithm, _, hexadecimal = part.digest.partition(":")
    if (
        algorithm != "sha256"
        or len(hexadecimal) != hashlib.sha256().digest_size * 2
        or not hexadecimal.isalnum()
    ):
        raise ReleaseError(f"{part.digest!r} is no SHA-256 digest.")
    return layout / "blobs/sha256" / hexadecimal


def merge(layouts: list[Path], target: Path) -> Descriptor:
    """Makes one image of several layouts, one platform after the other, in the order of their names.

    Returns the image's descriptor: an index even of a single platform, so that its digest is of one kind
    always. The same layouts give the same digest. Two images of one platform are refused.
    """
    (target / "blobs/sha256").mkdir(parents=True)
    manifests = sorted(_copied(layouts, target), key=lambda one: str(one.platform))
    platforms = [str(one.platform) for one in manifests]
    if len(set(platforms)) != len(platforms):
        raise ReleaseError(f"Two images of one platform: {', '.join(platforms)}.")
    content = msgspec.json.encode(Index(manifests))
    image = Descriptor(INDEX_TYPE, "sha256:" + hashlib.sha256(content).hexdigest(), len(content))
    blob_path(target, image).write_bytes(content)
    (target / "oci-layout").write_bytes(b'{"imageLayoutVersion":"1.0.0"}')
    (target / "index.json").write_bytes(msgspec.json.encode(Index([image])))
    return read_image(target)


def _copied(layouts: list[Path], target: Path) -> Iterator[Descriptor]:
    for layout in layouts:
        for one in read_platforms(layout, read_image(layout)):
            manifest = read_manifest(layout, one)
            for part in (one, manifest.config, *manifest.layers):
                blob_path(target, part).write_bytes(read_blob(layout, part))
            yield msgspec.structs.replace(one, annotations=None)


def _platform(layout: Path, manifest: Descriptor) -> Platform:
    config = read_manifest(layout, manifest).config
    return _decode(read_blob(layout, config), Platform, config.digest)


def _verify(layout: Path, part: Descriptor) -> None:
    path, digest = blob_path(layout, part), hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ReleaseError(f"{path} cannot be read: {error.strerror}. Build the image again.") from error
    if path.stat().st_size != part.size or digest.hexdigest() != path.name:
        raise ReleaseError(f"{path} is not what its name says. Build the image again.")


def _decode(content: bytes, kind: type[_T], name: str) -> _T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise ReleaseError(f"{name} of the image layout is unreadable: {error}") from error
