"""Evidence in the real image: no git binary, a workspace of another owner, and git works there afterwards."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.project import Project

from .confinement import RUNNER_UID, as_github_starts_it_and_alone
from .runner import Runner, StepResult

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a workspace to another user"),
    as_github_starts_it_and_alone,
]

HOUR = timedelta(hours=1)


@pytest.fixture
def project(runner: Runner) -> Project:
    return Project(runner.workspace)


def gate(runner: Runner, *arguments: str) -> StepResult:
    return runner.python("-I", "-B", "-m", "gate", *arguments)


def as_owner(folder: Path, *command: str) -> str:
    """What a command prints that the workspace's owner runs."""
    return subprocess.run(
        command,
        cwd=folder,
        user=RUNNER_UID,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def reachable(folder: Path) -> None:
    """Let the owner come to the workspace, through folders that pytest makes for one user."""
    for parent in folder.parents:
        if parent.stat().st_uid == 0 and parent.name.startswith(("pytest-", "popen-", "test_")):
            parent.chmod(0o755)


def test_there_is_no_git_in_the_image(runner: Runner) -> None:
    assert runner.python("-c", "import shutil; print(shutil.which('git'))").stdout == "None\n"


def test_the_commit_is_read_and_evidence_from_before_it_is_stale(runner: Runner, project: Project) -> None:
    commit = project.commit(when=datetime.now(UTC) - HOUR)
    fresh = runner.run({"publish": "off", "run-id": "fresh"})
    assert fresh.exit_code == 0, fresh.log
    assert project.evidence("fresh", "verdict.json")["commit"] == commit
    assert project.evidence("fresh", "index.json")["commit"] == commit
    project.commit(when=datetime.now(UTC) + HOUR)
    stale = runner.run({"publish": "off", "run-id": "stale"})
    assert stale.exit_code == 3, stale.log
    assert project.evidence("stale", "verdict.json")["reasons"][0]["code"] == "artifact-stale"


def test_runs_are_verified_compared_and_shown(runner: Runner, project: Project) -> None:
    project.commit(when=datetime.now(UTC) - HOUR)
    for run_id in ("r1", "r2"):
        assert runner.run({"publish": "off", "run-id": run_id}).exit_code == 0
    folders = [f"artifacts/coverage-gate/{run_id}" for run_id in ("r1", "r2")]
    assert gate(runner, "verify", folders[0]).exit_code == 0
    compared = gate(runner, "compare", *folders)
    assert compared.exit_code == 0, compared.log
    shown = gate(runner, "evidence", folders[1])
    assert shown.exit_code == 0, shown.log
    assert "GO" in shown.stdout
    (project.root / folders[0] / "verdict.json").write_text("{}")
    assert gate(runner, "verify", folders[0]).exit_code == 4


def test_the_owners_git_works_afterwards_and_a_clean_checkout_removes_all(
    runner: Runner, project: Project
) -> None:
    project.commit(when=datetime.now(UTC) - HOUR)
    project.put("backend/artifacts/coverage-gate/r1/traces/a/b.txt", "trace")
    runner.run({"publish": "off", "run-id": "r1"})
    reachable(runner.workspace)
    assert as_owner(runner.workspace, "git", "status", "--porcelain") == ""
    as_owner(runner.workspace, "git", "clean", "-ffdxq")
    as_owner(runner.workspace, "git", "checkout", "-q", "-f", "HEAD")
    assert not (runner.workspace / "artifacts").exists()
    as_owner(runner.workspace, "git", "-c", "user.name=x", "-c", "user.email=x@example.invalid",
             "commit", "-q", "--allow-empty", "-m", "next")  # fmt: skip
