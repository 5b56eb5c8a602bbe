"""The result as a person reads it on a terminal or in a job's log."""

from __future__ import annotations

import io

from gate.text import one_line, without_commands
from gate.verdict import Metric, ModuleResult, Verdict

LOG_WIDTH = 120
_STYLES = {"passed": "green", "failed": "red", "error": "yellow"}


def result_text(verdict: Verdict, *, width: int, colour: bool) -> str:
    """A table of the modules, then reasons, notes and the result line. No workflow command survives in it."""
    # Imported here: rich is not needed where only JSON is printed.
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
        for heading in ("module", "status", "line", "branch", "missing lines"):
            table.add_column(heading, overflow="fold")
        for module in verdict.by_urgency:
            table.add_row(
                one_line(module.name),
                Text(module.status, _STYLES[module.status]),
                _metric(module.line),
                _metric(module.branch),
                one_line(_missing(module), 200),
            )
        console.print(table)
    for reason in verdict.reasons:
        console.print(Text.assemble((reason.code.value, "bold"), " ", one_line(reason.message, 1000)))
    for note in verdict.notes:
        console.print(Text.assemble(("note", "dim"), " ", one_line(note.message, 1000)))
    console.print(Text(tests_line(verdict)))
    console.print(Text(verdict.summary_line, f"bold {_STYLES[verdict.verdict]}"))
    return without_commands(buffer.getvalue().rstrip("\n"))


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
