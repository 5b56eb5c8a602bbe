"""Whole `gate prune` processes on evidence roots."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import Outcome, Project
from tests.runs.tampering import edit_json

ROOT = "artifacts/coverage-gate"
KEEP_ONE = ("--keep-passed", "1", "--keep-failed", "1")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Runs p1, p2, p3 passed and f1, f2, f3 did not, an hour apart, f3 last; made from two checks."""
    project = Project(tmp_path)
    root = tmp_path / ROOT
    project.gate("check", "--run-id", "p1")
    project.gate("check", "--run-id", "f1", "--line-threshold", "99")
    for name in ("p1", "f1"):
        for number in (3, 2, 1):
            made = root / f"{name[0]}{number}"
            if number > 1:
                shutil.copytree(root / name, made)
            created = f"2026-11-0{number}T{10 if name == 'p1' else 11}:00:00+00:00"
            pretend(made, made.name, created)
    for document in ("index.json", "verdict.json", "summary.md"):
        shutil.copy(root / "f3" / document, root / "latest")
    return project


def pretend(run: Path, run_id: str, created: str) -> None:
    """Give a run another name and time, as far as its documents tell them."""
    for document in ("index.json", "verdict.json"):
        edit_json(run / document, lambda one: one.update(run_id=run_id))
    edit_json(run / "index.json", lambda one: one.update(created=created))


def names(project: Project) -> set[str]:
    return {path.name for path in (project.root / ROOT).iterdir()}


ALL = {"p1", "p2", "p3", "f1", "f2", "f3", "latest"}


def test_without_remove_it_is_only_told_what_would_go(project: Project) -> None:
    outcome = project.gate("prune", *KEEP_ONE)
    assert (outcome.exit_code, names(project)) == (0, ALL)
    assert outcome.stdout.splitlines() == [
        "stays f3, 2026-11-03T11:00:00Z, did not pass: latest/ repeats it",
        "stays p3, 2026-11-03T10:00:00Z, passed: among the latest 1 that passed",
        "goes  f2, 2026-11-02T11:00:00Z, did not pass: older than the latest 1 that did not pass",
        "goes  p2, 2026-11-02T10:00:00Z, passed: older than the latest 1 that passed",
        "goes  f1, 2026-11-01T11:00:00Z, did not pass: older than the latest 1 that did not pass",
        "goes  p1, 2026-11-01T10:00:00Z, passed: older than the latest 1 that passed",
        "4 of 6 would go: remove them with --remove",
    ]


def test_with_remove_they_go_and_latest_stays_sound(project: Project) -> None:
    outcome = project.gate("prune", *KEEP_ONE, "--remove")
    assert (outcome.exit_code, names(project)) == (0, {"p3", "f3", "latest"}), outcome.output
    assert outcome.stdout.splitlines()[-1] == "4 of 4 removed; 2 stay"
    assert project.gate("prune", *KEEP_ONE, "--remove").stdout.splitlines()[-1] == "nothing to remove; 2 stay"


def test_the_run_that_latest_repeats_stays_though_no_failed_one_is_kept(project: Project) -> None:
    project.gate("prune", "--keep-passed", "1", "--keep-failed", "0", "--remove")
    assert names(project) == {"p3", "f3", "latest"}


def test_the_policy_says_how_many_stay_and_a_flag_overrides_it(project: Project) -> None:
    policy = (project.root / ".github/coverage-gate.yml").read_text()
    project.put("kept.yml", policy + "keep: {passed: 2, failed: 3}\n")
    assert "1 of 6 would go" in project.gate("prune", "--policy", "kept.yml").stdout
    assert "2 of 6 would go" in project.gate("prune", "--policy", "kept.yml", "--keep-failed", "2").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "write `keep: {passed: 10, failed: 10}` into .github/coverage-gate.yml"),
        (("--keep-passed", "3"), "--keep-passed 10 --keep-failed 10"),
        (("--policy", "absent.yml"), "into absent.yml"),
        (("--policy", "wrong.yml"), "wrong.yml:1:1: kep: unknown key"),
        (("--policy", "wrong.yml", "--keep-passed", "1"), "did you mean 'keep'?"),
        (("--keep-passed", "0", "--keep-failed", "1"), "--keep-passed"),
        ((*KEEP_ONE, "--artifacts-dir", "elsewhere"), "'elsewhere' is not there"),
        ((*KEEP_ONE, "--artifacts-dir", "linked"), "is a link that leaves"),
    ],
    ids=str,
)
def test_usage_mistakes_exit_2_and_remove_nothing(
    project: Project, tmp_path_factory: pytest.TempPathFactory, arguments: tuple[str, ...], said: str
) -> None:
    project.put("wrong.yml", "kep: {passed: 1, failed: 1}\nversion: 1\n")
    (project.root / "linked").symlink_to(tmp_path_factory.mktemp("outside"))
    outcome = project.gate("prune", "--remove", *arguments)
    assert (outcome.exit_code, names(project)) == (2, ALL)
    assert said in outcome.output


