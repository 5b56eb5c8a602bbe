"""What lasts is told in a sentence that says why and what to do, and never raises."""

from __future__ import annotations

import socket

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Patience, Published, Target
from gate.runner import Secret
from tests.fake_github import JOB_TOKEN, Actor, Delay, FakeGithub, RawBody, Status
from tests.fake_github.faults import Fault

from .talk import BOT, CHECK, CREATE, HASTY, LIST, MARKER, STATUS, WHO, check, comment, heard

BEGINNING = "the comment could not be published: "
ONCE = replace(HASTY, attempts=1)


def problem(target: Target, patience: Patience = ONCE, text: str = "new") -> str:
    published = publish(target, comment(text), None, patience)
    assert published.comment_url is None
    (sentence,) = published.problems
    assert sentence.startswith(BEGINNING)
    return sentence.removeprefix(BEGINNING)


def test_a_read_only_token_is_told_for_what_it_is(server: FakeGithub, target: Target) -> None:
    server.tokens["ghs_of-a-fork"] = Actor(BOT, "Bot", writes=False)
    fork = replace(target, token=Secret("ghs_of-a-fork"))
    published = publish(fork, comment(), check(), HASTY)
    assert heard(server) == [LIST, CREATE, CHECK]
    why = (
        "could not be published: the token may not do that (GitHub says: Resource not accessible by "
        "integration). Give the job `permissions:` with `{}`. For a pull request from a fork or by "
        "Dependabot the token is read-only all the same; the job summary has the same text."
    )
    assert published == Published(
        None,
        None,
        (
            "the comment " + why.format("pull-requests: write"),
            "the check run " + why.format("checks: write"),
        ),
        (),
    )


def test_a_status_that_is_not_permitted_names_its_own_permission(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(403), path_regex="statuses")
    published = publish(target, None, check(kind="status"), HASTY)
    assert heard(server) == [STATUS]
    assert "`statuses: write`" in published.problems[0]


def test_a_locked_conversation_is_told(server: FakeGithub, target: Target) -> None:
    said = "Unable to create comment because issue is locked."
    server.fail(with_=Status(403, {"message": said}), method="POST")
    assert problem(target) == (
        "the conversation of pull request 2 of Codertocat/Hello-World is locked "
        f"(GitHub says: {said}). Unlock it, or set `comment: never`."
    )
    assert heard(server) == [LIST, CREATE]


def test_another_prohibition_is_told_in_githubs_words(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(403, {"message": "Repository was archived so is read-only."}), method="POST")
    assert problem(target) == (
        "GitHub forbids it (GitHub says: Repository was archived so is read-only.). If that is for want of a "
        "permission, give the job `permissions:` with `pull-requests: write`."
    )


def test_a_pull_request_that_is_not_there_is_told(server: FakeGithub, target: Target) -> None:
    assert problem(replace(target, pull_request=99)) == (
        "there is no pull request 99 of Codertocat/Hello-World that this token can see (GitHub says: Not "
        "Found). If it was not deleted, give the job `permissions:` with `pull-requests: write`."
    )
    assert len(server.requests) == 1


def test_a_comment_that_was_deleted_meanwhile_is_told(server: FakeGithub, target: Target) -> None:
    server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nold")
    server.fail(with_=Status(410, {"message": "This comment was deleted"}), method="PATCH")
    assert "(GitHub says: This comment was deleted)" in problem(target)


def test_a_body_that_is_too_long_is_told_with_githubs_limit(server: FakeGithub, target: Target) -> None:
    assert problem(target, text="x" * 65_536) == (
        "GitHub finds it invalid (GitHub says: Validation Failed: Body is too long (maximum is 65536 "
        "characters)). The job summary has the same text."
    )
    assert heard(server) == [LIST, CREATE]


def test_a_wrong_token_is_told(server: FakeGithub, target: Target) -> None:
    assert problem(replace(target, token=Secret("ghs_expired"))) == (
        "GitHub does not accept the token (GitHub says: Bad credentials). Pass a valid one as `github-token`."
    )
    assert heard(server) == [LIST]


def test_an_unusual_refusal_is_told_with_its_number(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(451, {"message": "Repository access blocked"}), method="GET")
    assert problem(target) == (
        "GitHub answered 451 (GitHub says: Repository access blocked). The job summary has the same text."
    )


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            Status(500),
            "GitHub is out of order and answered 500 again and again (GitHub says: Server Error). "
            "Run the job again later.",
        ),
        (
            RawBody(b"<html>Bad Gateway</html>", 502),
            "GitHub is out of order and answered 502 again and again. Run the job again later.",
        ),
        (
            Status(429, headers={"Retry-After": "900"}),
            "GitHub's rate limit is reached, and it asks to wait 900 s. Run the job again later.",
        ),
    ],
)
def test_a_trouble_of_githubs_is_told(server: FakeGithub, target: Target, fault: Fault, told: str) -> None:
    server.fail(with_=fault, method="GET")
    assert problem(target) == told


def test_a_connection_that_is_refused_is_told(target: Target) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = "{}:{}".format(*free.getsockname())
    assert problem(replace(target, api_url=f"http://{address}")) == (
        f"the connection to {address} failed or broke off (ConnectionError). Run the job again later."
    )


