"""The JSON shapes of GitHub's answers, as its description wants them and as PyGithub reads them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from .people import MOMENT, app, node_id, user
from .state import Artifact, CheckRun, Comment, CommitStatus, State
from .values import Actor

_API = "https://api.github.com"


class Shapes:
    """Shapes whose API addresses begin with `url`, the fake's own; pages for people stay on github.com."""

    def __init__(self, url: str, state: State, storage: str = "") -> None:
        self.url = url
        self._storage = storage
        self._state = state

    @property
    def _repo(self) -> str:
        return f"{self.url}/repos/{self._state.repository['full_name']}"

    @property
    def _html(self) -> str:
        return f"https://github.com/{self._state.repository['full_name']}"

    def recorded(self, payload: Any) -> Any:
        """Part of a webhook payload, with its API addresses moved here."""
        return json.loads(json.dumps(payload).replace(_API, self.url))

    def repository(self) -> dict[str, Any]:
        """The repository, with the counts that only its own address gives."""
        extra = {"subscribers_count": 0, "network_count": 0, "has_discussions": False}
        shape: dict[str, Any] = extra | self.recorded(self._state.repository) | {"url": self._repo}
        for name in ("created_at", "pushed_at"):
            if isinstance(shape[name], int):  # a push event's payload counts seconds (and has another URL)
                shape[name] = datetime.fromtimestamp(shape[name], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return shape

    def comment(self, comment: Comment) -> dict[str, Any]:
        """A comment of an issue or a pull request."""
        return {
            "id": comment.id,
            "node_id": node_id("IssueComment", comment.id),
            "url": f"{self._repo}/issues/comments/{comment.id}",
            "html_url": f"{self._html}/pull/{comment.number}#issuecomment-{comment.id}",
            "issue_url": f"{self._repo}/issues/{comment.number}",
            "user": user(self.url, comment.author),
            "body": comment.body,
            "created_at": comment.created_at,
            "updated_at": comment.updated_at,
            "author_association": "NONE" if comment.author.kind == "Bot" else "CONTRIBUTOR",
        }

    def pull(self, number: int) -> dict[str, Any]:
        """A pull request, in full (lists use the same shape: it holds all that theirs needs)."""
        shape: dict[str, Any] = {"auto_merge": None} | self.recorded(self._state.pulls[number])
        comments = sum(comment.number == number for comment in self._state.comments)
        return shape | {"comments": comments, "changed_files": len(self._state.pull_files[number])}

    def issue(self, number: int) -> dict[str, Any]:
        """The issue that every pull request is."""
        pull = self.pull(number)
        url = f"{self._repo}/issues/{number}"
        same = "id node_id number html_url state locked title body user labels assignee assignees milestone"
        more = "closed_at created_at updated_at author_association comments"
        return {name: pull[name] for name in f"{same} {more}".split()} | {
            "url": url,
            "repository_url": self._repo,
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "pull_request": {name: pull[name] for name in ("url", "html_url", "diff_url", "patch_url")},
        }

    def file(self, entry: dict[str, Any], sha: str) -> dict[str, Any]:
        """A changed file; additions and deletions are counted in its patch."""
        name = entry["filename"]
        lines = entry["patch"].splitlines()
        added = sum(line.startswith("+") for line in lines)
        deleted = sum(line.startswith("-") for line in lines)
        return {
            "sha": hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(),
            "filename": name,
            "status": "modified",
            "additions": added,
            "deletions": deleted,
            "changes": added + deleted,
            "blob_url": f"{self._html}/blob/{sha}/{name}",
            "raw_url": f"{self._html}/raw/{sha}/{name}",
            "contents_url": f"{self._repo}/contents/{name}?ref={sha}",
            "patch": entry["patch"],
        }

    def commit(self, sha: str) -> dict[str, Any]:
        """A commit; only its name matters here."""
        person = {"name": "Codertocat", "email": "codertocat@example.com", "date": MOMENT}
        tree = hashlib.sha1(sha.encode(), usedforsecurity=False).hexdigest()
        return {
            "url": f"{self._repo}/commits/{sha}",
            "sha": sha,
            "node_id": node_id("Commit", sha),
            "html_url": f"{self._html}/commit/{sha}",
            "comments_url": f"{self._repo}/commits/{sha}/comments",
            "commit": {
                "url": f"{self._repo}/git/commits/{sha}",
                "author": person,
                "committer": person,
                "message": "Update README.md",
                "comment_count": 0,
                "tree": {"sha": tree, "url": f"{self._repo}/git/trees/{tree}"},
            },
            "author": user(self.url, Actor("Codertocat")),
            "committer": user(self.url, Actor("Codertocat")),
            "parents": [],
        }

    def status(self, status: CommitStatus) -> dict[str, Any]:
        """A commit status."""
        return {
            "url": f"{self._repo}/statuses/{status.sha}",
            "avatar_url": f"https://avatars.githubusercontent.com/u/{status.creator.id}?v=4",
            "id": status.id,
            "node_id": node_id("StatusContext", status.id),
            "state": status.state,
            "description": status.description,
            "target_url": status.target_url,
            "context": status.context,
            "created_at": status.created_at,
            "updated_at": status.created_at,
            "creator": user(self.url, status.creator),
        }

    def check_run(self, run: CheckRun) -> dict[str, Any]:
        """A check run, with the app that made it."""
        url = f"{self._repo}/check-runs/{run.id}"
        return {
            "id": run.id,
            "node_id": node_id("CheckRun", run.id),
            "head_sha": run.head_sha,
            "name": run.name,
            "url": url,
            "html_url": f"{self._html}/runs/{run.id}",
            "details_url": run.details_url or f"{self._html}/runs/{run.id}",
            "external_id": run.external_id,
            "status": run.status,
            "conclusion": run.conclusion,
            "started_at": run.started_at,
            "completed_at": run.completed_at,
            "output": {
                "title": run.title,
                "summary": run.summary,
                "text": run.text,
                "annotations_count": len(run.annotations),
                "annotations_url": f"{url}/annotations",
            },
            "check_suite": {"id": 118578147},
            "app": app(self.url, run.creator),
            "pull_requests": [],
        }

    def workflow_run(self, run: dict[str, Any]) -> dict[str, Any]:
        """A workflow run; older payloads lack the title."""
        shape: dict[str, Any] = {"display_title": run["name"]} | self.recorded(run)
        return shape

    def download(self, artifact: Artifact) -> str:
        """Where an artifact's archive lies: with another host, which is to see no token."""
        return f"{self._storage}/{artifact.id}"

    def artifact(self, artifact: Artifact) -> dict[str, Any]:
        """An artifact, with the digest of its archive."""
        url = f"{self._repo}/actions/artifacts/{artifact.id}"
        run = self._state.workflow_runs[artifact.run_id]
        head = run["head_repository"] or run["repository"]
        return {
            "id": artifact.id,
            "node_id": node_id("Artifact", artifact.id),
            "name": artifact.name,
            "size_in_bytes": artifact.size,
            "url": url,
            "archive_download_url": f"{url}/zip",
            "expired": artifact.expired,
            "created_at": artifact.created_at,
            "expires_at": artifact.created_at,
            "updated_at": artifact.created_at,
            "digest": artifact.digest,
            "workflow_run": {
                "id": artifact.run_id,
                "repository_id": run["repository"]["id"],
                "head_repository_id": head["id"],
                "head_branch": run["head_branch"],
                "head_sha": artifact.head_sha,
            },
        }
