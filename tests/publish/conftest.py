"""A fake GitHub that must have found nothing to complain about, and the pull request to publish to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gate.publish.model import Target
from gate.runner import Secret
from tests.fake_github import JOB_TOKEN, FakeGithub

from .talk import HEAD, PAGE, GithubWithViewer


@pytest.fixture
def server() -> Iterator[FakeGithub]:
    with GithubWithViewer() as started:
        yield started
    assert started.violations == []
    assert started.unused_faults() == 0


@pytest.fixture
def target(server: FakeGithub) -> Target:
    return Target(
        repository="Codertocat/Hello-World",
        api_url=server.url,
        pull_request=2,
        head_sha=HEAD,
        token=Secret(JOB_TOKEN),
        details_url=f"{PAGE}/actions/runs/7",
    )
