"""The sample workflows' commands, run against the example backend job by job."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from gate.verdict_check import checked_verdict
from tests.fake_github import JOB_TOKEN, FakeGithub, event
from tests.project import GIT_SETTINGS
from tests.test_example import EXAMPLE

from .machine import ROOT, Done, Machine

CONFIDENCE = EXAMPLE / "billing-confidence.yml"
SHARDED = EXAMPLE / "billing-sharded.yml"
OPENED = event("pull_request.opened")
HEAD = OPENED["pull_request"]["head"]["sha"]
REPOSITORY = OPENED["repository"]["full_name"]
LEGS = ["shard-1", "shard-2", "shard-3"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example in a repository of its own, as somebody who copies it has it."""
    root = tmp_path_factory.mktemp("samples") / "billing-backend"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("artifacts", "__pycache__", ".pytest_cache"))
    (root / ".gitignore").write_text("artifacts/\n__pycache__/\n.pytest_cache/\n", encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "state"]):
        subprocess.run(["git", *GIT_SETTINGS, *command], cwd=root, check=True)
    return root


def machine(repository: Path, workflow: Path, rooms: Path, event_name: str, **more: Any) -> Machine:
    context = {
        "github.event_name": event_name,
        "github.sha": HEAD,
        "github.repository": REPOSITORY,
        "github.run_id": "7001",
        "github.run_attempt": "1",
        "github.event.pull_request.number": "2" if event_name == "pull_request" else "",
        "github.event.pull_request.head.repo.full_name": REPOSITORY,
        **more.pop("context", {}),
    }
    return Machine(repository, workflow, rooms / "rooms", context, **more)


