"""Several legs, one comment: no part is lost, whoever writes when."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import CommentRequest, Patience, Published, SharedPart, Target
from gate.render.parts import COMMENT_LIMIT, part_of, read_parts
from tests.fake_github import Delay, FakeGithub, LostAnswer, Request
from tests.fake_github.values import Answer

from .talk import BOT, CREATE, HASTY, HEAD, LIST, MARKER, WHO, GithubWithViewer, bodies, heard

QUICK = replace(HASTY, settle=0.03)
OLD = "0" * 39 + "1"


def leg(
    name: str,
    text: str = "",
    *,
    commit: str = HEAD,
    create: bool = True,
    after: Callable[[str], str] | None = None,
) -> CommentRequest:
    return CommentRequest(
        marker=MARKER,
        body=text or said(name),
        create=create,
        after=after,
        part=SharedPart(name, commit, "**No room here**"),
    )


def said(name: str) -> str:
    return f"## Leg {name}\n\nline coverage of {name}"


def texts(server: FakeGithub) -> dict[str, str]:
    """The parts of the one comment of ours."""
    (body,) = bodies(server)
    assert body.startswith(f"{MARKER}\n")
    return {name: part.text for name, part in read_parts(body).items()}


def wrote(server: FakeGithub) -> list[str]:
    return [request.method for request in server.requests if request.method in {"POST", "PATCH", "DELETE"}]


def test_the_first_leg_creates_the_comment_and_looks_whether_another_did(
    server: FakeGithub, target: Target
) -> None:
    published = publish(target, leg("a"), None, QUICK)
    (made,) = server.comments
    look = f"GET issues/comments/{made.id}"
    assert heard(server) == [LIST, CREATE, LIST, WHO, look, look, look, look]
    assert texts(server) == {"a": said("a")}
    assert (published.problems, published.skipped) == ((), ())


def test_parts_stand_in_the_order_of_their_names(server: FakeGithub, target: Target) -> None:
    for name in ("b", "c", "a"):
        publish(target, leg(name), None, QUICK)
    assert list(texts(server).items()) == [(name, said(name)) for name in ("a", "b", "c")]


def test_a_leg_that_says_the_same_again_leaves_the_comment_untouched(
    server: FakeGithub, target: Target
) -> None:
    for name in ("a", "b"):
        publish(target, leg(name), None, QUICK)
    server.requests.clear()
    publish(target, leg("a"), None, QUICK)
    assert heard(server) == [LIST, WHO]


def test_a_leg_replaces_its_own_part_only(server: FakeGithub, target: Target) -> None:
    for name in ("a", "b"):
        publish(target, leg(name), None, QUICK)
    publish(target, leg("a", "## new"), None, QUICK)
    assert texts(server) == {"a": "## new", "b": said("b")}


def test_parts_of_another_commit_are_dropped(server: FakeGithub, target: Target) -> None:
    for name in ("a", "b"):
        publish(target, leg(name, commit=OLD), None, QUICK)
    publish(target, leg("b"), None, QUICK)
    assert texts(server) == {"b": said("b")}


def test_a_leg_of_a_commit_that_is_no_longer_the_head_leaves_those_of_the_head(
    server: FakeGithub, target: Target
) -> None:
    publish(target, leg("a"), None, QUICK)
    publish(target, leg("b", commit=OLD), None, QUICK)
    assert texts(server) == {"a": said("a")}


def test_the_failure_that_a_dropped_part_told_of_is_remembered_for_its_own_leg(
    server: FakeGithub, target: Target
) -> None:
    state = f"<!-- module-coverage-gate-state: failed {OLD} -->"
    publish(target, leg("a", f"{state}\n## a failed", commit=OLD), None, QUICK)
    publish(target, leg("b"), None, QUICK)
    assert texts(server) == {"a": state, "b": said("b")}
    publish(target, leg("a", after=lambda earlier: f"## after {earlier[5:]}"), None, QUICK)
    assert texts(server) == {"a": f"## after {state[5:]}", "b": said("b")}


def test_a_leg_that_is_not_to_create_adds_no_part_and_updates_its_own(
    server: FakeGithub, target: Target
) -> None:
    publish(target, leg("a", create=False), None, QUICK)
    assert bodies(server) == []
    publish(target, leg("b"), None, QUICK)
    publish(target, leg("a", create=False), None, QUICK)
    assert texts(server) == {"b": said("b")}
    publish(target, leg("b", "## passes", create=False), None, QUICK)
    assert texts(server) == {"b": "## passes"}


def test_a_comment_without_parts_becomes_one_of_parts(server: FakeGithub, target: Target) -> None:
    server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\n## before there were legs")
    publish(target, leg("a"), None, QUICK)
    assert texts(server) == {"a": said("a")}


def test_of_two_comments_created_at_once_the_oldest_is_kept_and_ours_is_deleted(
    target: Target,
) -> None:
    first = part_of("other", HEAD, said("other"))

    class Crowded(GithubWithViewer):
        """Another leg creates its comment after we have looked and before we create ours."""

        def respond(self, request: Request) -> Answer | None:
            if request.method == "POST" and not self.comments:
                self.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\n{first.line}\n{first.text}")
            return super().respond(request)

    with Crowded() as server:
        publish(replace(target, api_url=server.url), leg("a"), None, QUICK)
        assert texts(server) == {"a": said("a"), "other": said("other")}
        assert wrote(server) == ["POST", "PATCH", "DELETE"]
        assert server.violations == []


def test_a_younger_comment_that_is_not_what_we_made_just_now_stays(
    server: FakeGithub, target: Target
) -> None:
    for author, kind in ((BOT, "Bot"), (BOT, "Bot"), ("mallory", "User")):
        server.add_comment(author=author, kind="Bot" if kind == "Bot" else "User", body=f"{MARKER}\nold")
    publish(target, leg("a"), None, QUICK)
    assert wrote(server) == ["PATCH"]
    assert len(server.comments) == 3


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_lost_answer_neither_doubles_nor_loses_anything(
    server: FakeGithub, target: Target, method: str
) -> None:
    server.fail(with_=LostAnswer(), method=method)
    for name in ("a", "b"):
        assert publish(target, leg(name), None, QUICK).problems == ()
    assert texts(server) == {"a": said("a"), "b": said("b")}


def test_a_part_that_another_leg_overwrote_is_put_back_by_whoever_has_seen_it(target: Target) -> None:
    b = part_of("b", HEAD, said("b"))

    class Overwriting(GithubWithViewer):
        """Right after our first write, a leg that had read the comment before it writes its own part only."""

        def respond(self, request: Request) -> Answer | None:
            answer = super().respond(request)
            if request.method == "PATCH" and len(self.sent("PATCH")) == 1:
                c = part_of("c", HEAD, said("c"))
                self.comments[0].body = f"{MARKER}\n{c.line}\n{c.text}"
            return answer

    with Overwriting() as server:
        server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\n{b.line}\n{b.text}")
        published = publish(replace(target, api_url=server.url), leg("a"), None, QUICK)
        assert published.problems == ()
        assert texts(server) == {name: said(name) for name in ("a", "b", "c")}


def test_two_legs_of_one_name_do_not_overwrite_each_other_for_ever(
    server: FakeGithub, target: Target
) -> None:
    done = at_once(target, [leg("a", "## one"), leg("a", "## other")], replace(QUICK, settle=0.2))
    assert all(published.problems == () for published in done)
    assert texts(server)["a"] in {"## one", "## other"}


def at_once(target: Target, legs: list[CommentRequest], patience: Patience) -> list[Published]:
    """Every leg in a thread of its own, with a PyGithub of its own, all beginning together."""
    done: list[Published] = []
    together = threading.Barrier(len(legs))

    def run(request: CommentRequest) -> None:
        together.wait()
        done.append(publish(target, request, None, patience))

    threads = [threading.Thread(target=run, args=(request,)) for request in legs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


class Slow(GithubWithViewer):
    """Every request waits at random before it is done, so that legs get between each other's steps."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)  # noqa: S311 - only has to be different each time

    def respond(self, request: Request) -> Answer | None:
        time.sleep(self._random.uniform(0, 0.1))
        return super().respond(request)


