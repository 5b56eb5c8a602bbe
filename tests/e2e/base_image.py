"""Debian's base image where no container registry is at hand: made from Debian's packages, once."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from .engine import Engine, EngineError

BASE_IMAGE = "docker.io/library/debian:trixie-slim"
SUITE = "trixie"

# What Debian's own slim image leaves out, so that sizes seen here are near the published image's.
_NO_DOCUMENTS = ("usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man")
_LEFT_OUT = (*_NO_DOCUMENTS, "var/cache/apt", "var/lib/apt/lists", "var/log")
_APT_KEEPS_NOTHING = """\
APT::Keep-Downloaded-Packages "false";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
"""


def provide_base_image(engine: Engine, cache: Path) -> None:
    """Puts the Dockerfile's base image into podman's store, from the cached archive if there is one.

    An image of that name that is there already is used as it is. Docker, and podman for a user who is not
    root (debootstrap needs root), pull the base from its registry while they build.
    """
    if not engine.can_import or engine.has_image(BASE_IMAGE):
        return
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        return
    archive = cache / f"debian-{SUITE}-slim-{platform.machine()}.tar"
    if not archive.exists():
        _make_archive(archive)
    engine.must("import", "--quiet", "--change", 'CMD ["bash"]', str(archive), BASE_IMAGE)


def _make_archive(archive: Path) -> None:
    """Bootstraps Debian into a folder beside the archive, then writes the archive in one step."""
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix="debootstrap-") as scratch:
        tree, packed = Path(scratch) / "tree", Path(scratch) / "base.tar"
        _must("debootstrap", "--variant=minbase", SUITE, str(tree))
        _make_slim(tree)
        _must("tar", "--numeric-owner", "--one-file-system", "-C", str(tree), "-cf", str(packed), ".")
        packed.replace(archive)


def _make_slim(tree: Path) -> None:
    for folder in _LEFT_OUT:
        for path in (tree / folder).iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    excludes = "".join(f"path-exclude /{folder}/*\n" for folder in _NO_DOCUMENTS)
    (tree / "etc/dpkg/dpkg.cfg.d/slim").write_text(excludes)
    (tree / "etc/apt/apt.conf.d/keep-nothing").write_text(_APT_KEEPS_NOTHING)


def _must(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise EngineError(f"{command[0]} exited {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")
