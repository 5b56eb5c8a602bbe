"""Check runs and commit statuses."""

from __future__ import annotations

from typing import Any

from .calls import Call, does
from .limits import check_conclusion, check_output, check_status
from .state import CheckRun, CommitStatus, now
from .values import Answer, ApiError


@does("checks/create")
def create_check_run(call: Call) -> Answer:
    """Make a check run; only apps may."""
    _only_apps(call)
    run = CheckRun(call.state.next_id(), call.body["name"], call.commit(call.body["head_sha"]), call.actor)
    _fill(run, call.body)
    call.state.check_runs.append(run)
    return Answer(201, call.shapes.check_run(run))


@does("checks/update")
def update_check_run(call: Call) -> Answer:
    """Change a check run, appending annotations; only the app that made it may."""
    run = _check_run(call)
    _only_apps(call)
    if run.creator.login != call.actor.login:
        raise ApiError(403, "Check run can only be modified by the GitHub App that created it.")
    _fill(run, call.body)
    return Answer(200, call.shapes.check_run(run))


@does("checks/get")
def get_check_run(call: Call) -> Answer:
    """One check run."""
    return Answer(200, call.shapes.check_run(_check_run(call)))


@does("checks/list-for-ref", "check_name", "status", "filter", pages=True)
def list_check_runs(call: Call) -> Answer:
    """A commit's check runs; of several with one name and app, only the latest, unless `filter` is `all`."""
    sha = call.commit(call.path["ref"])
    runs = [run for run in call.state.check_runs if run.head_sha == sha]
    if call.query.get("filter", "latest") == "latest":
        runs = list({(run.creator.login, run.name): run for run in runs}.values())
    if "check_name" in call.query:
        runs = [run for run in runs if run.name == call.query["check_name"]]
    if "status" in call.query:
        runs = [run for run in runs if run.status == call.query["status"]]
    return call.paged([call.shapes.check_run(run) for run in runs], "check_runs")


@does("repos/create-commit-status")
def create_status(call: Call) -> Answer:
    """Set a commit's status for a context."""
    body = call.body
    check_status(body.get("description"))
    status = CommitStatus(
        id=call.state.next_id(),
        sha=call.commit(call.path["sha"]),
        state=body["state"],
        context=body.get("context", "default"),
        description=body.get("description"),
        target_url=body.get("target_url"),
        creator=call.actor,
    )
    call.state.statuses.append(status)
    return Answer(201, call.shapes.status(status))


@does("repos/list-commit-statuses-for-ref", pages=True)
def list_statuses(call: Call) -> Answer:
    """A commit's statuses, the newest first."""
    return call.paged([call.shapes.status(status) for status in reversed(_statuses(call))])


@does("repos/get-combined-status-for-ref", pages=True)
def combined_status(call: Call) -> Answer:
    """A commit's latest status of each context and what they come to."""
    latest = list({status.context: status for status in _statuses(call)}.values())
    states = {status.state for status in latest}
    state = "success" if states == {"success"} else "pending"
    if states & {"error", "failure"}:
        state = "failure"
    sha = call.commit(call.path["ref"])
    page = call.paged([call.shapes.status(status) for status in latest], "statuses")
    commit = call.shapes.commit(sha)
    extra = {
        "state": state,
        "sha": sha,
        "repository": call.shapes.repository(),
        "commit_url": commit["url"],
        "url": f"{commit['url']}/status",
    }
    return Answer(200, page.body | extra, page.headers)


def _fill(run: CheckRun, body: dict[str, Any]) -> None:
    output = body.get("output", {})
    check_conclusion(body)
    check_output(output)
    for name in ("name", "status", "conclusion", "details_url", "external_id", "started_at", "completed_at"):
        if name in body:
            setattr(run, name, body[name])
    if "conclusion" in body:
        run.status = "completed"  # giving a conclusion completes the run
        run.completed_at = body.get("completed_at", now())
    for name in ("title", "summary", "text"):
        if name in output:
            setattr(run, name, output[name])
    run.annotations.extend(output.get("annotations", []))


def _only_apps(call: Call) -> None:
    if call.actor.kind != "Bot":
        raise ApiError(403, "You must authenticate via a GitHub App.")


def _check_run(call: Call) -> CheckRun:
    for run in call.state.check_runs:
        if run.id == int(call.path["check_run_id"]):
            return run
    raise ApiError(404, "Not Found")


def _statuses(call: Call) -> list[CommitStatus]:
    sha = call.commit(call.path["ref"])
    return [status for status in call.state.statuses if status.sha == sha]
