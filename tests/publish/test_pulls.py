"""Which pull request is commented on after an event that names none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Published, Target
from tests.fake_github import FakeGithub, Status

from .talk import CHECK, CREATE, HASTY, HEAD, LIST, check, comment, heard

LOOK = f"GET commits/{HEAD}/pulls per_page=100"
NOTHING = Published(None, None, (), ())


@pytest.fixture
def branch(target: Target) -> Target:
    return replace(target, pull_request=None, look_up=True)


def test_the_pull_request_whose_head_is_the_commit_gets_the_comment(
    server: FakeGithub, branch: Target
) -> None:
    assert publish(branch, comment(), check(), HASTY).skipped == ()
    assert heard(server) == [LOOK, LIST, CREATE, CHECK]


def test_without_a_comment_nothing_is_looked_up(server: FakeGithub, branch: Target) -> None:
    publish(branch, None, check(), HASTY)
    assert heard(server) == [CHECK]


def test_an_event_that_names_its_pull_request_looks_nothing_up(server: FakeGithub, target: Target) -> None:
    publish(replace(target, look_up=True), comment(), None, HASTY)
    assert heard(server) == [LIST, CREATE]


def test_a_closed_pull_request_gets_none(server: FakeGithub, branch: Target) -> None:
    server.pulls[2]["state"] = "closed"
    assert publish(branch, comment(), None, HASTY) == NOTHING
    assert heard(server) == [LOOK]


def test_a_pull_request_that_has_moved_on_gets_none(server: FakeGithub, branch: Target) -> None:
    server.pulls[2]["head"]["sha"] = "1" * 40
    server.pull_commits[2].add(HEAD)
    assert publish(branch, comment(), None, HASTY) == NOTHING


def test_a_pull_request_into_another_repository_gets_none(server: FakeGithub, branch: Target) -> None:
    server.pulls[2]["base"]["repo"]["full_name"] = "Elsewhere/Hello-World"
    assert publish(branch, comment(), None, HASTY) == NOTHING


def test_of_two_pull_requests_neither_gets_it(server: FakeGithub, branch: Target) -> None:
    server.add_pull(3, HEAD)
    assert publish(branch, comment(), None, HASTY) == NOTHING
    assert heard(server) == [LOOK]


def test_a_commit_that_github_does_not_know_gets_none(server: FakeGithub, branch: Target) -> None:
    assert publish(replace(branch, head_sha="0" * 40), comment(), None, HASTY) == NOTHING
    assert len(server.requests) == 1


def test_without_a_commit_nothing_is_asked(server: FakeGithub, branch: Target) -> None:
    assert publish(replace(branch, head_sha=None), comment(), None, HASTY) == NOTHING
    assert server.requests == []


def test_a_look_up_that_fails_is_told(server: FakeGithub, branch: Target) -> None:
    server.fail(with_=Status(403))
    (problem,) = publish(branch, comment(), None, HASTY).problems
    assert problem.startswith("the comment could not be published: the token may not do that")
