"""What the documents say of the code is true of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from gate.cli import gate
from gate.evaluate_module import SLACK_POINTS
from gate.verdict import Code

from .commands import EXAMPLE, ROOT

DOCS = ROOT / "docs"
OWN = ("testing-strategy.md", "release-runbook.md", "launch-confidence.md", "tuning.md")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_runbook_says_for_every_reason_code_what_happened_and_what_to_do() -> None:
    section = read("release-runbook.md").partition("## What to do per reason code")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    assert sorted(code for code, _, _ in rows) == sorted(code.value for code in Code)
    assert all(happened and to_do for _, happened, to_do in rows)


def test_the_runbook_and_the_help_of_gate_evidence_name_the_same_exit_codes() -> None:
    shown = CliRunner().invoke(gate, ["evidence", "-h"]).output
    section = read("release-runbook.md").partition("| exit code of `gate evidence` |")[2].partition("\n\n")[0]
    known = [code for code in re.findall(r"^ {4}(\d+) ", shown, re.MULTILINE) if code not in ("70", "130")]
    assert re.findall(r"^\| (\d+) \|", section, re.MULTILINE) == known


def test_the_strategys_tiers_are_those_of_the_examples_policy() -> None:
    policy = YAML(typ="safe").load((ROOT / EXAMPLE / ".github/coverage-gate.yml").read_text(encoding="utf-8"))
    told = dict(
        re.findall(r"^\| `([\w-]+)` \| .*? \| .*? \| (\w+) \|", read("testing-strategy.md"), re.MULTILINE)
    )
    words = {"report": "reported", "enforce": "enforced"}
    tiers = {name: words[tier["coverage"]] for name, tier in policy["tiers"].items()}
    assert tiers.pop("merge-sharded") == "enforced"
    assert told == tiers
    sharded = policy["tiers"]["merge-sharded"]["expect"]
    assert f"`expect: {{coverage: {sharded['coverage']}, junit: {sharded['junit']}}}`" in read(
        "testing-strategy.md"
    )


def test_the_strategys_events_are_those_of_the_workflow() -> None:
    workflow = YAML(typ="safe").load((ROOT / EXAMPLE / "billing-confidence.yml").read_text(encoding="utf-8"))
    for tier, events in re.findall(
        r"^\| `([\w-]+)` \| (`.*?`) \|", read("testing-strategy.md"), re.MULTILINE
    ):
        named = re.findall(r"github\.event_name == '(\w+)'", workflow["jobs"][tier]["if"])
        assert sorted(re.findall(r"`(\w+)`", events)) == sorted(named)


def test_the_tuning_pages_variables_are_those_of_the_workflow() -> None:
    workflow = (ROOT / EXAMPLE / "billing-confidence.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"vars\.(\w+)", workflow)) == set(re.findall(r"BILLING_\w+", read("tuning.md")))


def test_the_tuning_page_tells_from_where_on_a_threshold_is_slack() -> None:
    assert SLACK_POINTS == 10
    assert "ten points or more below what is reached" in read("tuning.md")


@pytest.mark.parametrize("name", OWN)
def test_the_page_is_short_and_its_links_lead_somewhere(name: str) -> None:
    text = read(name)
    assert len(text.splitlines()) < 150
    links = [link for link in LINK.findall(text) if not link.startswith("https://")]
    assert [link for link in links if not Path(DOCS, link).exists()] == []


def test_the_readme_leads_to_every_document() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in DOCS.glob("*.md") if f"docs/{one.name}" not in readme] == []
