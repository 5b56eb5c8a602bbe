"""A check that is killed leaves evidence that is whole or says that it is not; the next is none the worse.

Killed at random moments, and at every single change that a check makes to the disk: there are few of these,
and they take the smallest part of its time.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.project import Project

ROOT = Path(__file__).parents[1]
RANDOM_KILLS = 50
MOST_CHANGES = 200

AT_A_CHANGE = """\
import os, signal, sys

left = int(os.environ["KILLED_AT_CHANGE"])
CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.chown", "os.truncate", "shutil.move"}

def count(event, arguments):
    global left
    if event not in CHANGES or (event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    if "coverage-gate" not in str(arguments[0]):
        return
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1

sys.addaudithook(count)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.commit()
    return project


def start(project: Project, run_id: str, **environ: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gate", "check", "--run-id", run_id],
        cwd=project.root,
        env={**os.environ, "CI": "", **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def hold(project: Project) -> dict[str, str]:
    """Every run folder is sound or says that it is unfinished; what each says."""
    said = {}
    root = project.root / "artifacts/coverage-gate"
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.name == "latest":
            continue
        outcome = project.gate("verify", f"artifacts/coverage-gate/{folder.name}")
        said[folder.name] = outcome.output
        assert outcome.exit_code == 0 or (outcome.exit_code == 4 and "unfinished" in outcome.output), outcome
        if outcome.exit_code == 0:
            assert project.evidence(folder.name, "verdict.json")["verdict"] == "passed"
    return said


def test_killed_at_fifty_random_moments_it_leaves_whole_or_unfinished_evidence(project: Project) -> None:
    began = time.monotonic()
    assert start(project, "whole").wait() == 0
    takes = time.monotonic() - began
    seed = time.time_ns()
    moments = random.Random(seed)  # noqa: S311 - moments, no secrets
    killed = 0
    for number in range(RANDOM_KILLS):
        # Every other time under a run id that has been used before.
        process = start(project, "again" if number % 2 else f"r{number}")
        time.sleep(moments.uniform(0.3, 1.1) * takes)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() != 0
    assert killed, "no process was killed in time"
    said = hold(project)
    assert "unfinished" not in said["whole"], seed
    for run_id in said:
        assert project.gate("check", "--run-id", run_id).exit_code == 0, (seed, run_id)
    assert all("unfinished" not in line for line in hold(project).values()), seed


def test_killed_at_each_change_on_the_disk_it_leaves_whole_or_unfinished_evidence(project: Project) -> None:
    hook = project.root.parent / f"{project.root.name}-hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(AT_A_CHANGE)
    assert start(project, "r1").wait() == 0
    for change in range(MOST_CHANGES):
        environ = {"KILLED_AT_CHANGE": str(change), "PYTHONPATH": f"{hook}:{ROOT}"}
        code = start(project, "r1", **environ).wait()
        hold(project)
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert 10 < change < MOST_CHANGES - 1
    # The earlier check's copies were never taken for evidence of this run.
    (project.root / "out/coverage.json").unlink()
    outcome = project.gate("check", "--json", "--run-id", "r1", "--coverage-files", "**/coverage.json")
    assert (outcome.exit_code, outcome.json["reasons"][0]["code"]) == (3, "artifact-missing")
