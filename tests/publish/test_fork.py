"""The second stage against a fake GitHub: what is posted of a fork's run, and what never is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from gate.errors import UsageError
from gate.inputs import read_inputs, values_from_environ
from gate.publish.fork import publish_run
from gate.runner import Runner
from tests.fake_github import JOB_TOKEN, Status
from tests.fake_github.values import Actor
from tests.forks import ATTACKS, HEAD, REPOSITORY, Attack, GithubWithFork, Stage, left_by_a_run

ROOT = Path(__file__).parents[2]


class Told(NamedTuple):
    exit_code: int
    log: str
    summary: str
    outputs: str


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return left_by_a_run(tmp_path_factory.mktemp("fork"))


@pytest.fixture
def github() -> Iterator[GithubWithFork]:
    with GithubWithFork() as server:
        yield server
    assert server.violations == []
    assert server.unused_faults() == 0


@pytest.fixture
def stage(github: GithubWithFork, evidence: dict[str, bytes]) -> Stage:
    return Stage(github, evidence)


def environ_of(stage: Stage, folder: Path, **inputs: str) -> dict[str, str]:
    (folder / "event.json").write_text(json.dumps(stage.event()))
    return {
        **stage.environ(),
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "INPUT_GITHUB-TOKEN": JOB_TOKEN,
        **{f"INPUT_{name.replace('_', '-').upper()}": value for name, value in inputs.items()},
    }


def publish(stage: Stage, folder: Path, **inputs: str) -> Told:
    environ = environ_of(stage, folder, **inputs)
    lines: list[str] = []
    given = read_inputs(values_from_environ(environ), Runner.from_environ(environ), folder, datetime.now(UTC))
    exit_code = publish_run(given, lines.append)
    texts = [path.read_text() if (path := folder / name).exists() else "" for name in ("summary", "output")]
    return Told(exit_code, "\n".join(lines), *texts)


def test_the_forks_pull_request_gets_a_comment_drawn_here_and_labelled_and_no_check(
    stage: Stage, tmp_path: Path
) -> None:
    stage.upload()
    told = publish(stage, tmp_path, publish="required")
    assert told.exit_code == 0, told.log
    (comment,) = stage.github.comments
    assert (comment.number, comment.author.login) == (2, "github-actions[bot]")
    assert comment.body.startswith("<!-- module-coverage-gate: default -->\n")
    assert "self-reported by the fork's run" in comment.body
    assert f"/actions/runs/{stage.run['id']}" in comment.body
    assert "2 of 2 modules evaluated" in comment.body
    assert (stage.github.check_runs, stage.github.statuses) == ([], [])
    assert "self-reported by the fork's run" in told.summary
    assert f"#issuecomment-{comment.id}" in told.outputs
    assert "verdict<<" in told.outputs
    assert "pull request 2: the comment is up to date" in told.log


def test_links_lead_to_the_commit_that_github_names_never_to_the_one_that_the_verdict_does(
    stage: Stage, tmp_path: Path
) -> None:
    assert stage.verdict["commit"] not in (None, HEAD)
    stage.upload()
    publish(stage, tmp_path)
    links = re.findall(r"/(?:blob|commit)/([0-9a-f]+)", stage.github.comments[0].body)
    assert set(links) == {HEAD}


def test_a_second_run_updates_the_comment_and_a_key_keeps_its_own(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    publish(stage, tmp_path)
    (first,) = stage.github.comments
    green = first.body
    stage.github.artifacts.clear()
    stage.forge(lambda verdict: verdict["notes"].append({"code": "commit-unknown", "message": "anew"}))
    stage.upload()
    publish(stage, tmp_path)
    (second,) = stage.github.comments
    assert second.id == first.id
    assert second.body != green
    publish(stage, tmp_path, comment_key="other")
    assert len(stage.github.comments) == 2


def test_the_token_goes_to_github_and_never_to_where_the_archive_lies(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    (tmp_path / ".netrc").write_text("machine localhost login me password secret\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETRC", str(tmp_path / ".netrc"))
        publish(stage, tmp_path)
    (download,) = stage.github.downloads
    assert not download.authorized
    assert JOB_TOKEN not in str(download.headers)
    assert all(request.token == JOB_TOKEN for request in stage.github.requests)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_is_posted_of_what_cannot_be_trusted_and_a_line_says_why(
    stage: Stage, tmp_path: Path, attack: Attack
) -> None:
    attack.change(stage)
    stage.upload()
    told = publish(stage, tmp_path, publish="required")
    assert stage.github.sent("POST") == stage.github.sent("PATCH") == []
    assert attack.words in told.log.replace("%25", "%")
    assert told.exit_code == (5 if attack.refused else 0)
    (line,) = told.log.splitlines()
    assert line.startswith("::warning::nothing was published: " if attack.refused else "nothing was")
    assert attack.words in told.summary
    assert "verdict<<" in told.outputs
    assert line.isprintable()


def test_what_is_refused_is_a_warning_where_publishing_is_not_required(stage: Stage, tmp_path: Path) -> None:
    assert publish(stage, tmp_path).exit_code == 0


def test_names_that_print_are_shown_as_text_whatever_markdown_is_in_them(
    stage: Stage, tmp_path: Path
) -> None:
    text = "<img src=x> @octocat [a](//b) ##[error]x"
    stage.forge(lambda verdict: verdict["modules"][0].update(name="a`b|c"))
    stage.forge(lambda verdict: verdict["notes"].append({"code": "x", "message": text}))
    stage.upload()
    assert publish(stage, tmp_path).exit_code == 0
    body = stage.github.comments[0].body
    assert "<code>a&#96;b&#124;c</code>" in body
    assert not [mark for mark in ("<img", "@octocat", "[a](", "##[") if mark in body]


def test_the_artifact_of_the_last_attempt_counts(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    stage.github.artifacts[-1].created_at = "2020-10-05T16:00:00Z"  # the attempt began at 16:33:49
    stage.github.artifacts[-1].content = b"of an earlier attempt"
    stage.upload()
    assert publish(stage, tmp_path, publish="required").exit_code == 0
    assert len(stage.github.comments) == 1


def test_a_branch_of_the_repository_itself_is_published_under_its_own_label(
    stage: Stage, tmp_path: Path
) -> None:
    """As of a pull request by Dependabot, whose token is read-only likewise: the event then lists it."""
    ours = {"id": stage.repository["id"]}
    stage.run["head_repository"] = {**ours, "full_name": REPOSITORY, "owner": {"login": "Codertocat"}}
    stage.run["pull_requests"] = [{"number": 2, "head": {"sha": HEAD, "repo": ours}, "base": {"repo": ours}}]
    stage.pull["head"]["repo"] = stage.pull["base"]["repo"]
    stage.upload()
    assert publish(stage, tmp_path, publish="required").exit_code == 0
    assert "self-reported by the pull request's own run" in stage.github.comments[0].body


def test_without_a_digest_of_githubs_the_archive_is_read_all_the_same(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    stage.github.artifacts[-1].digest = None
    assert publish(stage, tmp_path, publish="required").exit_code == 0


def test_more_bytes_than_were_announced_end_the_download(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.publish.artifact.MOST_ARCHIVE", 1000)
    stage.upload()
    stage.github.artifacts[-1].size = 10
    told = publish(stage, tmp_path, publish="required")
    assert (told.exit_code, "whatever GitHub says of it" in told.log) == (5, True)
    assert stage.github.comments == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/pulls$", "pull-requests: write"),
        ("/artifacts$", "actions: read"),
        ("/zip$", "actions: read"),
        ("/comments$", "pull-requests: write"),
    ],
)
def test_what_github_forbids_is_told_with_the_permission_that_it_takes(
    stage: Stage, tmp_path: Path, path: str, words: str
) -> None:
    stage.upload()
    stage.github.fail(with_=Status(403), path_regex=path)
    told = publish(stage, tmp_path, publish="required")
    assert told.exit_code == 5
    assert words in told.log
    assert stage.github.comments == []


def test_a_storage_that_is_out_of_order_is_asked_again_at_a_new_address(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.publish.client.time.sleep", lambda _seconds: None)
    stage.upload()
    stage.github.fail(with_=Status(503), path_regex=stage.github.storage)
    assert publish(stage, tmp_path, publish="required").exit_code == 0
    assert len(stage.github.sent("GET", "/zip")) == 2


@pytest.mark.parametrize(
    "location", ["https://elsewhere.example/x", "ftp://localhost/x", "", "file:///etc/passwd"]
)
def test_a_storage_that_sends_on_and_an_address_that_is_none_are_not_followed(
    stage: Stage, tmp_path: Path, location: str
) -> None:
    stage.upload()
    path = stage.github.storage if location.startswith("https") else "/zip$"
    stage.github.fail(with_=Status(302, headers={"Location": location}), path_regex=path)
    told = publish(stage, tmp_path, publish="required")
    assert told.exit_code == 5
    assert "storage answered 302" in told.log or "names no place" in told.log


def test_on_failure_posts_nothing_of_a_run_that_passed(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    told = publish(stage, tmp_path, comment="on-failure", publish="required")
    assert (told.exit_code, stage.github.comments) == (0, [])
    assert "there is no comment to update" in told.log


@pytest.mark.parametrize("inputs", [{"publish": "off"}, {"comment": "never"}])
def test_nothing_is_asked_of_github_where_nothing_is_to_be_posted(
    stage: Stage, tmp_path: Path, inputs: dict[str, str]
) -> None:
    stage.upload()
    assert publish(stage, tmp_path, **inputs).exit_code == 0
    assert stage.github.requests == []


def test_a_token_that_only_reads_cannot_publish(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    stage.github.tokens[JOB_TOKEN] = Actor("github-actions[bot]", "Bot", writes=False)
    told = publish(stage, tmp_path, publish="required")
    assert (told.exit_code, "the token may not do that" in told.log) == (5, True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GITHUB_EVENT_NAME", "pull_request", "works on a workflow_run event"),
        ("INPUT_WORKFLOW", "", "needs the input `workflow`"),
    ],
)
def test_a_mistake_in_the_set_up_is_a_usage_error(
    stage: Stage, tmp_path: Path, name: str, value: str, words: str
) -> None:
    environ = environ_of(stage, tmp_path) | {name: value}
    given = read_inputs(
        values_from_environ(environ), Runner.from_environ(environ), tmp_path, datetime.now(UTC)
    )
    with pytest.raises(UsageError, match=re.escape(words)):
        publish_run(given, print)


def as_process(stage: Stage, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    workspace = folder / "workspace"
    workspace.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, ROOT / "entrypoint.py"],
        cwd=workspace,
        env={**environ_of(stage, folder), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_as_a_process_it_needs_no_workspace_and_writes_nothing_into_it(stage: Stage, tmp_path: Path) -> None:
    stage.upload()
    done = as_process(stage, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(stage.github.comments) == 1
    assert list((tmp_path / "workspace").iterdir()) == []
    assert JOB_TOKEN not in done.stdout + done.stderr


def test_as_a_process_it_exits_2_on_a_mistake_and_5_where_it_must_publish_and_cannot(
    stage: Stage, tmp_path: Path
) -> None:
    assert as_process(stage, tmp_path, INPUT_WORKFLOW="").returncode == 2
    refused = as_process(stage, tmp_path, INPUT_PUBLISH="required")
    assert (refused.returncode, "has no artifact" in refused.stdout) == (5, True)
    assert (tmp_path / "summary").read_text().count("nothing was published") == 1
