"""The files of an image, read from its layers without running it.

https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from .layout import Descriptor, blob_path, read_manifest

_REMOVED = ".wh."
_EMPTIED = ".wh..wh..opq"


class ImageFiles(msgspec.Struct, frozen=True):
    """Content by path (`usr/lib/os-release`, no leading slash), and where symbolic links point to."""

    content: dict[str, bytes]
    links: dict[str, str]


def read_files(layout: Path, manifest: Descriptor, wanted: Callable[[str], bool]) -> ImageFiles:
    """The files and links at wanted paths, as the topmost layer that names them has them."""
    files = ImageFiles({}, {})
    for layer in read_manifest(layout, manifest).layers:
        with tarfile.open(blob_path(layout, layer), "r:*") as archive:
            _apply(archive, files, wanted)
    return files


def _apply(archive: tarfile.TarFile, files: ImageFiles, wanted: Callable[[str], bool]) -> None:
    # What a layer removes is removed from the layers below it, wherever in the archive it says so.
    added = ImageFiles({}, {})
    for member in archive:
        path = member.name.removeprefix("./").lstrip("/")
        folder, _, name = path.rpartition("/")
        if name == _EMPTIED:
            _remove(files, folder, itself=False)
        elif name.startswith(_REMOVED):
            _remove(files, f"{folder}/{name.removeprefix(_REMOVED)}".lstrip("/"), itself=True)
        elif not member.isdir():
            _remove(files, path, itself=True)
            if not wanted(path):
                continue
            if member.issym():
                added.links[path] = member.linkname
            elif content := archive.extractfile(member):  # also what a hard link names
                added.content[path] = content.read()
    files.content.update(added.content)
    files.links.update(added.links)


def _remove(files: ImageFiles, path: str, *, itself: bool) -> None:
    for known in (files.content, files.links):
        for one in [one for one in known if (itself and one == path) or one.startswith(f"{path}/")]:
            del known[one]
