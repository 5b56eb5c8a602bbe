"""What is to be published, where to, and what became of it. Nothing here needs PyGithub."""

from __future__ import annotations

from typing import Literal

import msgspec

from gate.runner import Secret

UNPUBLISHED = 5
"""The exit code where publishing is required and failed, and nothing else was wrong."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where to publish.

    `head_sha` is the commit that checks attach to: of a pull request its own head, never the merge
    commit. `details_url` is the page of the run.
    """

    repository: str
    api_url: str
    pull_request: int | None
    head_sha: str | None
    token: Secret
    details_url: str | None


class CommentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The one comment to keep up to date: `body` begins with `marker`, by which it is found again.

    Without `create` only an existing comment is updated.
    """

    marker: str
    body: str
    create: bool


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A check run, or a commit status (which has the one line `description` instead of title and summary).

    `external_id` names this publication, so that a check run whose answer was lost is recognised.
    """

    kind: Literal["check-run", "status"]
    name: str
    conclusion: Literal["success", "failure", "neutral"]
    title: str
    summary: str
    description: str
    external_id: str


class Published(msgspec.Struct, frozen=True):
    """What became of it, as sentences: `problems` are failures, `skipped` is what had no place to go."""

    comment_url: str | None
    check_url: str | None
    problems: tuple[str, ...]
    skipped: tuple[str, ...]


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long GitHub is waited for, in seconds.

    All requests and pauses end after `in_all`, whatever they are at; each answer has to come within
    `per_answer`. The pause doubles after each of the `attempts`.
    """

    in_all: float = 60.0
    per_answer: float = 10.0
    attempts: int = 4
    first_pause: float = 1.0


PATIENT = Patience()
