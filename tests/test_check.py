"""Whole checks, each in a process of its own, on real files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import FAILED_JUNIT, JUNIT, Outcome, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def codes(outcome: Outcome) -> list[str]:
    return [reason["code"] for reason in outcome.json["reasons"]]


def test_good_evidence_passes_and_says_how_many_modules_were_evaluated(project: Project) -> None:
    outcome = project.gate("check", "--run-id", "r1")
    assert outcome.exit_code == 0, outcome.output
    assert "2 of 2 modules evaluated" in outcome.stdout
    verdict = project.evidence("r1", "verdict.json")
    assert verdict["verdict"] == "passed"
    # wallet: 9 of 10 lines, 1 of 2 branches.
    assert verdict["modules"][0]["line"] == {
        "covered": 9, "total": 10, "measured": True, "percent": 90.0, "threshold": 80, "passed": True,
    }  # fmt: skip


def test_json_prints_the_verdict_to_stdout_and_everything_else_to_stderr(project: Project) -> None:
    outcome = project.gate("check", "--run-id", "r1", "--json")
    assert outcome.json == project.evidence("r1", "verdict.json")
    assert "2 of 2 modules evaluated" in outcome.stderr


def test_a_missed_threshold_exits_1(project: Project) -> None:
    outcome = project.gate("check", "--json", "--line-threshold", "95")
    assert (outcome.exit_code, outcome.json["exit_code"]) == (1, 1)
    # invoices has a threshold of its own, which stays.
    assert codes(outcome) == ["below-line-threshold"]
    assert outcome.json["modules"][0]["status"] == "failed"


def test_a_failed_test_exits_1(project: Project) -> None:
    project.put("out/junit.xml", FAILED_JUNIT)
    outcome = project.gate("check", "--json")
    assert (outcome.exit_code, codes(outcome)) == (1, ["tests-failed"])
    assert "'tests.test_wallet::test_b'" in outcome.json["reasons"][0]["message"]


def test_a_failed_test_of_a_suite_that_does_not_block_is_a_note(project: Project) -> None:
    project.put("out/flaky.xml", FAILED_JUNIT)
    outcome = project.gate("check", "--json", "--junit-files", "out/junit.xml,out/flaky.xml")
    assert outcome.exit_code == 0
    assert outcome.json["tests"]["failed"] == 1


def test_a_tier_that_only_reports_exits_0_with_a_failed_verdict(project: Project) -> None:
    outcome = project.gate("check", "--json", "--tier", "pr-fast", "--line-threshold", "99")
    assert (outcome.exit_code, outcome.json["verdict"], outcome.json["tier"]) == (0, "failed", "pr-fast")


def test_a_tier_without_coverage_reads_tests_only(project: Project) -> None:
    (project.root / "out/coverage.json").unlink()
    outcome = project.gate("check", "--json", "--tier", "smoke")
    assert (outcome.exit_code, outcome.json["coverage"], outcome.json["modules"]) == (0, "off", [])


KILLED_BEFORE_THE_VERDICT = """
import os
from gate.evidence.folder import EvidenceFolder
EvidenceFolder.write = lambda *arguments: os._exit(137)
"""

MISHAPS: dict[str, tuple[Callable[[Project], object], str]] = {
    "missing": (lambda p: (p.root / "out/coverage.json").unlink(), "artifact-missing"),
    "empty": (lambda p: p.put("out/coverage.json", ""), "artifact-empty"),
    "blank": (lambda p: p.put("out/coverage.json", " \n"), "artifact-empty"),
    "truncated": (
        lambda p: p.put("out/coverage.json", (p.root / "out/coverage.json").read_bytes()[:-40]),
        "artifact-unreadable",
    ),
    "another kind": (lambda p: p.put("out/coverage.json", JUNIT), "artifact-unreadable"),
    "a web page": (lambda p: p.put("out/coverage.json", "<html>not found</html>"), "artifact-unreadable"),
    "without branches": (
        lambda p: p.measure(
            {"src/wallet/core.py": (9, 10, (0, 0)), "src/invoices.py": (4, 4, (0, 0))}, branches=False
        ),
        "branch-not-measured",
    ),
    "module gone": (lambda p: p.measure({"src/wallet/core.py": (9, 10, (1, 2))}), "module-not-measured"),
    "other prefix": (lambda p: p.measure({"/app/src/invoices.py": (4, 4, (0, 0))}), "module-not-measured"),
    "file not imported": (
        lambda p: p.put("src/wallet/new.py", "def f():\n    return 1\n"),
        "file-not-measured",
    ),
    "file not parsable": (lambda p: p.put("src/wallet/new.py", "def f(:\n"), "file-not-measured"),
    "no statements": (
        lambda p: p.measure({"src/wallet/core.py": (9, 10, (1, 2)), "src/invoices.py": (0, 0, (0, 0))}),
        "nothing-measured",
    ),
    "junit missing": (lambda p: (p.root / "out/junit.xml").unlink(), "artifact-missing"),
    "junit cut off": (lambda p: p.put("out/junit.xml", JUNIT[:-20]), "artifact-unreadable"),
    "no tests": (lambda p: p.put("out/junit.xml", "<testsuites/>"), "no-tests"),
    "junit of another kind": (lambda p: p.put("out/junit.xml", "<coverage/>"), "artifact-unreadable"),
}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_every_state_that_is_no_evidence_has_its_own_reason_and_exits_3(
    project: Project, mishap: str
) -> None:
    change, code = MISHAPS[mishap]
    change(project)
    outcome = project.gate("check", "--json", "--run-id", "r1")
    assert (outcome.exit_code, outcome.json["verdict"]) == (3, "error"), outcome.output
    assert code in codes(outcome)
    assert project.evidence("r1", "verdict.json") == outcome.json


def test_files_without_statements_are_no_gap(project: Project) -> None:
    project.put("src/wallet/comments.py", "# only a comment\n")
    project.put("src/wallet/excluded.py", "def debug():  # pragma: no cover\n    return 1\n")
    project.put("src/wallet/notes.md", "not code")
    assert project.gate("check").exit_code == 0


def test_a_path_map_brings_a_containers_names_to_the_repository(project: Project) -> None:
    project.measure({"/app/src/wallet/core.py": (9, 10, (1, 2)), "/app/src/invoices.py": (3, 4, (2, 2))})
    assert project.gate("check", "--path-map", "/app=").exit_code == 0


def test_shards_merge_by_line_and_branch(project: Project) -> None:
    # Lines 1 to 5 and 6 to 8: the union has 8, a maximum would have 5, and a sum of totals 20.
    project.measure({"src/wallet/core.py": (5, 10, (0, 2))}, name="out/shard-1.json")
    document = json.loads((project.root / "out/coverage.json").read_text())
    wallet = document["files"]["src/wallet/core.py"]
    wallet |= {
        "executed_lines": [6, 7, 8],
        "missing_lines": [1, 2, 3, 4, 5, 9, 10],
        "summary": wallet["summary"] | {"covered_lines": 3, "missing_lines": 7},
    }
    project.put("out/shard-2.json", json.dumps(document))
    outcome = project.gate("check", "--json", "--coverage-files", "out/shard-*.json")
    assert outcome.exit_code == 0, outcome.output
    assert outcome.json["modules"][0]["line"]["covered"] == 8
    assert outcome.json["modules"][0]["branch"]["covered"] == 1


def test_the_index_lists_every_file_with_its_hash_and_what_was_not_found(project: Project) -> None:
    project.gate("check", "--run-id", "r1", "--coverage-files", "out/coverage.json, out/shard-*.json")
    index = project.evidence("r1", "index.json")
    folder = project.root / "artifacts/coverage-gate/r1"
    listed = {one["path"]: one for one in index["artifacts"] if one["path"]}
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(listed) == on_disk - {"index.json"}
    for name, artifact in listed.items():
        content = (folder / name).read_bytes()
        assert (artifact["bytes"], artifact["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    missing = [one for one in index["artifacts"] if one["status"] == "missing"]
    assert [one["name"] for one in missing] == ["out/shard-*.json"]
    assert index["missing_count"] == 1
    assert listed["coverage/coverage.json"]["source"] == "out/coverage.json"


def test_latest_repeats_the_last_run(project: Project) -> None:
    project.gate("check", "--run-id", "r1")
    project.gate("check", "--run-id", "r2", "--line-threshold", "99")
    for name in ("verdict.json", "index.json"):
        assert project.evidence("latest", name) == project.evidence("r2", name)
    assert project.evidence("r1", "verdict.json")["verdict"] == "passed"


def test_a_reused_run_id_holds_nothing_of_the_earlier_run(project: Project) -> None:
    project.measure({"src/wallet/core.py": (10, 10, (2, 2))}, name="out/shard-1.json")
    files = "out/*.json,artifacts/coverage-gate/*/coverage/*.json"
    project.gate("check", "--run-id", "r1", "--coverage-files", "out/*.json")
    (project.root / "out/shard-1.json").unlink()
    (project.root / "out/coverage.json").unlink()
    outcome = project.gate("check", "--json", "--run-id", "r1", "--coverage-files", files)
    assert outcome.exit_code == 3
    assert codes(outcome).count("artifact-missing") == 2
    assert "coverage/shard-1.json" not in {
        one["path"] for one in project.evidence("r1", "index.json")["artifacts"]
    }
    assert not (project.root / "artifacts/coverage-gate/r1/coverage/shard-1.json").exists()


def test_the_copies_of_a_killed_check_are_no_evidence_for_the_next(project: Project) -> None:
    broken = project.put("broken/sitecustomize.py", KILLED_BEFORE_THE_VERDICT).parent
    killed = project.gate("check", "--run-id", "r1", PYTHONPATH=f"{broken}:{Path(__file__).parents[1]}")
    assert killed.exit_code == 137
    copy = project.root / "artifacts/coverage-gate/r1/coverage/coverage.json"
    assert copy.is_file()
    assert not (copy.parents[1] / "index.json").exists()
    (project.root / "out/coverage.json").unlink()
    outcome = project.gate("check", "--json", "--run-id", "r1", "--coverage-files", "**/coverage.json")
    assert (outcome.exit_code, codes(outcome)[0]) == (3, "artifact-missing")
    assert not copy.exists()


def test_evidence_that_a_suite_left_in_the_runs_folder_is_used_in_place(project: Project) -> None:
    inside = "artifacts/coverage-gate/r1/coverage/unit.json"
    project.put(inside, (project.root / "out/coverage.json").read_bytes())
    for _ in range(2):
        outcome = project.gate(
            "check", "--run-id", "r1", "--coverage-files", "artifacts/coverage-gate/*/coverage/*"
        )
        assert outcome.exit_code == 0, outcome.output
    paths = [one["path"] for one in project.evidence("r1", "index.json")["artifacts"]]
    assert paths.count("coverage/unit.json") == 1


def test_dots_in_a_path_write_nothing_outside_the_evidence_folder(project: Project) -> None:
    deep = project.put("out/a/b/c/d/e/x.json", (project.root / "out/coverage.json").read_bytes())
    up = f"{deep.parent.relative_to(project.root)}/../../../../../coverage.json"
    before = {path for path in project.root.parent.rglob("*") if "artifacts" not in path.parts}
    project.gate("check", "--run-id", "r1", "--coverage-files", f"{up},out/a/b/c/d/e/x.json")
    assert {path for path in project.root.parent.rglob("*") if "artifacts" not in path.parts} == before
    kept = {one["path"] for one in project.evidence("r1", "index.json")["artifacts"]}
    assert {"coverage/coverage.json", "coverage/a/b/c/d/e/x.json"} <= kept


def test_a_file_under_two_names_is_read_once_and_files_keep_the_order_of_their_patterns(
    project: Project,
) -> None:
    project.put("out/z.xml", JUNIT)
    (project.root / "out/link.xml").symlink_to("junit.xml")
    names = "out/z.xml,out/junit.xml,out/x/../junit.xml,out/link.xml"
    outcome = project.gate("check", "--json", "--run-id", "r1", "--junit-files", names)
    assert outcome.json["tests"]["total"] == 4  # two files with two tests each
    artifacts = project.evidence("r1", "index.json")["artifacts"]
    assert [one["source"] for one in artifacts if one["kind"] == "junit"] == ["out/z.xml", "out/junit.xml"]


def test_a_copy_never_takes_the_place_of_what_a_suite_left(project: Project) -> None:
    own = project.put("artifacts/coverage-gate/r1/coverage/coverage.json", "a suite's own")
    assert project.gate("check", "--run-id", "r1").exit_code == 0
    assert own.read_text() == "a suite's own"


@pytest.mark.parametrize("name", ["r1", "latest", "r1/coverage"])
def test_an_evidence_folder_that_is_a_link_out_of_the_workspace_is_refused(
    project: Project, name: str
) -> None:
    outside = project.root.parent / f"{project.root.name}-elsewhere"
    outside.mkdir()
    link = project.root / "artifacts/coverage-gate" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    outcome = project.gate("check", "--run-id", "r1")
    assert (outcome.exit_code, list(outside.iterdir())) == (2, [])


@pytest.mark.parametrize("blocker", ["latest", "r1/verdict.json/x", "r1"])
def test_something_in_the_way_is_named_and_is_no_internal_error(project: Project, blocker: str) -> None:
    project.put(f"artifacts/coverage-gate/{blocker}", "in the way")
    outcome = project.gate("check", "--run-id", "r1")
    assert outcome.exit_code == 2, outcome.output
    assert "artifacts/coverage-gate" in outcome.output


def test_two_files_that_a_path_map_makes_one_are_no_evidence(project: Project) -> None:
    project.measure({"/venv/src/invoices.py": (4, 4, (0, 0)), "/app/src/invoices.py": (0, 4, (0, 0))})
    outcome = project.gate("check", "--json", "--path-map", "/venv=\n/app=")
    assert outcome.exit_code == 3
    assert "ambiguous-path" in codes(outcome)


def test_branches_in_some_reports_only_count_and_a_note_says_so(project: Project) -> None:
    project.measure({"src/wallet/core.py": (9, 10, (0, 0))}, branches=False, name="out/lines.json")
    outcome = project.gate("check", "--json", "--coverage-files", "out/*.json")
    assert outcome.exit_code == 0
    assert outcome.json["modules"][0]["branch"]["covered"] == 1
    assert "branches-in-some-reports" in [note["code"] for note in outcome.json["notes"]]


def test_sorted_keys_and_long_contexts_are_recognised(project: Project) -> None:
    document = json.loads((project.root / "out/coverage.json").read_text())
    document["files"]["src/invoices.py"]["contexts"] = {str(n): ["x" * 100] for n in range(2000)}
    project.put("out/coverage.json", json.dumps(document, sort_keys=True, indent=1))
    assert project.gate("check").exit_code == 0


def test_a_policy_that_links_out_of_the_workspace_is_not_read(project: Project) -> None:
    secret = project.root.parent / f"{project.root.name}-secret"
    secret.write_text("secret: value\n")
    (project.root / "linked.yml").symlink_to(secret)
    outcome = project.gate("check", "--policy", "linked.yml")
    assert (outcome.exit_code, "secret: " in outcome.output) == (2, False)
    assert "leads out of the workspace" in outcome.output


def test_warnings_of_a_parser_about_foreign_source_do_not_reach_the_log(project: Project) -> None:
    project.put("src/wallet/odd.py", "y = 1 is 1  # ##[error]forged\n")
    outcome = project.gate("check")
    assert (outcome.exit_code, "forged" in outcome.output) == (3, False)


def test_the_index_says_which_report_could_not_be_read(project: Project) -> None:
    project.put("out/coverage.json", "<html>")
    project.gate("check", "--run-id", "r1")
    statuses = {one["name"]: one["status"] for one in project.evidence("r1", "index.json")["artifacts"]}
    assert statuses["out/coverage.json"] == "unreadable"


def test_a_suites_file_is_told_by_whole_names_and_one_that_blocks_decides(project: Project) -> None:
    project.put("out/notflaky.xml", FAILED_JUNIT)
    assert project.gate("check", "--junit-files", "out/notflaky.xml").exit_code == 1
    policy = (project.root / ".github/coverage-gate.yml").read_text()
    project.put(".github/coverage-gate.yml", policy + "  same: {command: x, artifacts: {junit: flaky.xml}}\n")
    project.put("out/flaky.xml", FAILED_JUNIT)
    assert project.gate("check", "--junit-files", "out/flaky.xml").exit_code == 1


def test_the_same_check_twice_gives_the_same_verdict_and_summary(project: Project) -> None:
    folder = project.root / "artifacts/coverage-gate/r1"
    contents = []
    for _ in range(2):
        project.gate("check", "--run-id", "r1")
        contents.append([(folder / name).read_bytes() for name in ("verdict.json", "summary.md")])
    assert contents[0] == contents[1]


def test_names_that_are_not_utf8_are_reported_and_break_no_document(project: Project) -> None:
    content = (project.root / "out/coverage.json").read_bytes()
    project.put(os.fsdecode(b"out/more\xff.json"), content)
    project.put(os.fsdecode(b"src/wallet/\xff.py"), "x = 1\n")
    project.put(os.fsdecode(b"artifacts/coverage-gate/r1/logs/\xff.log"), "x")
    outcome = project.gate("check", "--json", "--run-id", "r1", "--coverage-files", "out/*.json")
    assert outcome.exit_code == 3, outcome.output
    assert set(codes(outcome)) == {"artifact-unreadable", "file-not-measured"}
    assert r"logs/\udcff.log" in [one["name"] for one in project.evidence("r1", "index.json")["artifacts"]]


def test_an_artifacts_dir_that_is_a_link_out_of_the_workspace_is_refused(
    project: Project, tmp_path: Path
) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (project.root / "artifacts").symlink_to(outside)
    outcome = project.gate("check")
    assert outcome.exit_code == 2
    assert "leaves the workspace" in outcome.output
    assert list(outside.iterdir()) == []
