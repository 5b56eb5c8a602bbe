"""Whatever text it is: it is shown as it is, and it is nothing but text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given

from gate.render.escape import NAME_LIMIT, SEAM, SENTENCE_LIMIT, code, html_code, plain, sentence
from gate.text import one_line

from .parsed import PARSERS, Parsed
from .texts import hostile_text, patient

CONTEXTS = {
    "paragraph": "Before {} after",
    "line": "{}",
    "item": "- {}",
    "cell": "| a | b |\n| :-- | :-- |\n| {} | last |",
    "second line of a cell": "| a | b |\n| :-- | :-- |\n| first<br>{} | last |",
    "bold": "**Before** {} **after**",
}

# What GitHub's own filters look for in text outside of code, after the Markdown was read.
GITHUB_READS = {
    "a mention": re.compile(r"(?<!\w)@\w"),
    "an issue": re.compile(r"#\d|\bGH-\d", re.IGNORECASE),
    "a commit": re.compile(r"\b[0-9a-f]{7,40}\b"),
    "an emoji": re.compile(r":[\w+-]+:"),
    "mathematics": re.compile(r"\$[^\0$]+\$"),
    "a link": re.compile(r"://\w|www\.\w", re.IGNORECASE),
}

both_parsers = pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
all_contexts = pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)


def words(text: str) -> str:
    """The text without what parts it, and with its spaces as a browser shows them."""
    return " ".join(text.replace(SEAM, "").split(" ")).strip(" ")


def shown_in(context: str, markdown: str, parse: Callable[[str], str]) -> Parsed:
    """The document with the text in a place; what the place itself consists of is held against "text"."""
    found = Parsed(parse(context.replace("{}", markdown)))
    empty = Parsed(parse(context.replace("{}", "text")))
    own = [element for element in found.elements if element not in ("code", "span")]
    assert own == empty.elements
    assert found.links == []
    assert found.comments == []
    assert found.unbalanced == []
    assert [len(row) for row in found.rows] == [len(row) for row in empty.rows]
    return found


def text_in(context: str, found: Parsed, parse: Callable[[str], str]) -> str:
    """What stands where the text was put."""
    before, after = Parsed(parse(context.replace("{}", "\u2603"))).text.split("\u2603")
    assert found.text.startswith(before)
    assert found.text.endswith(after)
    return found.text[len(before) : len(found.text) - len(after)]


@both_parsers
@all_contexts
@patient
@given(text=hostile_text)
def test_a_name_is_shown_as_code_and_nothing_else(
    context: str, parse: Callable[[str], str], text: str
) -> None:
    found = shown_in(context, code(text), parse)
    assert words(text_in(context, found, parse)) == words(one_line(text, NAME_LIMIT) or '""')
    assert found.elements.count("code") == 1
    assert "span" not in found.elements or "|" in text


@both_parsers
@all_contexts
@patient
@given(text=hostile_text)
def test_a_sentence_is_shown_as_text(context: str, parse: Callable[[str], str], text: str) -> None:
    found = shown_in(context, "x " + plain(text), parse)
    assert words(text_in(context, found, parse)) == words("x " + one_line(text, SENTENCE_LIMIT))
    assert "code" not in found.elements


@both_parsers
@patient
@given(text=hostile_text)
def test_text_at_the_beginning_of_a_line_begins_no_list_heading_or_table(
    parse: Callable[[str], str], text: str
) -> None:
    found = Parsed(parse(plain(text.strip()).strip(" ") + "\n\nafter"))
    assert set(found.elements) <= {"p", "span"}


@both_parsers
@all_contexts
@patient
@given(text=hostile_text)
def test_a_message_keeps_its_words_when_its_quotes_become_code(
    context: str, parse: Callable[[str], str], text: str
) -> None:
    found = shown_in(context, "x " + sentence(text), parse)
    said = words(one_line(text, SENTENCE_LIMIT)).removesuffix(".")
    shown = words(text_in(context, found, parse)).removesuffix(".")
    assert _letters(shown) == _letters(f"x {said}")


def _letters(words: str) -> str:
    """The words without the quotes that became code, and with no regard to capitals."""
    return words.replace("'", "").casefold().strip(" ")


@patient
@given(text=hostile_text)
@pytest.mark.parametrize("escape", [code, plain, sentence])
@pytest.mark.parametrize("meaning", GITHUB_READS)
def test_github_finds_nothing_to_link_outside_of_code(
    escape: Callable[[str], str], meaning: str, text: str
) -> None:
    prose = Parsed(PARSERS["cmark-gfm"](escape(text))).prose
    # An element of its own is how GitHub is told that a dollar sign is a dollar sign.
    if meaning == "mathematics":
        prose = Parsed(PARSERS["cmark-gfm"](escape(text).replace("<span>$</span>", "dollar"))).prose
    assert not GITHUB_READS[meaning].search(prose)


@patient
@given(text=hostile_text)
def test_text_in_an_html_line_stays_on_it_as_text(text: str) -> None:
    found = Parsed(
        PARSERS["cmark-gfm"](f"<details><summary>{html_code(text)}: 3</summary>\n\nin\n\n</details>\n")
    )
    assert found.elements == ["details", "summary", "code", "p"]
    assert found.unbalanced == []
    assert words(found.text.split("\n")[0]) == words(f"{one_line(text, NAME_LIMIT)}: 3")


@patient
@given(text=hostile_text)
@pytest.mark.parametrize("escape", [code, plain, sentence, html_code])
def test_no_marker_and_no_command_gets_into_the_source(escape: Callable[[str], str], text: str) -> None:
    source = escape(text)
    assert "<!--" not in source
    assert "##[" not in source
    assert not source.lstrip().startswith("::")
    assert "\n" not in source


def test_a_name_is_cut_where_it_gets_too_long() -> None:
    assert code("x" * 50, 10) == "`xxxxxxxxx…`"


def test_a_usual_path_reads_the_same_in_the_source() -> None:
    assert code("backend/open_webui/routers/billing.py") == "`backend/open_webui/routers/billing.py`"


def test_a_message_reads_as_a_sentence() -> None:
    assert sentence("module 'a_b': no coverage report names 'x/*.py'") == (
        "Module `a_b`: no coverage report names `x/*.py`."
    )
