"""Sources that changed after coverage.py measured them, through the whole check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import Outcome, Project

SHOP = """\
import sys


def price(kind, count):
    if kind == "book":
        return count * 12
    total = count * 2
    return total


def debug():  # pragma: no cover
    print(sys.argv)


print(price("pen", 3))
"""
MOVED = SHOP.replace("    total", "\n    total")
LONGER = SHOP.replace("print(price", "def more():\n    return 1\n\n\nprint(price")
APPENDED = SHOP + "\n\ndef more():\n    return 1\n"
SHORTER = "".join(SHOP.splitlines(keepends=True)[:12])
REPORTS = {"json": "out/c.json", "xml": "out/c.xml", "lcov": "out/c.lcov", "data": "out/.coverage"}
POLICY = "version: 1\nthresholds: {line: 1}\nmodules: {shop: src/shop.py, js: 'web/*.js'}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose shop was measured, in a report of each kind."""
    return measured(tmp_path, "--branch")


def measured(folder: Path, *options: str) -> Project:
    project = Project(folder)
    project.put(".github/coverage-gate.yml", POLICY.replace(", js: 'web/*.js'", ""))
    project.put("src/shop.py", SHOP)
    data = f"--data-file={REPORTS['data']}"
    coverage(folder, "run", *options, data, "--source=src", "src/shop.py")
    for kind in ("json", "xml", "lcov"):
        coverage(folder, kind, "-q", data, "-o", REPORTS[kind])
    return project


def coverage(folder: Path, *arguments: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-m", "coverage", *arguments]
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)


def check(project: Project, *reports: str) -> Outcome:
    return project.gate("check", "--json", "--publish", "off", "--coverage-files", ",".join(reports))


def messages(outcome: Outcome, code: str, kind: str = "reasons") -> list[str]:
    return [found["message"] for found in outcome.json[kind] if found["code"] == code]


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("options", [(), ("--branch",)])
def test_a_true_report_passes(tmp_path: Path, kind: str, options: tuple[str, ...]) -> None:
    outcome = check(measured(tmp_path, *options), REPORTS[kind])
    assert outcome.exit_code == 0, outcome.output
    assert not [note for note in outcome.json["notes"] if note["code"].startswith("source-")]


@pytest.mark.parametrize(
    ("kind", "source"),
    # Where a function was put in, another statement may stand on each line that ran: data has no more.
    [
        (kind, source)
        for kind in REPORTS
        for source in (MOVED, LONGER, SHORTER)
        if (kind, source) != ("data", LONGER)
    ],
)
def test_a_source_that_changed_since_is_drift(project: Project, kind: str, source: str) -> None:
    project.put("src/shop.py", source)
    outcome = check(project, REPORTS[kind])
    assert outcome.exit_code == 3, outcome.output
    assert outcome.json["modules"][0]["status"] == "error"
    (message,) = messages(outcome, "source-drift")
    assert f"coverage report '{REPORTS[kind]}' was measured on other source" in message
    assert "in 'src/shop.py', " in message
    assert message.endswith("run the tests on this commit")


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("source", [MOVED, APPENDED])
def test_without_branches_it_is_seen_as_well(tmp_path: Path, kind: str, source: str) -> None:
    project = measured(tmp_path)
    project.put("src/shop.py", source)
    # What was appended since cannot be known to a file that tells only what ran.
    expected = 0 if kind == "data" and source == APPENDED else 3
    assert check(project, REPORTS[kind]).exit_code == expected


@pytest.mark.parametrize("kind", ["json", "xml", "lcov"])
def test_a_function_that_was_appended_since_is_named(project: Project, kind: str) -> None:
    project.put("src/shop.py", APPENDED)
    (message,) = messages(check(project, REPORTS[kind]), "source-drift")
    assert "the report does not know the statements in lines 18 to 19" in message
    assert ("--cov-config" in message) is (kind != "json")


def test_lines_beyond_the_end_are_named_with_the_end(project: Project) -> None:
    project.put("src/shop.py", SHORTER)
    (message,) = messages(check(project, REPORTS["json"]), "source-drift")
    assert "line 15 is beyond its end at line 12" in message


