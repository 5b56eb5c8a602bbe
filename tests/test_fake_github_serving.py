"""The recorded description and events, and the fake as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import requests
from github import Auth, Github
from openapi_spec_validator import validate

from tests.fake_github import (
    FakeGithub,
    event,
)
from tests.fake_github.client import COMMENTS, REPOSITORY, client, repo_of

DATA = Path(__file__).parent / "data" / "github"


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

    def test_an_enterprise_server_is_asked_below_its_prefix_only(self) -> None:
        with FakeGithub(prefix="/api/v3") as fake:
            repo_of(fake).get_issue(2).create_comment("hello")
            assert fake.violations == []
            requests.get(fake.url.removesuffix("/api/v3") + COMMENTS, timeout=10)
        assert [one.path for one in fake.sent("POST")] == [COMMENTS]
        assert fake.violations == [
            f"GET (outside /api/v3){COMMENTS} is not an operation of the trimmed description"
        ]


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
