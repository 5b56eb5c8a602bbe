"""A check run or a commit status on the head commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from gate.publish.client import Connection
from gate.publish.model import CheckRequest
from gate.text import ELLIPSIS

if TYPE_CHECKING:
    from github.CheckRun import CheckRun
    from github.Repository import Repository

STATUS_DESCRIPTION_LIMIT = 140
"""GitHub's limit, in characters."""


class _Run(msgspec.Struct, frozen=True):
    """A check run that exists; GitHub may give it no page."""

    id: int
    url: str | None


def publish_check_run(
    connection: Connection, sha: str, request: CheckRequest, details_url: str | None
) -> str | None:
    """Create a completed check run. Returns its page. Raises Failure."""
    repository = connection.repository
    run = connection.send(
        lambda: _create(repository, sha, request, details_url),
        lambda: connection.repeat(lambda: _find(connection, sha, request)),
    )
    return run.url


def _create(repository: Repository, sha: str, request: CheckRequest, details_url: str | None) -> _Run:
    links: dict[str, Any] = {"details_url": details_url} if details_url else {}
    return _read(
        repository.create_check_run(
            request.name,
            sha,
            external_id=request.external_id,
            status="completed",
            conclusion=request.conclusion,
            output={"title": request.title, "summary": request.summary},
            **links,
        )
    )


def _find(connection: Connection, sha: str, request: CheckRequest) -> _Run | None:
    """The check run that a lost answer was about; one that says something else is an earlier one."""
    wanted = (request.external_id, request.conclusion, request.title)
    commit = connection.repository.get_commit(sha)
    for run in connection.in_time(commit.get_check_runs(check_name=request.name, filter="all")):
        if (run.external_id, run.conclusion, run.output.title) == wanted:
            return _read(run)
    return None


def _read(run: CheckRun) -> _Run:
    if not isinstance(run.id, int):
        raise TypeError("an answer without a check run in it")
    return _Run(run.id, run.html_url)


def publish_status(connection: Connection, sha: str, request: CheckRequest, target_url: str | None) -> None:
    """Set a commit status. Setting it twice is harmless: the last one counts. Raises Failure."""
    repository = connection.repository
    content = {
        "context": request.name,
        "state": "failure" if request.conclusion == "failure" else "success",
        "description": _description(request),
        **({"target_url": target_url} if target_url else {}),
    }
    # PyGithub's own call for this first reads the whole commit, which takes one more permission.
    connection.repeat(
        lambda: repository.requester.requestJsonAndCheck(
            "POST", f"{repository.url}/statuses/{sha}", input=content
        )
    )


def _description(request: CheckRequest) -> str:
    """A status knows no "neutral": the description says it."""
    text = f"Neutral: {request.description}" if request.conclusion == "neutral" else request.description
    if len(text) <= STATUS_DESCRIPTION_LIMIT:
        return text
    return text[: STATUS_DESCRIPTION_LIMIT - 1] + ELLIPSIS
