"""What a `workflow_run` event tells of the run that has ended, as GitHub's payload names it.

Everything may be absent: a payload says less of what was deleted, and nothing of a kind that is not ours.
"""

from __future__ import annotations

import msgspec


class Owner(msgspec.Struct, frozen=True):
    """A user or an organization."""

    login: str | None = None


class Repository(msgspec.Struct, frozen=True):
    """A repository; `id` stays when it is renamed."""

    id: int | None = None
    full_name: str | None = None
    owner: Owner | None = None


class Side(msgspec.Struct, frozen=True):
    """One end of a pull request; `repo` is None where the repository was deleted."""

    sha: str | None = None
    repo: Repository | None = None


class PullRequest(msgspec.Struct, frozen=True):
    """A pull request, as the event lists it and as the API answers it (only that tells the state)."""

    number: int | None = None
    state: str | None = None
    head: Side | None = None
    base: Side | None = None


class WorkflowRun(msgspec.Struct, frozen=True):
    """The run. `pull_requests` is empty where the head is a fork's, `run_started_at` is this attempt's."""

    id: int | None = None
    path: str | None = None
    event: str | None = None
    status: str | None = None
    head_sha: str | None = None
    head_branch: str | None = None
    run_started_at: str | None = None
    repository: Repository | None = None
    head_repository: Repository | None = None
    pull_requests: tuple[PullRequest, ...] = ()
