"""A cancelled job: the runner's signals reach the gate as process 1 of its container."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fake_github import JOB_TOKEN, Delay, FakeGithub, event
from tests.project import Project

from .confinement import as_github_starts_it_and_confined
from .engine import Engine
from .runner import Runner

PAYLOAD = event("pull_request.opened")


@as_github_starts_it_and_confined
@pytest.mark.parametrize("number", ["INT", "TERM"])
def test_as_process_1_it_stops_at_once_with_its_evidence_and_summary_whole(
    runner: Runner, engine: Engine, number: str
) -> None:
    project = Project(runner.workspace)
    name = f"module-coverage-gate-{uuid.uuid4().hex[:12]}"
    with FakeGithub(PAYLOAD) as github, ThreadPoolExecutor() as pool:
        github.fail(with_=Delay(60), method="GET")
        step = pool.submit(
            runner.run,
            {"run-id": "r1"},
            event="pull_request",
            payload=PAYLOAD,
            token=JOB_TOKEN,
            environment={
                "GITHUB_API_URL": github.url,
                "GITHUB_REPOSITORY": PAYLOAD["repository"]["full_name"],
            },
            name=name,
        )
        while not github.requests and not step.done():
            time.sleep(0.05)
        before = time.monotonic()
        engine.must("kill", "--signal", number, name)
        done = step.result(timeout=60)
    # The engine itself takes its time; the runner kills 10 s after the first signal.
    assert time.monotonic() - before < 10
    assert (done.exit_code, "Traceback" in done.log) == (130, False), done.log
    assert "2 of 2 modules evaluated" in done.summary
    assert project.gate("verify", "artifacts/coverage-gate/r1").exit_code == 0
