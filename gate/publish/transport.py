"""How a request gets its answer: in bounded time, whole, and from the server that was asked.

A timeout of requests' bounds the silence between two bytes only, and nothing bounds the look-up of a name. So
each request waits in a thread of its own, and we wait for the thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Any, ClassVar, TypeVar

import msgspec
import requests
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)

from gate.publish.answers import must_be_whole
from gate.publish.authorities import without_authorities
from gate.publish.failure import Failure
from gate.publish.model import Patience
from gate.publish.silence import unreached

T = TypeVar("T")


class Allowance:
    """The time that publishing may take in all, counted from now on."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._ends = time.monotonic() + patience.in_all

    def left(self) -> float:
        """Seconds, more than none. Raises Failure where there are none."""
        if (seconds := self._ends - time.monotonic()) > 0:
            return seconds
        raise Failure(
            f"GitHub took up the {self._patience.in_all:g} s that `publish-timeout` sets aside for publishing"
        )

    def covers(self, seconds: float) -> bool:
        """Whether there is time left after so many seconds."""
        return time.monotonic() + seconds < self._ends

    def for_an_answer(self) -> tuple[float, str]:
        """Seconds to wait for the next answer, and as words. Raises Failure where there are none."""
        left, usual = self.left(), self._patience.per_answer
        if usual <= left:
            return usual, f"within {usual:g} s"
        return left, f"in the {left:.1f} s that `publish-timeout` left"


class Terms(msgspec.Struct, frozen=True):
    """How long answers are waited for, whose they are, and what hides the token in what a server says."""

    allowance: Allowance
    host: str
    masked: Callable[[str], str]


class _Body(BytesIO):
    """A request's body that is not sent once the request is given up.

    Whoever then looks in vain for what it would have written must not be wrong a moment later, when a name is
    resolved at last.
    """

    def __init__(self, text: str, given_up: threading.Event) -> None:
        super().__init__(text.encode())
        self._given_up = given_up

    def read(self, size: int | None = -1) -> bytes:
        if self._given_up.is_set():
            raise BrokenPipeError
        return super().read(size)


class _Bounded:
    """What PyGithub sends a request through, with an answer that is waited for within the terms."""

    terms: ClassVar[Terms]
    protocol: str
    host: str
    port: int
    session: requests.Session
    verb: str
    url: str
    input: Any
    headers: dict[str, str]
    verify: bool | str

    def getresponse(self) -> RequestsResponse:
        """The answer to the request that was set up. Raises Failure."""
        seconds, in_words = self.terms.allowance.for_an_answer()
        given_up = threading.Event()
        # The connection is read now: once this request is given up, it is used for the next.
        send = partial(
            self.session.request,
            self.verb,
            f"{self.protocol}://{self.host}:{self.port}{self.url}",
            headers=self.headers,
            data=_Body(self.input, given_up) if isinstance(self.input, str) else self.input,
            timeout=seconds,
            verify=self.verify,
            allow_redirects=False,
        )
        try:
            response = within(seconds, send)
        except (TimeoutError, requests.exceptions.Timeout):
            given_up.set()
            raise Failure(f"{self.terms.host} did not answer {in_words}", passing=True) from None
        except requests.RequestException as error:
            raise unreached(error, self.terms.host) from None
        except OSError:
            raise without_authorities() from None
        must_be_whole(response, self.verb, self.terms.host, self.terms.masked)
        return RequestsResponse(response)


@contextmanager
def answered_within(agreed: Terms) -> Iterator[None]:
    """Requesters that PyGithub makes meanwhile send through connections of ours, and keep to them."""

    class Plain(_Bounded, HTTPRequestsConnectionClass):
        terms = agreed

    class Secure(_Bounded, HTTPSRequestsConnectionClass):
        terms = agreed

    Requester.injectConnectionClasses(Plain, Secure)
    try:
        yield
    finally:
        Requester.resetConnectionClasses()


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises. Raises TimeoutError after `seconds`; the call is then left alone, in a
    thread that ends with the process."""
    outcome: Future[T] = Future()

    def work() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return outcome.result(seconds)
