from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.suites.tail import MOST_BYTES, MOST_LINES, Tail

WRITTEN = st.lists(
    st.one_of(
        st.binary(max_size=80),
        st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\0", "é🦀".encode(), b"\xff"]),
        st.integers(1, 3).map(lambda number: b"x" * (MOST_BYTES // 2) * number),
        st.integers(1, 120).map(lambda number: b"a line\n" * number),
    ),
    max_size=12,
)


def tail_of(*pieces: bytes) -> tuple[str, ...]:
    tail = Tail()
    for piece in pieces:
        tail.add(piece)
    return tail.lines()


@given(WRITTEN)
def test_however_an_output_is_cut_into_pieces_its_tail_is_the_same(written: list[bytes]) -> None:
    assert tail_of(*written) == tail_of(b"".join(written))


@given(WRITTEN)
def test_the_tail_is_the_end_of_the_output_as_far_as_its_limits_go(written: list[bytes]) -> None:
    whole = b"".join(written)
    told = whole.removesuffix(b"\n").split(b"\n") if whole else []
    expected = [line.removesuffix(b"\r").decode("utf-8", "replace") for line in told[-MOST_LINES:]]
    lines = tail_of(*written)
    if len(whole) <= MOST_BYTES or len(b"\n".join(whole.split(b"\n")[-MOST_LINES - 1 :])) <= MOST_BYTES:
        assert list(lines) == expected
    elif lines:
        assert list(lines[1:]) == expected[len(expected) - len(lines) + 1 :]
        start = lines[0].removeprefix("…").lstrip("\N{REPLACEMENT CHARACTER}")
        assert expected[-len(lines)].endswith(start)
    assert sum(map(len, lines)) <= MOST_BYTES + 1


@given(st.integers(0, 5000), st.booleans())
def test_whole_lines_are_told_as_they_are(number: int, ended: bool) -> None:
    text = "\n".join(f"line {count}" for count in range(number)) + ("\n" if ended and number else "")
    assert tail_of(text.encode()) == tuple(f"line {count}" for count in range(max(0, number - 50), number))


def test_a_line_whose_start_is_cut_off_says_so() -> None:
    assert tail_of(b"a" * MOST_BYTES) == ("a" * MOST_BYTES,)
    assert tail_of(b"ab" + b"a" * (MOST_BYTES - 1)) == ("…b" + "a" * (MOST_BYTES - 1),)
    assert tail_of(b"before\n" + b"a" * MOST_BYTES) == ("a" * MOST_BYTES,)
    assert tail_of(b"b" * 20, b"a" * (MOST_BYTES - 2), b"\nb") == ("…" + "a" * (MOST_BYTES - 2), "b")


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert tail_of(b"\xffa\0b\r\n\n\xf0\x9f") == (
        "\N{REPLACEMENT CHARACTER}a\0b",
        "",
        "\N{REPLACEMENT CHARACTER}",
    )
