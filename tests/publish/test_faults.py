"""What goes wrong on the way and passes: repeated as far as is safe, a bounded number of times."""

from __future__ import annotations

import re
import time

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Published, Target
from tests.fake_github import Delay, DropConnection, FakeGithub, LostAnswer, RawBody, Status
from tests.fake_github.faults import Fault

from .talk import BOT, CREATE, HASTY, LIST, MARKER, PAGE, WHO, bodies, check, comment, heard

OLD, NEW = f"{MARKER}\nold", f"{MARKER}\nnew"

PASSING: dict[str, Fault] = {
    "500": Status(500),
    "503 that asks to come back at once": Status(503, headers={"Retry-After": "0"}),
    "an HTML page with 502": RawBody(b"<html><h1>502 Bad Gateway</h1></html>", 502),
    "JSON that breaks off": RawBody(b'[{"id": 1, "body": "<!-- mod', 200),
    "an HTML page with 200": RawBody(b"<html>Please log in</html>", 200),
    "a dropped connection": DropConnection(),
    "a prohibition that asks to come back at once": Status(403, {"message": "No"}, {"Retry-After": "0"}),
    "a rate limit that asks to come back at once": Status(429, headers={"Retry-After": "0"}),
}
each_passing_fault = pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)


def publish_new(target: Target) -> Published:
    return publish(target, comment("new"), None, HASTY)


@each_passing_fault
def test_reading_the_comments_recovers_on_the_fourth_attempt(
    server: FakeGithub, target: Target, fault: Fault
) -> None:
    server.fail(with_=fault, method="GET", times=3)
    assert publish_new(target).problems == ()
    assert heard(server) == [LIST, LIST, LIST, LIST, CREATE]
    assert bodies(server) == [NEW]


@each_passing_fault
def test_reading_the_comments_is_given_up_after_four_attempts_and_nothing_is_written(
    server: FakeGithub, target: Target, fault: Fault
) -> None:
    server.fail(with_=fault, method="GET", times=4)
    assert len(publish_new(target).problems) == 1
    assert heard(server) == [LIST, LIST, LIST, LIST]


@each_passing_fault
def test_creating_recovers_and_looks_for_the_comment_before_each_attempt(
    server: FakeGithub, target: Target, fault: Fault
) -> None:
    server.fail(with_=fault, method="POST", times=3)
    assert publish_new(target).problems == ()
    assert heard(server) == [LIST, CREATE, LIST, CREATE, LIST, CREATE, LIST, CREATE]
    assert bodies(server) == [NEW]


@each_passing_fault
def test_creating_is_given_up_after_four_attempts(server: FakeGithub, target: Target, fault: Fault) -> None:
    server.fail(with_=fault, method="POST", times=4)
    assert len(publish_new(target).problems) == 1
    assert heard(server) == [LIST, CREATE, LIST, CREATE, LIST, CREATE, LIST, CREATE, LIST]
    assert bodies(server) == []


@pytest.mark.parametrize("fault", [Status(500), RawBody(b"<html>", 502), DropConnection()])
@pytest.mark.parametrize("times", [3, 4])
def test_updating_is_attempted_four_times(
    server: FakeGithub, target: Target, fault: Fault, times: int
) -> None:
    ours = server.add_comment(author=BOT, kind="Bot", body=OLD)
    server.fail(with_=fault, method="PATCH", times=times)
    problems = publish_new(target).problems
    assert heard(server) == [LIST, WHO, *[f"PATCH issues/comments/{ours.id}"] * 4]
    assert (len(problems), ours.body) == ((0, NEW) if times == 3 else (1, OLD))


def test_a_lost_answer_to_creating_leaves_exactly_one_comment(server: FakeGithub, target: Target) -> None:
    server.fail(with_=LostAnswer(), method="POST")
    published = publish_new(target)
    assert heard(server) == [LIST, CREATE, LIST, WHO]
    (made,) = server.comments
    assert published == Published(f"{PAGE}/pull/2#issuecomment-{made.id}", None, (), ())


