"""Publishing ends in time whatever holds it up, and each answer has a time of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from gate.publish import refusals
from gate.publish.github import publish
from gate.publish.model import Patience, Target
from gate.publish.transport import within
from tests.fake_github import Delay, FakeGithub, LostAnswer, RawBody, Status, Trickle

from .talk import BOT, CHECK, CREATE, FIND_CHECK, HASTY, LIST, MARKER, STATUS, bodies, check, comment, heard

BOUND = 1.0
SLACK = 4.0
PATIENT = Patience(in_all=BOUND, per_answer=60)


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a listener that never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield "{}:{}".format(*listener.getsockname())


def ended_after(work: Callable[[], object]) -> float:
    before = time.monotonic()
    work()
    return time.monotonic() - before


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_says_nothing_not_even_a_handshake(target: Target, mute: str, scheme: str) -> None:
    told: list[str] = []
    silent = replace(target, api_url=f"{scheme}://{mute}")
    seconds = ended_after(lambda: told.extend(publish(silent, comment(), check(), PATIENT).problems))
    assert BOUND <= seconds < BOUND + SLACK
    assert "that `publish-timeout` left" in told[0]
    assert "GitHub took up the 1 s that `publish-timeout` sets aside" in told[1]


def test_a_name_whose_look_up_does_not_end(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: over.wait(60))
    told: list[str] = []
    lost = replace(target, api_url="http://github.invalid")
    seconds = ended_after(lambda: told.extend(publish(lost, comment(), None, PATIENT).problems))
    over.set()
    assert BOUND <= seconds < BOUND + SLACK
    assert "github.invalid did not answer in the " in told[0]


def test_a_write_that_was_given_up_is_not_sent_later(
    server: FakeGithub, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, resolved, looked_up_late = socket.getaddrinfo, threading.Event(), threading.Event()

    def late(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        resolved.wait(30)
        looked_up_late.set()
        return look_up(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    published = publish(target, None, check(), replace(HASTY, per_answer=0.5))
    resolved.set()
    assert looked_up_late.wait(5)
    time.sleep(0.5)  # what would be sent now is sent within milliseconds
    assert published.problems == ()
    assert heard(server) == [FIND_CHECK, CHECK]


@pytest.mark.parametrize("fault", [Delay(30), Trickle(1)], ids=["silence", "byte by byte"])
def test_an_answer_that_takes_too_long_is_asked_for_again(
    server: FakeGithub, target: Target, fault: Delay | Trickle
) -> None:
    server.fail(with_=fault, method="GET")
    impatient = replace(HASTY, per_answer=0.5)
    assert publish(target, comment("new"), None, impatient).problems == ()
    assert heard(server) == [LIST, LIST, CREATE]


def test_a_comment_whose_answer_trickles_is_found_and_not_written_again(
    server: FakeGithub, target: Target
) -> None:
    server.fail(with_=Trickle(1), method="POST")
    assert publish(target, comment("new"), None, replace(HASTY, per_answer=0.5)).problems == ()
    assert len(server.sent("POST")) == 1
    assert bodies(server) == [f"{MARKER}\nnew"]


def test_a_comment_whose_answer_was_lost_is_looked_for_where_no_second_attempt_fits(
    server: FakeGithub, target: Target
) -> None:
    server.fail(with_=LostAnswer(), method="POST")
    assert publish(target, comment("new"), None, replace(HASTY, first_pause=60)).problems == ()
    assert len(server.sent("POST")) == 1


WRITES = {
    "comment": ("PATCH", "comments"),
    "status": ("POST", "statuses"),
}
LIES = {
    "a page": RawBody(b"<html>Welcome to the airport</html>"),
    "an empty object": RawBody(b"{}"),
    "a message": Status(200, {"message": "Moved"}),
    "a redirect": Status(302, {"message": "Moved"}, {"Location": "http://elsewhere.invalid/"}),
    "nothing": RawBody(b"", 201),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_no_answer_confirms_is_not_taken_for_done(
    server: FakeGithub, target: Target, write: str, lie: RawBody | Status
) -> None:
    server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nold")
    method, path = WRITES[write]
    server.fail(with_=lie, method=method, path_regex=path)
    once = replace(HASTY, attempts=1)
    problems = publish(target, comment("new"), check(kind="status"), once).problems
    assert len(problems) == 1
    assert bodies(server) == [f"{MARKER}\n{'old' if write == 'comment' else 'new'}"]
    assert len(server.statuses) == (0 if write == "status" else 1)
    assert heard(server)[-1] == STATUS


def test_an_empty_object_is_not_taken_for_no_comments(server: FakeGithub, target: Target) -> None:
    server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nold")
    server.fail(with_=RawBody(b"{}"), method="GET", path_regex="comments")
    assert publish(target, comment("new"), None, HASTY).problems == ()
    assert bodies(server) == [f"{MARKER}\nnew"]


def test_what_a_call_returns_or_raises_comes_through() -> None:
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


@pytest.mark.parametrize("text", ["\xb2", "-1", "1.5", "", "Wed, 21 Oct 2015 07:28:00 GMT", "\u0661"])
def test_a_wait_that_is_not_in_seconds_is_none(text: str) -> None:
    failure = refusals.refused(429, {"Retry-After": text}, None, str)
    assert (failure.cause, failure.wait) == (
        "GitHub's rate limit is reached, and it does not say for how long",
        refusals.UNNAMED_WAIT,
    )


def test_a_rate_limit_until_a_moment_is_waited_for_until_then() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 100)}
    failure = refusals.refused(403, headers, {"message": "Quota exhausted"}, str)
    assert failure.passing
    assert 95 < failure.wait <= 101


def test_a_missing_permission_stays_one_with_the_last_request_of_the_hour() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}
    failure = refusals.refused(403, headers, {"message": "Resource not accessible by integration"}, str)
    assert (failure.status, failure.passing) == (403, False)
