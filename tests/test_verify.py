"""Whole `gate verify` processes on run folders, good ones and ones that something happened to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import Project
from tests.runs.tampering import TAMPERING, copy, edit_json, flip_a_byte, rename

ROOT = "artifacts/coverage-gate"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    assert project.gate("check", "--run-id", "r1").exit_code == 0
    return project


@pytest.fixture
def run(project: Project) -> Path:
    return project.root / ROOT / "r1"


@pytest.mark.parametrize("name", ["r1", "latest", "r1/", "latest/../r1"])
def test_a_finished_run_is_sound(project: Project, name: str) -> None:
    outcome = project.gate("verify", f"{ROOT}/{name}")
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    # coverage.json, junit.xml, verdict.json, summary.md
    assert outcome.stdout.startswith("sound: ")
    assert "/r1', 4 files, " in outcome.stdout


def test_a_run_whose_evidence_was_missing_empty_or_unreadable_is_sound(project: Project) -> None:
    project.put("out/empty.json", "")
    project.put("out/page.json", "<html>")
    (project.root / "out/link.json").symlink_to("/etc/hostname")
    os.mkfifo(project.root / "out/fifo.json")
    files = "out/coverage.json,out/none-*.json,out/empty.json,out/page.json,out/link.json,out/fifo.json"
    assert project.gate("check", "--run-id", "r2", "--coverage-files", files).exit_code == 3
    states = {one["status"] for one in project.evidence("r2", "index.json")["artifacts"]}
    assert states >= {"missing", "empty", "unreadable"}
    outcome = project.gate("verify", f"{ROOT}/r2")
    assert outcome.exit_code == 0, outcome.output
    assert "the verdict is error" in outcome.stdout


def test_what_a_suite_left_that_is_no_regular_file_is_sound(project: Project) -> None:
    logs = project.put(f"{ROOT}/r2/logs/a.log", "x").parent
    project.put(f"{ROOT}/r2/logs/\udcff.log", "x")
    os.mkfifo(logs / "fifo")
    (logs / "to-a-file").symlink_to("a.log")
    (logs / "to-a-folder").symlink_to("..")
    assert project.gate("check", "--run-id", "r2").exit_code == 0
    outcome = project.gate("verify", f"{ROOT}/r2")
    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_named_and_exits_4(project: Project, run: Path, name: str) -> None:
    change, said = TAMPERING[name]
    change(run)
    outcome = project.gate("verify", f"{ROOT}/r1", "--json")
    assert (outcome.exit_code, outcome.stderr) == (4, "")
    assert outcome.json["state"] == "damaged"
    assert any(said in sentence for sentence in outcome.json["damage"]), outcome.json["damage"]
    plain = project.gate("verify", f"{ROOT}/r1")
    assert plain.exit_code == 4
    assert len(plain.stdout.splitlines()) == 1 + len(outcome.json["damage"])


@pytest.mark.parametrize("change", [rename, copy])
def test_a_run_under_another_name_is_damaged(
    project: Project, run: Path, change: Callable[[Path], Path]
) -> None:
    outcome = project.gate("verify", str(change(run)))
    assert outcome.exit_code == 4
    assert "index.json is of run 'r1', and the folder is named 'r2'" in outcome.stdout


def test_all_damage_is_listed_and_not_only_the_first(project: Project, run: Path) -> None:
    flip_a_byte(run)
    (run / "junit/junit.xml").unlink()
    (run / "more").write_text("x")
    edit_json(run / "index.json", lambda index: index.update(commit="c" * 40))
    assert len(project.gate("verify", f"{ROOT}/r1", "--json").json["damage"]) == 4


def test_very_much_damage_is_counted(project: Project, run: Path) -> None:
    for number in range(250):
        (run / f"{number:03}").write_text("x")
    damage = project.gate("verify", f"{ROOT}/r1", "--json").json["damage"]
    assert len(damage) == 201
    assert "50 more" in damage[-1]


@pytest.mark.parametrize("stopped", ["before the index", "before the journal went"])
def test_an_unfinished_run_says_so_and_exits_4(project: Project, run: Path, stopped: str) -> None:
    if stopped == "before the index":
        (run / "index.json").unlink()
    else:
        (run / ".copies.gate-tmp").write_text("[]")
    outcome = project.gate("verify", f"{ROOT}/r1")
    assert (outcome.exit_code, outcome.stdout.startswith("unfinished: ")) == (4, True)
    assert project.gate("verify", f"{ROOT}/r1", "--json").json["state"] == "unfinished"


def test_a_temporary_file_of_ours_is_told_apart_from_tampering(project: Project, run: Path) -> None:
    (run / "coverage/.coverage.json.0123456789ab.gate-tmp").write_text("half")
    outcome = project.gate("verify", f"{ROOT}/r1")
    assert outcome.exit_code == 0
    assert "note: 1 temporary file of a process that was stopped" in outcome.stdout
    (run / "coverage/.note.gate-tmp").write_text("a name that we do not make")
    assert project.gate("verify", f"{ROOT}/r1").exit_code == 4


@pytest.mark.parametrize("name", ["nothing", "r1/verdict.json", "latest/nothing"])
def test_a_folder_that_is_not_there_exits_2(project: Project, name: str) -> None:
    outcome = project.gate("verify", f"{ROOT}/{name}", "--json")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "is not there" in outcome.stderr


def test_latest_is_held_against_the_run_that_it_repeats(project: Project, run: Path) -> None:
    latest = run.parent / "latest"
    edit_json(latest / "verdict.json", lambda verdict: verdict.update(verdict="failed"))
    (latest / "more").write_text("x")
    flip_a_byte(run)
    damage = project.gate("verify", f"{ROOT}/latest", "--json").json["damage"]
    beginnings = (
        "latest/verdict.json is not that of run 'r1'",
        "latest/ holds 'more'",
        "'coverage/coverage.json' has",
    )
    assert len(damage) == len(beginnings)
    assert all(map(str.startswith, damage, beginnings))
    assert project.gate("verify", f"{ROOT}/latest").exit_code == 4


@pytest.mark.parametrize("run_id", ["../r1", "latest", "r9", "/etc", ""])
def test_latest_that_names_no_run_beside_it_is_damaged(project: Project, run: Path, run_id: str) -> None:
    edit_json(run.parent / "latest/index.json", lambda index: index.update(run_id=run_id))
    outcome = project.gate("verify", f"{ROOT}/latest")
    assert outcome.exit_code == 4
    assert "latest/index.json names" in outcome.stdout


def test_latest_whose_run_is_a_link_or_gone_is_damaged(project: Project, run: Path) -> None:
    run.rename(run.with_name("elsewhere"))
    assert project.gate("verify", f"{ROOT}/latest").exit_code == 4
    run.symlink_to("elsewhere")
    assert project.gate("verify", f"{ROOT}/latest").exit_code == 4


def test_hostile_names_print_as_one_line_and_as_no_command(project: Project, run: Path) -> None:
    (run / "a\n::error::forged").write_text("x")
    (run / "##[error]forged").write_text("x")
    edit_json(run / "index.json", lambda index: index.update(run_id="\u202e::error::x\n::error::y"))
    outcome = project.gate("verify", f"{ROOT}/r1")
    assert outcome.exit_code == 4
    assert len(outcome.stdout.splitlines()) == 5
    assert not any(line.lstrip().startswith("::") for line in outcome.stdout.splitlines())
    assert "##[" not in outcome.stdout


def test_folders_nested_deeper_than_a_path_is_long_are_damage_that_is_named(
    project: Project, run: Path
) -> None:
    # A path has 4096 characters at most; made from within, step by step, folders lie deeper.
    above = os.open(run, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=above)
        below = os.open("d", os.O_RDONLY, dir_fd=above)
        os.close(above)
        above = below
    os.close(above)
    outcome = project.gate("verify", f"{ROOT}/r1", "--json")
    subprocess.run(["rm", "-rf", run], check=True)  # pytest's own clearing up recurses
    assert outcome.exit_code == 4, outcome.output
    assert "cannot be looked into: File name too long" in outcome.json["damage"][0]
