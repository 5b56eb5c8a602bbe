"""README, action.yml and the code say the same of every input and output."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from gate.cli import gate
from gate.options import OPTIONS, TOKEN
from gate.policy.load import Source, load_policy
from gate.publish.outputs import OUTPUTS
from gate.render.links import Links
from gate.render.user_template import render_user_comment
from gate.verdict import Code
from tests.render.verdicts import failing

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def action() -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load((ROOT / "action.yml").read_text())
    return document


def test_the_action_declares_exactly_the_inputs_that_the_code_reads_with_their_defaults() -> None:
    declared = {name: str(one.get("default", "")) for name, one in action()["inputs"].items()}
    assert declared == {option.name: option.default for option in (*OPTIONS, TOKEN)}


def test_every_input_but_the_token_is_a_flag_of_gate_check() -> None:
    shown = CliRunner().invoke(gate, ["check", "-h"]).output
    assert [option.name for option in OPTIONS if f"--{option.name} " not in shown] == []
    assert "--github-token" not in shown


def test_the_action_declares_exactly_the_outputs_that_the_code_writes() -> None:
    assert tuple(action()["outputs"]) == OUTPUTS


def table(kind: str) -> str:
    rows = []
    for name, one in action()[kind].items():
        description = " ".join(one["description"].split()).replace("|", "\\|")
        if kind == "inputs":
            default = f"`{one['default']}`" if one.get("default") else ""
            rows.append(f"| `{name}` | {default} | {description} |")
        else:
            rows.append(f"| `{name}` | {description} |")
    return "\n".join(rows)


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_the_readmes_table_is_action_ymls(kind: str) -> None:
    assert table(kind) in README, f"README's table of {kind} should be:\n\n{table(kind)}\n"


def test_the_readme_explains_every_reason_code() -> None:
    assert [code.value for code in Code if f"| `{code.value}` |" not in README] == []


def test_the_readmes_policy_and_template_work() -> None:
    (policy,) = (text for text in fenced("yaml") if text.startswith("version: 1"))
    assert load_policy(Source("README", policy.encode()), None).modules
    (template,) = fenced("jinja")
    printed = render_user_comment(template, failing(), Links(), key="k")
    assert "- `billing-router`: 50 of 60 lines" in printed


def test_the_readmes_workflow_uses_inputs_and_outputs_that_exist() -> None:
    workflow, forks = (YAML(typ="safe").load(text) for text in fenced("yaml") if "runs-on" in text)
    (publishing,) = forks["jobs"]["comment"]["steps"]
    assert set(publishing["with"]) <= set(action()["inputs"])
    (step,) = (one for one in workflow["jobs"]["billing"]["steps"] if one.get("id") == "gate")
    assert set(step["with"]) <= set(action()["inputs"])
    outputs = re.findall(r"steps\.gate\.outputs\.([\w-]+)", README)
    assert outputs
    assert set(outputs) <= set(OUTPUTS)
    assert load_policy(
        Source("coverage", b"version: 1\ncoverage-files: c\nthresholds: {line: 85}\n"),
        Source("modules", step["with"]["modules"].encode()),
    ).modules


def test_the_readme_and_the_help_name_the_same_exit_codes() -> None:
    shown = CliRunner().invoke(gate, ["check", "-h"]).output
    section = README.partition("## Exit codes")[2].partition("## ")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", section, re.MULTILINE)
    assert [code for row in rows for code in row.split(", ")] == re.findall(
        r"^ {4}(\d+) ", shown, re.MULTILINE
    )


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
