"""Shared by tests of and with the fake: a real PyGithub that wastes no time, and a strict fake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from github import Auth, Github, GithubException, GithubRetry
from github.Repository import Repository

from .server import FakeGithub
from .state import JOB_TOKEN

# The recorded pull_request.opened payload says so.
REPOSITORY = "Codertocat/Hello-World"
HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
BASE = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
COMMENTS = f"/repos/{REPOSITORY}/issues/2/comments"


@contextmanager
def strict_fake() -> Iterator[FakeGithub]:
    """A fake that must not be misused: fails if a request or an answer broke the description."""
    with FakeGithub() as fake:
        yield fake
    assert fake.violations == []
    assert fake.unused_faults() == 0


def client(
    fake: FakeGithub, token: str = JOB_TOKEN, *, retries: int = 0, per_page: int = 30, lazy: bool = False
) -> Github:
    """PyGithub without its pauses, and without repeating requests unless asked to."""
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
    """The status and the text of GitHub's refusal."""
    return error.value.status, json.dumps(error.value.data)
