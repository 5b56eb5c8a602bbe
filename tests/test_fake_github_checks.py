"""The fake GitHub behind the real PyGithub: check runs, statuses, limits and workflow runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from github import GithubException

from tests.fake_github import (
    FakeGithub,
)
from tests.fake_github.client import HEAD, refused, repo_of, strict_fake


@pytest.fixture
def fake() -> Iterator[FakeGithub]:
    with strict_fake() as fake:
        yield fake


class TestChecksAndStatuses:
    def test_a_check_run_is_created_completed_and_read(self, fake: FakeGithub) -> None:
        repo = repo_of(fake)
        run = repo.create_check_run("Module coverage", HEAD, status="in_progress")
        note = {"path": "a.py", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "m"}
        for _ in range(2):
            output = {"title": "1 of 2", "summary": "text", "annotations": [note]}
            run.edit(status="completed", conclusion="failure", output=output)
        assert run.conclusion == "failure"
        assert run.app.slug == "github-actions"
        (listed,) = repo.get_commit(HEAD).get_check_runs(check_name="Module coverage")
        assert (listed.id, listed.output.annotations_count) == (run.id, 2)
        (stored,) = fake.check_runs
        assert (stored.head_sha, stored.status, stored.annotations) == (HEAD, "completed", [note, note])

    def test_a_list_shows_the_latest_check_run_of_a_name_unless_all_are_wanted(
        self, fake: FakeGithub
    ) -> None:
        repo = repo_of(fake)
        made = [repo.create_check_run("Module coverage", HEAD).id for _ in range(2)]
        assert [run.id for run in repo.get_commit(HEAD).get_check_runs()] == made[1:]
        assert [run.id for run in repo.get_commit(HEAD).get_check_runs(filter="all")] == made

    def test_a_status_is_set_and_the_latest_of_a_context_counts(self, fake: FakeGithub) -> None:
        commit = repo_of(fake).get_commit(HEAD)
        commit.create_status("failure", context="Module coverage", description="below")
        commit.create_status("success", context="Module coverage", description="met")
        _, statuses = commit.requester.requestJsonAndCheck("GET", f"{commit.url}/statuses")
        assert [one["state"] for one in statuses] == ["success", "failure"]
        combined = commit.get_combined_status()
        assert (combined.state, combined.total_count) == ("success", 1)
        assert [(one.sha, one.description) for one in fake.statuses] == [(HEAD, "below"), (HEAD, "met")]

    def test_a_commit_that_github_does_not_know_takes_neither(self, fake: FakeGithub) -> None:
        repo = repo_of(fake)
        for ask in (
            lambda: repo.create_check_run("Module coverage", "0" * 40),
            lambda: repo.get_commit("0" * 40).create_status("success"),
        ):
            with pytest.raises(GithubException) as error:
                ask()
            assert refused(error)[0] == 422
            assert "No commit found for SHA" in refused(error)[1]

    def test_a_completed_check_run_needs_a_conclusion(self, fake: FakeGithub) -> None:
        with pytest.raises(GithubException) as error:
            repo_of(fake).create_check_run("Module coverage", HEAD, status="completed")
        assert refused(error)[0] == 422
        assert fake.check_runs == []


class TestLimits:
    def test_a_comment_holds_65536_characters_and_no_more(self, fake: FakeGithub) -> None:
        issue = repo_of(fake).get_issue(2)
        comment = issue.create_comment("é" * 65_536)
        for write in (lambda: issue.create_comment("é" * 65_537), lambda: comment.edit("é" * 65_537)):
            with pytest.raises(GithubException) as error:
                write()
            assert refused(error)[0] == 422
            assert "maximum is 65536 characters" in refused(error)[1]
        assert [len(one.body) for one in fake.comments] == [65_536]

    def test_a_status_description_holds_140_characters_and_no_more(self, fake: FakeGithub) -> None:
        commit = repo_of(fake).get_commit(HEAD)
        commit.create_status("success", description="d" * 140)
        with pytest.raises(GithubException) as error:
            commit.create_status("success", description="d" * 141)
        assert refused(error)[0] == 422
        assert len(fake.statuses) == 1

    @pytest.mark.parametrize("part", ["summary", "text"])
    def test_a_check_runs_texts_hold_65535_characters_and_no_more(self, fake: FakeGithub, part: str) -> None:
        repo = repo_of(fake)
        output: dict[str, Any] = {"title": "t", "summary": "s"}
        run = repo.create_check_run("fits", HEAD, output=output | {part: "s" * 65_535})
        longer = output | {part: "s" * 65_536}
        for write in (
            lambda: repo.create_check_run("too long", HEAD, output=longer),
            lambda: run.edit(output=longer),
        ):
            with pytest.raises(GithubException) as error:
                write()
            assert refused(error)[0] == 422
        assert [one.name for one in fake.check_runs] == ["fits"]

    def test_a_request_carries_50_annotations_and_no_more(self, fake: FakeGithub) -> None:
        repo = repo_of(fake)
        note = {"path": "a.py", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "m"}
        output: dict[str, Any] = {"title": "t", "summary": "s"}
        run = repo.create_check_run("n", HEAD, output=output | {"annotations": [note] * 50})
        with pytest.raises(GithubException) as error:
            run.edit(output=output | {"annotations": [note] * 51})
        assert refused(error)[0] == 422
        assert len(fake.check_runs[0].annotations) == 50
        with pytest.raises(GithubException):
            run.edit(output=output | {"annotations": [note | {"title": "t" * 256}]})


class TestWorkflowRuns:
    def test_an_artifact_is_fetched_from_a_second_address_that_takes_no_token(self, fake: FakeGithub) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("verdict.json", "{}")
        run = fake.add_workflow_run(head_sha=HEAD, event="pull_request")
        fake.add_artifact("coverage-gate", packed.getvalue(), run_id=run["id"])
        asked = repo_of(fake).get_workflow_run(run["id"])
        assert (asked.event, asked.head_sha) == ("pull_request", HEAD)
        (artifact,) = asked.get_artifacts()
        headers, _ = repo_of(fake).requester.requestJsonAndCheck("GET", artifact.archive_download_url)
        location = str(headers["location"])
        assert requests.get(location, headers={"Authorization": "token x"}, timeout=10).status_code == 400
        content = requests.get(location, timeout=10).content
        assert zipfile.ZipFile(io.BytesIO(content)).read("verdict.json") == b"{}"

    def test_an_expired_artifact_is_gone(self, fake: FakeGithub) -> None:
        run = fake.add_workflow_run()
        fake.add_artifact("coverage-gate", b"", run_id=run["id"], expired=True)
        (artifact,) = repo_of(fake).get_artifacts(name="coverage-gate")
        with pytest.raises(GithubException) as error:
            repo_of(fake).requester.requestJsonAndCheck("GET", artifact.archive_download_url)
        assert refused(error)[0] == 410
