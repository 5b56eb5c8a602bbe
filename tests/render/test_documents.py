"""Whole documents, held against expected ones that a person has read and checked."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gate.render.markdown import (
    Links,
    marker,
    render_check,
    render_comment,
    render_summary,
    status_description,
)
from gate.verdict import Code, Verdict

from .builders import REPOSITORY, SERVER
from .cases import CASES
from .parsed import PARSERS, Parsed, github_html

EXPECTED = Path(__file__).parent / "expected"

every_case = pytest.mark.parametrize("name", CASES)


def links_of(name: str, verdict: Verdict) -> Links:
    """Where links lead; 300 modules are told without any, for a person to read."""
    return Links() if name == "300-modules" else Links(SERVER, REPOSITORY, verdict.commit)


def expected(name: str) -> str:
    """An expected document, which ends with a line break as a text file does."""
    return (EXPECTED / name).read_text(encoding="utf-8")


@every_case
def test_the_comment_is_the_expected_one(name: str) -> None:
    verdict = CASES[name]()
    comment = render_comment(verdict, links_of(name, verdict), key="default")
    assert comment + "\n" == expected(f"{name}.comment.md")


@every_case
def test_the_summary_is_the_expected_one(name: str) -> None:
    verdict = CASES[name]()
    assert render_summary(verdict, links_of(name, verdict)) == expected(f"{name}.summary.md")


@every_case
def test_the_check_says_what_the_comment_says_below_its_headline(name: str) -> None:
    verdict = CASES[name]()
    links = links_of(name, verdict)
    comment = render_comment(verdict, links, key="default")
    headline, _, body = comment.partition("\n\n")
    assert headline.startswith("<!-- module-coverage-gate: default -->\n## ")
    assert render_check(verdict, links).summary == body


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("pass", "Passed: 2 of 2 modules evaluated"),
        ("fail", "Failed: 3 of 3 modules evaluated, 1 not passed: billing-router"),
        (
            "report-only",
            "Failed, not blocking: 3 of 3 modules evaluated, 1 not passed: billing-router",
        ),
        (
            "error",
            "Error: 0 of 2 modules evaluated, 1 artifact not usable, 2 not passed: billing-service, wallet",
        ),
        ("nothing-to-compare", "Passed, no coverage expected: 0 of 3 modules evaluated"),
        (
            "300-modules",
            "Error: 297 of 300 modules evaluated, 15 not passed: "
            "service-024, service-049, service-050, service-074, service-099 and others",
        ),
    ],
)
def test_the_status_and_the_title_of_the_check_tell_the_result_in_a_line(name: str, description: str) -> None:
    verdict = CASES[name]()
    assert status_description(verdict) == description
    assert render_check(verdict, Links()).title == description


def test_the_comment_names_no_run_so_that_the_same_result_is_the_same_text() -> None:
    verdict = CASES["fail"]()
    links = links_of("fail", verdict)
    again = msgspec.structs.replace(verdict, run_id="4712-3")
    assert render_comment(again, links, key="a") == render_comment(verdict, links, key="a")


def test_a_comment_of_another_key_says_so_in_its_marker_and_in_its_headline() -> None:
    comment = render_comment(CASES["pass"](), Links(), key="py3.11 <b>")
    assert comment.splitlines()[:2] == [
        marker("py3.11 <b>"),
        "## ✅ Module coverage, `py3.11 <b>`: passed",
    ]


def test_every_reason_there_is_has_a_next_step() -> None:
    assert {reason.code for reason in CASES["every-reason"]().reasons} == set(Code)


@every_case
def test_two_markdown_parsers_read_the_same_tables(name: str) -> None:
    verdict = CASES[name]()
    for document in (
        render_comment(verdict, links_of(name, verdict), key="default"),
        render_summary(verdict, links_of(name, verdict)),
    ):
        found = {parser: Parsed(parse(document)) for parser, parse in PARSERS.items()}
        assert found["cmark-gfm"].rows == found["markdown-it"].rows
        assert found["cmark-gfm"].links == found["markdown-it"].links


def test_hostile_names_bring_no_element_link_or_comment_of_their_own() -> None:
    ours = {"h2", "h3", "p", "strong", "ul", "li", "code", "a", "br", "span", "details", "summary"}
    table = {"table", "thead", "tbody", "tr", "th", "td"}
    verdict = CASES["hostile"]()
    found = Parsed(github_html(render_comment(verdict, links_of("hostile", verdict), key="default")))
    assert set(found.elements) <= ours | table
    assert found.comments == [" module-coverage-gate: default "]
    assert found.unbalanced == []
    assert all(link.startswith(f"{SERVER}/{REPOSITORY}/") for link in found.links)
