"""What is shown while suites run: lines in a log, a group for each suite in CI, a table on a terminal."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gate.output import Log
from gate.suites.plan import Planned
from gate.suites.results import SuiteResult
from gate.text import one_line, without_commands

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table as Rows

SHOWN_OF_A_LOG = 256 * 1024
"""Bytes of a suite's log that are printed in CI; all of it is in the evidence folder."""

_MARKS = {
    "passed": "✓",
    "failed": "✗",
    "timeout": "✗",
    "interrupted": "✗",
    "not-started": "✗",
    "not-begun": "✗",
}


class Progress(Protocol):
    """Told of each suite when it begins, of each line that it prints, and when it ends. Threads tell it.

    `listens` is whether it has a use for the lines.
    """

    listens: bool

    def __enter__(self) -> Progress: ...

    def __exit__(self, *_: object) -> None: ...

    def began(self, one: Planned) -> None:
        """A suite begins."""
        ...

    def heard(self, one: Planned, line: str) -> None:
        """It printed a line."""
        ...

    def ended(self, one: Planned, result: SuiteResult, log: Path) -> None:
        """It ended; `log` is where all that it printed is."""
        ...


class Lines:
    """A line when a suite begins and one when it ends; in CI what it printed too, as a group that folds."""

    listens = False

    def __init__(self, log: Log, *, grouped: bool) -> None:
        self._log = log
        self._grouped = grouped
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def began(self, one: Planned) -> None:
        """A suite begins."""
        with self._one_at_a_time:
            self._log(without_commands(f"suite {one_line(one.name)} begins"))

    def heard(self, one: Planned, line: str) -> None:
        """Lines of suites that run beside each other would mix; the log has them."""

    def ended(self, one: Planned, result: SuiteResult, log: Path) -> None:
        """It ended."""
        said = f"{_MARKS[result.how]} suite {one_line(one.name)} {one_line(result.outcome)}: {result.cost}"
        with self._one_at_a_time:
            if not self._grouped:
                self._log(without_commands(said))
                return
            self._log(f"::group::{without_commands(said)}")
            for line in _last_lines(log):
                self._log(without_commands(line))
            self._log("::endgroup::")


class Table:
    """On a terminal: a row for each suite, with the last line that it printed."""

    listens = True

    def __init__(self, plan: Sequence[Planned]) -> None:
        self._plan = plan
        self._said: dict[str, str] = {}
        self._results: dict[str, SuiteResult] = {}
        self._live: Live | None = None

    def __enter__(self) -> Table:
        from rich.console import Console  # noqa: PLC0415 - on a terminal only
        from rich.live import Live  # noqa: PLC0415

        self._live = Live(console=Console(stderr=True), get_renderable=self._rows, refresh_per_second=4)
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def began(self, one: Planned) -> None:
        """A suite begins."""
        self._said[one.name] = ""

    def heard(self, one: Planned, line: str) -> None:
        """It printed a line."""
        if line.strip():
            self._said[one.name] = one_line(line, 120)

    def ended(self, one: Planned, result: SuiteResult, log: Path) -> None:  # noqa: ARG002 - the protocol's
        """It ended."""
        self._results[one.name] = result

    def _rows(self) -> Rows:
        from rich.table import Table as Rows  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        rows = Rows(box=None, pad_edge=False, show_header=False)
        for one in self._plan:
            result = self._results.get(one.name)
            if result is not None:
                colour = "green" if result.how == "passed" else "red" if one.suite.blocking else "yellow"
                rows.add_row(
                    Text(_MARKS[result.how], colour), Text(one.name), Text(f"{result.outcome}: {result.cost}")
                )
            elif one.name in self._said:
                rows.add_row(Text("▸", "cyan"), Text(one.name), Text(self._said[one.name], "dim"))
            else:
                rows.add_row(Text("·", "dim"), Text(one.name, "dim"), Text("waits", "dim"))
        return rows


def _last_lines(log: Path) -> list[str]:
    # A suite may have laid a link or a pipe where its log was.
    try:
        descriptor = os.open(log, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - of a descriptor
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return []
            file.seek(0, 2)
            size = file.tell()
            file.seek(max(0, size - SHOWN_OF_A_LOG))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    shown = [one_line(line, 2000) for line in lines]
    return (
        shown
        if size <= SHOWN_OF_A_LOG
        else [f"(the first {size - SHOWN_OF_A_LOG} bytes are in the log only)", *shown[1:]]
    )