@pytest.mark.parametrize("seed", range(4))
def test_six_legs_at_once_end_with_six_parts(target: Target, seed: int) -> None:
    names = [f"leg {number}" for number in range(6)]
    patience = replace(HASTY, in_all=60, per_answer=20, settle=2.0)
    with Slow(seed) as server:
        done = at_once(replace(target, api_url=server.url), [leg(name) for name in names], patience)
        assert [published.problems for published in done] == [()] * 6
        assert len(server.comments) == 1
        assert list(texts(server).values()) == [said(name) for name in names]
        assert len({published.comment_url for published in done}) == 1
        assert server.violations == []


def test_many_long_parts_share_the_room_and_keep_their_headlines(server: FakeGithub, target: Target) -> None:
    long = "\n".join(f"| row {number} |" for number in range(3_000))
    for name in ("a", "b", "c", "d"):
        publish(target, leg(name, f"## Leg {name}\n\n{long}"), None, QUICK)
    (body,) = bodies(server)
    assert 0.9 * COMMENT_LIMIT < len(body) <= COMMENT_LIMIT
    shown = texts(server)
    for name, text in shown.items():
        assert text.startswith(f"## Leg {name}\n\n| row 0 |")
        assert text.endswith("|\n\n**No room here**")
    server.requests.clear()
    for name in shown:
        publish(target, leg(name, f"## Leg {name}\n\n{long}"), None, QUICK)
    assert wrote(server) == []


def test_parts_that_cannot_share_a_comment_are_a_sentence(server: FakeGithub, target: Target) -> None:
    for name in ("a", "b"):
        published = publish(target, leg(name, "x" * 40_000), None, QUICK)
    assert published.problems == (
        "the comment could not be published: the parts of all legs are too long for one comment; give some "
        "legs a `comment-key` of their own. Run the job again later.",
    )
    assert list(texts(server)) == ["a"]


def test_watching_ends_with_the_time_for_publishing(server: FakeGithub, target: Target) -> None:
    begun = time.monotonic()
    published = publish(target, leg("a"), None, replace(QUICK, in_all=2, settle=60))
    assert time.monotonic() - begun < 5
    assert published.problems == ()
    assert texts(server) == {"a": said("a")}


def test_a_slow_answer_is_only_slow(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Delay(0.2), method="PATCH")
    publish(target, leg("a"), None, QUICK)
    publish(target, leg("b"), None, QUICK)
    assert sorted(texts(server)) == ["a", "b"]
