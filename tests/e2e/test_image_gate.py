"""The whole of it: the real image, started as the runner starts it, on a pull request of a fake GitHub."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.fake_github import JOB_TOKEN, FakeGithub, Status, event
from tests.project import Project

from .confinement import RUNNER_UID, as_github_starts_it_and_confined
from .runner import Runner, StepResult

pytestmark = as_github_starts_it_and_confined

PAYLOAD = event("pull_request.opened")
HEAD = PAYLOAD["pull_request"]["head"]["sha"]
REPOSITORY = PAYLOAD["repository"]["full_name"]
MERGE_COMMIT = "9" * 40


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with FakeGithub(PAYLOAD) as server:
        yield server
    assert server.violations == []
    assert server.unused_faults() == 0


@pytest.fixture(autouse=True)
def project(runner: Runner) -> Project:
    """Evidence that passes is in the workspace of every test here."""
    return Project(runner.workspace)


def step(runner: Runner, github: FakeGithub, **inputs: str) -> StepResult:
    return runner.run(
        {name.replace("_", "-"): value for name, value in inputs.items()},
        event="pull_request",
        payload=PAYLOAD,
        token=JOB_TOKEN,
        environment={
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": MERGE_COMMIT,
        },
    )


def test_a_pull_request_gets_its_comment_its_check_its_outputs_and_its_summary(
    runner: Runner, project: Project, github: FakeGithub
) -> None:
    done = step(runner, github)
    assert done.exit_code == 0, done.log
    (comment,) = github.comments
    assert comment.author.login == "github-actions[bot]"
    assert "2 of 2 modules evaluated" in comment.body
    (check,) = github.check_runs
    assert (check.head_sha, check.status, check.conclusion) == (HEAD, "completed", "success")
    assert check.name == "Module coverage"
    assert done.outputs["verdict"] == "passed"
    assert json.loads(done.outputs["failed-modules"]) == []
    assert json.loads(done.outputs["modules"])["wallet"] == {"line": 90.0, "branch": 50.0}
    assert done.outputs["comment-url"].endswith(f"#issuecomment-{comment.id}")
    assert done.outputs["check-url"]
    assert "2 of 2 modules evaluated" in done.summary
    verdict = json.loads((project.root / done.outputs["verdict-file"]).read_text())
    assert verdict["head_sha"] == HEAD
    assert (project.root / done.outputs["evidence-dir"] / "index.json").is_file()


def test_a_second_run_updates_the_comment_in_place_and_a_third_leaves_it_untouched(
    runner: Runner, github: FakeGithub
) -> None:
    step(runner, github)
    (first,) = github.comments
    green = first.body
    raised = step(runner, github, line_threshold="95")
    assert raised.exit_code == 1, raised.log
    (second,) = github.comments
    assert second.id == first.id
    assert second.body != green
    assert json.loads(raised.outputs["failed-modules"]) == ["wallet"]
    assert [check.conclusion for check in github.check_runs] == ["success", "failure"]
    edits = len(github.sent("PATCH"))
    assert step(runner, github, line_threshold="95").exit_code == 1
    assert len(github.sent("PATCH")) == edits


def test_without_the_report_the_step_exits_3_and_says_so_everywhere(
    runner: Runner, project: Project, github: FakeGithub
) -> None:
    (project.root / "out/coverage.json").unlink()
    done = step(runner, github)
    assert done.exit_code == 3, done.log
    assert done.outputs["verdict"] == "error"
    for text in (done.log, done.summary, github.comments[0].body):
        assert "artifact-missing" in text or "out/coverage.json" in text
    assert github.check_runs[0].conclusion == "failure"


def test_a_read_only_token_is_a_warning_and_the_verdict_stands(runner: Runner, github: FakeGithub) -> None:
    github.fail(with_=Status(403), method="POST", times=2)
    done = step(runner, github)
    assert done.exit_code == 0, done.log
    assert done.log.count("::warning") >= 2
    assert JOB_TOKEN not in done.log


def test_publishing_that_is_required_and_refused_exits_5(runner: Runner, github: FakeGithub) -> None:
    github.fail(with_=Status(403), method="POST", times=2)
    assert step(runner, github, publish="required").exit_code == 5


def test_what_it_creates_belongs_to_the_workspaces_owner(
    runner: Runner, project: Project, github: FakeGithub
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a workspace to another user")
    step(runner, github)
    owners = {path.stat().st_uid for path in (project.root / "artifacts").rglob("*")}
    assert owners == {RUNNER_UID}
