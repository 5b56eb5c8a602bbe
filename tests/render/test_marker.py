"""The marker tells the comments of different keys apart, whatever the keys are."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from gate.render.marker import marker

from .parsed import PARSERS, Parsed
from .texts import hostile_text, patient

keys = (
    hostile_text
    | st.text(max_size=300)
    | st.sampled_from(["default", "py3.11", "a-", "a--", "a", "", "%61", "~"])
)


def test_a_usual_key_is_legible() -> None:
    assert marker("default") == "<!-- module-coverage-gate: default -->"
    assert marker("py3.11-linux") == "<!-- module-coverage-gate: py3.11-linux -->"


def test_what_ends_a_html_comment_is_encoded() -> None:
    assert marker("a --> b") == "<!-- module-coverage-gate: a%20%2D-%3E%20b -->"


def test_a_key_that_looks_encoded_is_another_key() -> None:
    assert marker("a b") == "<!-- module-coverage-gate: a%20b -->"
    assert marker("a%20b") == "<!-- module-coverage-gate: a%2520b -->"


@patient
@given(one=keys, other=keys)
def test_different_keys_have_markers_of_which_none_begins_another(one: str, other: str) -> None:
    assume(one != other)
    assert not marker(one).startswith(marker(other))


@patient
@given(key=keys)
def test_a_marker_is_one_short_invisible_comment(key: str) -> None:
    text = marker(key)
    assert text.isascii()
    assert "\n" not in text
    assert len(text) < 300
    for parse in PARSERS.values():
        found = Parsed(parse(f"{text}\n## Heading"))
        assert found.elements == ["h2"]
        assert found.comments == [text.removeprefix("<!--").removesuffix("-->")]
