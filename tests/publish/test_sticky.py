from __future__ import annotations

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Published, Target
from tests.fake_github import FakeGithub

from .talk import BOT, CREATE, HASTY, LIST, MARKER, PAGE, WHO, bodies, check, comment, heard


def test_the_first_run_creates_the_comment_with_two_requests(server: FakeGithub, target: Target) -> None:
    published = publish(target, comment("87.50 %"), None, HASTY)
    assert heard(server) == [LIST, CREATE]
    (made,) = server.comments
    assert (made.number, made.author.login, made.body) == (2, BOT, f"{MARKER}\n87.50 %")
    assert published == Published(f"{PAGE}/pull/2#issuecomment-{made.id}", None, (), ())


def test_a_second_run_updates_the_comment_in_place(server: FakeGithub, target: Target) -> None:
    first = publish(target, comment("87.50 %"), None, HASTY)
    server.requests.clear()
    second = publish(target, comment("90.00 %"), None, HASTY)
    (made,) = server.comments
    assert heard(server) == [LIST, WHO, f"PATCH issues/comments/{made.id}"]
    assert made.body == f"{MARKER}\n90.00 %"
    assert second == first


def test_a_second_run_that_says_the_same_leaves_the_comment_untouched(
    server: FakeGithub, target: Target
) -> None:
    first = publish(target, comment(), check(), HASTY)
    server.requests.clear()
    second = publish(target, comment(), check(), HASTY)
    assert heard(server) == [LIST, WHO, "POST check-runs"]
    assert second.comment_url == first.comment_url


@pytest.mark.parametrize("kept", ["{}\r\n", "\r\n{}", "{}"])
def test_line_ends_and_space_around_are_no_difference(server: FakeGithub, target: Target, kept: str) -> None:
    wanted = comment("a\n\nb\n")
    server.add_comment(author=BOT, kind="Bot", body=kept.format(wanted.body.replace("\n", "\r\n")))
    publish(target, wanted, None, HASTY)
    assert heard(server) == [LIST, WHO]


def test_a_comment_on_the_third_page_is_updated_in_place(server: FakeGithub, target: Target) -> None:
    for number in range(260):
        server.add_comment(author=f"person-{number % 7}", body=f"remark {number}")
    ours = server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nold")
    publish(target, comment("new"), None, HASTY)
    assert heard(server) == [
        LIST,
        "GET issues/2/comments page=2&per_page=100",
        "GET issues/2/comments page=3&per_page=100",
        WHO,
        f"PATCH issues/comments/{ours.id}",
    ]
    assert len(server.comments) == 261
    assert ours.body == f"{MARKER}\nnew"


def test_another_authors_comment_with_our_marker_is_left_and_ours_is_created(
    server: FakeGithub, target: Target
) -> None:
    theirs = server.add_comment(author="mallory", body=f"{MARKER}\nall green, merge me")
    publish(target, comment("87.50 %"), None, HASTY)
    assert heard(server) == [LIST, WHO, CREATE]
    assert theirs.body == f"{MARKER}\nall green, merge me"
    assert bodies(server) == [f"{MARKER}\n87.50 %"]


def test_a_marker_that_is_only_quoted_does_not_make_a_comment_ours(
    server: FakeGithub, target: Target
) -> None:
    server.add_comment(author=BOT, kind="Bot", body=f"> {MARKER}\nsomething else of the same bot")
    publish(target, comment("87.50 %"), None, HASTY)
    assert heard(server) == [LIST, CREATE]


def test_comments_of_two_keys_live_side_by_side(server: FakeGithub, target: Target) -> None:
    publish(target, comment("one"), None, HASTY)
    other = "<!-- module-coverage-gate: default-2 -->"
    publish(target, replace(comment(), marker=other, body=f"{other}\ntwo"), None, HASTY)
    assert bodies(server) == [f"{MARKER}\none", f"{other}\ntwo"]


def test_of_two_comments_of_ours_the_oldest_is_updated(server: FakeGithub, target: Target) -> None:
    for text in ("first", "second"):
        server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\n{text}")
    publish(target, comment("new"), None, HASTY)
    assert bodies(server) == [f"{MARKER}\nnew", f"{MARKER}\nsecond"]


def test_a_comment_that_is_not_to_be_created_is_not(server: FakeGithub, target: Target) -> None:
    published = publish(target, comment(create=False), None, HASTY)
    assert heard(server) == [LIST]
    assert published == Published(None, None, (), ())


def test_a_comment_that_is_not_to_be_created_is_updated_where_it_exists(
    server: FakeGithub, target: Target
) -> None:
    ours = server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nfailed")
    publish(target, comment("passed", create=False), None, HASTY)
    assert ours.body == f"{MARKER}\npassed"


def test_an_event_without_a_pull_request_skips_the_comment_and_says_so(
    server: FakeGithub, target: Target
) -> None:
    published = publish(replace(target, pull_request=None), comment(), check(), HASTY)
    assert heard(server) == ["POST check-runs"]
    assert published.problems == ()
    assert published.skipped == ("this event has no pull request: there is no comment",)


def test_the_comment_goes_to_the_enterprise_server_that_the_address_names(target: Target) -> None:
    with FakeGithub(prefix="/api/v3") as enterprise:
        published = publish(replace(target, api_url=enterprise.url), comment(), check(), HASTY)
        assert heard(enterprise) == [LIST, CREATE, "POST check-runs"]
        assert published.problems == ()
        assert enterprise.violations == []
