"""Scripted misbehaviour: what goes wrong, for which requests, how often."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_MESSAGES = {
    401: "Bad credentials",
    403: "Resource not accessible by integration",
    404: "Not Found",
    409: "Conflict",
    422: "Validation Failed",
    429: "API rate limit exceeded",
    500: "Server Error",
    502: "Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True)
class Status:
    """Answer with this status and do nothing. Without a body, GitHub's usual message for the status."""

    code: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """What is sent."""
        return {"message": _MESSAGES.get(self.code, "Error")} if self.body is None else self.body


@dataclass(frozen=True)
class RawBody:
    """Answer with these bytes, labelled as JSON, and do nothing."""

    content: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DropConnection:
    """Do nothing and close the connection without an answer."""


@dataclass(frozen=True)
class LostAnswer:
    """Do what was asked, then close the connection without an answer."""


@dataclass(frozen=True)
class Delay:
    """Wait so many seconds, then answer as usual."""

    seconds: float


@dataclass(frozen=True)
class CutAnswer:
    """Do what was asked, send the headers and half of the body, then close the connection."""


@dataclass(frozen=True)
class Trickle:
    """Do what was asked and answer byte by byte, with a pause of so many seconds before each."""

    pause: float


Fault = Status | RawBody | DropConnection | LostAnswer | CutAnswer | Delay | Trickle


@dataclass
class _Planned:
    method: str | None
    path: re.Pattern[str]
    left: int
    fault: Fault


class Plan:
    """The faults still to come. A request takes the first that fits it and is not used up."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault, method: str | None, path_regex: str, times: int) -> None:
        """Plan a fault for `times` requests of `method` (None: any) whose path `path_regex` is found in."""
        self._planned.append(_Planned(method, re.compile(path_regex), times, fault))

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, used up by one; None for none."""
        for planned in self._planned:
            if planned.left and planned.method in (None, method) and planned.path.search(path):
                planned.left -= 1
                return planned.fault
        return None

    def unused(self) -> int:
        """How many planned faults no request has met."""
        return sum(planned.left for planned in self._planned)
