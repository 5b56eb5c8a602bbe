from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.suites.lines import Lines

PIECES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from([b"\n", b"\r\n", "é🦀".encode(), b"\xff"]),
        st.tuples(
            st.sampled_from([b"x", "é".encode(), "🦀".encode(), b"\xff", b"\xf0\x9f"]), st.integers(1, 4100)
        ).map(lambda many: many[0] * many[1]),
    ),
    max_size=10,
)


def lines_of(*pieces: bytes) -> list[str]:
    lines = Lines()
    return [line for piece in pieces for line in lines.add(piece)] + list(lines.rest())


@given(PIECES)
def test_lines_are_those_of_the_whole_output_cut_at_2000_characters(pieces: list[bytes]) -> None:
    whole = b"".join(pieces).split(b"\n")
    if not whole[-1]:
        whole.pop()
    texts = [line.removesuffix(b"\r").decode("utf-8", "replace") for line in whole]
    assert lines_of(*pieces) == [text if len(text) <= 2000 else text[:1999] + "…" for text in texts]


def test_a_line_is_told_when_it_is_complete_and_not_before() -> None:
    lines = Lines()
    assert list(lines.add(b"fir")) == []
    assert list(lines.add(b"st\n\nthi")) == ["first", ""]
    assert list(lines.rest()) == ["thi"]
    assert list(lines.rest()) == []
