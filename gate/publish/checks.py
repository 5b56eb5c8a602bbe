"""A check run or a commit status on the head commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from gate.publish.client import Connection, Failure
from gate.publish.model import Annotation, CheckRequest
from gate.text import ELLIPSIS

if TYPE_CHECKING:
    from github.CheckRun import CheckRun
    from github.Repository import Repository

STATUS_DESCRIPTION_LIMIT = 140
"""GitHub's limit, in characters."""

BATCH = 50
"""Annotations that GitHub takes in a request; those of later requests are added to the earlier ones."""

INVALID = 422


class CheckRunMade(msgspec.Struct, frozen=True):
    """A check run that exists; GitHub may give it no page. `annotated` counts the annotations that it shows,
    `lacking` says why it does not show the rest."""

    id: int
    url: str | None
    annotated: int = 0
    lacking: Failure | None = None


def publish_check_run(
    connection: Connection, sha: str, request: CheckRequest, details_url: str | None
) -> CheckRunMade:
    """Create a completed check run, then add the annotations that its first request has no room for.

    From its creation on it tells the result, so a later request that fails takes nothing from it. Raises
    Failure where there is no check run.
    """
    links: dict[str, Any] = {"details_url": details_url} if details_url else {}
    first = request.annotations[:BATCH]
    try:
        made = _made(connection, sha, request, first, links)
    except Failure as failure:
        if failure.status != INVALID or not first:
            raise
        # A file's name or a line's number that GitHub refuses must not cost the check itself.
        made = _made(connection, sha, request, (), links)
        return msgspec.structs.replace(made, lacking=failure)
    annotated = len(first)
    while batch := request.annotations[annotated : annotated + BATCH]:
        try:
            _add(connection, made.id, request, batch, annotated)
        except Failure as failure:
            return msgspec.structs.replace(made, annotated=annotated, lacking=failure)
        annotated += len(batch)
    return msgspec.structs.replace(made, annotated=annotated)


def _made(
    connection: Connection,
    sha: str,
    request: CheckRequest,
    annotations: tuple[Annotation, ...],
    links: dict[str, Any],
) -> CheckRunMade:
    repository = connection.repository
    return connection.send(
        lambda: _create(repository, sha, request, annotations, links),
        lambda: connection.repeat(lambda: _find(connection, sha, request)),
    )


def _create(
    repository: Repository,
    sha: str,
    request: CheckRequest,
    annotations: tuple[Annotation, ...],
    links: dict[str, Any],
) -> CheckRunMade:
    return _read(
        repository.create_check_run(
            request.name,
            sha,
            external_id=request.external_id,
            status="completed",
            conclusion=request.conclusion,
            output=_output(request, annotations),
            **links,
        )
    )


def _output(request: CheckRequest, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    """The output as GitHub takes it: title and summary are part of every request."""
    output: dict[str, Any] = {"title": request.title, "summary": request.summary}
    return {**output, "annotations": msgspec.to_builtins(annotations)} if annotations else output


def _add(
    connection: Connection, run_id: int, request: CheckRequest, batch: tuple[Annotation, ...], before: int
) -> None:
    """Add annotations to the `before` that are there. Sent twice they would show twice, so after a lost
    answer GitHub is asked how many there are."""
    run = connection.repository.get_check_run(run_id)

    def add() -> bool:
        run.edit(output=_output(request, batch))
        return True

    connection.send(add, lambda: _annotated(connection, run_id) > before or None)


def _annotated(connection: Connection, run_id: int) -> int:
    return connection.repeat(lambda: connection.repository.get_check_run(run_id).output.annotations_count)


def _find(connection: Connection, sha: str, request: CheckRequest) -> CheckRunMade | None:
    """The check run that a lost answer was about; one that says something else is an earlier one."""
    wanted = (request.external_id, request.conclusion, request.title)
    commit = connection.repository.get_commit(sha)
    for run in connection.in_time(commit.get_check_runs(check_name=request.name, filter="all")):
        if (run.external_id, run.conclusion, run.output.title) == wanted:
            return _read(run)
    return None


def _read(run: CheckRun) -> CheckRunMade:
    if not isinstance(run.id, int):
        raise TypeError("an answer without a check run in it")
    return CheckRunMade(run.id, run.html_url)


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
