"""What can go wrong (faults) and where (calls), as two tables; each pair of rows is a test."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.fake_github import (
    CutAnswer,
    Delay,
    DropConnection,
    FakeGithub,
    LostAnswer,
    RawBody,
    Status,
    Trickle,
)
from tests.fake_github.faults import Fault

from .talk import BOT, CHECK, CREATE, FIND_CHECK, LIST, MARKER, STATUS, WHO

TOKEN = "ghs_a+b/c=d%e&f-token~of?a*job"  # noqa: S105 - opens nothing but the fake
"""Looks different in a URL and in base64."""

ATTEMPTS = 4
OLD = f"{MARKER}\nold"


@dataclass(frozen=True)
class Trouble:
    """A fault that lasts: how often its call is attempted, and what the sentence about it has in it.

    `done` says that the server does what was asked all the same. A `slow` one uses up all the time.
    """

    fault: Fault
    attempts: int
    told: tuple[str, ...]
    done: bool = False
    slow: bool = False

    @property
    def refusal(self) -> bool:
        """Whether it is an answer that stays the same however often it is asked for."""
        return self.attempts == 1 and not self.slow and "rate limit" not in self.told[0]


LATER = "Run the job again later."
BROKEN = "failed or broke off"
LEFT = "`publish-timeout` left"
RATE = "GitHub's rate limit is reached"
RESET = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}
ECHO = (
    f"No: Authorization: token {TOKEN}, Basic {b64encode(f'x-access-token:{TOKEN}'.encode()).decode()}, "
    f"?access_token={quote(TOKEN, safe='')}"
)
SLOW = {"message": "Please slow down"}
TOO_LONG = {"message": "Validation Failed", "errors": [{"message": "Body is too long (maximum is 65536)"}]}


def _moved(code: int, location: str) -> Trouble:
    body = {"message": "Moved", "url": location, "documentation_url": "https://docs.github.com/rest"}
    told = (f"answered {code} and leads to another address, '{location}'", "check GITHUB_API_URL")
    return Trouble(Status(code, body, {"Location": location}), 1, told)


def troubles(here: str, elsewhere: str) -> dict[str, Trouble]:
    """Every row by its name; `here` and `elsewhere` are two servers' addresses."""
    path = f"{here}/repos/codertocat/hello-world/issues/2/comments"
    rows = {
        "401": Trouble(Status(401), 1, ("does not accept the token", "Pass a valid one as `github-token`")),
        "403 for want of a permission": Trouble(
            Status(403), 1, ("may not do that (GitHub says: Resource not", "permissions:", "Dependabot")
        ),
        "403 that repeats the token": Trouble(
            Status(403, {"message": ECHO}),
            1,
            ("GitHub forbids it (GitHub says: No: Authorization: token ***",),
        ),
        "403 as primary rate limit": Trouble(
            Status(403, {"message": "API rate limit exceeded for installation 1."}, RESET),
            1,
            (RATE, LATER),
        ),
        "403 with no request left": Trouble(Status(403, {"message": "No more"}, RESET), 1, (RATE, LATER)),
        "403 as secondary rate limit": Trouble(
            Status(403, SLOW, {"Retry-After": "900"}),
            1,
            (RATE, "wait 900 s", LATER),
        ),
        "404": Trouble(Status(404), 1, ("that this token can see (GitHub says: Not Found)", "permissions:")),
        "409": Trouble(Status(409), 1, ("another change of the same thing (GitHub says: Conflict)", LATER)),
        "422": Trouble(Status(422, TOO_LONG), 1, ("invalid (GitHub says: Validation Failed: Body is too",)),
        "429": Trouble(Status(429), 1, (RATE, "does not say for how long", LATER)),
        "429 to wait 900 s": Trouble(Status(429, None, {"Retry-After": "900"}), 1, (RATE, "900 s", LATER)),
        "429 to come back at once": Trouble(
            Status(429, None, {"Retry-After": "0"}), ATTEMPTS, (RATE, "wait 0 s", LATER)
        ),
        "429 with a wait that is no number": Trouble(
            Status(429, None, {"Retry-After": "\xb2"}), 1, (RATE, LATER)
        ),
        "500": Trouble(Status(500), ATTEMPTS, ("out of order and answered 500 again and again", LATER)),
        "502 as a page": Trouble(
            RawBody(b"<html><h1>502 Bad Gateway</h1></html>", 502), ATTEMPTS, ("answered 502", LATER)
        ),
        "200 as a page": Trouble(RawBody(b"<html>Log in</html>"), ATTEMPTS, ("it is not JSON", LATER)),
        "JSON that breaks off": Trouble(RawBody(b'{"id": 1, "bo'), ATTEMPTS, ("it is not JSON", LATER)),
        "an empty object": Trouble(RawBody(b"{}"), ATTEMPTS, ("says nothing of what was asked", LATER)),
        "nothing at all": Trouble(RawBody(b""), ATTEMPTS, ("it is not JSON", LATER)),
        "202": Trouble(RawBody(b"{}", 202), ATTEMPTS, ("answer", LATER)),
        "a dropped connection": Trouble(DropConnection(), ATTEMPTS, (BROKEN, LATER)),
        "an answer cut in its body": Trouble(CutAnswer(), ATTEMPTS, (BROKEN, LATER), done=True),
        "silence": Trouble(Delay(60), 1, (LEFT, LATER), slow=True),
        "a body byte by byte": Trouble(Trickle(1), 1, (LEFT, LATER), done=True, slow=True),
    }
    for code in (301, 302, 307):
        rows[f"{code} to another path"] = _moved(code, path)
        rows[f"{code} to another host"] = _moved(code, f"{elsewhere}/repos/Codertocat/Hello-World/x")
    return rows


