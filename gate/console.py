"""The result as a person reads it: in a job's log as plain lines, on a terminal as a table that fits."""

from __future__ import annotations

import io
from collections.abc import Iterator

from gate.text import one_line, without_commands
from gate.verdict import Metric, ModuleResult, Verdict

HEADINGS = ("module", "status", "line", "branch", "missing lines")
LONGEST_CELL = 200
LONGEST_MESSAGE = 1000
_STYLES = {"passed": "green", "failed": "red", "error": "yellow"}


def log_text(verdict: Verdict) -> str:
    """Modules, reasons, notes and the result, each a line. No workflow command survives in it."""
    lines = [*_aligned([HEADINGS, *_rows(verdict)])] if verdict.modules else []
    lines += [
        f"{reason.code.value} {one_line(reason.message, LONGEST_MESSAGE)}" for reason in verdict.reasons
    ]
    lines += [f"note {one_line(note.message, LONGEST_MESSAGE)}" for note in verdict.notes]
    return without_commands("\n".join((*lines, tests_line(verdict), verdict.summary_line)))


def terminal_text(verdict: Verdict, *, width: int, colour: bool) -> str:
    """The same for a terminal so many columns wide."""
    # Imported here: it takes as long as a third of the rest, and a log needs none of it.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if verdict.modules:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in HEADINGS:
            table.add_column(heading, overflow="fold")
        for name, status, *others in _rows(verdict):
            table.add_row(name, Text(status, _STYLES[status]), *others)
        console.print(table)
    for reason in verdict.reasons:
        message = one_line(reason.message, LONGEST_MESSAGE)
        console.print(Text.assemble((reason.code.value, "bold"), " ", message))
    for note in verdict.notes:
        console.print(Text.assemble(("note", "dim"), " ", one_line(note.message, LONGEST_MESSAGE)))
    console.print(Text(tests_line(verdict)))
    console.print(Text(verdict.summary_line, f"bold {_STYLES[verdict.verdict]}"))
    return without_commands(buffer.getvalue().rstrip("\n"))


def _rows(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for module in verdict.by_urgency:
        yield (
            one_line(module.name),
            module.status,
            _metric(module.line),
            _metric(module.branch),
            one_line(_missing(module), LONGEST_CELL),
        )


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def tests_line(verdict: Verdict) -> str:
    """The test outcomes in a line."""
    tests = verdict.tests
    return (
        f"tests: {tests.total} in all, {tests.passed} passed, {tests.failed} failed, {tests.errors} errors, "
        f"{tests.skipped} skipped"
    )


def _metric(metric: Metric) -> str:
    if not metric.measured:
        return "not measured"
    if metric.percent is None:
        return "n/a"
    needs = "" if metric.threshold is None else f", needs {metric.threshold}"
    return f"{metric.percent:.2f} % ({metric.covered}/{metric.total}){needs}"


def _missing(module: ModuleResult) -> str:
    return "; ".join(
        f"{file.path}: "
        + ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in file.missing_lines)
        for file in module.files
        if file.missing_lines
    )
