"""A job that is cancelled while GitHub keeps us waiting: we stop at once, and what is written is whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_github import JOB_TOKEN, Delay, FakeGithub, Trickle
from tests.fake_github.faults import Fault
from tests.project import Project

from .leaks import found_in
from .talk import HEAD

DOORS = {
    "action": [str(Path(__file__).parents[2] / "entrypoint.py")],
    "command line": ["-m", "gate", "check", "--run-id", "r1"],
}
SOON = 3.0
"""Seconds; the runner kills after 10."""


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with FakeGithub() as server:
        yield server
    assert server.violations == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("fault", [Delay(60), Trickle(1)], ids=["silence", "byte by byte"])
def test_a_cancelled_step_stops_at_once_with_its_evidence_and_summary_whole(
    github: FakeGithub, tmp_path: Path, number: signal.Signals, door: list[str], fault: Fault
) -> None:
    (tmp_path / "workspace").mkdir()
    project = Project(tmp_path / "workspace")
    github.add_comment(author="person", body="long enough to trickle for more than the whole test takes")
    github.fail(with_=fault, method="GET", times=100)
    event = {"number": 2, "pull_request": {"number": 2, "head": {"sha": HEAD}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": github.url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "Codertocat/Hello-World",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_TOKEN": JOB_TOKEN,
        "INPUT_RUN-ID": "r1",
        "RUNNER_DEBUG": "1",
    }
    step = subprocess.Popen(
        [sys.executable, *door],
        cwd=project.root,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while not github.requests and step.poll() is None:
        time.sleep(0.02)
    sent = time.monotonic()
    step.send_signal(number)
    output, _ = step.communicate(timeout=30)
    assert time.monotonic() - sent < SOON
    assert (step.returncode, "Traceback" in output) == (130, False), output
    assert output.endswith("interrupted\n")
    assert "2 of 2 modules evaluated" in (tmp_path / "summary").read_text()
    assert project.gate("verify", "artifacts/coverage-gate/r1").exit_code == 0
    assert found_in(JOB_TOKEN, [output], [tmp_path]) == []
    assert len(github.requests) == 1
