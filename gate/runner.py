"""What the CI runner tells about this run: environment variables and the event file, read once.

Head commit and pull request by event, as GitHub documents the payloads: `pull_request` has its own head
(GITHUB_SHA is a merge commit that no check may be attached to), `workflow_run` and `merge_group` name
theirs, `push` has `after`; everything else is GITHUB_SHA.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from gate.workflow_run import Repository, WorkflowRun

BRANCH_EVENTS = frozenset({"push", "schedule", "workflow_dispatch", "merge_group"})
"""Events that name no pull request, though their commit may be the head of one."""

GITHUB = "https://github.com"
GITHUB_API = "https://api.github.com"

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Secret(msgspec.Struct, frozen=True):
    """A token that does not show itself in a representation."""

    value: str

    def __repr__(self) -> str:
        return "Secret(***)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("value", "***")]

    def __bool__(self) -> bool:
        return bool(self.value)


class _Commit(msgspec.Struct):
    sha: str | None = None


class _PullRequest(msgspec.Struct):
    number: int | None = None
    head: _Commit | None = None


class _MergeGroup(msgspec.Struct):
    head_sha: str | None = None


class _Event(msgspec.Struct):
    number: int | None = None
    pull_request: _PullRequest | None = None
    workflow_run: WorkflowRun | None = None
    repository: Repository | None = None
    merge_group: _MergeGroup | None = None
    after: str | None = None


class Runner(msgspec.Struct, frozen=True, kw_only=True):
    """The runner's side of a check; at a desk nearly all of it is absent.

    `hosts_workspace` is the workspace's name outside the container, None where we are outside ourselves.
    `event_problem` says why the event file told nothing. `workflow_run` is the run that an event of that
    name is about, `event_repository` where the event happened.
    """

    in_actions: bool = False
    in_ci: bool = False
    debug: bool = False
    repository: str = ""
    server_url: str = GITHUB
    api_url: str = GITHUB_API
    event_name: str = ""
    run_id: str = ""
    run_attempt: str = ""
    workspace: str = ""
    hosts_workspace: str | None = None
    output_file: Path | None = None
    summary_file: Path | None = None
    pull_request: int | None = None
    head_sha: str | None = None
    event_problem: str | None = None
    workflow_run: WorkflowRun | None = None
    event_repository: Repository | None = None
    token: Secret = Secret("")

    @property
    def run_url(self) -> str | None:
        """The page of this workflow run."""
        if not (self.repository and self.run_id):
            return None
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}"

    @property
    def names_no_pull_request(self) -> bool:
        """Whether the event is one of a branch: its pull request, if there is one, is to be looked up."""
        return self.pull_request is None and self.event_name in BRANCH_EVENTS

    def seen_from_here(self, path: str) -> str:
        """A path below the host's workspace as it is called in the container; any other as it is.

        The runner translates the paths that it sets itself, but none in an input.
        """
        host = self.hosts_workspace
        return path.removeprefix(f"{host}/") if host else path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Runner:
        """Read the runner's variables and its event file."""
        event_name = environ.get("GITHUB_EVENT_NAME", "")
        event, problem = _read_event(environ.get("GITHUB_EVENT_PATH", ""))
        repository = environ.get("GITHUB_REPOSITORY", "")
        return cls(
            in_actions=environ.get("GITHUB_ACTIONS") == "true",
            in_ci=environ.get("CI", "").lower() not in ("", "0", "false"),
            debug=environ.get("RUNNER_DEBUG") == "1",
            repository=repository,
            server_url=environ.get("GITHUB_SERVER_URL") or GITHUB,
            api_url=environ.get("GITHUB_API_URL") or GITHUB_API,
            event_name=event_name,
            run_id=environ.get("GITHUB_RUN_ID", ""),
            run_attempt=environ.get("GITHUB_RUN_ATTEMPT", ""),
            workspace=environ.get("GITHUB_WORKSPACE", ""),
            hosts_workspace=_hosts_workspace(environ.get("RUNNER_WORKSPACE", ""), repository),
            output_file=_path(environ, "GITHUB_OUTPUT"),
            summary_file=_path(environ, "GITHUB_STEP_SUMMARY"),
            pull_request=_pull_request(event),
            head_sha=_head_sha(event_name, event, environ.get("GITHUB_SHA", "")),
            event_problem=problem,
            workflow_run=event.workflow_run,
            event_repository=event.repository,
            token=Secret(environ.get("INPUT_GITHUB-TOKEN") or environ.get("GITHUB_TOKEN", "")),
        )


def _read_event(path: str) -> tuple[_Event, str | None]:
    if not path:
        return _Event(), None
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=_Event), None
    except OSError as error:
        return _Event(), f"the event file cannot be read: {error.strerror}"
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Event(), "the event file is not a payload of GitHub's"


def _pull_request(event: _Event) -> int | None:
    if event.pull_request is not None:
        return event.pull_request.number if event.number is None else event.number
    if event.workflow_run is not None and len(event.workflow_run.pull_requests) == 1:
        return event.workflow_run.pull_requests[0].number
    return None


def _head_sha(event_name: str, event: _Event, github_sha: str) -> str | None:
    if event.pull_request is not None:
        sha = event.pull_request.head.sha if event.pull_request.head else None
    elif event.workflow_run is not None:
        sha = event.workflow_run.head_sha
    elif event.merge_group is not None:
        sha = event.merge_group.head_sha
    elif event_name.startswith("pull_request"):
        sha = None  # without a payload only the merge commit is known, which is the wrong one
    elif event_name == "push" and event.after:
        sha = event.after
    else:
        sha = github_sha
    return sha if sha and _SHA.fullmatch(sha) else None


def _hosts_workspace(runner_workspace: str, repository: str) -> str | None:
    """The runner checks out into `<RUNNER_WORKSPACE>/<repository's name>`, the container's mount."""
    if not (runner_workspace and repository):
        return None
    host = f"{runner_workspace.rstrip('/')}/{repository.rpartition('/')[2]}"
    try:
        return None if Path(host).exists() else host
    except OSError:  # a name longer than a path can be
        return None


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    return Path(value) if value else None