def test_a_proxy_that_is_not_there_is_told(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("http_proxy", "http://{}:{}".format(*free.getsockname()))
    assert problem(replace(target, api_url="http://github.invalid")) == (
        "the proxy on the way to github.invalid cannot be used. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY."
    )


def test_an_answer_that_does_not_come_is_told(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Delay(1.5), method="GET")
    host = server.url.removeprefix("http://")
    assert problem(target, Patience(per_answer=1, attempts=1)) == (
        f"{host} did not answer within 1 s. Run the job again later."
    )


def test_a_certificate_that_is_not_trusted_is_told(server: FakeGithub, target: Target) -> None:
    # The fake speaks no TLS, which to the client is a handshake that fails.
    host = server.url.removeprefix("http://")
    assert problem(replace(target, api_url=f"https://{host}")) == (
        f"there is no trustworthy TLS connection to {host}. If the certificate of the server, or of a proxy "
        "on the way, is of a private authority, name the authority's file by `REQUESTS_CA_BUNDLE` or "
        "`SSL_CERT_FILE`."
    )


@pytest.mark.parametrize("status", [301, 307])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_leads_elsewhere_is_not_followed(
    server: FakeGithub, target: Target, status: int, method: str
) -> None:
    elsewhere = {"Location": "http://elsewhere.invalid/x"}
    server.fail(with_=Status(status, {"message": "Moved"}, elsewhere), method=method)
    host = server.url.removeprefix("http://")
    assert problem(target) == (
        f"{host} answered {status} and leads to another address, 'http://elsewhere.invalid/x', which is not "
        "followed. If the repository was renamed or moved, run the job again; else check GITHUB_API_URL."
    )
    assert server.comments == []


def test_an_answer_that_names_a_foreign_address_gets_no_token(server: FakeGithub, target: Target) -> None:
    forged = {
        "id": 7,
        "url": "http://127.0.0.2:9/repos/x/y/issues/comments/7",
        "html_url": "http://127.0.0.2:9/",
        "body": f"{MARKER}\nold",
        "user": {"login": BOT, "id": 1, "type": "Bot"},
    }
    server.fail(with_=Status(200, [forged]), method="GET", path_regex="comments")
    assert "cannot be read (AssertionError)" in problem(target)
    assert heard(server) == [LIST, WHO]


SHAPES: tuple[object, ...] = (
    *(None, "", 7, "a", [], [None], [1], ["a"], [{}], [{"body": 3}]),
    *({"items": 3}, {"message": []}, {"message": "a", "errors": 3}, {"errors": [None, 3, {}]}),
)


@pytest.mark.parametrize("status", [200, 403, 500])
def test_no_shape_of_an_answer_raises_or_is_taken_for_success(target: Target, status: int) -> None:
    for body in SHAPES:
        with FakeGithub() as server:
            server.fail(with_=Status(status, body), path_regex="comments|check-runs", times=10)
            published = publish(replace(target, api_url=server.url), comment(), check(), ONCE)
        assert len(published.problems) == 2, body
        assert published.comment_url is published.check_url is None, body


@pytest.mark.parametrize(
    "address",
    ["", "api.github.com", "ftp://api.github.com", "http://", "http://[", "http://x:y", "http://x:99999"],
)
def test_an_address_that_is_none_is_told_before_anything_is_sent(target: Target, address: str) -> None:
    published = publish(replace(target, api_url=address), comment(), check(), HASTY)
    assert published.problems == (
        "nothing could be published: GITHUB_API_URL is not an address that begins with https:// or http://",
    )


@pytest.mark.parametrize("token", ["", " \n", "ghs_secret\nX-Other: 1", "ghs_secret\x00", "ghs_secrét"])
def test_a_token_that_no_header_may_carry_is_told_but_not_shown(
    server: FakeGithub, target: Target, token: str
) -> None:
    published = publish(replace(target, token=Secret(token)), comment(), check(), HASTY)
    assert published.problems == (
        "nothing could be published: the token is empty or holds characters that no token has; "
        "check `github-token`",
    )
    assert heard(server) == []


def test_a_token_with_a_line_break_at_its_end_is_used_without_it(server: FakeGithub, target: Target) -> None:
    published = publish(replace(target, token=Secret(f"{JOB_TOKEN}\n")), comment(), None, HASTY)
    assert published.problems == ()
    assert {request.token for request in server.requests} == {JOB_TOKEN}


def test_a_token_that_github_repeats_is_not_shown(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(403, {"message": f"token {JOB_TOKEN} is bad"}), method="GET")
    told = problem(target)
    assert JOB_TOKEN not in told
    assert "token *** is bad" in told
    assert JOB_TOKEN not in repr(target)


def test_githubs_words_stay_on_one_line(server: FakeGithub, target: Target) -> None:
    server.fail(with_=Status(422, {"message": "a\n::error::b\x1b[31m" + "c" * 5_000}), method="GET")
    told = problem(target)
    assert "\n" not in told
    assert "\x1b" not in told
    assert len(told) < 500
    assert heard(server) == [LIST]
