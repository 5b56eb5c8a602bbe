"""Whole processes of `gate compare`, on folders that real checks wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.project import JUNIT, Project

RUNS = "artifacts/coverage-gate"


class Repository(Project):
    """A project in a git repository of its own."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.head = self.commit()

    def execute(self, seconds: float, junit: str = JUNIT) -> None:
        """Leave the JUnit report of an execution that took so long."""
        self.put("out/junit.xml", junit.replace('time="0.1">', f'time="{seconds}">', 1))

    def run(self, run_id: str, *arguments: str, code: int = 0) -> None:
        outcome = self.gate("check", "--run-id", run_id, *arguments)
        assert outcome.exit_code == code, outcome.output


def folders(*run_ids: str) -> list[str]:
    return [f"{RUNS}/{run_id}" for run_id in run_ids]


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def measured(project: Repository, covered: int, arcs: int) -> None:
    project.measure({"src/wallet/core.py": (covered, 10, (arcs, 2)), "src/invoices.py": (3, 4, (2, 2))})


def test_runs_that_agree_are_stable_and_exit_0(project: Repository) -> None:
    for number in (1, 2, 3):
        project.execute(number)
        project.run(f"r{number}")
    outcome = project.gate("compare", *folders("r1", "r2", "r3"))
    assert outcome.exit_code == 0, outcome.output
    commit = project.head
    assert outcome.stdout == f"stable: 3 runs of commit {commit[:12]} agree\n"
    document = project.gate("compare", "--json", *folders("r1", "r2", "r3")).json
    assert (document["schema"], document["result"], document["commit"]) == (1, "stable", commit)
    assert document["runs"] == ["r1", "r2", "r3"]


def test_a_line_that_flips_is_named_with_its_runs_and_exits_4(project: Repository) -> None:
    for number, covered in ((1, 9), (2, 8), (3, 9)):
        measured(project, covered, 1)
        project.execute(number)
        project.run(f"r{number}")
    outcome = project.gate("compare", "--json", *folders("r1", "r2", "r3"))
    assert outcome.exit_code == 4
    (flip,) = outcome.json["lines"]
    # Lines 1 to 9 are covered, then 1 to 8, then 1 to 9.
    assert (flip["path"], flip["lines"], flip["covered"]) == (
        "src/wallet/core.py",
        [[9, 9]],
        [True, False, True],
    )
    assert (flip["change"], flip["since"]) == ("back-and-forth", None)
    assert "'src/wallet/core.py': line 9 covered in r1, r3, not in r2, back and forth" in outcome.stderr
    assert outcome.json["branches"] == outcome.json["tests"] == outcome.json["artifacts"] == []


def test_a_change_that_stays_is_told_from_going_back_and_forth(project: Repository) -> None:
    for number, arcs in ((1, 2), (2, 1), (3, 1)):
        measured(project, 9, arcs)
        project.execute(number)
        project.run(f"r{number}")
    outcome = project.gate("compare", *folders("r1", "r2", "r3"))
    assert outcome.exit_code == 4
    # The report's branches are 1 → 2 and 1 → 3; the last is the one that is lost.
    assert "branch 1 → 3 taken in r1, not in r2, r3, since r2" in outcome.stdout
    assert "1 place" in outcome.stdout


def test_a_test_that_fails_once_flips_and_no_other(project: Repository) -> None:
    project.execute(1)
    project.run("r1")
    project.execute(2, JUNIT.replace('name="test_b" time="0.1"/>', 'name="test_b"><skipped/></testcase>'))
    project.run("r2")
    outcome = project.gate("compare", "--json", *folders("r1", "r2"))
    assert outcome.exit_code == 4
    (flip,) = outcome.json["tests"]
    assert flip["test"] == "tests.test_wallet::test_b"
    assert flip["outcomes"] == [["passed"], ["skipped"]]


def test_an_artifact_that_is_missing_once_flips_by_its_name(project: Repository) -> None:
    project.put("out/more.xml", JUNIT)
    project.run("r1", "--junit-files", "out/junit.xml,out/more.xml")
    (project.root / "out/more.xml").unlink()
    project.run("r2", "--junit-files", "out/junit.xml,out/more.xml", code=3)
    outcome = project.gate("compare", "--json", *folders("r1", "r2"))
    assert outcome.exit_code == 4
    (flip,) = outcome.json["artifacts"]
    assert (flip["kind"], flip["name"], flip["statuses"]) == ("junit", "out/more.xml", ["present", "missing"])


def test_logs_named_at_random_are_no_difference(project: Repository) -> None:
    project.put(f"{RUNS}/r1/logs/4711.log", "x")
    project.run("r1")
    project.put(f"{RUNS}/r2/logs/4712.log", "y")
    project.execute(2)
    project.run("r2")
    assert project.gate("compare", *folders("r1", "r2")).exit_code == 0


def test_runs_of_different_commits_exit_2_and_name_what_regressed_and_improved(project: Repository) -> None:
    project.run("r1")
    project.put("notes.md", "more")
    project.commit()
    # The wallet falls from 9 to 8 of 10 lines, the invoices rise from 3 to 4 of 4.
    project.measure({"src/wallet/core.py": (8, 10, (1, 2)), "src/invoices.py": (4, 4, (2, 2))})
    project.run("r2")
    outcome = project.gate("compare", "--json", *folders("r1", "r2"))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "no instability" in outcome.stderr
    assert "regressed from 'r1' to 'r2': 'wallet' (line 90.00 % (9/10) → 80.00 % (8/10))" in outcome.stderr
    assert "improved from 'r1' to 'r2': 'invoices' (line 75.00 % (3/4) → 100.00 % (4/4))" in outcome.stderr


