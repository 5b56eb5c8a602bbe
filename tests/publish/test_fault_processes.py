"""Whole processes: one call meets every fault, and what the process leaves is searched for the token."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_github import ACTIONS_BOT, FakeGithub
from tests.project import Outcome, Project

from .fault_table import CALLS, TOKEN, troubles
from .leaks import found_in
from .runner_rules import parse_output_file
from .talk import HEAD, MARKER, GithubWithViewer, bodies

CALL = CALLS["comment create"]
BOUND = 1
"""Seconds for publishing: one attempt, since a pause of a second is made before the next."""
SLACK = 15.0
"""Seconds for the process itself on a machine that is busy."""
NAMES = list(troubles("", ""))


@pytest.fixture
def server() -> Iterator[FakeGithub]:
    with GithubWithViewer() as started:
        started.tokens[TOKEN] = ACTIONS_BOT
        yield started
    assert started.violations == []


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "workspace").mkdir()
    project = Project(tmp_path / "workspace")
    yield project
    assert found_in(TOKEN, [], [tmp_path]) == []


def step(project: Project, api_url: str, *options: str, **environ: str) -> Outcome:
    """`gate check` as a step that must publish, with all the output that a runner can ask for."""
    outside = project.root.parent
    event = {"number": 2, "pull_request": {"number": 2, "head": {"sha": HEAD}}}
    (outside / "event.json").write_text(json.dumps(event))
    outcome = project.gate(
        *("check", "--run-id", "r1", "--debug", "--publish", "required", *options),
        **{
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": api_url,
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(outside / "event.json"),
            "GITHUB_OUTPUT": str(outside / "output"),
            "GITHUB_REPOSITORY": "Codertocat/Hello-World",
            "GITHUB_STEP_SUMMARY": str(outside / "summary"),
            "GITHUB_TOKEN": TOKEN,
            "RUNNER_DEBUG": "1",
            **environ,
        },
    )
    assert found_in(TOKEN, [outcome.stdout, outcome.stderr], []) == []
    assert "Traceback" not in outcome.output
    return outcome


@pytest.mark.parametrize("name", NAMES)
def test_a_comment_that_cannot_be_created_exits_5_in_time_and_leaves_all_else(
    server: FakeGithub, project: Project, name: str
) -> None:
    trouble = troubles(server.url, "http://elsewhere.invalid")[name]
    server.fail(with_=trouble.fault, method="POST", path_regex="comments$", times=10**9)
    before = time.monotonic()
    outcome = step(project, server.url, "--check", "none", "--publish-timeout", str(BOUND))
    assert time.monotonic() - before < BOUND + SLACK

    survived = trouble.done and not trouble.slow
    assert outcome.exit_code == (0 if survived else 5), outcome.output
    assert len(bodies(server)) == (1 if trouble.done else 0)
    assert len(server.sent("POST")) == 1
    if not survived:
        assert all(part in outcome.output for part in trouble.told), outcome.output
    outputs = parse_output_file((project.root.parent / "output").read_text())
    assert outputs["verdict"] == "passed"
    assert bool(outputs["comment-url"]) == survived
    assert "2 of 2 modules evaluated" in (project.root.parent / "summary").read_text()
    assert project.evidence("r1", "index.json")["missing_count"] == 0


def test_a_server_that_is_not_there_fails_the_comment_and_the_check(project: Project) -> None:
    with FakeGithub() as server:
        address = server.url
    outcome = step(project, address, "--publish-timeout", "1")
    assert outcome.exit_code == 5
    host = address.removeprefix("http://")
    for name in ("the comment", "the check run"):
        assert (
            f"{name} could not be published: the connection to {host} failed or broke off" in outcome.output
        )


HIDDEN = "ghs_a\nb", "ghs_é"


@pytest.mark.parametrize("token", HIDDEN)
def test_a_token_that_no_header_may_carry_is_refused_without_being_shown(
    server: FakeGithub, project: Project, token: str
) -> None:
    outcome = step(project, server.url, GITHUB_TOKEN=token)
    assert outcome.exit_code == 5
    assert "the token is empty or holds characters that no token has; check `github-token`" in outcome.stdout
    assert found_in(token, [outcome.stdout, outcome.stderr], [project.root.parent]) == []
    assert server.requests == []


WATCH = """
import sys

EVENTS = {{"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"}}

def watch(event, arguments):
    if event in EVENTS:
        with open({log!r}, "a") as log:
            log.write(event + "\\n")

sys.addaudithook(watch)
"""


def test_no_child_process_is_started_that_could_inherit_the_token(
    server: FakeGithub, project: Project, tmp_path: Path
) -> None:
    project.commit()
    (tmp_path / "hooks").mkdir()
    log = tmp_path / "children"
    (tmp_path / "hooks/sitecustomize.py").write_text(WATCH.format(log=str(log)))
    outcome = step(project, server.url, PYTHONPATH=str(tmp_path / "hooks"))
    assert outcome.exit_code == 0, outcome.output
    assert not log.exists()
    assert bodies(server)[0].startswith(MARKER)
