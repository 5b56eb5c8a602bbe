"""Pull requests as GitHub has them now."""

from __future__ import annotations

import msgspec

from gate.publish.client import Connection
from gate.publish.resolve import Run
from gate.workflow_run import PullRequest

MOST = 20
"""Pull requests that an event may list; more than one of the run's commit is refused anyway."""


def candidates(connection: Connection, run: Run) -> tuple[PullRequest, ...]:
    """Those that the event lists, else the open ones with the run's head. Raises Failure."""
    if run.numbers:
        return tuple(pull_request(connection, number) for number in run.numbers[:MOST])
    repository = connection.repository
    # One page: whichever the wanted one is, a second one of the same commit is enough to refuse.
    return connection.repeat(
        lambda: msgspec.convert(
            repository.requester.requestJsonAndCheck(
                "GET",
                f"{repository.url}/pulls",
                parameters={"state": "open", "head": run.head, "per_page": 100},
            )[1],
            tuple[PullRequest, ...],
        )
    )


def pull_request(connection: Connection, number: int) -> PullRequest:
    """One by its number. Raises Failure."""
    repository = connection.repository
    return connection.repeat(
        lambda: msgspec.convert(
            repository.requester.requestJsonAndCheck("GET", f"{repository.url}/pulls/{number}")[1],
            PullRequest,
        )
    )
