"""A call that did not succeed, and the statuses that are told apart."""

from __future__ import annotations

FORBIDDEN = 403
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = range(500, 600)


class Failure(Exception):  # noqa: N818 - a state of a call, always turned into a sentence
    """A call that did not succeed. `cause` is a clause without a full stop, fit to show.

    `status` is None where there was no answer, or none that can be read; `advice` may then say what to do, in
    a sentence. A `passing` failure may be gone after `wait` seconds; what was asked may nonetheless have
    happened.
    """

    def __init__(
        self,
        cause: str,
        *,
        status: int | None = None,
        passing: bool = False,
        wait: float = 0.0,
        advice: str = "",
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.status = status
        self.passing = passing
        self.wait = wait
        self.advice = advice
