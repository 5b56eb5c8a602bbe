"""Scripted faults do what they say, and the fake's own checks against GitHub's description can fail."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from github import GithubException

from tests.fake_github import (
    JOB_TOKEN,
    Delay,
    DropConnection,
    FakeGithub,
    LostAnswer,
    RawBody,
    Status,
)
from tests.fake_github.client import COMMENTS, HEAD, REPOSITORY, repo_of, strict_fake

DATA = Path(__file__).parent / "data" / "github"


@pytest.fixture
def fake() -> Iterator[FakeGithub]:
    with strict_fake() as fake:
        yield fake


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
