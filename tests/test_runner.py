from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gate.runner import Runner, Secret

HEAD, MERGE, OTHER = "a" * 40, "b" * 40, "c" * 40
EVENTS = Path(__file__).parent / "data" / "github" / "events"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_event(event_name: str, payload: object, **more: str) -> Runner:
        path = tmp_path / "event.json"
        path.write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
        return Runner.from_environ(
            {
                "GITHUB_EVENT_NAME": event_name,
                "GITHUB_EVENT_PATH": str(path),
                "GITHUB_SHA": MERGE,
                "GITHUB_REPOSITORY": "octo/app",
                **more,
            }
        )

    return read_event


@pytest.mark.parametrize(
    ("event_name", "payload", "pull_request", "head_sha"),
    [
        ("pull_request", {"number": 7, "pull_request": {"number": 7, "head": {"sha": HEAD}}}, 7, HEAD),
        ("pull_request", {"number": 7, "pull_request": {}}, 7, None),
        ("pull_request", {}, None, None),
        ("workflow_run", {"workflow_run": {"head_sha": HEAD, "pull_requests": [{"number": 3}]}}, 3, HEAD),
        ("workflow_run", {"workflow_run": {"head_sha": HEAD, "pull_requests": []}}, None, HEAD),
        ("merge_group", {"merge_group": {"head_sha": HEAD}}, None, HEAD),
        ("push", {"after": HEAD}, None, HEAD),
        ("schedule", {}, None, MERGE),
        ("workflow_dispatch", {"number": "seven"}, None, MERGE),
        ("push", {"after": "not a sha"}, None, None),
    ],
)
def test_pull_request_and_head_commit_follow_from_the_event(
    read: Any, event_name: str, payload: object, pull_request: int | None, head_sha: str | None
) -> None:
    runner = read(event_name, payload)
    assert (runner.pull_request, runner.head_sha) == (pull_request, head_sha)


@pytest.mark.parametrize(
    ("event_name", "payload", "looked_up"),
    [
        ("push", {"after": HEAD}, True),
        ("schedule", {}, True),
        ("workflow_dispatch", {}, True),
        ("merge_group", {"merge_group": {"head_sha": HEAD}}, True),
        ("pull_request", {}, False),
        ("workflow_run", {"workflow_run": {"head_sha": HEAD, "pull_requests": []}}, False),
        ("release", {}, False),
    ],
)
def test_a_pull_request_is_looked_up_for_events_of_a_branch_only(
    read: Any, event_name: str, payload: object, *, looked_up: bool
) -> None:
    assert read(event_name, payload).names_no_pull_request is looked_up


def test_the_example_payload_of_a_pull_request_gives_its_own_head() -> None:
    path = next(EVENTS.glob("pull_request*opened*.json"))
    payload = json.loads(path.read_text())
    runner = Runner.from_environ({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(path)})
    assert runner.head_sha == payload["pull_request"]["head"]["sha"]
    assert runner.pull_request == payload["number"]


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b'{"pull_request": 5}', b"[" * 100_000])
def test_a_bad_event_file_tells_nothing_and_says_so(read: Any, payload: bytes) -> None:
    runner = read("pull_request", payload)
    assert (runner.pull_request, runner.head_sha) == (None, None)
    assert runner.event_problem


def test_a_missing_event_file_is_said() -> None:
    assert "cannot be read" in str(Runner.from_environ({"GITHUB_EVENT_PATH": "/nowhere"}).event_problem)


def test_at_a_desk_nothing_is_known_and_nothing_is_wrong() -> None:
    assert Runner.from_environ({}) == Runner()


def test_the_token_is_in_no_representation() -> None:
    runner = Runner.from_environ({"INPUT_GITHUB-TOKEN": "ghs_secret", "GITHUB_TOKEN": "other"})
    assert runner.token == Secret("ghs_secret")
    assert "ghs_secret" not in repr(runner) + str(runner.token) + f"{runner.token}"


def test_the_hosts_workspace_is_below_the_runners_by_the_repositorys_name(read: Any) -> None:
    runner = read("push", {}, RUNNER_WORKSPACE="/home/runner/work/app")
    assert runner.hosts_workspace == "/home/runner/work/app/app"


def test_outside_a_container_the_hosts_workspace_is_no_other_name(read: Any, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    assert read("push", {}, RUNNER_WORKSPACE=str(tmp_path)).hosts_workspace is None


def test_the_runs_page_is_on_the_server_that_is_named(read: Any) -> None:
    runner = read("push", {}, GITHUB_RUN_ID="12", GITHUB_SERVER_URL="https://git.example.com")
    assert runner.run_url == "https://git.example.com/octo/app/actions/runs/12"


def test_the_recorded_workflow_run_tells_what_the_second_stage_asks_of_it(read: Any) -> None:
    payload = json.loads((EVENTS / "workflow_run.completed.json").read_text())
    runner = read("workflow_run", payload)
    run = runner.workflow_run
    recorded = payload["workflow_run"]
    assert runner.event_name == "workflow_run"
    assert runner.event_repository.full_name == "octo-org/octo-repo"
    assert [run.id, run.path, run.event, run.status] == [
        recorded[key] for key in ("id", "path", "event", "status")
    ]
    assert (run.head_branch, run.run_started_at) == ("master", "2020-10-05T16:33:49Z")
    assert run.repository == run.head_repository == runner.event_repository
    assert [pull.number for pull in run.pull_requests] == [2]
    assert run.pull_requests[0].head.repo.id == recorded["pull_requests"][0]["head"]["repo"]["id"]


def test_a_deleted_head_repository_is_none_and_no_problem(read: Any) -> None:
    runner = read("workflow_run", {"workflow_run": {"id": 1, "head_repository": None}})
    assert (runner.workflow_run.head_repository, runner.event_problem) == (None, None)
