"""An answer that says no, read: GitHub's own words, and whether and when to ask again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from gate.publish.failure import FORBIDDEN, SERVER_ERRORS, TOO_MANY_REQUESTS, Failure
from gate.text import one_line

UNNAMED_WAIT = 60.0
"""GitHub's advice for a rate limit that names no time, in seconds."""


def refused(status: int, headers: Mapping[str, str], data: object, masked: Callable[[str], str]) -> Failure:
    """The failure that an error's status, headers and decoded body stand for; `masked` hides the token in
    what the server says."""
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    said = one_line(masked(_said(data)), 300)
    if status == TOO_MANY_REQUESTS or (status == FORBIDDEN and _limited(named, said)):
        wait = _wait(named)
        asks = "does not say for how long" if wait is None else f"asks to wait {wait:.0f} s"
        return Failure(
            f"GitHub's rate limit is reached, and it {asks}",
            status=TOO_MANY_REQUESTS,
            passing=True,
            wait=UNNAMED_WAIT if wait is None else wait,
        )
    if status in SERVER_ERRORS:
        return Failure(said, status=status, passing=True, wait=_wait(named) or 0.0)
    return Failure(said, status=status)


def _limited(headers: Mapping[str, str], said: str) -> bool:
    """Whether a 403 is a rate limit: the last request of an hour may as well lack a permission."""
    if "retry-after" in headers or "rate limit" in said.lower():
        return True
    return headers.get("x-ratelimit-remaining") == "0" and "not accessible" not in said.lower()


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


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that GitHub asks to wait: for a time, or until a moment."""
    if (seconds := _number(headers.get("retry-after", ""))) is not None:
        return seconds
    if headers.get("x-ratelimit-remaining") != "0":
        return None
    reset = _number(headers.get("x-ratelimit-reset", ""))
    return None if reset is None else max(reset - time.time(), 0.0) + 1.0


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() else None
