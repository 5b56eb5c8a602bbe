"""What a fork's run says of itself: the usual documents, below a label that says whose word it is."""

from __future__ import annotations

import msgspec
import pytest

from gate.render.markdown import (
    Links,
    Reporter,
    render_comment,
    render_reported_comment,
    render_reported_summary,
)

from .builders import HEAD, REPOSITORY, SERVER
from .cases import CASES

LINKS = Links(SERVER, REPOSITORY, HEAD, "7")


@pytest.mark.parametrize("name", [name for name in CASES if name != "300-modules"])
def test_the_comment_is_the_usual_one_with_the_label_below_its_headline(name: str) -> None:
    verdict = CASES[name]()
    headline, label, body = render_reported_comment(verdict, LINKS, Reporter(of_fork=True), key="k").split(
        "\n\n", 2
    )
    usual_headline, usual_body = render_comment(verdict, LINKS, key="k").split("\n\n", 1)
    assert (headline, body) == (usual_headline, usual_body)
    assert label.startswith("> [!NOTE]\n> ")
    assert "**self-reported by the fork's run**" in label
    assert f"({SERVER}/{REPOSITORY}/actions/runs/7)" in label


def test_a_run_of_the_repositorys_own_branch_is_not_called_a_forks() -> None:
    verdict = CASES["pass"]()
    comment = render_reported_comment(verdict, LINKS, Reporter(of_fork=False), key="k")
    assert "self-reported by the pull request's own run" in comment
    assert "fork" not in comment


def test_without_an_address_of_the_server_the_run_is_named_without_a_link() -> None:
    comment = render_reported_comment(CASES["pass"](), Links(), Reporter(of_fork=True), key="k")
    assert "self-reported by the fork's run** (its page)" in comment


def test_the_summary_has_the_same_label_and_no_marker() -> None:
    summary = render_reported_summary(CASES["fail"](), LINKS, Reporter(of_fork=True))
    assert summary.startswith("## ❌ Module coverage: failed\n\n> [!NOTE]\n")
    assert "self-reported by the fork's run" in summary
    assert "<!--" not in summary


def test_both_fit_where_they_go_and_say_where_the_rest_is() -> None:
    many = CASES["300-modules"]()
    verdict = msgspec.structs.replace(many, modules=many.modules * 3)
    for document in (
        render_reported_comment(verdict, LINKS, Reporter(of_fork=True), key="k"),
        render_reported_summary(verdict, LINKS, Reporter(of_fork=True)).rstrip("\n"),
    ):
        assert len(document.encode()) <= 65_536
        assert document.rpartition("**No room here**")[2].endswith("in the artifact of that run.")
