"""release.yml asks of the tools what they do, and gives each job no more than it needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from release.__main__ import release
from release.spdx import PREDICATE_TYPE
from ruamel.yaml import YAML

from .layouts import layer, write_layout
from .test_contents import ORDINARY, PACKAGES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github/workflows/release.yml").read_text()
JOBS: dict[str, Any] = YAML(typ="safe").load(TEXT)["jobs"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "release", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": ".github"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_step_that_the_workflow_asks_for_exists() -> None:
    asked = set(re.findall(r"-m release (\w+)", TEXT))
    assert asked == {"check", "prepare", "tags"}
    assert asked <= set(release.commands)


def test_a_release_that_is_refused_says_why_in_one_line() -> None:
    done = run("check", "v1")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "release: 'v1' is not of the form vMAJOR.MINOR.PATCH. Push a tag that is.\n"


def test_the_workflow_uses_the_outputs_that_prepare_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("release.__main__.FOLDER", tmp_path / "out")
    layouts = [
        str(write_layout(tmp_path / name, [layer(ORDINARY | PACKAGES)], name)) for name in ("amd64", "arm64")
    ]
    arguments = ["prepare", "v1.2.3", *layouts, "--image", "ghcr.io/Owner/name"]
    done = CliRunner().invoke(release, arguments, catch_exceptions=False)

    printed = dict(line.split("=", 1) for line in done.output.splitlines())
    asked = set(re.findall(r"steps\.prepare\.outputs\.(\w+)", TEXT))
    assert asked == {*printed, "image"}  # the last is the shell's own
    assert printed["pinned"] == f"docker://ghcr.io/owner/name@{printed['digest']}"
    assert len({printed["digest"], printed["amd64"], printed["arm64"]}) == 3
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "image", "action.yml", "sbom-amd64.spdx.json", "sbom-arm64.spdx.json",
    }  # fmt: skip


def test_the_lists_of_contents_are_attested_as_what_they_are() -> None:
    given = [
        step["with"]
        for step in JOBS["publish"]["steps"]
        if step.get("uses", "").startswith("actions/attest@")
    ]
    assert [one["predicate-type"] for one in given] == [PREDICATE_TYPE] * 2


def test_what_can_write_runs_after_the_tests_and_the_tags_after_the_trial() -> None:
    writing = {
        name: {key for key, value in job["permissions"].items() if value == "write"}
        for name, job in JOBS.items()
    }
    assert {name: one for name, one in writing.items() if one} == {
        "publish": {"packages", "id-token", "attestations"},
        "tag": {"contents"},
    }
    assert {"test", "build"} <= set(JOBS["publish"]["needs"])
    assert "try" in JOBS["tag"]["needs"]
