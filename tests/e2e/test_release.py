"""A release without a registry, of the image as it is: what `make release-dry-run` does."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest
from release.rehearsal import rehearse
from release.version import declared_version

from .engine import Engine

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(engine: Engine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a rehearsal in a clean clone leaves."""
    assert engine.has_image(image)  # which the rehearsal then need not build
    scratch = tmp_path_factory.mktemp("release")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(scratch / "clone")], check=True)
    said = rehearse(scratch / "clone", scratch / "build")
    assert said.startswith("Rehearsed v")
    status = ["git", "-C", str(scratch / "clone"), "status", "--porcelain"]
    assert subprocess.run(status, check=True, capture_output=True, text=True).stdout == ""
    return scratch / "build"


def test_the_pinned_action_names_the_index_by_its_own_hash(folder: Path) -> None:
    found = re.search(
        r"^  image: docker://ghcr\.io/\S+@sha256:(\w+)$", (folder / "action.yml").read_text(), re.M
    )
    assert found is not None
    index = (folder / "image/blobs/sha256" / found[1]).read_bytes()
    assert hashlib.sha256(index).hexdigest() == found[1]
    assert json.loads(index)["mediaType"] == "application/vnd.oci.image.index.v1+json"


def test_the_list_of_contents_names_what_the_lock_names_and_the_interpreter(folder: Path) -> None:
    (listed,) = folder.glob("sbom-*.spdx.json")
    packages = {one["name"]: one["versionInfo"] for one in json.loads(listed.read_text())["packages"]}
    locked = dict(re.findall(r"^(\S+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.M))
    assert locked.pop("cryptography")  # the Dockerfile leaves it out
    assert "cryptography" not in packages
    normalized = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in packages.items()}
    assert {name: normalized.get(name) for name in locked} == locked
    assert "libc6" in packages
    assert [name for name in packages if name.startswith("python3.")] != []


def test_the_tags_of_the_copy_name_the_pinned_action(folder: Path) -> None:
    for tag in (declared_version(ROOT).tag, declared_version(ROOT).major_tag):
        command = ["git", "-C", str(folder / "repository.git"), "show", f"{tag}:action.yml"]
        shown = subprocess.run(command, check=True, capture_output=True).stdout
        assert shown == (folder / "action.yml").read_bytes()
