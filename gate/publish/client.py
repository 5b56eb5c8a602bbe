"""The connection to one repository: the only import of PyGithub, and of its many ways to fail.

PyGithub's own repeating is turned off: it sends a POST whose answer was lost a second time, which makes a
second comment; it never repeats a PATCH; and it obeys a wait of any length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from github import Auth, Github, GithubException

from gate.masking import masked
from gate.publish.authorities import trusted_authorities
from gate.publish.failure import FORBIDDEN, SERVER_ERRORS, TOO_MANY_REQUESTS, Failure
from gate.publish.model import Patience, Target
from gate.publish.refusals import refused
from gate.publish.transport import Allowance, Terms, answered_within
from gate.text import one_line

if TYPE_CHECKING:
    from types import TracebackType

    from github.Repository import Repository

__all__ = ["FORBIDDEN", "SERVER_ERRORS", "TOO_MANY_REQUESTS", "Connection", "Failure"]

T = TypeVar("T")


class Connection:
    """A repository as PyGithub's lazy object, and two ways to call it within a bounded time."""

    def __init__(self, target: Target, patience: Patience) -> None:
        """Open nothing yet. Raises Failure where address or token cannot be used at all."""
        self._patience = patience
        self._allowance = Allowance(patience)
        self._token = target.token.value.strip()
        self._host = _host(target.api_url)
        if not (self._token.isascii() and self._token.isprintable() and self._token):
            raise Failure("the token is empty or holds characters that no token has; check `github-token`")
        with answered_within(Terms(self._allowance, self._host, self._masked)):
            self.github = Github(
                auth=Auth.Token(self._token),
                base_url=target.api_url.rstrip("/"),
                user_agent="module-coverage-gate",
                per_page=100,
                verify=trusted_authorities(),
                retry=0,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
        self.repository: Repository = self.github.get_repo(target.repository)

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.github.close()

    def repeat(self, call: Callable[[], T]) -> T:
        """Do what may happen twice, until it is answered. Raises Failure."""
        return self.send(call, lambda: None)

    def send(self, call: Callable[[], T], find: Callable[[], T | None]) -> T:
        """Do what must happen once: after a lost answer, `find` it before sending again. Raises Failure."""
        left = self._patience.attempts
        pause = self._patience.first_pause
        while True:
            left -= 1
            try:
                return self._once(call)
            except Failure as failure:
                if not failure.passing:
                    raise
                lost = failure
            if left and not self._slept(max(pause, lost.wait)):
                if lost.wait or not self._allowance.covers(0):
                    raise lost
                left = 0  # There is no time for another attempt, but some to look what became of this one.
            found = find()
            if found is not None:
                return found
            if not left:
                raise lost
            pause *= 2

    def in_time(self, items: Iterable[T]) -> Iterator[T]:
        """Items of a list that asks GitHub for page after page, as long as there is time. Raises Failure."""
        for item in items:
            self._allowance.left()
            yield item

    def _once(self, call: Callable[[], T]) -> T:
        self._allowance.left()
        try:
            return call()
        except Failure:
            raise
        except GithubException as error:
            raise refused(error.status, error.headers or {}, error.data, self._masked) from None
        except Exception as error:  # PyGithub lets through whatever its reading of an answer trips over
            kind = type(error).__name__
            raise Failure(f"the answer of {self._host} cannot be read ({kind})", passing=True) from None

    def _masked(self, text: str) -> str:
        return masked(text, self._token)

    def _slept(self, seconds: float) -> bool:
        """Sleep, if there is time left afterwards; return whether there is."""
        if covered := self._allowance.covers(seconds):
            time.sleep(seconds)
        return covered


def _host(api_url: str) -> str:
    try:
        address = urlsplit(api_url)
        usable = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        usable = None
    if not usable:
        raise Failure("GITHUB_API_URL is not an address that begins with https:// or http://")
    return one_line(address.netloc.rpartition("@")[2], 100)
