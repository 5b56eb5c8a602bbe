"""The account, the repository, its commits, and what workflow runs leave behind."""

from __future__ import annotations

from .calls import Call, does
from .people import own_user
from .state import Artifact
from .values import Answer, ApiError

RATE_LIMIT = 1_000
RATE_RESET = 4_102_444_800  # the year 2100: no test waits for it by mistake


@does("users/get-authenticated")
def own_account(call: Call) -> Answer:
    """Whose token it is; an installation's token belongs to nobody."""
    if call.actor.kind == "Bot":
        raise ApiError(403, "Resource not accessible by integration")
    return Answer(200, own_user(call.shapes.url, call.actor))


@does("rate-limit/get")
def rate_limit(_call: Call) -> Answer:
    """A budget that is never spent."""
    rate = {"limit": RATE_LIMIT, "used": 0, "remaining": RATE_LIMIT, "reset": RATE_RESET}
    return Answer(200, {"resources": {"core": rate, "search": rate}, "rate": rate})


@does("repos/get")
def get_repository(call: Call) -> Answer:
    """The repository."""
    return Answer(200, call.shapes.repository())


@does("repos/get-commit", pages=True)
def get_commit(call: Call) -> Answer:
    """One commit; what pages would divide, its files, there are none of."""
    return Answer(200, call.shapes.commit(call.commit(call.path["ref"])))


@does("repos/compare-commits-with-basehead", pages=True)
def compare(call: Call) -> Answer:
    """What lies between two commits; their merge base is the base itself unless the state says otherwise."""
    first, dots, second = call.path["basehead"].partition("...")
    try:
        base, head = call.commit(first), call.commit(second)
    except ApiError:
        raise ApiError(404, "Not Found") from None
    if not dots:
        raise ApiError(404, "Not Found")
    merge_base = call.state.merge_bases.get((base, head), base)
    status = "identical" if base == head else "ahead" if merge_base == base else "diverged"
    commits = [] if base == head else [call.shapes.commit(head)]
    files = [
        call.shapes.file(entry, head)
        for number, entries in call.state.pull_files.items()
        if call.state.pulls[number]["head"]["sha"] == head
        for entry in entries
    ]
    html = f"https://github.com/{call.state.repository['full_name']}/compare/{base}...{head}"
    return Answer(
        200,
        {
            "url": call.shapes.url + call.request.path,
            "html_url": html,
            "permalink_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "base_commit": call.shapes.commit(base),
            "merge_base_commit": call.shapes.commit(merge_base),
            "status": status,
            "ahead_by": len(commits),
            "behind_by": 1 if status == "diverged" else 0,
            "total_commits": len(commits),
            "commits": commits,
            "files": files,
        },
    )


@does("actions/get-workflow-run")
def get_workflow_run(call: Call) -> Answer:
    """One workflow run."""
    run = call.state.workflow_runs.get(int(call.path["run_id"]))
    if run is None:
        raise ApiError(404, "Not Found")
    return Answer(200, call.shapes.workflow_run(run))


@does("actions/list-artifacts-for-repo", "name", pages=True)
def list_artifacts(call: Call) -> Answer:
    """The repository's artifacts, the newest first."""
    return _artifacts(call, call.state.artifacts)


@does("actions/list-workflow-run-artifacts", "name", pages=True)
def list_artifacts_of_run(call: Call) -> Answer:
    """A workflow run's artifacts, the newest first."""
    run_id = int(call.path["run_id"])
    return _artifacts(call, [artifact for artifact in call.state.artifacts if artifact.run_id == run_id])


@does("actions/get-artifact")
def get_artifact(call: Call) -> Answer:
    """One artifact."""
    return Answer(200, call.shapes.artifact(_artifact(call)))


@does("actions/download-artifact")
def download_artifact(call: Call) -> Answer:
    """Where the archive lies for a minute; that address takes no token."""
    artifact = _artifact(call)
    if call.path["archive_format"] != "zip":
        raise ApiError(404, "Not Found")
    if artifact.expired:
        raise ApiError(410, "Artifact has expired")
    return Answer(302, headers={"Location": call.shapes.download(artifact)})


def _artifacts(call: Call, artifacts: list[Artifact]) -> Answer:
    found = [one for one in reversed(artifacts) if call.query.get("name", one.name) == one.name]
    return call.paged([call.shapes.artifact(one) for one in found], "artifacts")


def _artifact(call: Call) -> Artifact:
    for artifact in call.state.artifacts:
        if artifact.id == int(call.path["artifact_id"]):
            return artifact
    raise ApiError(404, "Not Found")
