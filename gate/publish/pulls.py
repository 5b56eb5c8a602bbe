"""The pull request of a commit, for events that name none."""

from __future__ import annotations

from gate.publish.client import Connection, Failure
from gate.publish.model import Target

UNKNOWN_COMMIT = (404, 409, 422)
"""What GitHub answers where it has no such commit, or no commits at all."""


def pull_request_of(connection: Connection, target: Target) -> int | None:
    """The one open pull request into our repository whose head is the commit; None for none or several.

    A commit that is merely part of a pull request is not what that is about any more. Raises Failure.
    """
    sha = target.head_sha
    if sha is None:
        return None
    try:
        numbers = connection.repeat(lambda: _open_at(connection, sha, target.repository))
    except Failure as failure:
        if failure.status in UNKNOWN_COMMIT:
            return None
        raise
    return numbers[0] if len(numbers) == 1 else None


def _open_at(connection: Connection, sha: str, repository: str) -> list[int]:
    return [
        pull.number
        for pull in connection.in_time(connection.repository.get_commit(sha).get_pulls())
        if pull.state == "open"
        and pull.head.sha == sha
        and pull.base.repo.full_name.lower() == repository.lower()
    ]
