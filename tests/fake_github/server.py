"""The fake itself: a state, served on loopback, with both directions held against GitHub's description."""

from __future__ import annotations

import ssl
import threading
import time
from dataclasses import asdict, replace
from types import TracebackType
from typing import Any, Self

from . import checks, conversation, repository  # noqa: F401 - importing them registers what they do
from .answers import Shapes
from .calls import missing, perform
from .contract import Operation, contract
from .faults import CutAnswer, Delay, DropConnection, Fault, LostAnswer, Plan, RawBody, Status, Trickle
from .repository import RATE_LIMIT, RATE_RESET
from .state import State
from .values import Answer, Request
from .wire import Listener

STATE_PATH = "/_state"


class FakeGithub(State):
    """A GitHub REST API that remembers. Use it as a context manager, or `start` and `stop` it.

    `url` is what GITHUB_API_URL would be; `prefix` (`/api/v3`) makes it look like an Enterprise Server's, and
    with `tls` it speaks https. `requests` holds every request in the order of arrival. `violations` says in
    words where a request or one of the fake's own answers does not fit GitHub's description; each was
    answered 500. A test ends on `violations == []`. Archives of artifacts lie with another host, which has
    had `downloads`.
    """

    def __init__(
        self,
        payload: dict[str, Any] | None = None,
        *,
        port: int = 0,
        prefix: str = "",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(payload)
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self._faults = Plan()
        self._contract = contract()
        self._lock = threading.RLock()
        self._listener = Listener(self.respond, port, prefix, tls)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.server_address[1]}{prefix}"
        self.downloads: list[Request] = []
        self._storage = Listener(self._download, 0, "")
        self.storage = f"localhost:{self._storage.server_address[1]}"
        self._shapes = Shapes(self.url, self, f"http://{self.storage}")
        self._threads = [
            threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
            for listener in (self._listener, self._storage)
        ]

    def start(self) -> Self:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """End all connections and free the port."""
        for listener, thread in zip((self._listener, self._storage), self._threads, strict=True):
            listener.shutdown()
            listener.server_close()
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fail(self, *, with_: Fault, method: str | None = None, path_regex: str = "", times: int = 1) -> None:
        """Plan a fault for the next `times` requests that fit; faults are used in the order of planning."""
        with self._lock:
            self._faults.add(with_, method, path_regex, times)

    def unused_faults(self) -> int:
        """How many planned faults no request has met; a test of a fault wants 0."""
        with self._lock:
            return self._faults.unused()

    def sent(self, method: str, path_end: str = "") -> list[Request]:
        """The recorded requests of a method whose path ends so."""
        with self._lock:
            return [one for one in self.requests if one.method == method and one.path.endswith(path_end)]

    def report(self) -> dict[str, Any]:
        """What has been stored, asked and done wrong, as JSON for another process."""
        with self._lock:
            return {
                "comments": [asdict(comment) for comment in self.comments],
                "check_runs": [asdict(run) for run in self.check_runs],
                "statuses": [asdict(status) for status in self.statuses],
                "requests": [request.recorded() for request in self.requests],
                "violations": list(self.violations),
            }

    def respond(self, request: Request) -> Answer | None:
        """The answer to one request; None to close the connection without one."""
        if request.path == STATE_PATH:
            return Answer(200, self.report())
        with self._lock:
            self.requests.append(request)
            fault = self._faults.take(request.method, request.path)
        if isinstance(fault, Delay):
            time.sleep(fault.seconds)  # without the lock: other connections go on
        with self._lock:
            return self._respond(request, fault)

    def _respond(self, request: Request, fault: Fault | None) -> Answer | None:
        operation = self._contract.operation(request.method, request.path)
        if operation is None:
            return self._violated(request, "is not an operation of the trimmed description")
        wrong = self._contract.faults_of_request(request, operation) or missing(request, operation)
        if wrong:
            return self._violated(request, "was sent wrongly: " + "; ".join(wrong))
        match fault:
            case DropConnection():
                return None
            case Status():
                return Answer(fault.code, fault.json(), fault.headers)
            case RawBody():
                return Answer(fault.status, fault.content, fault.headers)
        answer = self._performed(request, operation)
        return _damaged(answer, fault)

    def _performed(self, request: Request, operation: Operation) -> Answer:
        try:
            answer = perform(request, operation, self, self._shapes)
        except Exception as error:  # a mistake of the fake must fail the test that met it, in words
            return self._violated(request, f"broke the fake: {error!r}")
        wrong = self._contract.faults_of_answer(request, answer)
        if wrong:
            return self._violated(request, f"was answered wrongly ({answer.status}): " + "; ".join(wrong))
        return replace(answer, headers=answer.headers | self._rate_headers())

    def _violated(self, request: Request, text: str) -> Answer:
        self.violations.append(f"{request.method} {request.path} {text}")
        return Answer(500, {"message": f"The fake GitHub found a violation: {self.violations[-1]}"})

    def _rate_headers(self) -> dict[str, str]:
        left = max(RATE_LIMIT - len(self.requests), 0)
        return {
            "X-RateLimit-Limit": str(RATE_LIMIT),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(RATE_RESET),
        }

    def _download(self, request: Request) -> Answer | None:
        with self._lock:
            self.downloads.append(request)
            fault = self._faults.take(request.method, f"/{self.storage}{request.path}")
        match fault:
            case DropConnection() | LostAnswer():
                return None
            case Status():
                return Answer(fault.code, fault.json(), fault.headers)
            case Delay():
                time.sleep(fault.seconds)
        if request.authorized:  # the storage behind GitHub refuses a second kind of authentication
            return Answer(400, {"message": "Only one auth mechanism allowed"})
        for artifact in self.artifacts:
            if request.path == f"/{artifact.id}":
                return Answer(200, artifact.content, content_type="application/zip")
        return Answer(404, {"message": "Not Found"})


def _damaged(answer: Answer, fault: Fault | None) -> Answer | None:
    """The answer to what was done, as it goes out."""
    match fault:
        case LostAnswer():
            return None
        case CutAnswer():
            return replace(answer, cut=True)
        case Trickle():
            return replace(answer, pause=fault.pause)
    return answer