@dataclass(frozen=True)
class Call:
    """One call: how it is provoked (by which options, after which `arrange`), and which request it is.

    `before` are the requests that lead to it. What is `written_once` is looked for by `find` after each
    attempt, and found by `found`. Where the publication goes on after a refusal, `after_a_refusal` are the
    requests. `there` is how many things are published before the call; a call that is sent again
    `adds_each_time` or not.
    """

    options: dict[str, str]
    before: list[str]
    request: str
    problem: str
    written_once: bool = False
    find: str = ""
    found: list[str] = field(default_factory=list)
    after_a_refusal: list[str] = field(default_factory=list)
    there: int = 0
    adds_each_time: bool = False
    arrange: Callable[[FakeGithub], object] = lambda _server: None

    @property
    def method(self) -> str:
        """The request's method."""
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        """The end of the request's path."""
        return self.request.split(" ")[1]


COMMENT = {"comment": "always", "check": "none"}
CHECK_RUN = {"comment": "never", "check": "check-run"}
EDIT = "PATCH issues/comments/1000001"


def _commented(server: FakeGithub) -> None:
    server.add_comment(author=BOT, kind="Bot", body=OLD)


def _lost(server: FakeGithub) -> None:
    server.fail(with_=LostAnswer(), method="POST", path_regex="check-runs")


CALLS = {
    "comment list": Call(COMMENT, [], LIST, "the comment"),
    "comment create": Call(
        COMMENT, [LIST], CREATE, "the comment", written_once=True, find=LIST, found=[LIST, WHO]
    ),
    "comment edit": Call(COMMENT, [LIST, WHO], EDIT, "the comment", arrange=_commented),
    "own login": Call(COMMENT, [LIST], WHO, "the comment", after_a_refusal=[EDIT], arrange=_commented),
    "check create": Call(
        CHECK_RUN, [], CHECK, "the check run", written_once=True, find=FIND_CHECK, found=[FIND_CHECK]
    ),
    "check list": Call(CHECK_RUN, [CHECK], FIND_CHECK, "the check run", there=1, arrange=_lost),
    "status": Call(
        {"comment": "never", "check": "status"}, [], STATUS, "the commit status", adds_each_time=True
    ),
}
