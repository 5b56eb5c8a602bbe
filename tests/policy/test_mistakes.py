"""What a user reads when the policy is wrong."""

from __future__ import annotations

import pytest

from gate.policy.mistakes import SHOWN_MISTAKES, Mark, Mistake, PolicyError, nearest
from tests.policy.loading import load, mistakes, one_mistake


def test_four_different_mistakes_are_all_shown_with_their_lines() -> None:
    text = """\
        version: 1
        coverage-files: coverage.json
        thresholds: {line: 85}
        modules:
          wallet:
            files: backend/wallet/**
            lnie: 85
          invoices:
            files: backend/invoices.py
            branch: 120
        tiers:
          nightly: {suites: [backend_critcal]}
        suites:
          backend_critical: {command: pytest, timeout: soon}
        """
    assert mistakes(text) == [
        ".github/coverage-gate.yml:7:5: modules.wallet.lnie: unknown key; did you mean 'line'? "
        "(known: files, line, branch, allow-empty, unmeasured)",
        ".github/coverage-gate.yml:10:13: modules.invoices.branch: must be a number from 0 to 100, not 120",
        ".github/coverage-gate.yml:12:22: tiers.nightly.suites[0]: there is no suite 'backend_critcal'; "
        "did you mean 'backend_critical'? (known: backend_critical)",
        ".github/coverage-gate.yml:14:48: suites.backend_critical.timeout: must be a whole number from 1 to "
        "604800 or a duration such as 30m, 90s or 1h30m, not 'soon'",
    ]


def test_the_last_line_counts_the_mistakes() -> None:
    with pytest.raises(PolicyError) as one:
        load("version: 1\nmodules: {a: {files: x, line: 1}}\n")
    assert str(one.value).splitlines()[-1] == "The policy has 1 mistake; nothing was evaluated."
    with pytest.raises(PolicyError) as two:
        load("version: 1\n")
    assert str(two.value).splitlines()[-1] == "The policy has 2 mistakes; nothing was evaluated."


def test_of_very_many_mistakes_a_hundred_are_shown_and_the_rest_counted() -> None:
    with pytest.raises(PolicyError) as caught:
        load(
            "version: 1\nmodules: {a: {files: x, line: 1}}\ncoverage-files: a\n"
            + "".join(f"x{n}: 1\n" for n in range(250))
        )
    shown = str(caught.value).splitlines()
    assert len(caught.value.mistakes) == 250
    assert len(shown) == SHOWN_MISTAKES + 2
    assert shown[-2:] == ["… and 150 more", "The policy has 250 mistakes; nothing was evaluated."]


def test_foreign_text_in_a_mistake_stays_on_one_line_and_shows_what_it_hides() -> None:
    line = one_mistake(
        'version: 1\ncoverage-files: a\nmodules: {a: {files: x, line: 1, "li\\nne\\u202e\\e[31m": 1}}\n'
    )
    assert "ne\\u202e\\x1b[31m': unknown key" in line
    assert line.isprintable()


def test_a_long_text_in_a_mistake_is_cut() -> None:
    line = one_mistake(f"version: 1\ncoverage-files: a\nmodules: {{a: {{files: x, line: '{'9' * 5000}'}}}}\n")
    assert len(line) < 300


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lnie", "line"),
        ("Branch", "branch"),
        ("allow_empty", "allow-empty"),
        ("file", "files"),
        ("wallet", None),
    ],
)
def test_the_nearest_known_key_is_offered_if_any_is_near(word: str, meant: str | None) -> None:
    assert nearest(word, ("files", "line", "branch", "allow-empty", "unmeasured")) == meant


def test_no_similar_key_is_looked_for_where_the_word_is_absurdly_long() -> None:
    assert nearest("l" * 101, ("l" * 100,)) is None


def test_a_long_list_of_known_names_is_cut() -> None:
    mistake = Mistake(
        "file", "unknown", mark=Mark(1, 2), word="zzz", known=tuple(f"name{n}" for n in range(40))
    )
    assert str(mistake) == f"file:1:2: unknown (known: {', '.join(f'name{n}' for n in range(12))}, …)"


def test_mistakes_of_one_source_come_in_the_order_of_its_lines() -> None:
    lines = mistakes(
        """\
        version: 3
        tiers: {a: {suites: [gone]}}
        nonsense: 1
        coverage-files: a
        modules: {a: {files: x, line: -1}}
        """
    )
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "5"]