def test_a_known_commit_against_an_unknown_one_is_exit_2(project: Repository) -> None:
    project.run("r1")
    (project.root / ".git").rename(project.root / "no-git")
    project.run("r2")
    outcome = project.gate("compare", *folders("r1", "r2"))
    assert (outcome.exit_code, "not known to be of one commit" in outcome.stdout) == (2, True)


def test_runs_without_a_commit_are_compared_with_a_note(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for run_id in ("r1", "r2"):
        project.put("out/junit.xml", JUNIT.replace('time="0.1">', f'time="{run_id[1]}">', 1))
        assert project.gate("check", "--run-id", run_id).exit_code == 0
    outcome = project.gate("compare", *folders("r1", "r2"))
    assert outcome.exit_code == 0
    assert "nobody can tell whether they are of one" in outcome.stdout


def test_a_damaged_or_unfinished_run_is_exit_4(project: Repository) -> None:
    for number in (1, 2):
        project.execute(number)
        project.run(f"r{number}")
    kept = project.root / RUNS / "r2/junit/junit.xml"
    content = kept.read_bytes()
    kept.write_bytes(content.replace(b"test_b", b"test_c"))
    damaged = project.gate("compare", "--json", *folders("r1", "r2"))
    assert (damaged.exit_code, damaged.stdout) == (4, "")
    assert "is damaged" in damaged.stderr
    assert "junit/junit.xml" in damaged.stderr
    kept.write_bytes(content)
    assert project.gate("compare", *folders("r1", "r2")).exit_code == 0
    (project.root / RUNS / "r2/index.json").unlink()
    unfinished = project.gate("compare", *folders("r1", "r2"))
    assert (unfinished.exit_code, "unfinished" in unfinished.stdout) == (4, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "0 runs given"),
        (folders("r1"), "1 run given"),
        (folders("r1", "r9"), f"'{RUNS}/r9' is not there"),
        (folders("r1", "r1"), "is named twice"),
        ([f"{RUNS}/r1", f"./{RUNS}/../coverage-gate/r1"], "is named twice"),
    ],
    ids=str,
)
def test_usage_mistakes_exit_2_with_a_sentence(project: Repository, arguments: list[str], said: str) -> None:
    project.run("r1")
    outcome = project.gate("compare", *arguments)
    assert (outcome.exit_code, said in outcome.output) == (2, True), outcome.output


def test_one_execution_judged_twice_agrees_and_is_called_that(project: Repository) -> None:
    project.run("r1")
    project.run("r2")
    outcome = project.gate("compare", *folders("r1", "r2"))
    assert outcome.exit_code == 0
    assert "'r2' holds the very same reports as 'r1': one execution judged twice" in outcome.stdout


HOSTILE: dict[str, Any] = {
    "endless lines": {"missing_lines": [[1, 2**62]]},
    "backwards": {"missing_lines": [[9, 2], [-5, 3], [0, 0]]},
    "branches anywhere": {"missing_branches": [[-(2**62), 2**62], [0, 0], [2**62, -1]]},
    "negative counts": {"line": {"covered": -5, "total": -9}, "branch": {"covered": 7, "total": 0}},
}


@pytest.mark.parametrize("damage", HOSTILE)
def test_a_hostile_verdict_ends_in_a_difference_and_never_in_a_traceback(
    project: Repository, damage: str
) -> None:
    for number in (1, 2):
        project.execute(number)
        project.run(f"r{number}")
    folder = project.root / RUNS / "r2"
    verdict, index = project.evidence("r2", "verdict.json"), project.evidence("r2", "index.json")
    verdict["modules"][0]["files"][-1] |= HOSTILE[damage]
    content = json.dumps(verdict).encode()
    (folder / "verdict.json").write_bytes(content)
    (listed,) = (one for one in index["artifacts"] if one["path"] == "verdict.json")
    listed |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "index.json").write_text(json.dumps(index))
    outcome = project.gate("compare", *folders("r1", "r2"))
    assert (outcome.exit_code, "Traceback" in outcome.output) == (4, False), outcome.output


def test_names_never_reach_the_log_as_commands(project: Repository) -> None:
    for number, name in ((1, "test_b"), (2, "&#10;::error::forged ##[group]x")):
        project.execute(number, JUNIT.replace("test_b", name))
        project.run(f"r{number}")
    outcome = project.gate("compare", *folders("r1", "r2"), GITHUB_ACTIONS="true")
    assert outcome.exit_code == 4
    assert not any(line.lstrip().startswith("::") for line in outcome.stdout.splitlines())
    assert "##[" not in outcome.stdout


def test_the_help_names_every_exit_code(project: Repository) -> None:
    outcome = project.gate("compare", "-h")
    assert outcome.exit_code == 0
    for code in ("0 ", "2 ", "4 ", "70 ", "130 "):
        assert f"\n    {code}" in outcome.stdout
