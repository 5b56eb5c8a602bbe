"""A release without a registry: everything up to the push, and the tags in a copy of the repository."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.engine import Engine, find_engine
from tests.e2e.image import provide_image

from .changelog import NOT_RELEASED, find_section
from .errors import ReleaseError
from .prepare import Prepared, prepare
from .tags import Released, publish_tags, remote_tags
from .version import Version, declared_version

IMAGE = "ghcr.io/module-coverage-gate/module-coverage-gate"


def rehearse(root: Path, folder: Path) -> str:
    """Releases the declared version into the folder; returns what there is to say of it.

    The image is built from the files as they are, the tags are set on HEAD, in a bare copy.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    version = declared_version(root)
    section = find_section((root / "CHANGELOG.md").read_text(), version)
    (folder / "notes.md").write_text(section.notes)
    head, created = _head(root)
    action = (root / "action.yml").read_bytes()
    layout = build_layout(root, folder / "built")
    prepared = prepare(action, version, IMAGE, [layout], created=created, folder=folder)
    released = _rehearse_tags(root, folder, version, head, prepared.pinned)
    date = str(section.released or f"{NOT_RELEASED}: a release needs a date there")
    return _report(version, date, prepared, released)


def build_layout(root: Path, layout: Path) -> Path:
    """Builds the image as the end-to-end tests do, for this machine's architecture alone."""
    engine = find_engine()
    if engine is None:
        raise ReleaseError("There is no container engine to build the image with. Run `make system-tools`.")
    image = provide_image(engine, root)
    if engine.can_import:
        engine.must("push", "--quiet", "--format", "oci", image, f"oci:{layout}")
    else:
        _save(engine, image, layout)
    return layout


def _save(engine: Engine, image: str, layout: Path) -> None:
    # Docker writes an archive, which holds an OCI layout since its version 25.
    archive = layout.with_suffix(".tar")
    engine.must("save", "--output", str(archive), image)
    shutil.unpack_archive(archive, layout, filter="data")
    archive.unlink()


def _head(root: Path) -> tuple[str, datetime]:
    """HEAD and its committer's time. action.yml must be as it is there: a release changes one line of it."""
    if _git(root, "status", "--porcelain", "--", "action.yml"):
        raise ReleaseError("action.yml has changes that are not committed. Commit them first.")
    commit, seconds = _git(root, "show", "--no-patch", "--format=%H %ct", "HEAD").split()
    return commit, datetime.fromtimestamp(int(seconds), UTC)


def _rehearse_tags(root: Path, folder: Path, version: Version, head: str, pinned: str) -> Released:
    origin, action = folder / "repository.git", (folder / "action.yml").read_bytes()
    _git(root, "clone", "--quiet", "--bare", str(root), str(origin))
    _git(origin, "tag", "--force", version.tag, head)
    released = publish_tags(origin, str(origin), version, source=head, action=action, pinned=pinned)
    named = remote_tags(origin, str(origin))
    if {named[tag] for tag in released.tags} != {released.commit}:
        raise ReleaseError(f"The tags {', '.join(released.tags)} do not name the release commit.")
    return released


def _report(version: Version, date: str, prepared: Prepared, released: Released) -> str:
    platforms = ", ".join(str(part.platform) for part in prepared.platforms)
    return f"""\
Rehearsed {version.tag} in build/release; nothing was published.
  changelog       section {version} ({date}) is notes.md
  image           {platforms} alone: the release builds linux/amd64 and linux/arm64, each on its own machine
  digest          {prepared.image.digest}
  contents        sbom-*.spdx.json, valid by SPDX 2.3
  action.yml      fits GitHub's schema, differs in its image alone:
                  {prepared.pinned}
  release commit  {released.commit}, tags {" and ".join(released.tags)}, in repository.git
A release would now, with other digests:
  1. push image/ to {IMAGE}, unchanged, and sign it
  2. attest its provenance, and the list of contents of each platform
  3. run the pinned action.yml from the registry on both architectures
  4. set the tags {" and ".join(released.tags)} on the release commit, in one push
  5. publish notes.md and the lists of contents as GitHub's release
"""


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise ReleaseError(f"git {arguments[0]} failed in {folder}:\n{done.stderr.strip()}")
    return done.stdout.strip()
