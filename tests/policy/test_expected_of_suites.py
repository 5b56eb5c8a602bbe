"""What a tier expects of its suites."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.loading import load, one_mistake

TEXT = """\
version: 1
modules: {a: {files: a, line: 1}}
coverage-files: c.json
tiers:
  merge: {suites: [unit]}
  smoke: {coverage: "off", suites: [unit]}
  none: {}
suites:
  unit: {command: x, mount: backend, artifacts: {junit: j.xml, coverage: c.json, trace: traces}}
  other: {command: x, artifacts: {junit: o.xml}}
"""

WITHOUT_LISTS = TEXT.replace("coverage-files: c.json\n", "")


def expected(tier: str | None, **inputs: Any) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.path, one.mount) for one in load(TEXT, tier=tier, **inputs).expected]


def test_a_tier_expects_what_its_suites_leave_and_no_tier_nothing() -> None:
    assert expected("merge") == [
        ("junit", "j.xml", "backend"),
        ("coverage", "c.json", "backend"),
        ("trace", "traces", "backend"),
    ]
    assert expected(None) == expected("none") == []


def test_a_list_that_is_given_as_input_says_where_that_kind_is_instead() -> None:
    assert [kind for kind, *_ in expected("merge", coverage_files=("x.json",))] == ["junit", "trace"]
    assert [kind for kind, *_ in expected("merge", junit_files=("x.xml",))] == ["coverage", "trace"]


def test_a_tier_without_coverage_expects_none_of_its_suites() -> None:
    assert [kind for kind, *_ in expected("smoke")] == ["junit", "trace"]


@pytest.mark.parametrize("tier", ["merge", "smoke"])
def test_reports_that_a_tiers_suites_leave_need_not_be_named_again(tier: str) -> None:
    assert load(WITHOUT_LISTS, tier=tier).expected


@pytest.mark.parametrize("tier", ["none", None])
def test_where_no_suite_leaves_a_report_the_policy_names_one(tier: str | None) -> None:
    assert "nothing to read" in one_mistake(WITHOUT_LISTS, tier=tier)
