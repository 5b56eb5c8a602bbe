"""What can happen to evidence between the tests and the gate: each has its own reason, and none passes."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.project import JUNIT, POLICY, Outcome, Project

DATA = Path(__file__).parent / "data"
HOUR = timedelta(hours=1)
COVERED = {"src/wallet/core.py": (9, 10, (1, 2)), "src/invoices.py": (3, 4, (2, 2))}

TIERS = "  merge: {suites: [backend]}\n  shards: {expect: {coverage: 3}}\n"
BACKEND = """\
  backend:
    command: run
    mount: backend
    artifacts: {junit: junit/backend.xml, coverage: coverage/backend.json, traces: traces/backend}
"""


class Case(msgspec.Struct, frozen=True):
    """Something that happens to the evidence, the reason's code, and words of its message."""

    happens: Callable[[Project], object]
    code: str
    words: str
    arguments: tuple[str, ...] = ()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.put(".github/coverage-gate.yml", POLICY.replace("tiers:\n", f"tiers:\n{TIERS}") + BACKEND)
    project.commit(when=datetime.now(UTC) - 2 * HOUR)
    return project


def in_ci(project: Project, *arguments: str, run_id: str = "r1") -> Outcome:
    return project.gate("check", "--json", "--run-id", run_id, *arguments, CI="true")


def reasons(outcome: Outcome) -> dict[str, str]:
    return {reason["code"]: reason["message"] for reason in outcome.json["reasons"]}


def downloaded(project: Project, run_id: str = "shard") -> Path:
    """The evidence folder of another job, downloaded; its files are what the policy reads."""
    assert in_ci(project, run_id=run_id).exit_code == 0
    folder = project.root / "out" / "evidence"
    shutil.move(project.root / "artifacts/coverage-gate" / run_id, folder)
    return folder


FROM_DOWNLOAD = (
    "--coverage-files", "out/evidence/coverage/*.json", "--junit-files", "out/evidence/junit/*.xml",
)  # fmt: skip


def edit_a_byte(project: Project) -> None:
    report = downloaded(project) / "coverage/coverage.json"
    report.write_bytes(report.read_bytes().replace(b'"covered_lines": 9', b'"covered_lines": 9 '))


def exchange_files(project: Project) -> None:
    folder = downloaded(project)
    project.measure({**COVERED, "src/invoices.py": (4, 4, (2, 2))}, name="out/other.json")
    (project.root / "out/other.json").replace(folder / "coverage/coverage.json")


def add_a_file(project: Project) -> None:
    folder = downloaded(project)
    shutil.copy(folder / "coverage/coverage.json", folder / "coverage/more.json")


def take_another_commits(project: Project) -> None:
    downloaded(project)
    project.commit(when=datetime.now(UTC) - 2 * HOUR)


def take_an_older_runs(project: Project) -> None:
    old = (datetime.now(UTC) - 5 * HOUR).timestamp()
    os.utime(project.root / "out/coverage.json", (old, old))


def tell_an_older_time(project: Project) -> None:
    report = project.root / "out/coverage.json"
    document = json.loads(report.read_text())
    document["meta"]["timestamp"] = (datetime.now(UTC) - timedelta(days=2)).replace(tzinfo=None).isoformat()
    report.write_text(json.dumps(document))


def link_out(project: Project) -> None:
    outside = project.root.parent / f"{project.root.name}-outside.json"
    (project.root / "out/coverage.json").replace(outside)
    (project.root / "out/coverage.json").symlink_to(outside)


def make_a_fifo(project: Project) -> None:
    (project.root / "out/coverage.json").unlink()
    os.mkfifo(project.root / "out/coverage.json")


def lose_a_shard(project: Project) -> None:
    for number in (1, 2):
        project.measure({**COVERED, "src/invoices.py": (number, 4, (2, 2))}, name=f"out/shard-{number}.json")


def copy_a_shard(project: Project) -> None:
    lose_a_shard(project)
    for number in (1, 2):
        report = project.root / f"out/shard-{number}.json"
        document = json.loads(report.read_text())
        document["meta"]["timestamp"] = datetime.now(UTC).replace(tzinfo=None).isoformat()
        report.write_text(json.dumps(document))
    shutil.copy(project.root / "out/shard-2.json", project.root / "out/shard-3.json")


def crash_a_worker(project: Project) -> None:
    report = (DATA / "junit/pytest-xdist-stopped.xml").read_text()
    now = datetime.now(UTC).isoformat()
    project.put("out/junit.xml", re.sub(r'timestamp="[^"]*"', f'timestamp="{now}"', report))


def use_the_run_id_again(project: Project) -> None:
    inside = project.root / "artifacts/coverage-gate/r1/coverage"
    inside.mkdir(parents=True)
    shutil.copy(project.root / "out/coverage.json", inside / "unit.json")
    (project.root / "out/coverage.json").unlink()
    assert in_ci(project, "--coverage-files", "artifacts/coverage-gate/*/coverage/*").exit_code == 0


