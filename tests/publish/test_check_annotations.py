"""Annotations of a check run: 50 a request, each shown once, and never at the check's own expense."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gate.publish.annotations import check_annotations
from gate.publish.github import publish
from gate.publish.model import Annotation, CheckRequest, Published, Target
from tests.fake_github import DropConnection, FakeGithub, LostAnswer, RawBody, Status
from tests.fake_github.faults import Fault

from .talk import CHECK, HASTY, PAGE, check, heard
from .verdicts import file, metric, module, verdict


def annotated(count: int) -> CheckRequest:
    return replace(
        check("failure"),
        annotations=tuple(
            Annotation("a.py", line, line, "warning", f"No test runs line {line}.", "Not covered")
            for line in range(1, count + 1)
        ),
    )


def lines(server: FakeGithub) -> list[int]:
    (run,) = server.check_runs
    return [one["start_line"] for one in run.annotations]


@pytest.mark.parametrize(
    ("count", "updates"), [(0, 0), (1, 0), (50, 0), (51, 1), (100, 1), (101, 2), (500, 9)]
)
def test_annotations_come_in_order_fifty_a_request(
    server: FakeGithub, target: Target, count: int, updates: int
) -> None:
    published = publish(target, None, annotated(count), HASTY)
    (run,) = server.check_runs
    assert heard(server) == [CHECK, *[f"PATCH check-runs/{run.id}"] * updates]
    assert lines(server) == list(range(1, count + 1))
    assert published == Published(None, f"{PAGE}/runs/{run.id}", (), (), count)


def test_an_update_leaves_result_title_and_summary_as_they_were(server: FakeGithub, target: Target) -> None:
    request = annotated(120)
    publish(target, None, request, HASTY)
    (run,) = server.check_runs
    assert (run.status, run.conclusion) == ("completed", "failure")
    assert (run.title, run.summary) == (request.title, request.summary)


def test_the_fields_are_those_that_github_describes(server: FakeGithub, target: Target) -> None:
    publish(target, None, annotated(1), HASTY)
    assert server.check_runs[0].annotations == [
        {
            "path": "a.py",
            "start_line": 1,
            "end_line": 1,
            "annotation_level": "warning",
            "message": "No test runs line 1.",
            "title": "Not covered",
        }
    ]


def test_more_than_fifty_in_a_request_would_be_refused(
    server: FakeGithub, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.publish.checks.BATCH", 51)
    published = publish(target, None, annotated(51), HASTY)
    assert [run.annotations for run in server.check_runs] == [[]]
    assert published.annotated == 0
    assert "No more than 50 items are allowed; 51 were supplied." in published.skipped[0]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_after_a_lost_answer_no_annotation_is_added_twice(
    server: FakeGithub, target: Target, times: int
) -> None:
    server.fail(with_=LostAnswer(), method="PATCH", times=times)
    published = publish(target, None, annotated(170), HASTY)
    assert lines(server) == list(range(1, 171))
    assert (published.annotated, published.skipped) == (170, ())


def test_after_a_lost_answer_the_check_run_is_asked_how_many_it_has(
    server: FakeGithub, target: Target
) -> None:
    server.fail(with_=LostAnswer(), method="PATCH")
    publish(target, None, annotated(60), HASTY)
    (run,) = server.check_runs
    assert heard(server) == [CHECK, f"PATCH check-runs/{run.id}", f"GET check-runs/{run.id}"]


@pytest.mark.parametrize("fault", [Status(500), RawBody(b"<html>", 502), DropConnection()])
def test_an_update_that_did_nothing_is_sent_again(server: FakeGithub, target: Target, fault: Fault) -> None:
    server.fail(with_=fault, method="PATCH", times=3)
    published = publish(target, None, annotated(60), HASTY)
    assert lines(server) == list(range(1, 61))
    assert published.skipped == ()


@pytest.mark.parametrize("fault", [Status(500), Status(403), Status(422), DropConnection()])
def test_an_update_that_fails_leaves_a_complete_check_and_a_warning(
    server: FakeGithub, target: Target, fault: Fault
) -> None:
    server.fail(with_=fault, method="PATCH")
    published = publish(target, None, annotated(120), replace(HASTY, attempts=1))
    (run,) = server.check_runs
    assert run.conclusion == "failure"
    assert published.check_url == f"{PAGE}/runs/{run.id}"
    assert published.problems == ()
    assert published.annotated == 50
    (warning,) = published.skipped
    assert warning.startswith("70 of 120 annotations could not be published: ")


def test_annotations_that_github_finds_invalid_do_not_cost_the_check(
    server: FakeGithub, target: Target
) -> None:
    server.fail(with_=Status(422, {"message": "Invalid request."}), method="POST")
    published = publish(target, None, annotated(60), HASTY)
    (run,) = server.check_runs
    assert heard(server) == [CHECK, CHECK]
    assert (run.conclusion, run.annotations, published.annotated) == ("failure", [], 0)
    assert published.problems == ()
    assert published.skipped[0].startswith("60 of 60 annotations could not be published: GitHub finds it")


def test_a_lost_answer_to_the_creation_adds_the_rest_to_what_was_created(
    server: FakeGithub, target: Target
) -> None:
    server.fail(with_=LostAnswer(), method="POST")
    publish(target, None, annotated(70), HASTY)
    assert lines(server) == list(range(1, 71))


def test_places_are_bounded_worst_first_and_the_others_are_counted() -> None:
    runs = tuple((line, line + line % 7) for line in range(10, 10_000, 10))
    found, left_out = check_annotations(verdict(module(file("a.py", runs))))
    assert (len(found), left_out) == (500, len(runs) - 500)
    lengths = [one.end_line - one.start_line for one in found]
    assert lengths == sorted((last - first for first, last in runs), reverse=True)[:500]


def test_a_line_that_runs_and_whose_branch_does_not_is_annotated() -> None:
    failing = module(file("a.py", (), ((7, 9),)), line=metric(9, 10, 85), branch=metric(1, 2, 65))
    (one,), left_out = check_annotations(verdict(failing))
    assert (one.path, one.start_line, one.end_line, left_out) == ("a.py", 7, 7, 0)
    assert one.title == "Branch not covered: module 'wallet'"


def test_names_and_messages_of_any_length_fit() -> None:
    arcs = tuple((7, line) for line in range(8, 40_000))
    failing = module(
        file("\udc80é" * 2_000, (), arcs),
        name="\U0001f600" * 5_000,
        line=metric(9, 10, 85),
        branch=metric(1, 2, 65),
    )
    (one,), _ = check_annotations(verdict(failing))
    assert len(one.title) <= 255
    assert len(one.message.encode()) <= 64 * 1024
    one.path.encode()
