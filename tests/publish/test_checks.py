from __future__ import annotations

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Published, Target
from gate.runner import Secret
from tests.fake_github import PERSONAL_TOKEN, DropConnection, FakeGithub, LostAnswer, RawBody, Status

from .talk import (
    CHECK,
    CREATE,
    FIND_CHECK,
    HASTY,
    HEAD,
    LIST,
    PAGE,
    STATUS,
    Conclusion,
    check,
    comment,
    heard,
)


def test_a_first_run_is_three_requests(server: FakeGithub, target: Target) -> None:
    published = publish(target, comment(), check(), HASTY)
    assert heard(server) == [LIST, CREATE, CHECK]
    assert published.problems == published.skipped == ()


@pytest.mark.parametrize("conclusion", ["success", "failure", "neutral"])
def test_a_check_run_is_completed_on_the_head_commit(
    server: FakeGithub, target: Target, conclusion: Conclusion
) -> None:
    published = publish(target, None, check(conclusion), HASTY)
    (request,) = server.requests
    assert request.body == {
        "name": "Module coverage",
        "head_sha": HEAD,
        "external_id": "default:7-1",
        "status": "completed",
        "conclusion": conclusion,
        "output": {"title": "passed: 2 of 2 modules evaluated", "summary": "| module | line |\n"},
        "details_url": f"{PAGE}/actions/runs/7",
    }
    (run,) = server.check_runs
    assert published == Published(None, f"{PAGE}/runs/{run.id}", (), ())


def test_without_a_page_of_the_run_the_check_has_none(server: FakeGithub, target: Target) -> None:
    publish(replace(target, details_url=None), None, check(), HASTY)
    (request,) = server.requests
    assert "details_url" not in request.body


def test_without_a_head_commit_nothing_is_sent(server: FakeGithub, target: Target) -> None:
    published = publish(replace(target, head_sha=None), None, check(), HASTY)
    assert heard(server) == []
    assert published.problems == (
        "the check could not be published: this event does not name the head commit",
    )


def test_a_lost_answer_to_a_check_run_leaves_exactly_one(server: FakeGithub, target: Target) -> None:
    server.fail(with_=LostAnswer(), method="POST", path_regex="check-runs")
    published = publish(target, None, check(), HASTY)
    assert heard(server) == [CHECK, FIND_CHECK]
    (run,) = server.check_runs
    assert published == Published(None, f"{PAGE}/runs/{run.id}", (), ())


def test_a_check_run_of_another_result_is_not_taken_for_the_lost_one(
    server: FakeGithub, target: Target
) -> None:
    publish(target, None, check("failure"), HASTY)
    server.requests.clear()
    server.fail(with_=DropConnection(), method="POST", path_regex="check-runs")
    publish(target, None, check("success"), HASTY)
    assert heard(server) == [CHECK, FIND_CHECK, CHECK]
    assert [run.conclusion for run in server.check_runs] == ["failure", "success"]


def test_an_unreadable_answer_to_a_check_run_is_looked_up(server: FakeGithub, target: Target) -> None:
    server.fail(with_=RawBody(b'{"id": 1', 201), method="POST", path_regex="check-runs")
    published = publish(target, None, check(), HASTY)
    assert heard(server) == [CHECK, FIND_CHECK, CHECK]
    assert published.problems == ()
    assert len(server.check_runs) == 1


def test_an_answer_that_is_no_check_run_is_looked_up(server: FakeGithub, target: Target) -> None:
    server.fail(with_=RawBody(b"<html>welcome</html>", 200), method="POST", path_regex="check-runs")
    publish(target, None, check(), HASTY)
    assert heard(server) == [CHECK, FIND_CHECK, CHECK]


def test_a_commit_that_is_unknown_is_refused_in_words(server: FakeGithub, target: Target) -> None:
    published = publish(replace(target, head_sha="0" * 39 + "1"), None, check(), HASTY)
    assert heard(server) == [CHECK]
    assert published.problems == (
        "the check run could not be published: GitHub finds it invalid (GitHub says: No commit found for "
        "SHA: 0000000000000000000000000000000000000001). The job summary has the same text.",
    )


def test_a_persons_token_is_told_to_use_a_status(target: Target) -> None:
    published = publish(replace(target, token=Secret(PERSONAL_TOKEN)), None, check(), HASTY)
    assert published.problems == (
        "the check run could not be published: only an app may (GitHub says: You must authenticate via a "
        "GitHub App.). Use the job's own token, or set `check: status`.",
    )


@pytest.mark.parametrize(
    ("conclusion", "state", "description"),
    [
        ("success", "success", "2 of 2 modules evaluated"),
        ("failure", "failure", "2 of 2 modules evaluated"),
        ("neutral", "success", "Neutral: 2 of 2 modules evaluated"),
    ],
)
def test_a_status_is_set_on_the_head_commit_with_one_request(
    server: FakeGithub, target: Target, conclusion: Conclusion, state: str, description: str
) -> None:
    published = publish(target, None, check(conclusion, "status"), HASTY)
    assert heard(server) == [STATUS]
    assert server.requests[0].body == {
        "context": "Module coverage",
        "state": state,
        "description": description,
        "target_url": f"{PAGE}/actions/runs/7",
    }
    assert published == Published(None, None, (), ())


@pytest.mark.parametrize(("length", "conclusion"), [(140, "success"), (141, "success"), (135, "neutral")])
def test_a_description_never_exceeds_what_github_takes(
    server: FakeGithub, target: Target, length: int, conclusion: Conclusion
) -> None:
    description = "é" * length
    assert publish(target, None, check(conclusion, "status", description), HASTY).problems == ()
    sent = server.requests[0].body["description"]
    whole = f"Neutral: {description}" if conclusion == "neutral" else description
    assert sent == whole if len(whole) <= 140 else (len(sent) == 140 and sent.endswith("…"))


def test_a_status_after_a_lost_answer_is_set_again(server: FakeGithub, target: Target) -> None:
    server.fail(with_=LostAnswer(), method="POST", path_regex="statuses")
    assert publish(target, None, check(kind="status"), HASTY).problems == ()
    assert heard(server) == [STATUS, STATUS]


def test_a_comment_that_fails_does_not_keep_the_check_from_being_published(
    server: FakeGithub, target: Target
) -> None:
    server.fail(with_=Status(404), path_regex="comments")
    published = publish(target, comment(), check(), HASTY)
    assert heard(server) == [LIST, CHECK]
    assert published.check_url is not None
    assert len(published.problems) == 1
