"""Whole `gate evidence` processes: the release owner's page, and the statement for machines."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement

from tests.project import FAILED_JUNIT, Outcome, Project
from tests.render.hostile import HOSTILE_NAMES
from tests.render.parsed import PARSERS, Parsed
from tests.runs.tampering import edit_json, flip_a_byte

ROOT = "artifacts/coverage-gate"
HEADINGS = (["Run", "Tier"], ["Module", "Lines"], ["File", "Bytes"])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in a commit of its own, not checked yet."""
    project = Project(tmp_path)
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    for command in (["init", "--quiet"], ["add", "."], [*who, "commit", "--quiet", "--message", "All"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return project


def commit_of(project: Project) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=project.root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def page(project: Project, run: str = "r1") -> Outcome:
    return project.gate("evidence", f"{ROOT}/{run}")


def hindrances(outcome: Outcome) -> list[str]:
    return [line for line in outcome.stdout.splitlines() if line.startswith("- ❌")]


def cells(outcome: Outcome, heading: str) -> list[list[str]]:
    """Rows of the table whose first heading this is, as GitHub's parser reads them."""
    rows = Parsed(PARSERS["cmark-gfm"](outcome.stdout)).rows
    headings = [at for at, row in enumerate(rows) if row[:2] in HEADINGS]
    start = next(at for at in headings if rows[at][0] == heading)
    end = min((at for at in headings if at > start), default=len(rows))
    assert {len(row) for row in rows[start:end]} == {len(rows[start])}
    return rows[start + 1 : end]


@pytest.mark.parametrize("name", ["r1", "latest"])
def test_a_run_that_proves_everything_is_go(project: Project, name: str) -> None:
    project.gate("check", "--run-id", "r1")
    outcome = page(project, name)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("## ✅ GO: `r1`\n")
    assert hindrances(outcome) == []
    assert outcome.stdout.count("- ✅ ") == 7
    assert commit_of(project) in outcome.stdout
    assert outcome.stdout.endswith(f"`gate verify {ROOT}/r1`\n")


def test_the_page_lists_figures_of_each_module_and_each_kept_file_with_its_hash(project: Project) -> None:
    project.gate("check", "--run-id", "r1")
    outcome = page(project)
    modules = cells(outcome, "Module")
    # wallet: 9 of 10 lines, 1 of 2 branches; invoices: 3 of 4 and 2 of 2, with a line threshold of its own.
    shown = [[cell.replace("\u00a0", " ").replace("\n", " ") for cell in row] for row in modules]
    assert shown[0][1:] == ["90.00 % ≥ 80 % 9/10, 1 to spare", "50.00 % ≥ 50 % 1/2, none to spare"]
    assert shown[1][1:] == ["75.00 % ≥ 75 % 3/4, none to spare", "100.00 % ≥ 50 % 2/2, 1 to spare"]
    folder = project.root / ROOT / "r1"
    on_disk = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "index.json"
    }
    assert {row[0]: (row[1], row[2]) for row in cells(outcome, "File")} == {
        name: (str(len(content)), hashlib.sha256(content).hexdigest()) for name, content in on_disk.items()
    }


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("--line-threshold", "99"), 1, ["The verdict is failed"]),
        (("--coverage-files", "none"), 3, ["The verdict is error", "Not every module", "Artifacts are miss"]),
        (("--tier", "pr-fast"), 1, ["Coverage is not enforced"]),
        (
            ("--tier", "pr-fast", "--line-threshold", "99"),
            1,
            ["The verdict is failed", "Coverage is not enf"],
        ),
        (("--tier", "smoke"), 1, ["Coverage is not enforced", "Not every module"]),
    ],
    ids=str,
)
def test_each_reason_for_a_no_go_is_named_and_the_exit_code_is_the_verdicts_or_1(
    project: Project, arguments: tuple[str, ...], exit_code: int, said: list[str]
) -> None:
    project.gate("check", "--run-id", "r1", *arguments)
    outcome = page(project)
    assert outcome.exit_code == exit_code
    assert outcome.stdout.startswith("## ⛔ NO-GO: `r1`\n")
    found = hindrances(outcome)
    assert len(found) == len(said)
    assert all(words in line for words, line in zip(said, found, strict=True)), found


