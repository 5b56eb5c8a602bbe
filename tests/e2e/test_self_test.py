"""The steps of self-test.yml, in the built image and with the workflow's own scripts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .runner import Runner, StepResult

ROOT = Path(__file__).parents[2]
EXAMPLE = "examples/billing-backend"
_OUTPUT = re.compile(r"\$\{\{ steps\.(\w+)\.(?:outputs\.([\w-]+)|(outcome)) \}\}")


def steps() -> list[dict[str, Any]]:
    workflow = YAML(typ="safe").load((ROOT / ".github/workflows/self-test.yml").read_text())
    found: list[dict[str, Any]] = workflow["jobs"]["verdicts"]["steps"]
    return found


def lay_out(workspace: Path) -> None:
    """A checkout with the example measured in its folder and copied to the top, as the workflow has it."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(workspace)], check=True)
    example = workspace / EXAMPLE
    shutil.copytree(ROOT / EXAMPLE, example, dirs_exist_ok=True, ignore=shutil.ignore_patterns("artifacts"))
    evidence = "artifacts/billing-confidence/local"
    reports = [f"--junitxml={evidence}/junit/b.xml", "--cov", f"--cov-report=json:{evidence}/coverage/b.json"]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "backend/tests", *reports],
        cwd=example,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        check=True,
        capture_output=True,
    )
    shutil.copytree(example, workspace, dirs_exist_ok=True)


def check(script: str, environment: dict[str, str], done: dict[str, StepResult], workspace: Path) -> None:
    """Runs a step's script as the runner does, its expressions replaced by what the steps left."""

    def value(found: re.Match[str]) -> str:
        step = done[found[1]]
        return ("failure" if step.exit_code else "success") if found[3] else step.outputs[found[2]]

    known = {name: _OUTPUT.sub(value, text) for name, text in environment.items()}
    assert "${{" not in "".join(known.values()) + script
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    ended = subprocess.run(
        command, cwd=workspace, env={**os.environ, **known}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"{script}\n{known}\n{ended.stdout}{ended.stderr}"


def test_the_action_passes_fails_and_refuses_where_the_self_test_says(runner: Runner) -> None:
    lay_out(runner.workspace)
    done: dict[str, StepResult] = {}
    for step in steps():
        if step.get("uses") == "./":
            done[step["id"]] = runner.run(step["with"])
        elif done:
            check(step["run"], step["env"], done, runner.workspace)
    assert {name: step.exit_code for name, step in done.items()} == {"passes": 0, "fails": 1, "refuses": 3}
