"""A pull request from a fork in the real image: judged by a run that may only read, published by another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path

import pytest

from tests.fake_github import ACTIONS_BOT, JOB_TOKEN, Actor
from tests.forks import ATTACKS, HEAD, PULL_REQUEST, REPOSITORY, WORKFLOW, GithubWithFork, Stage
from tests.project import Project

from .engine import Engine
from .runner import Runner, StepResult

FORKS_TOKEN = "ghs_token-of-the-forks-run"  # noqa: S105 - opens nothing but the fake
PUSHED = "5" * 40

IN_THE_IMAGE = [
    "a number in the artifact",
    "a push while it publishes",
    "a bomb that says it is small",
    "a member that leads out",
    "text that runs backwards",
    "forged arithmetic",
    "two pull requests",
    "a deleted fork",
    "another workflow",
    "an artifact twice",
    "another digest",
]


@pytest.fixture
def github() -> Iterator[GithubWithFork]:
    with GithubWithFork() as server:
        server.tokens[FORKS_TOKEN] = Actor(ACTIONS_BOT.login, "Bot", writes=False)
        yield server
    assert server.violations == []
    assert server.unused_faults() == 0


@pytest.fixture
def publisher(engine: Engine, image: str, runner: Runner, tmp_path: Path) -> Runner:
    """A job of the second workflow: its workspace is empty."""
    return Runner(engine, image, tmp_path / "publisher", runner.action)


def judge(runner: Runner, github: GithubWithFork, head_sha: str, **inputs: str) -> dict[str, bytes]:
    """Run the fork's own job; what its upload of `evidence-dir` packs."""
    payload = deepcopy(PULL_REQUEST)
    payload["pull_request"]["head"]["sha"] = head_sha
    done = runner.run(
        {"publish": "off", **{name.replace("_", "-"): value for name, value in inputs.items()}},
        event="pull_request",
        payload=payload,
        token=FORKS_TOKEN,
        environment={
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": "9" * 40,
        },
    )
    folder = runner.workspace / done.outputs["evidence-dir"]
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    return {"verdict.json": files.pop("verdict.json"), **files}


def publish(publisher: Runner, stage: Stage, inputs: Mapping[str, str]) -> StepResult:
    environ = stage.environ()
    return publisher.run(
        {"mode": "publish", "workflow": WORKFLOW, **inputs},
        event="workflow_run",
        payload=stage.event(),
        token=JOB_TOKEN,
        environment={name: environ[name] for name in ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")},
        read_only=True,
    )


def test_a_forks_pull_request_gets_its_comment_and_its_next_push_updates_it(
    runner: Runner, publisher: Runner, github: GithubWithFork
) -> None:
    Project(runner.workspace)
    stage = Stage(github, judge(runner, github, HEAD))
    assert github.requests == []
    stage.upload()
    done = publish(publisher, stage, {"publish": "required"})
    assert done.exit_code == 0, done.log
    (comment,) = github.comments
    assert (comment.number, comment.author.login) == (2, "github-actions[bot]")
    assert "self-reported by the fork's run" in comment.body
    assert "Module coverage: passed" in comment.body
    assert done.outputs["verdict"] == "passed"
    assert json.loads(done.outputs["modules"])["wallet"] == {"line": 90.0, "branch": 50.0}
    assert done.outputs["comment-url"].endswith(f"#issuecomment-{comment.id}")
    assert "2 of 2 modules evaluated" in done.summary

    stage.pull["head"]["sha"] = PUSHED
    stage.run = stage.finished_run(PUSHED)
    stage.files = list(judge(runner, github, PUSHED, line_threshold="95").items())
    stage.upload()
    done = publish(publisher, stage, {"publish": "required"})
    assert done.exit_code == 0, done.log
    (updated,) = github.comments
    assert updated.id == comment.id
    assert "Module coverage: failed" in updated.body
    assert json.loads(done.outputs["failed-modules"]) == ["wallet"]

    assert (github.check_runs, github.statuses) == ([], [])
    assert {request.token for request in github.requests} == {JOB_TOKEN}
    assert all(JOB_TOKEN not in str(download.headers) for download in github.downloads)
    assert list(publisher.workspace.iterdir()) == []


@pytest.mark.parametrize("name", IN_THE_IMAGE)
def test_what_cannot_be_trusted_is_refused_in_the_image_too(
    runner: Runner, publisher: Runner, github: GithubWithFork, name: str
) -> None:
    Project(runner.workspace)
    stage = Stage(github, judge(runner, github, HEAD))
    attack = ATTACKS[name]
    attack.change(stage)
    stage.upload()
    done = publish(publisher, stage, {"publish": "required"})
    assert done.exit_code == (5 if attack.refused else 0), done.log
    assert attack.words in done.log
    assert attack.words in done.summary
    assert (github.comments, github.check_runs) == ([], [])
    assert JOB_TOKEN not in done.log


def test_a_set_up_without_the_workflows_path_exits_2(publisher: Runner, github: GithubWithFork) -> None:
    done = publish(publisher, Stage(github, {}), {"workflow": ""})
    assert (done.exit_code, github.requests) == (2, [])
    assert "needs the input `workflow`" in done.log