def test_without_a_commit_it_is_no_go_and_nothing_is_stated(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.gate("check", "--run-id", "r1")
    outcome = page(project)
    assert outcome.exit_code == 1
    assert hindrances(outcome) == ["- ❌ **The commit is not known:** the check ran without git metadata."]
    stated = project.gate("evidence", f"{ROOT}/r1", "--format", "in-toto")
    assert (stated.exit_code, stated.stdout) == (3, "")
    assert "the run's commit is not known" in stated.stderr


def test_a_damaged_or_unfinished_run_is_no_go_with_exit_code_4_and_shows_no_figures(project: Project) -> None:
    project.gate("check", "--run-id", "r1")
    flip_a_byte(project.root / ROOT / "r1")
    for words in ("The evidence folder is damaged", "The run is unfinished"):
        outcome = page(project)
        assert outcome.exit_code == 4
        assert words in hindrances(outcome)[0]
        assert "%" not in outcome.stdout
        stated = project.gate("evidence", f"{ROOT}/r1", "--format", "in-toto")
        assert (stated.exit_code, stated.stdout) == (4, "")
        (project.root / ROOT / "r1/index.json").unlink(missing_ok=True)


def test_a_folder_that_is_not_there_exits_2(project: Project) -> None:
    outcome = page(project, "none")
    assert (outcome.exit_code, outcome.stdout) == (2, "")


def test_a_verdict_that_contradicts_itself_is_no_go(project: Project) -> None:
    project.gate("check", "--run-id", "r1", "--line-threshold", "99")
    run = project.root / ROOT / "r1"
    edit_json(run / "verdict.json", lambda verdict: verdict.update(verdict="passed", exit_code=0))
    content = (run / "verdict.json").read_bytes()
    facts = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    edit_json(
        run / "index.json",
        lambda index: [one.update(facts) for one in index["artifacts"] if one["path"] == "verdict.json"],
    )
    assert project.gate("verify", f"{ROOT}/r1").exit_code == 0
    assert page(project).exit_code == 1


def test_the_commits_runs_are_listed_and_unsound_ones_are_told(project: Project) -> None:
    project.gate("check", "--run-id", "r1")
    project.gate("check", "--run-id", "r2", "--tier", "pr-fast")
    project.gate("check", "--run-id", "r3", "--coverage-files", "none")
    flip_a_byte(project.root / ROOT / "r2")
    (project.root / ROOT / "r4").mkdir()
    shutil.copytree(project.root / ROOT / "r1", project.root / ROOT / "r5")
    # Of another commit:
    edit_json(project.root / ROOT / "r5/index.json", lambda index: index.update(commit="c" * 40))
    edit_json(project.root / ROOT / "r5/verdict.json", lambda verdict: verdict.update(commit="c" * 40))
    outcome = page(project)
    rows = {row[0]: [row[1], row[3], row[4]] for row in cells(outcome, "Run")}
    assert rows == {
        "r1 (this one)": ["none", "passed", "0"],
        "r2": ["pr-fast", "⛔ not sound", "1"],
        "r3": ["none", "error", "1"],
    }
    assert "Not read, so perhaps of this commit too: `r4`." in outcome.stdout


def test_hostile_names_break_no_table_and_bring_no_element_of_their_own(project: Project) -> None:
    # A policy takes no name with control characters; a file may have one.
    names = [name for name in HOSTILE_NAMES if name.isprintable()]
    modules = {name: {"files": ["src/wallet/**"], "line": 1} for name in names}
    logs = project.root / ROOT / "r1/logs"
    logs.mkdir(parents=True)
    files = [name.replace("/", "\u2215") for name in HOSTILE_NAMES]
    for name in files:
        (logs / name).write_text("x")
    checked = project.gate("check", "--run-id", "r1", "--modules", json.dumps(modules))
    assert checked.exit_code == 0, checked.output
    outcome = page(project)
    assert outcome.exit_code == 0, outcome.output
    for parse in PARSERS.values():
        found = Parsed(parse(outcome.stdout))
        assert found.unbalanced == []
        assert found.comments == []
        assert found.links == []
        assert set(found.elements) <= {
            *("h2", "h3", "p", "strong", "ul", "li", "code", "br", "span", "details", "summary"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
    assert len(cells(outcome, "Module")) == len(names)
    # coverage, junit, verdict and summary beside what the suite left
    assert len(cells(outcome, "File")) == 4 + len(files)
    assert not any(line.lstrip().startswith("::") for line in outcome.stdout.splitlines())
    assert "##[" not in outcome.stdout


def stated(project: Project, **environ: str) -> dict[str, Any]:
    """The statement, which the published bindings read without a field that they do not know."""
    outcome = project.gate("evidence", f"{ROOT}/r1", "--format", "in-toto", **environ)
    document: dict[str, Any] = outcome.json
    message = json_format.ParseDict(document, statement_pb2.Statement())
    Statement.copy_from_pb(message).validate()
    predicate = json_format.ParseDict(document["predicate"], test_result_pb2.TestResult())
    for descriptor in predicate.configuration:
        ResourceDescriptor.copy_from_pb(descriptor).validate()
        # spec/v1/resource_descriptor.md: one of these at least
        assert descriptor.uri or descriptor.digest or descriptor.content
    assert document["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert predicate.result in ("PASSED", "WARNED", "FAILED")
    return document


def test_the_statement_is_one_by_the_specification_about_the_commit(project: Project) -> None:
    project.gate("check", "--run-id", "r1")
    document = stated(project)
    assert document["subject"] == [{"digest": {"gitCommit": commit_of(project)}}]
    predicate = document["predicate"]
    assert predicate["result"] == "PASSED"
    assert predicate["passedTests"] == ["junit:junit/junit.xml", "module:invoices", "module:wallet"]
    assert (predicate["warnedTests"], predicate["failedTests"]) == ([], [])
    assert "url" not in predicate
    folder = project.root / ROOT / "r1"
    assert {one["name"]: one["digest"] for one in predicate["configuration"]} == {
        path.relative_to(folder).as_posix(): {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_failed_test_fails_its_report_and_one_that_does_not_block_is_a_warning(project: Project) -> None:
    project.put("out/flaky.xml", FAILED_JUNIT)
    project.gate("check", "--run-id", "r1", "--junit-files", "out/*.xml")
    predicate = stated(project)["predicate"]
    assert (predicate["result"], predicate["failedTests"]) == ("PASSED", [])
    assert predicate["warnedTests"] == ["junit:junit/flaky.xml"]
    project.put("out/junit.xml", FAILED_JUNIT)
    project.gate("check", "--run-id", "r1")
    predicate = stated(project)["predicate"]
    assert (predicate["result"], predicate["failedTests"]) == ("FAILED", ["junit:junit/junit.xml"])


@pytest.mark.parametrize(
    ("arguments", "result", "warned", "failed"),
    [
        (("--line-threshold", "99"), "FAILED", [], ["module:wallet"]),
        (("--line-threshold", "99", "--tier", "pr-fast"), "WARNED", ["junit:flaky.xml", "module:wallet"], []),
        (("--tier", "pr-fast"), "WARNED", ["junit:flaky.xml"], []),
        (("--junit-files", "none.xml"), "FAILED", [], ["junit:none.xml"]),
        (("--junit-files", "out/coverage.json"), "FAILED", [], ["junit:junit/coverage.json"]),
        (("--coverage-files", "none"), "FAILED", [], ["module:invoices", "module:wallet"]),
    ],
    ids=str,
)
def test_what_is_no_go_is_never_stated_as_passed(
    project: Project, arguments: tuple[str, ...], result: str, warned: list[str], failed: list[str]
) -> None:
    project.gate("check", "--run-id", "r1", *arguments)
    predicate = stated(project)["predicate"]
    assert (predicate["result"], predicate["warnedTests"], predicate["failedTests"]) == (
        result, warned, failed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("run_id", "known"), [("71-2", True), ("71-2-py3.11", True), ("71-22", False), ("r1", False)]
)
def test_the_url_is_the_workflow_runs_where_the_run_is_of_it(
    project: Project, run_id: str, known: bool
) -> None:
    environ = {"GITHUB_RUN_ID": "71", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_REPOSITORY": "o/n"}
    project.gate("check", "--run-id", run_id)
    outcome = project.gate("evidence", f"{ROOT}/{run_id}", "--format", "in-toto", **environ)
    url = outcome.json["predicate"].get("url")
    assert url == ("https://github.com/o/n/actions/runs/71" if known else None)


def test_names_beyond_ascii_are_stated_as_they_are_whatever_the_streams_encoding(project: Project) -> None:
    modules = '{"géld 钱": {"files": ["src/wallet/**"], "line": 1}}'
    project.gate("check", "--run-id", "r1", "--modules", modules)
    for environ in ({"PYTHONIOENCODING": "ascii"}, {}):
        assert "module:géld 钱" in stated(project, **environ)["predicate"]["passedTests"]


def test_a_page_that_nobody_reads_changes_no_exit_code(project: Project) -> None:
    project.gate("check", "--run-id", "r1")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m gate evidence {ROOT}/r1 >&-"],
        cwd=project.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