def test_what_is_no_finished_run_of_its_name_stays_and_is_told(project: Project) -> None:
    root = project.root / ROOT
    outside = project.root / "outside"
    shutil.copytree(root / "p1", outside)
    (root / "link").symlink_to(outside)
    shutil.copytree(root / "p1", root / "copy")
    shutil.copytree(root / "p1", root / "no-time")
    pretend(root / "no-time", "no-time", "soon")
    (root / "f1/index.json").unlink()
    (root / "f2/.copies.gate-tmp").write_text("[]")
    (root / "p2/index.json").write_text("{")
    (root / "empty").mkdir()
    (root / "file").write_text("x")
    outcome = project.gate("prune", "--keep-passed", "1", "--keep-failed", "0", "--remove")
    assert outcome.exit_code == 0
    assert names(project) == (ALL | {"link", "copy", "no-time", "empty", "file"}) - {"p1"}
    assert len(list(outside.rglob("*"))) == len(list((root / "copy").rglob("*")))
    said = {line.split(":")[0]: line for line in outcome.stdout.splitlines() if line.startswith("stays")}
    for name in ("f1", "f2", "empty"):
        assert "is unfinished" in said[f"stays {name}"]
    assert "is not what a check writes" in said["stays p2"]
    assert "its index is of run 'p1'" in said["stays copy"]
    assert "is no time" in said["stays no-time"]


def test_a_link_in_a_run_is_removed_and_not_followed(project: Project) -> None:
    kept = project.put("precious/file", "x")
    (project.root / ROOT / "p1/logs").mkdir()
    (project.root / ROOT / "p1/logs/link").symlink_to(kept.parent)
    assert project.gate("prune", *KEEP_ONE, "--remove").exit_code == 0
    assert "p1" not in names(project)
    assert kept.read_text() == "x"


KILLED = """
import os, shutil
from pathlib import Path
def rmtree(path):
    Path(path, "verdict.json").unlink()
    os._exit(137)
shutil.rmtree = rmtree
"""


def test_a_removal_that_is_killed_leaves_nothing_that_is_read_and_the_next_one_ends_it(
    project: Project,
) -> None:
    broken = project.put("broken/sitecustomize.py", KILLED).parent
    environ = {"PYTHONPATH": f"{broken}:{Path(__file__).parents[1]}"}
    assert project.gate("prune", *KEEP_ONE, "--remove", **environ).exit_code == 137
    (hidden,) = names(project) - ALL
    assert hidden.startswith(".f2.")
    assert not (project.root / ROOT / hidden / "index.json").exists()
    assert project.gate("verify", f"{ROOT}/{hidden}").exit_code == 4
    outcome = project.gate("prune", *KEEP_ONE)
    assert f"goes  {hidden}: what a removal that was stopped has left" in outcome.stdout
    project.gate("prune", *KEEP_ONE, "--remove")
    assert names(project) == {"p3", "f3", "latest"}


def test_a_run_that_is_killed_between_its_new_name_and_its_index_is_no_run(project: Project) -> None:
    # The whole folder under its hidden name: index.json is still there.
    (project.root / ROOT / "p2").rename(project.root / ROOT / ".p2.0123456789ab.gate-tmp")
    outcome = project.gate("prune", "--keep-passed", "9", "--keep-failed", "9")
    assert "stays .p2" not in outcome.stdout
    assert "goes  .p2.0123456789ab.gate-tmp" in outcome.stdout


def without_roots_powers(project: Project, *arguments: str) -> Outcome:
    """Run the gate as somebody whom a folder's mode can keep out, root or not."""
    command = [sys.executable, "-m", "gate", *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root is kept out by none")
@pytest.mark.parametrize("locked", ["p1/coverage", "p1", "."])
def test_what_may_not_be_removed_is_told_and_the_others_go(project: Project, locked: str) -> None:
    folder = project.root / ROOT / locked
    folder.chmod(0o555)
    try:
        outcome = without_roots_powers(project, "prune", *KEEP_ONE, "--remove")
        assert outcome.exit_code == 2
        assert "Permission denied" in outcome.stdout
        assert "Traceback" not in outcome.output
        left = names(project)
        if locked == ".":
            assert left == ALL
        elif locked == "p1":
            assert left == {"p1", "p3", "f3", "latest"}
            assert (folder / "index.json").exists()
        else:
            (hidden,) = left - {"p3", "f3", "latest"}
            assert hidden.startswith(".p1.")
            folder = project.root / ROOT / hidden / "coverage"
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("command", ["verify", "prune", "evidence"])
def test_every_command_explains_itself_and_its_exit_codes(project: Project, command: str) -> None:
    outcome = project.gate(command, "-h")
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Exit codes:" in outcome.stdout
