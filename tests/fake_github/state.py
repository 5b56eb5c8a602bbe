"""What the fake remembers: one repository, its pull requests, comments, checks, statuses and artifacts."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .values import ACTIONS_BOT, Actor, Kind

JOB_TOKEN = "ghs_token-of-the-job"  # noqa: S105 - opens nothing but the fake
PERSONAL_TOKEN = "ghp_token-of-a-person"  # noqa: S105 - opens nothing but the fake
EVENTS = Path(__file__).parents[1] / "data" / "github" / "events"


def event(name: str) -> dict[str, Any]:
    """One of the recorded webhook payloads, such as `pull_request.opened`."""
    payload: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return payload


def now() -> str:
    """The time as GitHub writes it: UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Comment:
    """A comment of a pull request's conversation."""

    id: int
    number: int
    author: Actor
    body: str
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)


@dataclass
class CheckRun:
    """A check run; `annotations` are those of all requests, since GitHub appends them."""

    id: int
    name: str
    head_sha: str
    creator: Actor
    status: str = "queued"
    conclusion: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)
    details_url: str | None = None
    external_id: str = ""
    started_at: str = field(default_factory=now)
    completed_at: str | None = None


@dataclass
class CommitStatus:
    """A commit status; a later one of the same context hides an earlier one."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Actor
    created_at: str = field(default_factory=now)


@dataclass
class Artifact:
    """An uploaded artifact: its name and its zip archive, and what is said of that."""

    id: int
    name: str
    content: bytes = field(repr=False)
    run_id: int
    head_sha: str
    size: int
    digest: str | None
    expired: bool = False
    created_at: str = field(default_factory=now)


class State:
    """Everything that a test can seed and look at.

    `payload` is a webhook payload: its repository, its pull request and the commits that it names exist.
    Without one, those of the recorded `pull_request.opened` do (Codertocat/Hello-World, number 2).
    """

    def __init__(self, payload: dict[str, Any] | None = None) -> None:
        payload = event("pull_request.opened") if payload is None else deepcopy(payload)
        self.repository: dict[str, Any] = payload["repository"]
        self.tokens: dict[str, Actor] = {JOB_TOKEN: ACTIONS_BOT, PERSONAL_TOKEN: Actor("octocat")}
        self.pulls: dict[int, dict[str, Any]] = {}
        self.pull_commits: dict[int, set[str]] = {}
        self.pull_files: dict[int, list[dict[str, Any]]] = {}
        self.commits = _commits_of(payload)
        self.merge_bases: dict[tuple[str, str], str] = {}
        self.comments: list[Comment] = []
        self.check_runs: list[CheckRun] = []
        self.statuses: list[CommitStatus] = []
        self.artifacts: list[Artifact] = []
        self.workflow_runs: dict[int, dict[str, Any]] = {}
        self._ids = itertools.count(1_000_001)
        if "pull_request" in payload:
            self._store_pull(payload["pull_request"])
        if "workflow_run" in payload:
            self.workflow_runs[payload["workflow_run"]["id"]] = payload["workflow_run"]

    def next_id(self) -> int:
        """An identifier that nothing else has."""
        return next(self._ids)

    def add_comment(
        self, *, author: str, body: str, kind: Kind = "User", number: int | None = None
    ) -> Comment:
        """Somebody's comment, on the pull request `number` or the first one."""
        number = next(iter(self.pulls)) if number is None else number
        comment = Comment(self.next_id(), number, Actor(author, kind), body)
        self.comments.append(comment)
        return comment

    def add_pull(
        self, number: int, head_sha: str, *, head_ref: str = "changes", open_: bool = True
    ) -> dict[str, Any]:
        """One more pull request, otherwise like the recorded one; the stored JSON may be edited further."""
        text = json.dumps(event("pull_request.opened")["pull_request"])
        text = text.replace("Codertocat/Hello-World", self.repository["full_name"])
        text = re.sub("/(pulls|issues|pull)/2", rf"/\1/{number}", text)
        pull: dict[str, Any] = json.loads(text)
        pull.update(id=self.next_id(), number=number, state="open" if open_ else "closed")
        pull["head"].update(sha=head_sha, ref=head_ref, label=f"{pull['head']['user']['login']}:{head_ref}")
        self._store_pull(pull)
        return pull

    def add_file(
        self, filename: str, *, number: int | None = None, patch: str = "@@ -1 +1 @@\n-a\n+b"
    ) -> None:
        """A changed file of a pull request."""
        number = next(iter(self.pulls)) if number is None else number
        self.pull_files[number].append({"filename": filename, "patch": patch})

    def add_workflow_run(self, **overrides: Any) -> dict[str, Any]:
        """A workflow run like the recorded one, with other values where given; its commit exists, too."""
        recorded = event("workflow_run.completed")["workflow_run"]
        run_id = self.next_id()
        text = json.dumps(recorded).replace(recorded["repository"]["full_name"], self.repository["full_name"])
        run: dict[str, Any] = json.loads(text.replace(str(recorded["id"]), str(run_id))) | overrides
        run["repository"]["id"] = self.repository["id"]
        self.workflow_runs[run["id"]] = run
        self.commits.add(run["head_sha"])
        return run

    def add_artifact(self, name: str, content: bytes, *, run_id: int, expired: bool = False) -> Artifact:
        """An artifact of a workflow run that exists; `content` is the zip archive."""
        head_sha = self.workflow_runs[run_id]["head_sha"]
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        artifact = Artifact(
            self.next_id(), name, content, run_id, head_sha, len(content), digest, expired=expired
        )
        self.artifacts.append(artifact)
        return artifact

    def _store_pull(self, pull: dict[str, Any]) -> None:
        number = pull["number"]
        self.pulls[number] = pull
        self.pull_commits[number] = {pull["head"]["sha"]}
        self.pull_files[number] = []
        self.commits |= {pull["head"]["sha"], pull["base"]["sha"]}


def _commits_of(payload: dict[str, Any]) -> set[str]:
    places = [payload, *(payload.get(part, {}) for part in ("merge_group", "workflow_run", "pull_request"))]
    keys = ("before", "after", "head_sha", "base_sha", "merge_commit_sha")
    named = {place.get(key) for place in places for key in keys}
    return {sha for sha in named if isinstance(sha, str) and sha.strip("0")}
