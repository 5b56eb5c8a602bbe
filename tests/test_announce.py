"""A check in a workflow, against a fake GitHub: who is told what, and that nothing changes the verdict."""

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

from gate.render.parts import read_parts
from tests.fake_github import JOB_TOKEN, Delay, FakeGithub, Status, event
from tests.project import Outcome, Project

PAYLOAD = event("pull_request.opened")
HEAD = PAYLOAD["pull_request"]["head"]["sha"]


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with FakeGithub(PAYLOAD) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "workspace"
    root.mkdir()
    return Project(root)


def in_workflow(
    project: Project,
    github: FakeGithub,
    *arguments: str,
    event_name: str = "pull_request",
    token: str = JOB_TOKEN,
) -> Outcome:
    payload = PAYLOAD if event_name == "pull_request" else event(event_name)
    outside = project.root.parent
    (outside / "event.json").write_text(json.dumps(payload))
    return project.gate(
        "check",
        "--run-id",
        "r1",
        *arguments,
        GITHUB_ACTIONS="true",
        GITHUB_API_URL=github.url,
        GITHUB_EVENT_NAME=event_name.partition(".")[0],
        GITHUB_EVENT_PATH=str(outside / "event.json"),
        GITHUB_OUTPUT=str(outside / "output"),
        GITHUB_STEP_SUMMARY=str(outside / "summary"),
        GITHUB_REPOSITORY=PAYLOAD["repository"]["full_name"],
        GITHUB_SHA="9" * 40,
        GITHUB_TOKEN=token,
    )


def test_a_status_is_set_where_a_status_is_asked_for(project: Project, github: FakeGithub) -> None:
    assert in_workflow(project, github, "--check", "status", "--comment", "never").exit_code == 0
    (status,) = github.statuses
    assert (status.sha, status.state, status.context) == (HEAD, "success", "Module coverage")
    assert (github.comments, github.check_runs) == ([], [])


def test_nothing_is_asked_of_github_where_publishing_is_off(project: Project, github: FakeGithub) -> None:
    outcome = in_workflow(project, github, "--publish", "off")
    assert outcome.exit_code == 0
    assert github.requests == []
    assert "verdict<<" in (project.root.parent / "output").read_text()


def test_on_failure_posts_nothing_while_passing(project: Project, github: FakeGithub) -> None:
    in_workflow(project, github, "--comment", "on-failure")
    assert github.comments == []


def test_on_failure_keeps_an_earlier_alarm_up_to_date(project: Project, github: FakeGithub) -> None:
    in_workflow(project, github, "--comment", "on-failure", "--line-threshold", "99")
    (alarm,) = github.comments
    failed = alarm.body
    in_workflow(project, github, "--comment", "on-failure")
    (comment,) = github.comments
    assert comment.body != failed
    assert "passed" in comment.body


def test_each_key_keeps_a_comment_of_its_own(project: Project, github: FakeGithub) -> None:
    for key in ("linux", "windows", "linux"):
        in_workflow(project, github, "--comment-key", key)
    assert len(github.comments) == 2


def test_a_tier_that_only_reports_sets_a_neutral_check(project: Project, github: FakeGithub) -> None:
    outcome = in_workflow(project, github, "--tier", "pr-fast", "--line-threshold", "99")
    assert outcome.exit_code == 0
    assert [check.conclusion for check in github.check_runs] == ["neutral"]


def test_a_push_without_a_pull_request_has_a_check_and_no_comment_which_is_nothing_to_warn_of(
    project: Project, github: FakeGithub
) -> None:
    github.commits.add(event("push")["after"])
    outcome = in_workflow(project, github, event_name="push")
    assert outcome.exit_code == 0, outcome.output
    assert github.comments == []
    assert "::warning::" not in outcome.stdout
    assert [check.head_sha for check in github.check_runs] == [event("push")["after"]]


def test_a_push_to_the_head_of_a_pull_request_comments_there(project: Project, github: FakeGithub) -> None:
    github.add_pull(7, event("push")["after"])
    in_workflow(project, github, event_name="push")
    assert [comment.number for comment in github.comments] == [7]


def test_a_push_that_is_not_to_comment_looks_for_no_pull_request(
    project: Project, github: FakeGithub
) -> None:
    github.add_pull(7, event("push")["after"])
    in_workflow(project, github, "--comment", "never", event_name="push")
    assert [(one.method, one.path.rpartition("/")[2]) for one in github.requests] == [("POST", "check-runs")]


