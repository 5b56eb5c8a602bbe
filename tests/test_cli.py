from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_policy_with_four_different_mistakes_shows_all_four_with_their_lines(project: Project) -> None:
    project.put(
        ".github/coverage-gate.yml",
        "version: 1\n"
        "coverage-flies: [out/coverage.json]\n"  # line 2: unknown key
        "thresholds: {line: 120}\n"  # line 3: out of range
        "modules:\n"
        "  wallet: {files: src/wallet/**, branch: high}\n"  # line 5: wrong type
        "tiers:\n"
        "  pr-fast: {coverage: sometimes}\n",  # line 7: unknown choice
    )
    outcome = project.gate("check", "--json")
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    for line, place in (
        (2, "coverage-flies"),
        (3, "thresholds.line"),
        (5, "modules.wallet.branch"),
        (7, "pr-fast"),
    ):
        assert any(
            text.startswith(f".github/coverage-gate.yml:{line}:") and place in text
            for text in outcome.stderr.splitlines()
        ), outcome.stderr
    assert "'coverage-files'" in outcome.stderr
    assert not (project.root / "artifacts").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "--policy", "absent.yml"), "absent.yml"),
        (("check", "--no-such-flag"), "--no-such-flag"),
        (("check", "--comment", "sometimes"), "always, on-failure, never"),
        (("check", "--run-id", "latest"), "latest"),
        (("check", "--tier", "pr-fats"), "pr-fast"),
        (("check", "--line-threshold", "most"), "line-threshold"),
        (("no-such-command",), "no-such-command"),
        ((), "Usage"),
    ],
    ids=str,
)
def test_usage_mistakes_exit_2_with_a_sentence_and_no_traceback(
    project: Project, arguments: tuple[str, ...], said: str
) -> None:
    outcome = project.gate(*arguments)
    assert outcome.exit_code == 2
    assert said in outcome.output
    assert "Traceback" not in outcome.output


def test_modules_may_come_from_the_input_alone(project: Project) -> None:
    (project.root / ".github/coverage-gate.yml").unlink()
    outcome = project.gate(
        "check",
        "--json",
        "--modules",
        "wallet: {files: src/wallet/**, line: 90}",
        "--coverage-files",
        "out/coverage.json",
    )
    assert outcome.exit_code == 0, outcome.output
    assert [one["name"] for one in outcome.json["modules"]] == ["wallet"]


def test_schema_prints_a_json_schema(project: Project) -> None:
    outcome = project.gate("schema")
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("command", [(), ("check",), ("schema",)])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself(project: Project, command: tuple[str, ...], flag: str) -> None:
    outcome = project.gate(*command, flag)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Usage: gate" in outcome.stdout


@pytest.mark.parametrize("publish", ["off", "best-effort"])
def test_a_check_at_a_desk_imports_neither_pygithub_nor_requests(project: Project, publish: str) -> None:
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gate", "check", "--publish", publish],
        cwd=project.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in process.stderr.splitlines()}
    assert "gate.check" in imported
    assert imported & {"github", "requests", "urllib3", "coverage"} == set()


def test_a_hostile_name_never_reaches_the_log_as_a_command(project: Project) -> None:
    name = "src/wallet/##[set-output name=verdict]passed.py"
    project.put(name, "x = 1\n")
    project.put("src/wallet/\n::error::forged.py", "x = 1\n")
    outcome = project.gate("check", GITHUB_ACTIONS="true")
    assert outcome.exit_code == 3
    commands = [line for line in outcome.output.splitlines() if line.lstrip().startswith("::")]
    assert all(line.startswith("::warning") or line.startswith("::error") for line in commands)
    assert not any(
        "forged" in line and line.lstrip().startswith("::error::forged")
        for line in outcome.output.splitlines()
    )
    assert "##[" not in outcome.output


@pytest.mark.parametrize(
    ("policy", "expected"), [("", 0), ("--line-threshold 99", 1)], ids=["passing", "failing"]
)
@pytest.mark.parametrize("redirection", ["| true", ">&-", ">/dev/full", "2>&- >&-"])
@pytest.mark.parametrize("form", ["", "--json"])
def test_output_that_nobody_can_read_changes_no_exit_code(
    project: Project, policy: str, expected: int, redirection: str, form: str
) -> None:
    command = f"{sys.executable} -m gate check {policy} {form} {redirection}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (expected, False)


def test_an_internal_error_is_one_line_and_the_traceback_comes_with_debug(
    project: Project, tmp_path: Path
) -> None:
    # A sitecustomize breaks the gate from outside, as a bug would.
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import gate.check\ndef check(*a):\n    raise ZeroDivisionError('boom')\ngate.check.check = check\n"
    )
    environ = {"PYTHONPATH": f"{broken}:{Path(__file__).parents[1]}"}
    plain = project.gate("check", **environ)
    assert plain.exit_code == 70
    assert "ZeroDivisionError: boom" in plain.output
    assert "Traceback" not in plain.output
    assert "Traceback" in project.gate("check", "--debug", **environ).output
