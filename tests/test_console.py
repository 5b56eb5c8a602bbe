"""The result in a log and on a terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gate.console import HEADINGS, log_text, terminal_text
from tests.render.cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_log_and_terminal_say_the_same(name: str) -> None:
    verdict = CASES[name]()
    log = log_text(verdict)
    terminal = terminal_text(verdict, width=10_000, colour=False)
    assert [line.split() for line in log.splitlines()] == [line.split() for line in terminal.splitlines()]


@pytest.mark.parametrize("name", CASES)
def test_a_log_has_a_line_for_each_module_reason_and_note(name: str) -> None:
    verdict = CASES[name]()
    expected = len(verdict.modules) + bool(verdict.modules) + len(verdict.reasons) + len(verdict.notes) + 2
    assert len(log_text(verdict).splitlines()) == expected


def test_columns_stand_below_their_headings() -> None:
    first, *rows = log_text(CASES["fail"]()).splitlines()
    at = first.index(HEADINGS[1])
    assert [row[at:].split()[0] for row in rows[:3]] == ["failed", "passed", "passed"]


def test_a_terminals_width_is_kept_and_its_colours_can_be_had() -> None:
    verdict = CASES["fail"]()
    assert max(map(len, terminal_text(verdict, width=60, colour=False).splitlines())) <= 60
    assert "\x1b[" in terminal_text(verdict, width=60, colour=True)
    assert "\x1b[" not in terminal_text(verdict, width=60, colour=False)


def test_a_log_needs_no_rich() -> None:
    program = (
        "import sys; from tests.render.cases import CASES; from gate.console import log_text;"
        "log_text(CASES['fail']()); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
