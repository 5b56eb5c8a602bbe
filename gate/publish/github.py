"""Publishing a verdict to GitHub. Importing this module loads PyGithub: 0.3 s and 45 MB."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gate.publish.checks import publish_check_run, publish_status
from gate.publish.client import Connection, Failure
from gate.publish.model import PATIENT, CheckRequest, CommentRequest, Patience, Published, Target
from gate.publish.problems import Subject, sentence
from gate.publish.pulls import pull_request_of
from gate.publish.shared import publish_part
from gate.publish.sticky import publish_comment

T = TypeVar("T")


def publish(
    target: Target,
    comment: CommentRequest | None,
    check: CheckRequest | None,
    patience: Patience = PATIENT,
) -> Published:
    """Publish what is requested.

    Whatever GitHub or the network does ends as a sentence, never as an exception, and a comment that
    fails does not keep the check from being published.
    """
    try:
        with Connection(target, patience) as connection:
            told = _comment(connection, target, comment, patience) if comment else _NOTHING
            judged = _check(connection, target, check) if check else _NOTHING
    except Failure as failure:
        return Published(None, None, (f"nothing could be published: {failure.cause}",), ())
    return Published(
        told.comment_url,
        judged.check_url,
        (*told.problems, *judged.problems),
        (*told.skipped, *judged.skipped),
        judged.annotated,
    )


_NOTHING = Published(None, None, (), ())


def _comment(
    connection: Connection, target: Target, request: CommentRequest, patience: Patience
) -> Published:
    number = target.pull_request
    if number is None and target.look_up:
        place = f"commit {(target.head_sha or '')[:12]} of {target.repository}"
        subject = Subject("the comment", place, "pull-requests: write")
        number, problems = _attempt(subject, lambda: pull_request_of(connection, target))
        if number is None:
            return Published(None, None, problems, ())
    if number is None:
        return Published(None, None, (), ("this event has no pull request: there is no comment",))
    subject = Subject("the comment", f"pull request {number} of {target.repository}", "pull-requests: write")
    url, problems = _attempt(subject, lambda: _write(connection, number, request, patience))
    return Published(url, None, problems, ())


def _write(connection: Connection, number: int, request: CommentRequest, patience: Patience) -> str | None:
    if request.part is None:
        return publish_comment(connection, number, request)
    return publish_part(connection, number, request, request.part, patience)


def _check(connection: Connection, target: Target, request: CheckRequest) -> Published:
    sha = target.head_sha
    if sha is None:
        problem = "the check could not be published: this event does not name the head commit"
        return Published(None, None, (problem,), ())
    place = f"commit {sha[:12]} of {target.repository}"
    if request.kind == "status":
        subject = Subject("the commit status", place, "statuses: write")
        _, problems = _attempt(subject, lambda: publish_status(connection, sha, request, target.details_url))
        return Published(None, None, problems, ())
    subject = Subject("the check run", place, "checks: write")
    made, problems = _attempt(
        subject, lambda: publish_check_run(connection, sha, request, target.details_url)
    )
    if made is None:
        return Published(None, None, problems, ())
    skipped: tuple[str, ...] = ()
    if made.lacking is not None:
        every = len(request.annotations)
        subject = Subject(f"{every - made.annotated} of {every} annotations", place, "checks: write")
        skipped = (sentence(subject, made.lacking),)
    return Published(None, made.url, (), skipped, made.annotated)


def _attempt(subject: Subject, publish_it: Callable[[], T]) -> tuple[T | None, tuple[str, ...]]:
    try:
        return publish_it(), ()
    except Failure as failure:
        return None, (sentence(subject, failure),)
