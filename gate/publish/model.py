"""What is to be published, where to, and what became of it. Nothing here needs PyGithub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from gate.runner import Secret

UNPUBLISHED = 5
"""The exit code where publishing is required and failed, and nothing else was wrong."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where to publish.

    `head_sha` is the commit that checks attach to: of a pull request its own head, never the merge
    commit. `details_url` is the page of the run. With `look_up`, a pull request that is not named is looked
    for by that commit, and may be absent.
    """

    repository: str
    api_url: str
    pull_request: int | None
    head_sha: str | None
    token: Secret
    details_url: str | None
    look_up: bool = False


class SharedPart(msgspec.Struct, frozen=True):
    """The part of a comment that several legs share: its name, the commit that it is about, and the line
    that ends it where it had to be cut."""

    name: str
    commit: str | None
    cut: str


class CommentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The one comment to keep up to date: `body` begins with `marker`, by which it is found again.

    Without `create` only an existing comment is updated. `after` words the body anew beside what the earlier
    comment says behind its marker. With a `part` the body is that part, without a marker.
    """

    marker: str
    body: str
    create: bool
    after: Callable[[str], str] | None = None
    part: SharedPart | None = None

    def beside(self, earlier: str) -> str:
        """The body in place of an earlier text of ours, which has no marker."""
        return self.body if self.after is None else self.after(earlier)


class Annotation(msgspec.Struct, frozen=True):
    """A remark on lines of a file, with the fields of GitHub's API: `title` has at most 255 characters,
    `message` at most 64 KiB."""

    path: str
    start_line: int
    end_line: int
    annotation_level: Literal["notice", "warning", "failure"]
    message: str
    title: str


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A check run, or a commit status (which has the one line `description` instead of title and summary).

    `external_id` names this publication, so that a check run whose answer was lost is recognised. A status
    has no `annotations`.
    """

    kind: Literal["check-run", "status"]
    name: str
    conclusion: Literal["success", "failure", "neutral"]
    title: str
    summary: str
    description: str
    external_id: str
    annotations: tuple[Annotation, ...] = ()


class Published(msgspec.Struct, frozen=True):
    """What became of it, as sentences: `problems` are failures, `skipped` is what had no place to go.

    `annotated` counts the annotations that the check run shows.
    """

    comment_url: str | None
    check_url: str | None
    problems: tuple[str, ...]
    skipped: tuple[str, ...]
    annotated: int = 0


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long GitHub is waited for, in seconds.

    All requests and pauses end after `in_all`, whatever they are at; each answer has to come within
    `per_answer`. The pause doubles after each of the `attempts`. A part of a shared comment is watched for
    `settle` seconds: longer than others take from reading the comment to writing it.
    """

    in_all: float = 60.0
    per_answer: float = 10.0
    attempts: int = 4
    first_pause: float = 1.0
    settle: float = 3.0


PATIENT = Patience()