def verdict(folder: Path) -> Any:
    return json.loads((folder / "verdict.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("event_name", "jobs"),
    [
        ("pull_request", ["pr-fast", "comment"]),
        ("push", ["merge-medium"]),
        ("merge_group", ["merge-medium"]),
        ("workflow_dispatch", ["release-heavy"]),
        ("schedule", ["release-heavy"]),
    ],
)
def test_each_event_runs_its_tier(tmp_path: Path, event_name: str, jobs: list[str]) -> None:
    assert machine(ROOT, CONFIDENCE, tmp_path, event_name).wanted() == jobs
    assert event_name in YAML(typ="safe").load(CONFIDENCE.read_text(encoding="utf-8"))["on"]


def test_a_forks_pull_request_is_tested_and_its_comment_left_to_the_second_workflow(tmp_path: Path) -> None:
    context = {"github.event.pull_request.head.repo.full_name": "stranger/app"}
    assert machine(ROOT, CONFIDENCE, tmp_path, "pull_request", context=context).wanted() == ["pr-fast"]


@pytest.mark.parametrize("workflow", [CONFIDENCE, SHARDED], ids=lambda path: path.name)
def test_a_job_that_runs_tests_may_only_read_and_keeps_no_credentials(workflow: Path) -> None:
    document = YAML(typ="safe").load(workflow.read_text(encoding="utf-8"))
    assert document["permissions"] == {}
    assert document["concurrency"]["group"]
    for job in document["jobs"].values():
        runs = [step["run"] for step in job["steps"] if "run" in step]
        writing = {"contents": "read", "pull-requests": "write", "checks": "write"}
        assert job["permissions"] == ({"contents": "read"} if runs else writing)
        assert "github.token" not in str(job)
        assert "secrets." not in str(job)


@pytest.mark.parametrize("workflow", [CONFIDENCE, SHARDED], ids=lambda path: path.name)
def test_evidence_is_kept_also_when_the_gate_fails(workflow: Path) -> None:
    document = YAML(typ="safe").load(workflow.read_text(encoding="utf-8"))
    uploads = [
        step
        for job in document["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/upload-artifact@")
    ]
    assert uploads
    assert {step["if"] for step in uploads} == {"${{ !cancelled() }}"}


def test_the_workflow_is_found_beside_the_example_too() -> None:
    assert (ROOT / "examples/billing-confidence.yml").resolve() == CONFIDENCE.resolve()


def test_a_pull_request_is_tested_without_a_token_and_then_told(repository: Path, tmp_path: Path) -> None:
    with FakeGithub(OPENED) as github:
        run = machine(
            repository,
            CONFIDENCE,
            tmp_path,
            "pull_request",
            payload=OPENED,
            environ={
                "GITHUB_API_URL": github.url,
                "GITHUB_REPOSITORY": REPOSITORY,
            },
            context={"github.token": JOB_TOKEN},
        )
        tested = run.run("pr-fast")
        assert tested.passed, tested.log
        assert github.requests == []
        kept = verdict(run.artifacts / "coverage-evidence")
        assert (kept["tier"], kept["verdict"], kept["exit_code"]) == ("pr-fast", "failed", 0)
        document = (run.artifacts / "coverage-evidence" / "verdict.json").read_bytes()
        assert checked_verdict(document, HEAD).tier == "pr-fast", "fork-publish.yml reads it too"
        told = run.run("comment")
        assert told.passed, told.log
    (comment,) = github.comments
    assert "5 of 5 modules evaluated" in comment.body
    assert "`pr-fast`" in comment.body
    (check,) = github.check_runs
    assert check.conclusion == "neutral"
    assert github.violations == []


def test_a_pull_request_whose_tests_left_nothing_is_told_so_and_is_red(
    repository: Path, tmp_path: Path
) -> None:
    with FakeGithub(OPENED) as github:
        run = machine(
            repository,
            CONFIDENCE,
            tmp_path,
            "pull_request",
            payload=OPENED,
            environ={"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": REPOSITORY},
            context={"github.token": JOB_TOKEN},
        )
        done = run.run("comment")
    assert done.codes["Module coverage gate"] == 3, done.log
    (comment,) = github.comments
    assert "Have the missing report written." in comment.body


def test_a_repositorys_variable_raises_the_threshold_of_a_push_and_the_evidence_is_kept(
    repository: Path, tmp_path: Path
) -> None:
    run = machine(repository, CONFIDENCE, tmp_path, "push", context={"vars.BILLING_BRANCH_THRESHOLD": "99.5"})
    done = run.run("merge-medium")
    assert done.codes["Run the tier"] == 1, done.log
    kept = verdict(run.artifacts / "coverage-evidence")
    missed = {one["name"]: one["branch"]["threshold"] for one in kept["modules"] if one["status"] == "failed"}
    assert missed == {"billing-package": 99.5}


def test_a_release_runs_twice_and_is_go_and_both_runs_verify_after_the_upload(
    repository: Path, tmp_path: Path
) -> None:
    run = machine(
        repository, CONFIDENCE, tmp_path, "workflow_dispatch", context={"inputs.line-threshold": "90"}
    )
    done = run.run("release-heavy")
    assert done.passed, done.log
    assert "## ✅ GO: `7001-1-2`" in done.summary
    kept = run.artifacts / "coverage-evidence"
    for name in ("7001-1-1", "7001-1-2"):
        gate = [sys.executable, "-m", "gate", "verify", str(kept / name)]
        assert subprocess.run(gate, check=False, capture_output=True).returncode == 0
    (package,) = (one for one in verdict(kept / "latest")["modules"] if one["name"] == "billing-package")
    assert package["line"]["threshold"] == 90


class Shards:
    """The sharded workflow after its legs, whose artifacts a test may take away."""

    def __init__(self, repository: Path, rooms: Path) -> None:
        self.run = machine(repository, SHARDED, rooms, "push")
        legs = self.run.document["jobs"]["shard"]["strategy"]["matrix"]["leg"]
        assert legs == LEGS
        self.legs = [
            self.run.run(
                "shard", leg, **{"strategy.job-index": str(index), "strategy.job-total": str(len(legs))}
            )
            for index, leg in enumerate(legs)
        ]

    def judged(self, room: str) -> Done:
        """The gate's job on what is there; GitHub takes an artifact's name once in a run."""
        shutil.rmtree(self.run.artifacts / "coverage-evidence", ignore_errors=True)
        return self.run.run("gate", room)


@pytest.fixture(scope="module")
def shards(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Shards:
    return Shards(repository, tmp_path_factory.mktemp("shards"))


def test_the_policy_expects_as_many_reports_as_the_matrix_has_legs(shards: Shards) -> None:
    policy = YAML(typ="safe").load((EXAMPLE / ".github/coverage-gate.yml").read_text(encoding="utf-8"))
    assert policy["tiers"]["merge-sharded"]["expect"] == {"coverage": len(LEGS), "junit": len(LEGS)}
    assert sorted(one.name for one in shards.run.artifacts.iterdir() if "shard" in one.name) == [
        f"coverage-{leg}" for leg in LEGS
    ]


def test_the_legs_together_are_judged_by_what_coverage_combine_counts(
    shards: Shards, repository: Path, tmp_path: Path
) -> None:
    assert all(leg.passed for leg in shards.legs), [leg.log for leg in shards.legs]
    done = shards.judged(" of all")
    assert done.passed, done.log
    (package,) = (
        one
        for one in verdict(shards.run.artifacts / "coverage-evidence")["modules"]
        if one["name"] == "billing-package"
    )
    totals = combined(shards, repository, tmp_path)
    assert (package["line"]["covered"], package["line"]["total"]) == (
        totals["covered_lines"],
        totals["num_statements"],
    )
    assert (package["branch"]["covered"], package["branch"]["total"]) == (
        totals["covered_branches"],
        totals["num_branches"],
    )


def combined(shards: Shards, repository: Path, scratch: Path) -> Mapping[str, int]:
    """coverage.py's own totals of the legs' data files."""
    room = scratch / "combined"
    shutil.copytree(repository, room)
    data = [str(path) for path in shards.run.artifacts.glob("coverage-shard-*/.coverage.*")]
    assert len(data) == len(LEGS)
    for command in (["combine", "--keep", *data], ["json", "-q", "-o", "totals.json"]):
        subprocess.run(
            [sys.executable, "-m", "coverage", *command], cwd=room, check=True, capture_output=True
        )
    totals: Mapping[str, int] = json.loads((room / "totals.json").read_text(encoding="utf-8"))["totals"]
    return totals


def test_a_leg_that_never_ran_is_seen_and_is_no_pass(shards: Shards) -> None:
    lost = shards.run.artifacts / "coverage-shard-2"
    away = lost.rename(shards.run.artifacts / "away")
    try:
        done = shards.judged(" of two")
    finally:
        away.rename(lost)
    assert done.codes["Module coverage gate"] == 3, done.log
    assert "`expect` pins 3, and 2 are there" in " ".join(done.log.split())