def test_a_comment_that_passes_after_a_failure_says_so_and_stays_as_it_is(
    project: Project, github: FakeGithub
) -> None:
    failing = ("--line-threshold", "99")
    bodies = []
    for arguments in ((), failing, failing, (), (), failing):
        in_workflow(project, github, *arguments)
        bodies.append(github.comments[0].body)
    before, failed, failed_again, passing, passing_again, failed_later = bodies
    said = f"Passing again since commit [`{HEAD[:7]}`]"
    assert [said in body for body in bodies] == [False, False, False, True, True, False]
    assert (failed_again, passing_again, failed_later) == (failed, passing, failed)
    assert "an earlier run of it failed." in passing
    assert "state" not in before
    assert len(github.sent("PATCH")) == 3


def test_on_failure_a_run_that_passes_takes_the_alarm_away_once(project: Project, github: FakeGithub) -> None:
    in_workflow(project, github, "--comment", "on-failure", "--line-threshold", "99")
    for _ in range(2):
        in_workflow(project, github, "--comment", "on-failure")
    (comment,) = github.comments
    assert "## ✅ Module coverage: passed" in comment.body
    assert "❌" not in comment.body
    assert len(github.sent("PATCH")) == 1


def test_legs_with_a_part_each_share_one_comment(project: Project, github: FakeGithub) -> None:
    for part, arguments in (("py3.12", ()), ("py3.11", ("--line-threshold", "99"))):
        outcome = in_workflow(project, github, "--comment-part", part, "--check", "none", *arguments)
        assert "::warning::" not in outcome.stdout.replace("::warning::file", "")
    (comment,) = github.comments
    headlines = [line for line in comment.body.splitlines() if line.startswith("## ")]
    assert headlines == [
        "## ❌ Module coverage, `py3.11`: failed",
        "## ✅ Module coverage, `py3.12`: passed",
    ]
    untouched = comment.body
    in_workflow(project, github, "--comment-part", "py3.12", "--check", "none")
    assert comment.body == untouched
    assert len(github.sent("PATCH")) == 1


def test_a_leg_may_word_its_part_by_a_template(project: Project, github: FakeGithub) -> None:
    project.put("comment.md.j2", "<!-- module-coverage-gate-part: x - 0123456789abcdef -->\nHello")
    for part in ("a", "b"):
        in_workflow(project, github, "--comment-part", part, "--comment-template", "comment.md.j2")
    (comment,) = github.comments
    assert sorted(read_parts(comment.body)) == ["a", "b"]
    assert comment.body.count("Hello") == 2


@pytest.mark.parametrize("status", [401, 403, 404, 422, 500])
def test_whatever_github_answers_the_verdict_decides(
    project: Project, github: FakeGithub, status: int
) -> None:
    github.fail(with_=Status(status), times=100)
    outcome = in_workflow(project, github, "--comment", "never")
    assert outcome.exit_code == 0, outcome.output
    assert "::warning::" in outcome.stdout
    assert JOB_TOKEN not in outcome.output


def test_where_publishing_is_required_a_refusal_exits_5_unless_the_verdict_is_worse(
    project: Project, github: FakeGithub
) -> None:
    github.fail(with_=Status(403), times=100)
    required = ("--publish", "required", "--check", "none")
    assert in_workflow(project, github, *required).exit_code == 5
    assert in_workflow(project, github, *required, "--line-threshold", "99").exit_code == 1
    (project.root / "out/coverage.json").unlink()
    assert in_workflow(project, github, *required).exit_code == 3


def test_without_a_token_a_warning_says_what_to_pass(project: Project, github: FakeGithub) -> None:
    outcome = in_workflow(project, github, token="")
    assert outcome.exit_code == 0
    assert "github-token" in outcome.stdout
    assert github.requests == []


def test_uncovered_lines_of_failing_modules_become_annotations(project: Project, github: FakeGithub) -> None:
    outcome = in_workflow(project, github, "--line-threshold", "99")
    # wallet/core.py covers lines 1 to 9 of 10.
    (annotation,) = (one for one in github.check_runs[-1].annotations if one["path"] == "src/wallet/core.py")
    assert (annotation["start_line"], annotation["end_line"]) == (10, 10)
    assert annotation["annotation_level"] == "warning"
    assert "file=" not in outcome.stdout
    silent = in_workflow(project, github, "--line-threshold", "99", "--annotations", "false")
    assert "file=" not in silent.stdout
    assert github.check_runs[-1].annotations == []


