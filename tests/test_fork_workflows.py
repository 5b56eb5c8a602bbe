"""The two sample workflows for forks fit each other, and give no more than the second stage needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from gate.options import OPTIONS

EXAMPLE = Path(__file__).parents[1] / "examples/billing-backend"
FIRST, SECOND = EXAMPLE / "fork-tests.yml", EXAMPLE / "fork-publish.yml"
DEFAULTS = {option.name: option.default for option in OPTIONS}


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def only_job(workflow: Any) -> Any:
    (job,) = workflow["jobs"].values()
    return job


def uses(job: Any, action: str) -> list[Any]:
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


def test_the_second_one_follows_the_first_by_name_and_by_path() -> None:
    second = load(SECOND)
    assert second["on"]["workflow_run"]["workflows"] == [load(FIRST)["name"]]
    (step,) = only_job(second)["steps"]
    assert step["with"] == {"mode": "publish", "workflow": f".github/workflows/{FIRST.name}"}


def test_the_evidence_is_left_under_the_name_that_is_looked_for_with_the_verdict_at_its_top() -> None:
    job = only_job(load(FIRST))
    (gate,) = uses(job, "module-coverage-gate/module-coverage-gate")
    (upload,) = uses(job, "actions/upload-artifact")
    assert upload["with"]["name"] == DEFAULTS["artifact-name"]
    # One folder: what the upload packs is relative to it.
    assert upload["with"]["path"] == f"${{{{ steps.{gate['id']}.outputs.evidence-dir }}}}"
    assert upload["if"] == gate["if"] == "${{ !cancelled() }}"


def test_the_first_only_reads_and_the_second_only_comments() -> None:
    assert only_job(load(FIRST))["permissions"] == {"contents": "read"}
    assert only_job(load(SECOND))["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert load(FIRST)["permissions"] == load(SECOND)["permissions"] == {}


def test_the_readme_shows_the_second_one() -> None:
    readme = (EXAMPLE.parents[1] / "README.md").read_text(encoding="utf-8")
    text = readme.partition("## Forks")[2].partition("```yaml\n")[2].partition("```")[0]
    shown, second = YAML(typ="safe").load(text), load(SECOND)
    assert shown["on"] == second["on"]
    assert shown["permissions"] == only_job(second)["permissions"]
    assert only_job(shown)["if"] == only_job(second)["if"]
    assert only_job(shown)["steps"][0]["with"] == only_job(second)["steps"][0]["with"]


def test_the_second_checks_nothing_out_and_runs_nothing_else() -> None:
    (step,) = only_job(load(SECOND))["steps"]
    assert step["uses"].startswith("module-coverage-gate/")


@pytest.mark.parametrize("path", [FIRST, SECOND])
def test_neither_runs_on_pull_request_target(path: Path) -> None:
    assert "pull_request_target" not in path.read_text(encoding="utf-8")
