"""What the process that draws a foreign template cannot do any more, and what drawing still can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jinja2.filters
import pytest

from gate.render.environment import foreign_environment
from gate.render.links import Links
from gate.render.sandbox import Task, draw

from .verdicts import failing

CONFINED = """
import os, socket, sys
from gate.render import sandbox
sandbox._give_up()
try:
    {attempt}
except (OSError, MemoryError, ImportError) as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    ("attempt", "raised"),
    [
        ("open('/etc/passwd')", "OSError"),
        ("open(f'/proc/{os.getppid()}/environ')", "OSError"),
        ("socket.socket()", "OSError"),
        ("os.pipe()", "OSError"),
        ("import sqlite3", "OSError"),
        ("bytearray(300 << 20)", "MemoryError"),
    ],
)
def test_a_process_that_gave_up_everything_can_do_nothing(attempt: str, raised: str) -> None:
    program = CONFINED.format(attempt=attempt)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout == f"{raised}\n", done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may start processes whatever the limit")
def test_an_ordinary_users_process_that_gave_up_everything_starts_no_other() -> None:
    program = CONFINED.format(attempt="os.fork()")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "BlockingIOError\n", done.stderr


def test_every_filter_of_jinja_does_the_same_without_files() -> None:
    drawn = [draw(task, foreign_environment()) for task in every_filter()]
    assert sum(one.document is not None for one in drawn) > len(drawn) // 2
    program = (
        "from gate.render import sandbox; from gate.render.environment import foreign_environment\n"
        "from tests.render.test_sandbox import every_filter\n"
        "environment = foreign_environment(); sandbox._import_what_drawing_imports(); sandbox._give_up()\n"
        "print([sandbox.draw(task, environment) for task in every_filter()])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == f"{drawn}\n", done.stderr


def every_filter() -> list[Task]:
    """A template for each, which prints the length of what it makes: `random` and `pprint` among them."""
    return [
        Task(f"{{{{ ('a b' | {name}) | string | length }}}}", failing(), Links(), 1000)
        for name in sorted(jinja2.filters.FILTERS)
    ]


def test_no_core_is_left_of_a_process_that_is_killed(tmp_path: Path) -> None:
    program = "import os, signal; from gate.render import sandbox; sandbox._give_up(); os.abort()"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
    assert list(tmp_path.iterdir()) == []
