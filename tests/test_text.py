from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from gate.text import counted, one_line, quoted, without_commands


def is_command(line: str) -> bool:
    """The runner's two forms: `::name …::` after white space at a line's start, `##[name …]` anywhere."""
    return re.match(r"^\s*::", line) is not None or "##[" in line


commandlike = st.text(alphabet=st.sampled_from(list(":#[]\n\r\t \x0b\x0c\x1c\x85\u2028ax"))) | st.text()


@given(commandlike)
def test_no_workflow_command_survives(text: str) -> None:
    assert not any(is_command(line) for line in re.split(r"\r\n|\r|\n", without_commands(text)))


@given(st.text())
def test_one_line_is_one_line_without_anything_invisible(text: str) -> None:
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    assert shown.isprintable()


def test_terminal_escapes_and_direction_marks_become_visible() -> None:
    assert one_line("a\x1b[31mb\u202ec\nd\U000e0001\ud800") == r"a\x1b[31mb\u202ec\nd\U000e0001\ud800"


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert one_line("x" * 301) == "x" * 299 + "…"
    assert one_line("x" * 300) == "x" * 300


def test_plain_text_is_not_touched() -> None:
    assert one_line("tests/test_wallet.py::test_ärger[1-2]") == "tests/test_wallet.py::test_ärger[1-2]"
    assert without_commands("a::b ## [x]") == "a::b ## [x]"


def test_numbers_and_nouns_agree() -> None:
    assert [counted(n, "branch", "branches") for n in (0, 1, 2)] == ["0 branches", "1 branch", "2 branches"]
    assert quoted("a") == "'a'"
