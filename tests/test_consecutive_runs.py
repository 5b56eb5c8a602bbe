"""Whole checks in a tier that asks for consecutive runs or has a flake budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import FAILED_JUNIT, JUNIT, POLICY, Outcome
from tests.test_compare import Repository, measured

TIERS = """\
tiers:
  release-heavy: {coverage: enforce, consecutive-runs: 2}
  three: {consecutive-runs: 3}
  shown: {coverage: report, consecutive-runs: 2}
  budget: {flake-budget: {runs: 4, percent: 50}}
  strict: {flake-budget: {runs: 4, percent: 49.99}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    project = Repository(tmp_path)
    project.put(".github/coverage-gate.yml", POLICY.partition("tiers:")[0] + TIERS)
    project.commit()
    return project


def execute(
    project: Repository, number: int, tier: str = "release-heavy", junit: str = JUNIT, *more: str
) -> Outcome:
    """One execution of the tests, checked as the run of its number."""
    project.execute(number, junit)
    return project.gate("check", "--json", "--run-id", f"r{number}", "--tier", tier, *more)


def reasons(outcome: Outcome) -> list[str]:
    return [reason["message"] for reason in outcome.json["reasons"]]


def said(outcome: Outcome, code: str) -> str:
    return " ".join(note["message"] for note in outcome.json["notes"] if note["code"] == code)


def test_the_first_run_asks_for_another_and_the_second_passes(project: Repository) -> None:
    first = execute(project, 1)
    assert (first.exit_code, first.json["verdict"]) == (1, "failed")
    assert [reason["code"] for reason in first.json["reasons"]] == ["unstable"]
    (sentence,) = reasons(first)
    assert "'release-heavy' asks for 2 consecutive runs" in sentence
    assert sentence.endswith("1 is in 'artifacts/coverage-gate'; run it once more")
    second = execute(project, 2)
    assert (second.exit_code, reasons(second)) == (0, []), second.output
    assert "'r1'" in said(second, "consecutive-runs")


def test_three_runs_are_three(project: Repository) -> None:
    assert [execute(project, number, "three").exit_code for number in (1, 2, 3)] == [1, 1, 0]


def test_the_same_evidence_judged_twice_is_one_run(project: Repository) -> None:
    execute(project, 1)
    again = project.gate("check", "--json", "--run-id", "r2", "--tier", "release-heavy")
    assert again.exit_code == 1
    assert "run 'r1' holds the very same reports as this one: one execution judged twice" in reasons(again)[0]


def test_runs_that_differ_are_unstable_and_the_flip_is_named(project: Repository) -> None:
    execute(project, 1)
    measured(project, 10, 1)
    second = execute(project, 2)
    assert second.exit_code == 1
    assert "they differ: 'src/wallet/core.py': line 10 covered in r2, not in r1" in reasons(second)[0]
    # What counts is the runs in a row: the third agrees with the second.
    assert execute(project, 3).exit_code == 0


def test_a_failed_run_breaks_the_chain_and_is_named(project: Repository) -> None:
    execute(project, 1)
    assert execute(project, 2, "release-heavy", FAILED_JUNIT).exit_code == 1
    third = execute(project, 3)
    assert third.exit_code == 1
    assert "run 'r2' did not pass (tests-failed), so none before it counts" in reasons(third)[0]
    assert execute(project, 4).exit_code == 0


def test_a_run_of_another_commit_or_tier_does_not_count(project: Repository) -> None:
    execute(project, 1)
    execute(project, 2, "three")
    assert execute(project, 3).exit_code == 0
    project.commit()
    assert execute(project, 4).exit_code == 1


def test_a_damaged_run_does_not_count_and_a_note_says_so(project: Repository) -> None:
    execute(project, 1)
    kept = project.root / "artifacts/coverage-gate/r1/junit/junit.xml"
    kept.write_text(kept.read_text() + "<!-- changed -->")
    second = execute(project, 2)
    assert second.exit_code == 1
    assert "'r1' counts as no run" in said(second, "runs-not-counted")


@pytest.mark.parametrize("name", ["renamed", "unfinished"])
def test_a_renamed_or_unfinished_folder_does_not_count(project: Repository, name: str) -> None:
    execute(project, 1)
    folder = project.root / "artifacts/coverage-gate/r1"
    if name == "renamed":
        folder.rename(folder.with_name("r0"))
    else:
        (folder / "index.json").unlink()
    second = execute(project, 2)
    assert second.exit_code == 1
    assert "counts as no run" in said(second, "runs-not-counted")


def test_without_a_commit_no_run_counts(project: Repository) -> None:
    (project.root / ".git").rename(project.root / "no-git")
    execute(project, 1)
    second = execute(project, 2)
    assert second.exit_code == 1
    assert "without a commit no run can be told to be of the same one" in reasons(second)[0]


def test_unusable_evidence_still_wins_over_instability(project: Repository) -> None:
    execute(project, 1)
    (project.root / "out/coverage.json").unlink()
    assert execute(project, 2).exit_code == 3


def test_a_tier_that_only_reports_does_not_forgive_instability(project: Repository) -> None:
    below = ("--line-threshold", "99")
    first = execute(project, 1, "shown", JUNIT, *below)
    assert (first.exit_code, first.json["verdict"]) == (1, "failed")
    second = execute(project, 2, "shown", JUNIT, *below)
    assert (second.exit_code, second.json["verdict"]) == (0, "failed")


FLAKY = JUNIT.replace('name="test_b" time="0.1"/>', 'name="test_b"><skipped/></testcase>')


@pytest.mark.parametrize(("tier", "code"), [("budget", 0), ("strict", 1)])
def test_one_flaky_test_of_two_is_half(project: Repository, tier: str, code: int) -> None:
    alone = execute(project, 1, tier)
    assert (alone.exit_code, "nothing to compare" in said(alone, "flake-budget")) == (0, True)
    second = execute(project, 2, tier, FLAKY)
    assert second.exit_code == code, second.output
    # 1 of 2 tests: 50 % is within 50, and beyond 49.99.
    told = reasons(second)[0] if code else said(second, "flake-budget")
    assert "1 of 2 tests changed the outcome" in told
    assert told.endswith("'tests.test_wallet::test_b'")


def test_what_happened_before_the_latest_runs_is_forgotten(project: Repository) -> None:
    execute(project, 1, "strict", FLAKY)
    codes = [execute(project, number, "strict").exit_code for number in (2, 3, 4, 5)]
    # The budget looks at 4 runs: r1 is among those of r2, r3 and r4.
    assert codes == [1, 1, 1, 0]


def test_flaky_tests_of_a_suite_that_does_not_block_decide_nothing(project: Repository) -> None:
    suites = "suites:\n  flaky: {command: x, artifacts: {junit: flaky.xml}, blocking: false}\n"
    policy = (project.root / ".github/coverage-gate.yml").read_text()
    project.put(".github/coverage-gate.yml", policy + suites)
    both = ("--junit-files", "out/junit.xml,out/flaky.xml")
    project.put("out/flaky.xml", JUNIT)
    execute(project, 1, "release-heavy", JUNIT, *both)
    project.put("out/flaky.xml", FLAKY)
    second = execute(project, 2, "release-heavy", JUNIT, *both)
    assert second.exit_code == 0, second.output