def test_of_many_files_and_reports_one_is_named_and_the_others_are_counted(project: Project) -> None:
    project.put("src/shop.py", MOVED)
    (message,) = messages(check(project, REPORTS["json"], REPORTS["xml"]), "source-drift")
    assert "(in 2 reports)" in message


def test_exclusions_of_the_repository_are_followed_where_the_report_names_none(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.put(".coveragerc", "[report]\nexclude_lines =\n    def price\n")
    measured(tmp_path, "--branch")
    for report in REPORTS.values():
        outcome = check(project, report)
        assert outcome.exit_code == 0, outcome.output


def test_an_exclusion_that_only_the_command_line_knew_is_told_by_json_alone(tmp_path: Path) -> None:
    project = measured(tmp_path)
    project.put("elsewhere.ini", "[report]\nexclude_lines =\n    def price\n    pragma. no cover\n")
    for kind in ("json", "xml"):
        coverage(
            tmp_path,
            kind,
            "-q",
            "--rcfile=elsewhere.ini",
            f"--data-file={REPORTS['data']}",
            "-o",
            REPORTS[kind],
        )
    assert check(project, REPORTS["json"]).exit_code == 0
    (message,) = messages(check(project, REPORTS["xml"]), "source-drift")
    assert "(those that --cov-config or --rcfile exclude are told by coverage.py's JSON only)" in message


def test_a_report_of_another_language_may_not_go_beyond_the_end(project: Project) -> None:
    project.put(".github/coverage-gate.yml", POLICY)
    project.put("web/app.js", "let a = 1;\nlet b = 2;\n")
    lcov = "TN:\nSF:web/app.js\nDA:1,1\nDA:2,1\nLF:2\nLH:2\nend_of_record\n"
    project.put("out/js.info", lcov)
    assert check(project, REPORTS["json"], "out/js.info").exit_code == 0
    project.put("out/js.info", lcov.replace("DA:2,1", "DA:7,1"))
    outcome = check(project, REPORTS["json"], "out/js.info")
    assert outcome.exit_code == 3
    (message,) = messages(outcome, "source-drift")
    assert "in 'web/app.js', line 7 is beyond its end at line 2" in message
    assert [module["status"] for module in outcome.json["modules"]] == ["passed", "error"]


def test_an_absent_source_and_one_that_cannot_be_parsed_are_notes(project: Project) -> None:
    (project.root / "src/shop.py").unlink()
    outcome = check(project, REPORTS["json"])
    assert (outcome.exit_code, messages(outcome, "source-drift")) == (0, [])
    (message,) = messages(outcome, "source-absent", "notes")
    assert "'src/shop.py'" in message
    project.put("src/shop.py", "match match match\n" * 20)
    outcome = check(project, REPORTS["json"])
    assert (outcome.exit_code, messages(outcome, "source-drift")) == (0, [])
    (message,) = messages(outcome, "source-not-compared", "notes")
    assert "'src/shop.py'" in message


def test_an_empty_file_that_ran_is_no_drift(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.put("src/shop/__init__.py", "")
    project.put("src/shop.py", SHOP)
    # As coverage.py 7.10.7 writes it on Python 3.11 without branches.
    summary = dict.fromkeys(("covered_lines", "num_statements", "missing_lines", "excluded_lines"), 0)
    file = {"executed_lines": [0], "summary": summary, "missing_lines": [], "excluded_lines": []}
    meta = {"format": 3, "version": "7.10.7", "branch_coverage": False}
    project.put("out/empty.json", json.dumps({"meta": meta, "files": {"src/shop/__init__.py": file}}))
    project.put(
        ".github/coverage-gate.yml",
        "version: 1\nthresholds: {line: 1}\nmodules: {shop: {files: src/shop/**, allow-empty: true}}\n",
    )
    outcome = check(project, "out/empty.json")
    assert outcome.exit_code == 0, outcome.output


def test_a_check_of_reports_that_fit_does_not_import_coverage(project: Project) -> None:
    command = (
        "import sys; sys.argv = ['gate', 'check', '--json', '--publish', 'off', '--coverage-files', "
        f"{REPORTS['json']!r}]\n"
        "from gate.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert 'coverage' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", command], cwd=project.root, check=True, capture_output=True)
