"""What a fresh interpreter loads and prints: tests in this process could not tell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.fake_github import JOB_TOKEN, FakeGithub, RawBody

ROOT = Path(__file__).parents[2]

PUBLISH = f"""
import sys
from gate.publish.github import publish
from gate.publish.model import CheckRequest, CommentRequest, Patience, Target
from gate.runner import Secret

target = Target(
    repository="Codertocat/Hello-World", api_url=sys.argv[1], pull_request=2,
    head_sha="ec26c3e57ca3a959ca5aad62de7213c562f8c821", token=Secret({JOB_TOKEN!r}), details_url=None,
)
published = publish(
    target,
    CommentRequest(marker="<!-- m -->", body="<!-- m -->", create=True),
    CheckRequest(kind="check-run", name="n", conclusion="success", title="t", summary="s", description="d",
                 external_id="e"),
    Patience(per_answer=5, attempts=2, first_pause=0.01),
)
assert len(published.problems) == int(sys.argv[2]), published
"""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "dev", "-c", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_publishing_prints_nothing_whether_it_works_or_fails() -> None:
    for fault, problems in ((None, 0), (RawBody(b"<html>", 502), 2)):
        with FakeGithub() as server:
            if fault:
                server.fail(with_=fault, times=100)
            done = python(PUBLISH, server.url, str(problems))
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            assert {request.token for request in server.requests} == {JOB_TOKEN}


def test_what_the_runner_needs_loads_neither_pygithub_nor_requests() -> None:
    done = python(
        "import gate.publish.annotations, gate.publish.model, gate.publish.workflow, sys;"
        "print(sorted({'github', 'requests', 'urllib3'} & set(sys.modules)))"
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
