"""The connection to one repository: the only import of PyGithub, and of its many ways to fail.

PyGithub's own repeating is turned off: it sends a POST whose answer was lost a second time, which makes a
second comment; it never repeats a PATCH; and it obeys a wait of any length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import requests
from github import Auth, Github, GithubException, RateLimitExceededException

from gate.publish.model import Patience, Target
from gate.text import one_line

if TYPE_CHECKING:
    from types import TracebackType

    from github.Repository import Repository

T = TypeVar("T")

FORBIDDEN = 403
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = range(500, 600)
UNNAMED_WAIT = 60.0
"""GitHub's advice for a secondary rate limit that names no time, in seconds."""


class Failure(Exception):  # noqa: N818 - a state of a call, always turned into a sentence
    """A call that did not succeed. `cause` is a clause without a full stop, fit to show.

    `status` is None where there was no answer, or none that can be read. A `passing` failure may be gone
    after `wait` seconds; what was asked may nonetheless have happened.
    """

    def __init__(
        self, cause: str, *, status: int | None = None, passing: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.status = status
        self.passing = passing
        self.wait = wait


class Connection:
    """A repository as PyGithub's lazy object, and two ways to call it within a bounded time."""

    def __init__(self, target: Target, patience: Patience) -> None:
        """Open nothing yet. Raises Failure where address or token cannot be used at all."""
        self._patience = patience
        self._ends = time.monotonic() + patience.in_all
        self._token = target.token.value.strip()
        self._host = _host(target.api_url)
        if not (self._token.isascii() and self._token.isprintable() and self._token):
            raise Failure("the token is empty or holds characters that no token has; check `github-token`")
        self.github = Github(
            auth=Auth.Token(self._token),
            base_url=target.api_url.rstrip("/"),
            timeout=patience.per_answer,
            user_agent="module-coverage-gate",
            per_page=100,
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
            if left:
                self._sleep(max(pause, lost.wait), lost)
            found = find()
            if found is not None:
                return found
            if not left:
                raise lost
            pause *= 2

    def in_time(self, items: Iterable[T]) -> Iterator[T]:
        """Items of a list that asks GitHub for page after page, as long as there is time. Raises Failure."""
        for item in items:
            self._check_time()
            yield item

    def _check_time(self) -> None:
        if time.monotonic() >= self._ends:
            raise Failure(f"GitHub took up the {self._patience.in_all:g} s that are set aside for publishing")

    def _once(self, call: Callable[[], T]) -> T:
        self._check_time()
        try:
            return call()
        except Failure:
            raise
        except GithubException as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise Failure(self._unreached(error), passing=True) from None
        except Exception as error:  # PyGithub lets through whatever its reading of an answer trips over
            kind = type(error).__name__
            raise Failure(f"the answer of {self._host} cannot be read ({kind})", passing=True) from None

    def _sleep(self, seconds: float, failure: Failure) -> None:
        if time.monotonic() + seconds >= self._ends:
            raise failure
        time.sleep(seconds)

    def _refused(self, error: GithubException) -> Failure:
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        said = one_line(_said(error.data).replace(self._token, "***"), 300)
        if error.status == TOO_MANY_REQUESTS or (
            error.status == FORBIDDEN
            and (isinstance(error, RateLimitExceededException) or "retry-after" in headers)
        ):
            wait = _wait(headers, UNNAMED_WAIT)
            cause = f"GitHub's rate limit is reached, and it asks to wait {wait:.0f} s"
            return Failure(cause, status=TOO_MANY_REQUESTS, passing=True, wait=wait)
        if error.status in SERVER_ERRORS:
            return Failure(said, status=error.status, passing=True, wait=_wait(headers, 0.0))
        return Failure(said, status=error.status)

    def _unreached(self, error: requests.RequestException) -> str:
        """Why there was no answer. The exception's own text is not shown: it may quote a header."""
        if isinstance(error, requests.exceptions.Timeout):
            return f"{self._host} did not answer within {self._patience.per_answer} s"
        if isinstance(error, requests.exceptions.SSLError):
            return f"there is no trustworthy TLS connection to {self._host}"
        if isinstance(error, requests.exceptions.ProxyError):
            return f"the proxy on the way to {self._host} cannot be used"
        return f"the connection to {self._host} failed or broke off ({type(error).__name__})"


def _host(api_url: str) -> str:
    try:
        address = urlsplit(api_url)
        usable = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        usable = None
    if not usable:
        raise Failure("GITHUB_API_URL is not an address that begins with https:// or http://")
    return one_line(address.netloc.rpartition("@")[2], 100)


def _said(data: object) -> str:
    """GitHub's own words: the message, and those of its list of errors."""
    if not isinstance(data, dict):
        return ""
    errors = data.get("errors")
    details = [
        str(error.get("message") or f"{error.get('field', '')} {error.get('code', '')}".strip())
        if isinstance(error, dict)
        else str(error)
        for error in (errors if isinstance(errors, list) else [])
    ]
    return ": ".join(filter(None, (str(data.get("message") or ""), ", ".join(details))))


def _wait(headers: dict[str, str], otherwise: float) -> float:
    """Seconds that GitHub asks to wait: until a moment, or for a time."""
    if headers.get("retry-after", "").isdigit():
        return float(headers["retry-after"])
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
        return max(float(headers["x-ratelimit-reset"]) - time.time(), 0.0) + 1.0
    return otherwise
