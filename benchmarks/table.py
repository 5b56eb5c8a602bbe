"""The measurements as one table: for a terminal, or as Markdown for the README."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.comparisons import MB, Comparison, Goal
from benchmarks.measure import Measurements

_WHOLE = 100
COLUMNS = ("work", "program", "seconds", "CPU", "memory", "times", "runs")
_MEANING = "Medians; `times` is how many times as long as the gate, by rounds"


class Row(NamedTuple):
    """A line of the table, as text."""

    work: str
    program: str
    wall: str
    cpu: str
    peak: str
    ratio: str
    runs: str


class Measured(NamedTuple):
    """A comparison with its measurements."""

    comparison: Comparison
    found: Measurements

    def rows(self) -> Iterator[Row]:
        """A line for each contender; the work is named once."""
        work = self.comparison.work
        for name, runs in self.found.runs.items():
            took = self.found.median(name)
            ratio = "" if name == self.found.gate else _significant(self.found.times_the_gate(name))
            yield Row(
                work,
                name,
                f"{took.wall:.2f}",
                f"{took.cpu:.2f}",
                f"{took.peak / MB:.0f} MB",
                ratio,
                str(len(runs)),
            )
            work = ""

    def goals(self) -> Iterator[str]:
        """What was to be held, and whether it is."""
        for goal in self.comparison.goals:
            figure = goal.figure(self.found)
            word = "at least" if goal.at_least else "at most"
            holds = "held" if _holds(goal, figure) else "NOT HELD"
            yield (
                f"{holds}: {self.comparison.work}: {_significant(figure)} {goal.words} "
                f"({word} {_significant(goal.limit)})"
            )


def show(measured: Sequence[Measured], console: Console) -> None:
    """Print the table and the goals."""
    table = Table(*COLUMNS, title=where_and_when(), caption=_MEANING)
    for column in table.columns[2:]:
        column.justify = "right"
    for one in measured:
        for row in one.rows():
            table.add_row(*row)
        table.add_section()
    console.print(table)
    for one in measured:
        for line in one.goals():
            console.print(line, highlight=False, markup=False)


def markdown(measured: Sequence[Measured]) -> str:
    """The table and the goals as Markdown."""
    lines = [
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * 2}{'---:|' * (len(COLUMNS) - 2)}",
        *(f"| {' | '.join(row)} |" for one in measured for row in one.rows()),
        "",
        f"{where_and_when()}. {_MEANING}.",
        "",
        *(f"- {line}" for one in measured for line in one.goals()),
    ]
    return "\n".join(lines) + "\n"


def _holds(goal: Goal, figure: float) -> bool:
    return figure >= goal.limit if goal.at_least else figure <= goal.limit


def where_and_when() -> str:
    """The day and the machine."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} processors, {_processor()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _significant(number: float) -> str:
    return f"{number:,.0f}" if number >= _WHOLE else f"{number:.3g}"
