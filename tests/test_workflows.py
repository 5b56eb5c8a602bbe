"""The action and all workflows, as the linters of the field see them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted(
    path
    for pattern in (".github/workflows/*.yml", "examples/*/billing-confidence.yml", "examples/*/fork-*.yml")
    for path in ROOT.glob(pattern)
)
SCRIPTS = Path(sys.executable).parent


def lint(*command: str | Path) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_fits_githubs_schema() -> None:
    lint(SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")


def test_there_are_workflows_to_check() -> None:
    assert len(WORKFLOWS) >= 4


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_workflow_fits_githubs_schema(workflow: Path) -> None:
    lint(SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow)


def test_dependabots_settings_fit_githubs_schema() -> None:
    lint(
        SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.dependabot", ROOT / ".github/dependabot.yml"
    )


@pytest.mark.parametrize(
    "path", [ROOT / "action.yml", ROOT / ".github/dependabot.yml", *WORKFLOWS], ids=lambda path: path.name
)
def test_zizmor_finds_nothing_at_its_strictest(path: Path) -> None:
    lint(SCRIPTS / "zizmor", "--offline", "--no-progress", "--persona", "auditor", path)


def test_the_linters_can_fail(tmp_path: Path) -> None:
    bad = tmp_path / "action.yml"
    bad.write_text("name: x\nruns: {using: docker}\n")
    with pytest.raises(AssertionError):
        lint(SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.github-actions", bad)
