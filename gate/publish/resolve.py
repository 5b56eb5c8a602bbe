"""Which pull request a finished run belongs to: by the event and GitHub's answers, never by the artifact.

A fork decides what its run leaves behind, so every condition here is one on what GitHub itself says
(https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gate.errors import UsageError
from gate.publish.refusal import NothingToDo, Refused
from gate.runner import Runner
from gate.text import quoted
from gate.workflow_run import PullRequest, Repository, Side, WorkflowRun


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run of a pull request of ours.

    `head` is `owner:branch`. `numbers` are the pull requests that the event lists, none where the head is a
    fork's. `started` is when its last attempt began, as GitHub writes times.
    """

    id: int
    repository_id: int
    head_sha: str
    head_repository_id: int
    head: str
    numbers: tuple[int, ...]
    started: str | None

    @property
    def of_fork(self) -> bool:
        """Whether the run's code is of another repository."""
        return self.head_repository_id != self.repository_id


def check_usage(runner: Runner, workflow: str) -> None:
    """Raise UsageError where this mode is set up wrongly."""
    if runner.event_name != "workflow_run":
        raise UsageError(
            f"mode publish works on a workflow_run event, and this is {quoted(runner.event_name or 'none')}: "
            "use it in a workflow of its own with `on: workflow_run`"
        )
    if not workflow:
        raise UsageError(
            "mode publish needs the input `workflow`, the path of the workflow whose runs are published, "
            "such as .github/workflows/test.yml: a pull request may bring another one of the same name"
        )


def run_of(runner: Runner, workflow: str) -> Run:
    """The event's run, if it is one to publish. Raises Refused, NothingToDo."""
    run = runner.workflow_run
    if run is None or run.id is None:
        raise Refused(runner.event_problem or "the event file tells of no workflow run")
    ours = _ours(run, runner)
    if run.event != "pull_request":
        raise NothingToDo(f"the run is of the event {quoted(run.event or '')}, not of a pull request")
    if run.path != workflow and not (run.path or "").startswith(f"{workflow}@"):
        raise Refused(
            f"the run is of the workflow {quoted(run.path or '')}, and only runs of {quoted(workflow)} are "
            "published"
        )
    if run.status != "completed":
        raise Refused(f"the run is not completed but {quoted(run.status or '')}")
    head = run.head_repository
    if head is None or head.id is None or head.owner is None or not (head.owner.login and run.head_branch):
        raise Refused("the run's head repository is gone: the fork was deleted")
    if runner.head_sha is None:
        raise Refused("the event does not name the run's head commit")
    return Run(
        id=run.id,
        repository_id=ours,
        head_sha=runner.head_sha,
        head_repository_id=head.id,
        head=f"{head.owner.login}:{run.head_branch}",
        numbers=_numbers(run, ours),
        started=run.run_started_at,
    )


def choose(run: Run, pulls: Iterable[PullRequest]) -> int:
    """The number of the one open pull request whose head the run is of. Raises Refused, NothingToDo."""
    still_open = [pull for pull in pulls if pull.state == "open"]
    if not still_open:
        raise NothingToDo(f"no open pull request has the head {quoted(run.head)}: it was closed")
    related = [
        pull
        for pull in still_open
        if _repository(pull.head) == run.head_repository_id and _repository(pull.base) == run.repository_id
    ]
    if not related:
        raise Refused(f"{_named(still_open)} is not from the run's head repository into this one")
    current = [pull for pull in related if pull.head is not None and pull.head.sha == run.head_sha]
    if not current:
        raise NothingToDo(
            f"{_named(related)} has moved on from commit {run.head_sha[:12]}, which this run is of: the run "
            "of its newest commit is the one to publish"
        )
    if len(current) > 1:
        raise Refused(f"commit {run.head_sha[:12]} is the head of more than one: {_named(current)}")
    return _number(current[0])


def _ours(run: WorkflowRun, runner: Runner) -> int:
    repository = runner.event_repository or Repository()
    its = run.repository or Repository()
    names = {(name or "").casefold() for name in (repository.full_name, its.full_name, runner.repository)}
    if len(names) > 1 or its.id is None or its.id != repository.id:
        raise Refused(
            f"the run is of the repository {quoted(its.full_name or '')}, and this one is "
            f"{quoted(runner.repository)}"
        )
    return its.id


def _numbers(run: WorkflowRun, ours: int) -> tuple[int, ...]:
    """The event's pull requests into our repository; a number of another one means something else here."""
    numbers = tuple(
        pull.number
        for pull in run.pull_requests
        if pull.number is not None and _repository(pull.base) == ours
    )
    if run.pull_requests and not numbers:
        raise Refused("the event's pull requests are none of this repository")
    return numbers


def _repository(side: Side | None) -> int | None:
    return None if side is None or side.repo is None else side.repo.id


def _named(pulls: list[PullRequest]) -> str:
    numbers = ", ".join(str(_number(pull)) for pull in pulls[:5])
    return f"pull request {numbers}" if len(pulls) == 1 else f"each of the pull requests {numbers}"


def _number(pull: PullRequest) -> int:
    if pull.number is None:
        raise Refused("GitHub's answer names a pull request without a number")
    return pull.number
