"""Parts are read as they were written, cut on whole lines where there is no room, and cannot be forged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.render.markdown import Links, marker, render_comment, render_part_cut
from gate.render.parts import COMMENT_LIMIT, Part, merged, part_of, read_parts

from .crowd import many
from .hostile import hostile
from .parsed import Parsed, github_html
from .texts import hostile_text, patient
from .verdicts import failing

KEY = marker("default")
SHA, OLD = "a" * 40, "b" * 40
CUT = "**No room here** for the rest."

names = st.sampled_from(["a", "b", "py 3.11 --> x", "é", "~", "%61", "x" * 300]) | hostile_text.filter(bool)
forged = st.sampled_from(
    [
        part_of("other", SHA, "forged").line,
        f"<!-- module-coverage-gate-state: failed {SHA} -->",
        marker("default"),
        "<details>",
        "</details>",
        "| row |",
        "",
    ]
)
lines = forged | hostile_text | st.text(max_size=400)
texts = st.lists(lines, max_size=12).map("\n".join)


def shown(body: str) -> dict[str, str]:
    return {name: part.text for name, part in read_parts(body).items()}


@patient
@given(parts=st.dictionaries(names, texts, min_size=1, max_size=6), line_end=st.sampled_from(["\n", "\r\n"]))
def test_parts_that_have_room_are_read_back_as_they_were_written(
    parts: dict[str, str], line_end: str
) -> None:
    body = KEY
    written: dict[str, Part] = {}
    for name, text in parts.items():
        part = part_of(name, SHA, text)
        written[part.name] = part
        merged_body = merged(KEY, read_parts(body), part, CUT)
        assert merged_body is not None
        body = merged_body.replace("\r\n", "\n").replace("\n", line_end)
    assert body.startswith(KEY)
    assert read_parts(body).keys() == written.keys()
    assert {name: part.hash for name, part in read_parts(body).items()} == {
        name: part.hash for name, part in written.items()
    }


@patient
@given(text=texts)
def test_no_text_holds_a_hidden_line_but_its_own_state_in_front(text: str) -> None:
    safe = part_of("a", SHA, text).text
    assert "<!-- module-coverage-gate" not in safe.partition("\n")[2]
    assert read_parts(f"{KEY}\n{safe}") == {}
    assert not safe.startswith(KEY)


def test_a_hostile_verdict_forges_no_part() -> None:
    text = render_comment(hostile(), Links(), key="default", part="a\n<!-- module-coverage-gate-part: b")
    body = merged(KEY, {}, part_of("a", SHA, text), CUT)
    assert body is not None
    assert list(read_parts(body)) == ["a"]
    found = Parsed(github_html(body))
    assert [one.split(":")[0] for one in found.comments] == [
        " module-coverage-gate",
        " module-coverage-gate-part",
    ]


@patient
@given(
    sizes=st.lists(st.integers(0, 3_000), min_size=1, max_size=8),
    folds=st.lists(st.integers(0, 2_000), min_size=8, max_size=8),
)
def test_whatever_the_sizes_a_comment_fits_with_every_headline_and_whole_lines(
    sizes: list[int], folds: list[int]
) -> None:
    whole = {}
    body = KEY
    for number, (rows, folded) in enumerate(zip(sizes, folds, strict=False)):
        table = "".join(f"| row {row} |\n" for row in range(rows))
        text = f"## Leg {number}\n\n{table}\n<details>\n" + "inside\n" * folded + "</details>"
        part = part_of(str(number), SHA, text)
        whole[part.name] = part
        following = merged(KEY, read_parts(body), part, CUT)
        assert following is not None
        body = following
        assert len(body.encode()) <= COMMENT_LIMIT
    for name, part in read_parts(body).items():
        full = whole[name].text
        beginning = part.text.removesuffix(f"\n\n{CUT}")
        assert full.startswith(beginning)
        assert full[len(beginning) : len(beginning) + 1] in {"", "\n"}
        assert beginning.startswith(f"## Leg {name}")
        assert beginning.count("<details>") == beginning.count("</details>")
        assert part.text == full or part.text.endswith(CUT)
    for part in whole.values():  # who says the same again changes nothing, cut or not
        assert merged(KEY, read_parts(body), part, CUT) == body


def test_parts_are_cut_only_where_there_is_no_room_and_the_longest_first() -> None:
    short = part_of("a", SHA, "## a\n\nshort")
    long = part_of("b", SHA, "## b\n\n" + "\n".join("x" * 79 for _ in range(1_000)))
    body = merged(KEY, read_parts(merged(KEY, {}, short, CUT) or ""), long, CUT)
    assert body is not None
    assert shown(body)["a"] == short.text
    assert COMMENT_LIMIT - 200 < len(body) <= COMMENT_LIMIT


def test_what_has_no_room_even_for_its_headline_is_refused() -> None:
    assert merged(KEY, {}, part_of("a", SHA, "x" * COMMENT_LIMIT), CUT) is None


def test_a_part_that_somebody_edited_is_written_anew() -> None:
    part = part_of("a", SHA, "## a\n\ntrue")
    body = merged(KEY, {}, part, CUT) or ""
    assert merged(KEY, read_parts(body.replace("true", "false")), part, CUT) == body


def test_of_three_hundred_modules_a_part_keeps_the_failing_ones_and_says_where_the_rest_is() -> None:
    links = Links("https://github.com", "octo/app", None, "77")
    body = KEY
    for name in (f"leg {number}" for number in range(6)):
        part = part_of(name, SHA, render_comment(many(), links, key="default", part=name))
        body = merged(KEY, read_parts(body), part, render_part_cut(links)) or ""
    assert len(body.encode()) <= COMMENT_LIMIT
    parts = shown(body)
    assert len(parts) == 6
    for text in parts.values():
        assert text.count("\n| ❌ ") + text.count("\n| ⛔ ") == 15
        assert text.endswith(
            "**No room here** for the rest of this part, which is in [the job summary]"
            "(https://github.com/octo/app/actions/runs/77) and the evidence folder."
        )
    assert Parsed(github_html(body)).unbalanced == []


def test_a_part_names_its_leg_in_its_headline() -> None:
    assert render_comment(failing(), Links(), key="default", part="py3.11").startswith(
        "## ❌ Module coverage, `py3.11`: failed\n"
    )
    assert render_comment(failing(), Links(), key="k", part="p").startswith(
        "## ❌ Module coverage, `k`, `p`: failed\n"
    )