def test_a_lost_answer_to_the_last_attempt_is_found_as_well(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(502), method="POST", times=3)
    server.fail(with_=LostAnswer(), method="POST")
    assert publish_new(target).problems == ()
    assert bodies(server) == [NEW]


def test_a_lost_answer_is_not_mistaken_for_another_authors_comment(
    server: FakeGithub, target: Target
) -> None:
    server.add_comment(author="mallory", body=NEW)
    server.fail(with_=DropConnection(), method="POST")
    assert publish_new(target).problems == ()
    assert heard(server) == [LIST, WHO, CREATE, LIST, WHO, CREATE]
    assert bodies(server) == [NEW]


def test_a_lost_answer_to_updating_updates_again(server: FakeGithub, target: Target) -> None:
    ours = server.add_comment(author=BOT, kind="Bot", body=OLD)
    server.fail(with_=LostAnswer(), method="PATCH")
    assert publish_new(target).problems == ()
    assert heard(server) == [LIST, WHO, *[f"PATCH issues/comments/{ours.id}"] * 2]
    assert bodies(server) == [NEW]


def test_a_failure_on_a_later_page_reads_the_comments_anew(server: FakeGithub, target: Target) -> None:
    for number in range(101):
        server.add_comment(author="person", body=f"remark {number}")
    server.add_comment(author=BOT, kind="Bot", body=NEW)
    later = "GET issues/2/comments page=2&per_page=100"
    server.fail(with_=Delay(0), method="GET")
    server.fail(with_=RawBody(b"<html>", 200), method="GET")
    assert publish_new(target).problems == ()
    assert heard(server) == [LIST, later, LIST, later, WHO]


def test_a_wait_that_github_asks_for_is_kept(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(429, headers={"Retry-After": "1"}), method="POST")
    before = time.monotonic()
    assert publish_new(target).problems == ()
    assert time.monotonic() - before >= 1


RESET = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}


@pytest.mark.parametrize(
    "fault",
    [
        Status(429, headers={"Retry-After": "900"}),
        Status(403, {"message": "Please slow down"}, {"Retry-After": "900"}),
        Status(403, {"message": "API rate limit exceeded for installation ID 1."}, RESET),
        Status(403, SECONDARY),
        Status(503, headers={"Retry-After": "900"}),
    ],
)
def test_a_wait_beyond_our_patience_is_not_begun(server: FakeGithub, target: Target, fault: Fault) -> None:
    server.fail(with_=fault, method="GET")
    assert len(publish_new(target).problems) == 1
    assert heard(server) == [LIST]


def test_all_attempts_together_end_in_time(target: Target) -> None:
    impatient = replace(HASTY, in_all=0.3, attempts=10**9, first_pause=0.05)
    with FakeGithub() as server:
        server.fail(with_=Status(500), times=10**9)
        published = publish(replace(target, api_url=server.url), comment(), None, impatient)
    assert len(published.problems) == 1
    # A pause of 0.05 s and one of 0.10 s fit into the time, one of 0.20 s does not.
    assert 1 <= len(heard(server)) <= 3
    assert set(heard(server)) == {LIST}


def test_no_further_page_is_asked_for_when_the_time_is_up(server: FakeGithub, target: Target) -> None:
    for number in range(260):
        server.add_comment(author="person", body=f"remark {number}")
    server.fail(with_=Delay(0), method="GET")
    server.fail(with_=Delay(10), method="GET")
    before = time.monotonic()
    published = publish(target, comment(), check(), replace(HASTY, in_all=2, per_answer=10))
    assert time.monotonic() - before < 5
    assert heard(server) == [LIST, "GET issues/2/comments page=2&per_page=100"]
    host = server.url.removeprefix("http://")
    told, check_told = published.problems
    assert re.fullmatch(
        f"the comment could not be published: {re.escape(host)} did not answer in the [012][.][0-9] s that "
        "`publish-timeout` left. Run the job again later.",
        told,
    )
    assert check_told == (
        "the check run could not be published: GitHub took up the 2 s that `publish-timeout` sets aside "
        "for publishing. Run the job again later."
    )
