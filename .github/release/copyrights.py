"""The copyright files of an image's Debian packages: from the image, else from the packages themselves."""

from __future__ import annotations

import posixpath
import tempfile
from pathlib import Path

from tests.e2e.base_image import BASE_IMAGE
from tests.e2e.engine import Engine

from .debian import DebianPackage, licences
from .errors import ReleaseError
from .files import ImageFiles, read_files
from .layout import Descriptor

_DOCUMENTS = "usr/share/doc/"

# Debian's mirrors, not the image: a base image may leave all documents out.
_FETCH = """\
set -eu
cd /tmp
apt-get -qq update
apt-get -qq download "$@"
for package in *.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C /out --wildcards './usr/share/doc/*' || echo "none: $package" >&2
done
"""


def debian_licences(
    layout: Path, manifest: Descriptor, packages: list[DebianPackage], engine: Engine | None
) -> dict[str, list[str]]:
    """The licences by package name."""
    files = read_files(layout, manifest, lambda path: path.startswith(_DOCUMENTS))
    texts = {package.name: _copyright(files, package.name) for package in packages}
    if missing := [name for name, text in texts.items() if text is None]:
        fetched = _fetch(engine, missing)
        texts |= {name: _copyright(fetched, name) for name in missing}
    if missing := [name for name, text in texts.items() if text is None]:
        raise ReleaseError(f"No copyright file of {', '.join(missing)} was found.")
    return {name: licences(text or "") for name, text in texts.items()}


def _copyright(files: ImageFiles, package: str) -> str | None:
    path = f"{_DOCUMENTS}{package}/copyright"
    for _ in range(8):
        if path in files.content:
            return files.content[path].decode(errors="replace")
        link = next((one for one in (path, posixpath.dirname(path)) if one in files.links), None)
        if link is None:
            return None
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(link), files.links[link]))
        path = target.lstrip("/") + path[len(link) :]
    return None


def _fetch(engine: Engine | None, names: list[str]) -> ImageFiles:
    if engine is None:
        raise ReleaseError("Packages' copyright files are fetched in a container. Run `make system-tools`.")
    with tempfile.TemporaryDirectory() as out:
        mount = ("--network", "host", "--volume", f"{out}:/out", *engine.run_options)
        engine.must("run", "--rm", *mount, BASE_IMAGE, "sh", "-c", _FETCH, "fetch", *names)
        paths = {str(path.relative_to(out)): path for path in Path(out).rglob("*")}
        links = {name: str(path.readlink()) for name, path in paths.items() if path.is_symlink()}
        files = {name: path for name, path in paths.items() if name not in links and path.is_file()}
        return ImageFiles({name: path.read_bytes() for name, path in files.items()}, links)