@pytest.mark.parametrize("check", ["status", "none", "check-run"])
def test_without_a_check_run_annotations_are_commands(
    project: Project, github: FakeGithub, check: str
) -> None:
    github.fail(with_=Status(403), method="POST", path_regex="check-runs")
    outcome = in_workflow(project, github, "--line-threshold", "99", "--check", check)
    (annotation,) = (line for line in outcome.stdout.splitlines() if "file=src/wallet/core.py" in line)
    assert annotation.startswith("::warning ")
    assert "line=10" in annotation


def test_a_tier_that_only_reports_annotates_by_notices(project: Project, github: FakeGithub) -> None:
    in_workflow(project, github, "--tier", "pr-fast", "--line-threshold", "99")
    levels = {one["annotation_level"] for one in github.check_runs[-1].annotations}
    assert levels == {"notice"}


def test_the_summary_is_appended_to_what_other_steps_wrote(project: Project, github: FakeGithub) -> None:
    (project.root.parent / "summary").write_text("# Earlier step\n")
    in_workflow(project, github)
    text = (project.root.parent / "summary").read_text()
    assert text.startswith("# Earlier step\n")
    assert "2 of 2 modules evaluated" in text


def test_a_policy_mistake_is_explained_in_the_job_summary(project: Project, github: FakeGithub) -> None:
    project.put(".github/coverage-gate.yml", "version: 1\nmodulse: {}\n")
    outcome = in_workflow(project, github)
    assert outcome.exit_code == 2
    assert "::error::" in outcome.stdout
    assert "'modules'" in (project.root.parent / "summary").read_text()
    assert github.requests == []


def test_an_unwritable_output_file_is_a_warning(project: Project, github: FakeGithub) -> None:
    (project.root.parent / "output").mkdir()
    outcome = in_workflow(project, github)
    assert outcome.exit_code == 0
    assert "outputs could not be written" in outcome.stdout


def test_a_users_template_words_the_comment(project: Project, github: FakeGithub) -> None:
    project.put(".github/comment.md.j2", "Hello {{ verdict.modules_evaluated }}\n")
    in_workflow(project, github, "--comment-template", ".github/comment.md.j2")
    assert github.comments[0].body.endswith("\nHello 2")


def test_a_template_that_links_to_a_secret_is_not_read(project: Project, github: FakeGithub) -> None:
    secret = project.root.parent / "secret"
    secret.write_text("ghs_secret")
    (project.root / "c.j2").symlink_to(secret)
    outcome = in_workflow(project, github, "--comment-template", "c.j2")
    assert "ghs_secret" not in github.comments[0].body + outcome.output


@pytest.mark.parametrize("template", ["{% if %}", None])
def test_a_template_that_cannot_be_used_is_a_warning_and_the_built_in_one_is_used(
    project: Project, github: FakeGithub, template: str | None
) -> None:
    if template is not None:
        project.put("comment.md.j2", template)
    outcome = in_workflow(project, github, "--comment-template", "comment.md.j2")
    assert outcome.exit_code == 0
    assert "::warning::the comment template" in outcome.stdout
    assert "2 of 2 modules evaluated" in github.comments[0].body


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_cancelled_step_stops_at_once_and_leaves_its_evidence_whole(
    project: Project, github: FakeGithub, number: signal.Signals
) -> None:
    github.fail(with_=Delay(10), method="GET")
    (project.root.parent / "event.json").write_text(json.dumps(PAYLOAD))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": github.url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(project.root.parent / "event.json"),
        "GITHUB_REPOSITORY": PAYLOAD["repository"]["full_name"],
        "INPUT_GITHUB-TOKEN": JOB_TOKEN,
        "INPUT_RUN-ID": "r1",
    }
    entrypoint = Path(__file__).parents[1] / "entrypoint.py"
    step = subprocess.Popen(
        [sys.executable, str(entrypoint)],
        cwd=project.root,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while not github.requests and step.poll() is None:
        time.sleep(0.02)
    step.send_signal(number)
    output, _ = step.communicate(timeout=8)  # before the answer would come
    assert (step.returncode, "Traceback" in output) == (130, False)
    assert project.evidence("r1", "verdict.json")["verdict"] == "passed"
    assert project.evidence("r1", "index.json")["missing_count"] == 0