def shift_the_clock(project: Project) -> None:
    project.commit(when=datetime.now(UTC) + HOUR)


def shift_the_testers_clock(project: Project) -> None:
    ahead = (datetime.now(UTC) + HOUR).timestamp()
    os.utime(project.root / "out/coverage.json", (ahead, ahead))


def grow_beyond_the_cap(project: Project) -> None:
    os.truncate(project.root / "out/coverage.json", 3 << 30)  # sparse


CASES = {
    "edited byte": Case(edit_a_byte, "artifact-unreadable", "changed or exchanged afterwards", FROM_DOWNLOAD),
    "swapped file": Case(exchange_files, "artifact-unreadable", "is not what the index of", FROM_DOWNLOAD),
    "added file": Case(add_a_file, "artifact-unreadable", "does not list it", FROM_DOWNLOAD),
    "older run's report": Case(take_an_older_runs, "artifact-stale", "was last written at"),
    "older time in the report": Case(tell_an_older_time, "artifact-stale", "was made by its own account"),
    "other commit's report": Case(take_another_commits, "artifact-stale", "is checked out", FROM_DOWNLOAD),
    "link out": Case(link_out, "artifact-unreadable", "leads out of the workspace"),
    "fifo": Case(make_a_fifo, "artifact-unreadable", "is not a regular file"),
    "0 bytes": Case(lambda p: p.put("out/coverage.json", ""), "artifact-empty", "is empty"),
    "truncated": Case(
        lambda p: os.truncate(p.root / "out/coverage.json", 500), "artifact-unreadable", "cut off after 500"
    ),
    "missing shard": Case(
        lose_a_shard,
        "artifact-missing",
        "`expect` pins 3, and 2 are there",
        ("--tier", "shards", "--coverage-files", "out/shard-*.json"),
    ),
    "copied shard": Case(
        copy_a_shard,
        "artifact-missing",
        "`expect` pins 3, and 2 are there (3 files",
        ("--tier", "shards", "--coverage-files", "out/shard-*.json"),
    ),
    "crashed xdist run": Case(crash_a_worker, "artifact-unreadable", "a pytest-xdist worker was lost"),
    "re-used run id": Case(
        use_the_run_id_again,
        "artifact-stale",
        "was judged by an earlier check of this run id",
        ("--coverage-files", "artifacts/coverage-gate/*/coverage/*"),
    ),
    "clock of the committer one hour ahead": Case(
        shift_the_clock, "artifact-stale", "was made: it is of an earlier"
    ),
    "clock of the tests one hour ahead": Case(shift_the_testers_clock, "artifact-stale", "clocks differ"),
    "too large": Case(grow_beyond_the_cap, "artifact-unreadable", "is 3072 MiB large"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_mishap_has_its_own_reason_and_none_passes(project: Project, name: str) -> None:
    case = CASES[name]
    case.happens(project)
    outcome = in_ci(project, *case.arguments)
    assert (outcome.exit_code, outcome.json["verdict"]) == (3, "error"), outcome.output
    assert case.words in reasons(outcome)[case.code]


def test_the_words_of_the_mishaps_are_different() -> None:
    assert len({case.words for case in CASES.values()}) == len(CASES)


def test_evidence_of_this_commit_passes_in_ci_also_downloaded_from_another_job(project: Project) -> None:
    assert in_ci(project).exit_code == 0
    downloaded(project)
    outcome = in_ci(project, *FROM_DOWNLOAD, run_id="r2")
    assert outcome.exit_code == 0, outcome.output


def test_at_a_desk_evidence_from_before_the_commit_is_a_note(project: Project) -> None:
    shift_the_clock(project)
    outcome = project.gate("check", "--json")
    assert (outcome.exit_code, outcome.json["verdict"]) == (0, "passed")
    notes = {note["code"]: note["message"] for note in outcome.json["notes"]}
    assert notes["artifact-stale"].endswith("in CI this is no evidence, at a desk a note")


def test_without_git_a_note_says_what_was_not_judged(tmp_path: Path) -> None:
    outcome = in_ci(Project(tmp_path))
    assert outcome.exit_code == 0
    assert "commit-unknown" in {note["code"] for note in outcome.json["notes"]}


def emit(project: Project, folder: str) -> None:
    """What the tier's suite leaves, in a folder."""
    project.put(f"{folder}/junit/backend.xml", JUNIT)
    project.measure(COVERED, name=f"{folder}/coverage/backend.json")
    project.put(f"{folder}/traces/backend/login/trace.zip", "trace")
    project.put(f"{folder}/traces/backend/pay/trace.zip", "other trace")


def kept(project: Project, run_id: str = "r1") -> dict[str, tuple[str, str]]:
    index = project.evidence(run_id, "index.json")
    return {one["path"] or one["name"]: (one["kind"], one["status"]) for one in index["artifacts"]}


def test_what_a_suite_left_below_its_mount_comes_to_its_place_in_the_folder(project: Project) -> None:
    emit(project, "backend/artifacts/coverage-gate/r1")
    outcome = in_ci(project, "--tier", "merge")
    assert outcome.exit_code == 0, outcome.output
    files = kept(project)
    assert files["junit/backend.xml"] == ("junit", "present")
    assert files["coverage/backend.json"] == ("coverage", "present")
    assert files["traces/backend/login/trace.zip"] == ("trace", "present")
    assert files["traces/backend/pay/trace.zip"] == ("trace", "present")
    (source,) = (
        one["source"]
        for one in project.evidence("r1", "index.json")["artifacts"]
        if one["path"] == "junit/backend.xml"
    )
    assert source == "backend/artifacts/coverage-gate/r1/junit/backend.xml"


def test_what_a_suite_of_the_tier_should_have_left_is_missed_by_name_and_place(project: Project) -> None:
    emit(project, "backend/artifacts/coverage-gate/r1")
    (project.root / "backend/artifacts/coverage-gate/r1/junit/backend.xml").unlink()
    outcome = in_ci(project, "--tier", "merge")
    assert outcome.exit_code == 3
    assert (
        "'backend/artifacts/coverage-gate/r1/junit/backend.xml' nor at"
        in reasons(outcome)["artifact-missing"]
    )
    assert kept(project)["junit/backend.xml"] == ("junit", "missing")
    assert project.evidence("r1", "index.json")["missing_count"] == 1


def test_other_runs_leftovers_below_a_mount_are_no_evidence(project: Project) -> None:
    emit(project, "backend/artifacts/coverage-gate/r0")
    outcome = in_ci(
        project, "--tier", "merge", "--coverage-files", "backend/artifacts/coverage-gate/*/coverage/*.json"
    )
    assert outcome.exit_code == 3
    messages = [reason["message"] for reason in outcome.json["reasons"]]
    assert any("only files in evidence folders of other runs" in message for message in messages)


def test_leftovers_of_the_same_run_id_below_a_mount_are_no_evidence(project: Project) -> None:
    emit(project, "backend/artifacts/coverage-gate/r1")
    assert in_ci(project, "--tier", "merge").exit_code == 0
    outcome = in_ci(project, "--tier", "merge")
    assert outcome.exit_code == 3
    assert "was judged by an earlier check" in reasons(outcome)["artifact-stale"]
    # Written anew, the same content is this run's.
    emit(project, "backend/artifacts/coverage-gate/r1")
    assert in_ci(project, "--tier", "merge").exit_code == 0


def test_what_a_suite_that_does_not_block_left_out_is_a_note(project: Project) -> None:
    outcome = in_ci(project, "--tier", "pr-fast")
    assert outcome.exit_code == 0
    notes = {note["code"]: note["message"] for note in outcome.json["notes"]}
    assert "'flaky.xml': suite 'flaky' leaves it" in notes["non-blocking-artifact"]


def test_a_link_in_a_folder_of_traces_leads_nowhere_out(project: Project) -> None:
    emit(project, "backend/artifacts/coverage-gate/r1")
    secret = project.root.parent / f"{project.root.name}-secret"
    secret.write_text("secret")
    (project.root / "backend/artifacts/coverage-gate/r1/traces/backend/link").symlink_to(secret)
    outcome = in_ci(project, "--tier", "merge")
    assert outcome.exit_code == 3
    assert "leads out of the workspace" in reasons(outcome)["artifact-unreadable"]
    folder = project.root / "artifacts/coverage-gate/r1"
    assert all(path.read_bytes() != b"secret" for path in folder.rglob("*") if path.is_file())


def test_a_source_that_changes_while_it_is_copied_is_not_whole(project: Project) -> None:
    growing = project.put(
        "growing/sitecustomize.py",
        "import gate.evidence.files as files\n"
        "chunks = files.chunks\n"
        "def growing(file):\n"
        "    yield from chunks(file)\n"
        "    if str(file.name).endswith('out/coverage.json'):\n"
        "        with open(file.name, 'ab') as more: more.write(b' ')\n"
        "files.chunks = growing\n",
    ).parent
    outcome = project.gate("check", "--json", PYTHONPATH=f"{growing}:{Path(__file__).parents[1]}", CI="true")
    assert outcome.exit_code == 3, outcome.output
    assert "it changed while it was copied" in reasons(outcome)["artifact-unreadable"]


def test_a_copy_that_the_disk_does_not_give_back_is_no_evidence(project: Project) -> None:
    failing = project.put(
        "failing/sitecustomize.py",
        "import gate.evidence.copies as copies\n"
        "make = copies.copy_atomically\n"
        "def failing(source, path, owner):\n"
        "    written = make(source, path, owner)\n"
        "    if path.name == 'coverage.json':\n"
        "        path.write_bytes(path.read_bytes().replace(b'7.17.3', b'7.17.4'))\n"
        "    return written\n"
        "copies.copy_atomically = failing\n",
    ).parent
    outcome = project.gate("check", "--json", PYTHONPATH=f"{failing}:{Path(__file__).parents[1]}", CI="true")
    assert outcome.exit_code == 3, outcome.output
    assert "the copy is another" in reasons(outcome)["artifact-unreadable"]
