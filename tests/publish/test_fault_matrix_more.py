"""The same faults in the calls that follow a check's creation, and in those of a fork's second stage."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from gate.inputs import read_inputs, values_from_environ
from gate.publish.fork import publish_run
from gate.publish.github import publish
from gate.publish.model import Annotation, Target
from gate.runner import Runner
from tests.fake_github import JOB_TOKEN, FakeGithub
from tests.forks import GithubWithFork, Stage, left_by_a_run

from .fault_table import troubles
from .leaks import found_in
from .talk import CHECK, HASTY, check, heard

QUICK = replace(HASTY, per_answer=10, first_pause=0.001)
AT_MOST = 0.8
SLACK = 5.0
PLACES = 60
NAMES = list(troubles("", ""))

ARTIFACT_CALLS = {
    "run's artifacts": "/artifacts$",
    "artifact's address": "/zip$",
    "pull request": "/pulls/[0-9]+$",
}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    with FakeGithub() as server:
        yield server.url.replace("127.0.0.1", "localhost")
    # The place of an archive may be with any host: it is asked without the token.
    assert [one.path for one in server.requests if one.authorized] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_check_whose_update_fails_stays_complete_and_no_annotation_is_doubled(
    server: FakeGithub, target: Target, elsewhere: str, name: str
) -> None:
    trouble = troubles(server.url, elsewhere)[name]
    server.fail(with_=trouble.fault, method="PATCH", path_regex="check-runs/", times=10**9)
    request = replace(
        check("failure"),
        annotations=tuple(
            Annotation("a.py", line, line, "warning", f"No test runs line {line}.", "Not covered")
            for line in range(1, PLACES + 1)
        ),
    )
    before = time.monotonic()
    patience = replace(QUICK, in_all=AT_MOST if trouble.slow else 30)
    published = publish(target, None, request, patience)
    assert time.monotonic() - before < patience.in_all + SLACK
    (run,) = server.check_runs
    assert (run.status, run.conclusion, published.problems) == ("completed", "failure", ())
    lines = [one["start_line"] for one in run.annotations]
    assert lines == list(range(1, len(lines) + 1))
    updates = [one for one in heard(server) if one.startswith("PATCH ")]
    assert heard(server)[0] == CHECK
    assert heard(server).count(CHECK) == 1
    if trouble.done:
        assert len(lines) == PLACES
        assert len(updates) == 1
    else:
        assert len(updates) == trouble.attempts
        assert lines == list(range(1, 51))
        (warning,) = published.skipped
        assert warning.startswith("10 of 60 annotations could not be published: ")


@pytest.fixture
def server() -> Iterator[FakeGithub]:
    with FakeGithub() as started:
        yield started
    assert started.violations == []


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return left_by_a_run(tmp_path_factory.mktemp("fork"))


@pytest.mark.parametrize("call", ARTIFACT_CALLS)
@pytest.mark.parametrize("name", NAMES)
def test_a_fault_in_the_second_stage_posts_nothing_and_is_told(  # noqa: PLR0917 - fixtures
    evidence: dict[str, bytes],
    elsewhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    name: str,
) -> None:
    monkeypatch.setattr("gate.publish.fork.PATIENT", QUICK)
    with GithubWithFork() as github:
        stage = Stage(github, evidence)
        stage.upload()
        trouble = troubles(github.url, elsewhere)[name]
        github.fail(with_=trouble.fault, method="GET", path_regex=ARTIFACT_CALLS[call], times=10**9)
        seconds = 1 if trouble.slow else 30
        (tmp_path / "event.json").write_text(json.dumps(stage.event()))
        environ = {
            **stage.environ(),
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "INPUT_GITHUB-TOKEN": JOB_TOKEN,
            "INPUT_PUBLISH": "required",
            "INPUT_PUBLISH-TIMEOUT": str(seconds),
        }
        log: list[str] = []
        inputs = read_inputs(
            values_from_environ(environ), Runner.from_environ(environ), tmp_path, datetime.now(UTC)
        )
        before = time.monotonic()
        exit_code = publish_run(inputs, log.append)
        assert time.monotonic() - before < seconds + SLACK
        # The archive's address stands in the head of an answer, which needs no body.
        told = call == "artifact's address" and trouble.done
        assert (exit_code, len(github.comments)) == ((0, 1) if told else (5, 0)), log
        assert any(line.startswith("::warning::") for line in log) is not told
        assert found_in(JOB_TOKEN, log, [tmp_path / "none"]) == []
        assert github.violations == []
