"""The fake GitHub behind the real PyGithub: what it does, what it refuses, and that its checks can fail."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from github import Auth, BadCredentialsException, Github, GithubException, GithubRetry, UnknownObjectException
from github.Repository import Repository
from openapi_spec_validator import validate

from tests.fake_github import (
    JOB_TOKEN,
    PERSONAL_TOKEN,
    Actor,
    Delay,
    DropConnection,
    FakeGithub,
    LostAnswer,
    RawBody,
    Status,
    event,
)

DATA = Path(__file__).parent / "data" / "github"
# The recorded pull_request.opened payload says so.
REPOSITORY = "Codertocat/Hello-World"
HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
BASE = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
COMMENTS = f"/repos/{REPOSITORY}/issues/2/comments"


@pytest.fixture
def fake() -> Iterator[FakeGithub]:
    """A fake that nobody may misuse: the test fails if a request or an answer breaks the description."""
    with FakeGithub() as fake:
        yield fake
    assert fake.violations == []
    assert fake.unused_faults() == 0


def client(
    fake: FakeGithub, token: str = JOB_TOKEN, *, retries: int = 0, per_page: int = 30, lazy: bool = False
) -> Github:
    return Github(
        base_url=fake.url,
        auth=Auth.Token(token),
        per_page=per_page,
        retry=GithubRetry(total=retries, backoff_factor=0),
        seconds_between_requests=None,
        seconds_between_writes=None,
        lazy=lazy,
    )


def repo_of(fake: FakeGithub, token: str = JOB_TOKEN, **options: Any) -> Repository:
    """The repository as a lazy object: it and what is taken from it cost no request until they are read."""
    return client(fake, token, lazy=True, **options).get_repo(REPOSITORY)


def refused(error: pytest.ExceptionInfo[GithubException]) -> tuple[int, str]:
    return error.value.status, json.dumps(error.value.data)


class TestPullRequestsAndComments:
    def test_a_pull_request_names_the_head_that_checks_belong_to(self, fake: FakeGithub) -> None:
        pull = client(fake).get_repo(REPOSITORY).get_pull(2)
        assert (pull.head.sha, pull.base.sha, pull.state) == (HEAD, BASE, "open")
        assert [(one.method, one.path) for one in fake.requests] == [
            ("GET", f"/repos/{REPOSITORY}"),
            ("GET", f"/repos/{REPOSITORY}/pulls/2"),
        ]

    def test_a_comment_is_created_read_edited_and_deleted(self, fake: FakeGithub) -> None:
        issue = repo_of(fake).get_issue(2)
        comment = issue.create_comment("first")
        assert comment.user.login == "github-actions[bot]"
        assert comment.user.type == "Bot"
        assert comment.html_url == f"https://github.com/{REPOSITORY}/pull/2#issuecomment-{comment.id}"
        comment.edit("second")
        assert issue.get_comment(comment.id).body == "second"
        assert [one.body for one in fake.comments] == ["second"]
        comment.delete()
        assert fake.comments == []
        assert [one.body for one in fake.sent("PATCH")] == [{"body": "second"}]
        assert all(one.authorized for one in fake.requests)

    def test_lazy_objects_comment_with_a_single_request(self, fake: FakeGithub) -> None:
        repo_of(fake).get_issue(2).create_comment("one request")
        assert [(one.method, one.path, one.body) for one in fake.requests] == [
            ("POST", COMMENTS, {"body": "one request"})
        ]

    def test_a_seeded_comment_keeps_its_author_when_the_job_edits_it(self, fake: FakeGithub) -> None:
        fake.add_comment(author="octocat", body="mine")
        (comment,) = repo_of(fake).get_issue(2).get_comments()
        comment.edit("changed by the job")
        assert (fake.comments[0].author, fake.comments[0].body) == (Actor("octocat"), "changed by the job")

    @pytest.mark.parametrize(("per_page", "pages"), [(30, 4), (100, 1)])
    def test_all_pages_of_a_conversation_are_linked(
        self, fake: FakeGithub, per_page: int, pages: int
    ) -> None:
        for number in range(100):
            fake.add_comment(author="octocat", body=f"comment {number}")
        comments = repo_of(fake, per_page=per_page).get_issue(2).get_comments()
        assert [one.body for one in comments] == [f"comment {number}" for number in range(100)]
        assert len(fake.sent("GET", "/comments")) == pages

    def test_the_link_header_names_the_neighbours_of_a_page(self, fake: FakeGithub) -> None:
        for number in range(5):
            fake.add_comment(author="octocat", body=f"comment {number}")
        answer = requests.get(
            fake.url + COMMENTS,
            params={"per_page": 2, "page": 2},
            headers={"Authorization": f"Bearer {JOB_TOKEN}"},
            timeout=10,
        )
        pages = {name: link["url"].partition("?")[2] for name, link in answer.links.items()}
        assert pages == {
            "prev": "per_page=2&page=1",
            "next": "per_page=2&page=3",
            "last": "per_page=2&page=3",
            "first": "per_page=2&page=1",
        }

    def test_no_page_holds_more_than_100(self, fake: FakeGithub) -> None:
        for number in range(101):
            fake.add_comment(author="octocat", body=f"comment {number}")
        headers = {"Authorization": f"token {JOB_TOKEN}"}
        answer = requests.get(f"{fake.url}{COMMENTS}?per_page=1000", headers=headers, timeout=10)
        assert len(answer.json()) == 100

    def test_comments_belong_to_their_pull_request(self, fake: FakeGithub) -> None:
        fake.add_pull(7, "7" * 40)
        fake.add_comment(author="octocat", body="on two", number=2)
        fake.add_comment(author="octocat", body="on seven", number=7)
        assert [one.body for one in repo_of(fake).get_issue(7).get_comments()] == ["on seven"]

    def test_pull_requests_are_found_by_head_branch_and_by_commit(self, fake: FakeGithub) -> None:
        fake.add_pull(7, "7" * 40, head_ref="topic")
        fake.add_pull(8, "8" * 40, head_ref="topic", open_=False)
        repo = repo_of(fake)
        assert [one.number for one in repo.get_pulls(head="Codertocat:topic", state="open")] == [7]
        assert [one.number for one in repo.get_pulls(state="all")] == [8, 7, 2]
        assert [one.number for one in repo.get_commit(HEAD).get_pulls()] == [2]

    def test_files_and_comparison_of_a_pull_request_are_those_seeded(self, fake: FakeGithub) -> None:
        fake.add_file("backend/wallet.py", patch="@@ -1 +1,2 @@\n-a\n+b\n+c")
        fake.merge_bases[BASE, HEAD] = "a" * 40
        repo = repo_of(fake)
        (file,) = repo.get_pull(2).get_files()
        assert (file.filename, file.additions, file.deletions) == ("backend/wallet.py", 2, 1)
        comparison = repo.compare(BASE, HEAD)
        assert comparison.merge_base_commit.sha == "a" * 40
        assert [one.filename for one in comparison.files] == ["backend/wallet.py"]

    def test_what_does_not_exist_is_not_found(self, fake: FakeGithub) -> None:
        with pytest.raises(UnknownObjectException):
            _ = repo_of(fake).get_pull(99).title
        with pytest.raises(UnknownObjectException):
            repo_of(fake).get_issue(99).create_comment("x")
        with pytest.raises(UnknownObjectException):
            client(fake).get_repo("octocat/elsewhere")


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
        assert [one.state for one in commit.get_statuses()] == ["success", "failure"]
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


class TestWhoAsks:
    def test_a_person_has_a_login_and_the_job_has_none(self, fake: FakeGithub) -> None:
        assert client(fake, PERSONAL_TOKEN).get_user().login == "octocat"
        with pytest.raises(GithubException) as error:
            _ = client(fake).get_user().login
        assert refused(error)[0] == 403
        assert "Resource not accessible by integration" in refused(error)[1]

    def test_a_person_may_comment_but_not_create_check_runs(self, fake: FakeGithub) -> None:
        repo = repo_of(fake, PERSONAL_TOKEN)
        assert repo.get_issue(2).create_comment("hello").user.login == "octocat"
        with pytest.raises(GithubException) as error:
            repo.create_check_run("Module coverage", HEAD)
        assert refused(error)[0] == 403

    def test_a_forks_token_reads_and_is_refused_every_write(self, fake: FakeGithub) -> None:
        fake.tokens["ghs_of-a-fork"] = Actor("github-actions[bot]", "Bot", writes=False)
        repo = repo_of(fake, "ghs_of-a-fork")
        issue = repo.get_issue(2)
        for write in (
            lambda: issue.create_comment("hello"),
            lambda: repo.create_check_run("Module coverage", HEAD),
            lambda: repo.get_commit(HEAD).create_status("success"),
        ):
            with pytest.raises(GithubException) as error:
                write()
            assert refused(error)[0] == 403
            assert "Resource not accessible by integration" in refused(error)[1]
        assert (fake.comments, fake.check_runs, fake.statuses) == ([], [], [])

    def test_an_unknown_token_and_no_token_are_refused(self, fake: FakeGithub) -> None:
        with pytest.raises(BadCredentialsException):
            _ = repo_of(fake, "ghs_guessed").get_pull(2).state
        with pytest.raises(GithubException) as error:
            Github(base_url=fake.url, retry=None).get_repo(REPOSITORY)
        assert refused(error)[0] == 401
        assert [one.authorized for one in fake.requests] == [True, False]


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


class TestFaults:
    def test_faults_are_used_up_in_order_and_only_where_they_fit(self, fake: FakeGithub) -> None:
        issue = repo_of(fake).get_issue(2)
        fake.fail(method="POST", path_regex=r"/comments$", times=2, with_=Status(500))
        fake.fail(method="POST", path_regex=r"/comments$", with_=Status(403, {"message": "No."}))
        seen = []
        for _ in range(4):
            assert issue.get_comments().get_page(0) == []
            try:
                seen.append(issue.create_comment("x").body)
            except GithubException as error:
                seen.append(str(error.status))
            except requests.RequestException as error:
                seen.append(type(error).__name__)
        assert seen == ["RetryError", "RetryError", "403", "x"]
        assert len(fake.comments) == 1

    def test_a_post_is_repeated_by_pygithub_until_the_500s_end(self, fake: FakeGithub) -> None:
        issue = repo_of(fake, retries=3).get_issue(2)
        fake.fail(method="POST", times=3, with_=Status(500))
        issue.create_comment("at last")
        assert len(fake.sent("POST")) == 4
        assert len(fake.comments) == 1

    def test_a_dropped_connection_has_changed_nothing(self, fake: FakeGithub) -> None:
        issue = repo_of(fake).get_issue(2)
        fake.fail(method="POST", with_=DropConnection())
        with pytest.raises(requests.ConnectionError):
            issue.create_comment("x")
        assert fake.comments == []

    def test_a_lost_answer_has_done_the_work_so_that_a_repeated_post_does_it_twice(
        self, fake: FakeGithub
    ) -> None:
        issue = repo_of(fake, retries=1).get_issue(2)
        fake.fail(method="POST", with_=LostAnswer())
        issue.create_comment("x")
        assert [one.body for one in fake.comments] == ["x", "x"]

    def test_a_lost_answer_to_an_edit_has_changed_the_comment(self, fake: FakeGithub) -> None:
        comment = repo_of(fake).get_issue(2).create_comment("before")
        fake.fail(method="PATCH", with_=LostAnswer())
        with pytest.raises(requests.ConnectionError):
            comment.edit("after")
        assert fake.comments[0].body == "after"

    def test_a_status_carries_its_headers(self, fake: FakeGithub) -> None:
        fake.fail(with_=Status(429, headers={"Retry-After": "7"}))
        answer = requests.get(fake.url + COMMENTS, timeout=10)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")

    def test_a_raw_body_goes_out_as_it_is(self, fake: FakeGithub) -> None:
        fake.fail(with_=RawBody(b"not json"))
        answer = requests.get(fake.url + COMMENTS, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"not json")

    def test_a_delayed_answer_still_comes(self, fake: FakeGithub) -> None:
        fake.fail(with_=Delay(0.3))
        began = time.monotonic()
        assert repo_of(fake).get_pull(2).state == "open"
        assert time.monotonic() - began >= 0.3

    def test_a_client_that_stops_waiting_does_not_stop_the_fake(self, fake: FakeGithub) -> None:
        fake.fail(with_=Delay(0.3))
        with pytest.raises(requests.Timeout):
            requests.get(fake.url + COMMENTS, timeout=0.05)
        assert repo_of(fake).get_pull(2).state == "open"


class TestTheChecksCanFail:
    @pytest.mark.parametrize(
        ("method", "path", "query", "body", "complaint"),
        [
            ("POST", COMMENTS, {}, {"text": "x"}, "'body' is a required property"),
            ("POST", COMMENTS, {}, {"body": "x", "bodi": "y"}, "'bodi' was unexpected"),
            ("POST", COMMENTS, {}, {"body": 5}, "body: 5 is not of type 'string'"),
            ("POST", COMMENTS, {}, None, "Missing required request body"),
            ("GET", COMMENTS, {"per_page": "many"}, None, "per_page"),
            ("GET", COMMENTS, {"perpage": "5"}, None, "query parameter perpage is not described"),
            (
                "GET",
                f"/repos/{REPOSITORY}/pulls",
                {"sort": "updated"},
                None,
                "does not heed the query parameter sort",
            ),
            ("PUT", COMMENTS, {}, {"body": "x"}, "not an operation"),
            ("GET", "/repos/a/b/unheard-of", {}, None, "not an operation"),
            (
                "POST",
                f"/repos/{REPOSITORY}/statuses/{HEAD}",
                {},
                {"state": "passed"},
                "'passed' is not one of",
            ),
            (
                "PATCH",
                f"/repos/{REPOSITORY}/check-runs/1",
                {},
                {"status": "completed"},
                "'conclusion' is a required",
            ),
            (
                "POST",
                f"/repos/{REPOSITORY}/check-runs",
                {},
                {"name": "n", "head_sha": HEAD, "output": {"summary": "no title"}},
                "'title' is a required property",
            ),
        ],
    )
    def test_a_wrong_request_is_a_violation(
        self, method: str, path: str, query: dict[str, str], body: Any, complaint: str
    ) -> None:
        with FakeGithub() as fake:
            headers = {"Authorization": f"Bearer {JOB_TOKEN}"}
            answer = requests.request(
                method, fake.url + path, params=query, json=body, headers=headers, timeout=10
            )
        (violation,) = fake.violations
        assert violation.startswith(f"{method} {path} ")
        assert complaint in violation
        assert answer.status_code == 500
        assert violation in answer.json()["message"]
        assert (fake.comments, fake.check_runs, fake.statuses) == ([], [], [])

    def test_a_wrong_request_is_a_violation_even_where_a_fault_is_planned(self) -> None:
        with FakeGithub() as fake:
            fake.fail(with_=Status(403))
            requests.post(fake.url + COMMENTS, json={}, timeout=10)
        assert len(fake.violations) == 1

    def test_an_answer_that_breaks_the_description_is_a_violation(self) -> None:
        with FakeGithub() as fake:
            fake.pulls[2]["state"] = "sleeping"
            with pytest.raises(requests.exceptions.RetryError):
                _ = repo_of(fake).get_pull(2).state
        (violation,) = fake.violations
        assert "was answered wrongly (200): state: 'sleeping' is not one of ['open', 'closed']" in violation

    def test_an_answer_that_cannot_be_made_is_a_violation(self) -> None:
        with FakeGithub() as fake:
            del fake.pulls[2]["assignees"]
            with pytest.raises(requests.exceptions.RetryError):
                _ = repo_of(fake).get_issue(2).title
        assert "broke the fake: KeyError('assignees')" in fake.violations[0]

    def test_an_operation_missing_from_the_fake_is_told_by_this_test(self) -> None:
        description = json.loads((DATA / "openapi.json").read_text(encoding="utf-8"))
        calls = [
            (method.upper(), path) for path, methods in description["paths"].items() for method in methods
        ]
        with FakeGithub() as fake:
            for method, path in calls:
                requests.request(method, fake.url + re.sub(r"[{}]", "", path), timeout=10)
        assert [text for text in fake.violations if "does not know" in text] == []
        assert len(fake.requests) == len(calls) >= 27


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


class TestDescriptionAndEvents:
    def test_the_trimmed_description_is_valid_openapi(self) -> None:
        validate(json.loads((DATA / "openapi.json").read_text(encoding="utf-8")))

    @pytest.mark.parametrize("path", sorted((DATA / "events").glob("*.json")), ids=lambda path: path.stem)
    def test_the_repository_of_each_recorded_event_is_served(self, path: Path) -> None:
        payload = event(path.stem)
        with FakeGithub(payload) as fake:
            name = payload["repository"]["full_name"]
            assert client(fake).get_repo(name).id == payload["repository"]["id"]
        assert fake.violations == []

    @pytest.mark.parametrize(
        ("name", "sha"),
        [
            ("push", "6113728f27ae82c7b1a177c8d03f9e96e0adf246"),
            ("merge_group.checks_requested", "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"),
        ],
    )
    def test_the_commits_that_an_event_names_take_statuses(self, name: str, sha: str) -> None:
        payload = event(name)
        with FakeGithub(payload) as fake:
            repo = client(fake).get_repo(payload["repository"]["full_name"])
            repo.get_commit(sha).create_status("success")
            assert list(repo.get_commit(sha).get_pulls()) == []
        assert [one.sha for one in fake.statuses] == [sha]
        assert fake.violations == []

    def test_an_enterprise_servers_path_prefix_is_kept(self) -> None:
        with FakeGithub(prefix="/api/v3") as fake:
            assert fake.url.endswith("/api/v3")
            repo_of(fake).get_issue(2).create_comment("hello")
        assert [one.path for one in fake.sent("POST")] == [COMMENTS]
        assert fake.violations == []


class TestAsAProcess:
    def test_another_process_is_served_can_ask_for_the_state_and_ends_it_with_sigterm(self) -> None:
        command = [sys.executable, "-m", "tests.fake_github", "--port", "0", "--token", "ghs_given"]
        root = Path(__file__).parents[1]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().strip()
                github = Github(base_url=url, auth=Auth.Token("ghs_given"), retry=None, lazy=True)
                github.get_repo(REPOSITORY).get_issue(2).create_comment("from afar")
                with urllib.request.urlopen(f"{url}/_state", timeout=10) as answer:  # noqa: S310 - loopback
                    state = json.load(answer)
            finally:
                process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        assert [(one["author"]["login"], one["body"]) for one in state["comments"]] == [
            ("github-actions[bot]", "from afar")
        ]
        assert [one["method"] for one in state["requests"]] == ["POST"]
        assert (state["check_runs"], state["statuses"], state["violations"]) == ([], [], [])

    def test_a_stopped_fake_answers_no_more_even_on_an_open_connection(self) -> None:
        session = requests.Session()
        with FakeGithub() as fake:
            assert session.get(f"{fake.url}/rate_limit", timeout=10).status_code == 401
        with pytest.raises(requests.ConnectionError):
            session.get(f"{fake.url}/rate_limit", timeout=10)
