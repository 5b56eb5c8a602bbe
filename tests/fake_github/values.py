"""The values that pass between the fake's parts: who calls, what was asked, what is answered."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["User", "Bot"]


@dataclass(frozen=True)
class Actor:
    """Who stands behind a token or has written a comment.

    An app's installation (`kind` "Bot", the job's token among them) may create check runs and cannot ask who
    it is; a person (`kind` "User") is the reverse. `writes` is False for the read-only token of a fork's run.
    """

    login: str
    kind: Kind = "User"
    writes: bool = True

    @property
    def id(self) -> int:
        """A number that stays the same for a login."""
        return 41898282 if self.login == "github-actions[bot]" else zlib.crc32(self.login.encode())


ACTIONS_BOT = Actor("github-actions[bot]", "Bot")


@dataclass(frozen=True)
class Request:
    """One request as it came in. `path` is relative to the API's root, `body` the decoded JSON or None."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorized: bool
    token: str = field(default="", repr=False)
    content_type: str = field(default="", repr=False)
    raw_body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    def recorded(self) -> dict[str, Any]:
        """What another process is told about it."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body,
            "authorized": self.authorized,
        }


@dataclass(frozen=True)
class Answer:
    """One answer: `body` is JSON, or bytes that go out as they are, or None for no content.

    A `cut` one ends in the middle of its body; `pause` comes before each of the body's bytes, in seconds.
    """

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    cut: bool = False
    pause: float = 0.0


class ApiError(Exception):
    """GitHub says no: the status, its message, and for 422 the fields that it complains about."""

    def __init__(self, status: int, message: str, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors

    def answer(self) -> Answer:
        """The error as GitHub words it."""
        body = {"message": self.message, "documentation_url": "https://docs.github.com/rest"}
        body["status"] = str(self.status)
        return Answer(self.status, body if self.errors is None else body | {"errors": self.errors})
