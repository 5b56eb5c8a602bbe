"""What a document shows of a verdict: chosen, ordered and cut here, put into words by the templates."""

from __future__ import annotations

from typing import Literal

import msgspec

from gate.render.gaps import FileGaps, Gaps, Room, branches_to_begin_with, file_gaps, module_gaps, worst_first
from gate.verdict import Code, ModuleResult, Note, Reason, Verdict

OPEN_ROWS = 10
"""With more modules than this, those that passed are folded, and with more failing ones their files."""

ROOMY_ROWS = 15
"""Up to so many modules each have all the room of a row."""

SAID_ELSEWHERE = frozenset({"coverage-off", "tests-not-configured"})
"""Notes that the document's own lines about coverage and tests already are."""

ARTIFACT_CODES = frozenset(
    {Code.ARTIFACT_MISSING, Code.ARTIFACT_EMPTY, Code.ARTIFACT_UNREADABLE, Code.ARTIFACT_STALE}
)

Outcome = Literal["passed", "unjudged", "failed", "reported", "error"]
"""A verdict's word; "unjudged" passed without any coverage, "reported" failed and does not block."""


class Caps(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows each part of a document has at most, and how much room there is in a row.

    Files are listed one by one of every module, or only of failing ones whose row is too small for all gaps;
    how each report was read is told likewise, or left to the job summary.
    """

    every_module: bool
    every_report: bool
    failing: int
    steps: int
    files: int
    passing: int
    notes: int
    failing_row: Room
    passing_row: Room
    file_row: Room


class Row(msgspec.Struct, frozen=True):
    """A module in the table, and what is named of its gaps."""

    module: ModuleResult
    gaps: Gaps


class Item(msgspec.Struct, frozen=True):
    """One place where something is to be done; `module` is None for what is no module's."""

    reason: Reason
    module: ModuleResult | None = None

    @property
    def short(self) -> int | None:
        """How many lines or branches the module lacks; None where that is not the reason."""
        if self.module is None:
            return None
        metrics = {
            Code.BELOW_LINE_THRESHOLD: self.module.line,
            Code.BELOW_BRANCH_THRESHOLD: self.module.branch,
        }
        metric = metrics.get(self.reason.code)
        headroom = None if metric is None else metric.headroom
        return None if headroom is None or headroom >= 0 else -headroom

    @property
    def branches(self) -> FileGaps | None:
        """Branches of the module to begin with."""
        return None if self.module is None else branches_to_begin_with(self.module)


class Step(msgspec.Struct, frozen=True):
    """One kind of thing to do next, and where."""

    code: Code
    items: tuple[Item, ...]
    left_out: int


class Details(msgspec.Struct, frozen=True):
    """Incomplete files one by one, worst first: of one module, of all that passed, or of all that did not."""

    modules: tuple[ModuleResult, ...]
    files: tuple[FileGaps, ...]
    left_out: int

    @property
    def module(self) -> ModuleResult | None:
        """The one module whose files these are."""
        return self.modules[0] if len(self.modules) == 1 else None

    @property
    def passed(self) -> bool:
        """Whether these are files of modules that passed."""
        return self.modules[0].status == "passed"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """All that a template reads. Every `…left_out` counts rows that there was no room for."""

    verdict: Verdict
    outcome: Outcome
    failing: tuple[Row, ...]
    failing_left_out: int
    passing: tuple[Row, ...]
    passing_left_out: int
    passing_folded: bool
    steps: tuple[Step, ...]
    details: tuple[Details, ...]
    files_left_out: int
    notes: tuple[Note, ...]
    notes_left_out: int

    @property
    def lacks_artifacts(self) -> bool:
        """Whether an expected report is not usable, which may be why a module is not measured."""
        return any(step.code in ARTIFACT_CODES for step in self.steps)

    @property
    def tests_block(self) -> bool:
        """Whether failed tests are a reason of the verdict."""
        return any(step.code is Code.TESTS_FAILED for step in self.steps)

    @property
    def tests_configured(self) -> bool:
        """Whether test reports were expected."""
        return all(note.code != "tests-not-configured" for note in self.verdict.notes)


def page(verdict: Verdict, caps: Caps) -> Page:
    """Choose what is shown, and how much of it."""
    modules = verdict.by_urgency
    failing = tuple(module for module in modules if module.status != "passed")
    passing = tuple(module for module in modules if module.status == "passed")
    left_out = SAID_ELSEWHERE if caps.every_report else SAID_ELSEWHERE | {"report-read"}
    notes = tuple(note for note in verdict.notes if note.code not in left_out)
    failing_rows = _rows(failing, caps.failing_row)
    passing_rows = _rows(passing[: caps.passing], caps.passing_row)
    details = _details(
        failing if caps.every_module else tuple(row.module for row in failing_rows if row.gaps.left_out),
        passing if caps.every_module else (),
        caps,
    )
    return Page(
        verdict=verdict,
        outcome=outcome(verdict),
        failing=failing_rows[: caps.failing],
        failing_left_out=max(0, len(failing) - caps.failing),
        passing=passing_rows,
        passing_left_out=len(passing) - len(passing_rows),
        passing_folded=len(modules) > OPEN_ROWS,
        steps=_steps(verdict, caps.steps),
        details=tuple(one for one in details if one.files),
        files_left_out=sum(one.left_out for one in details),
        notes=notes[: caps.notes],
        notes_left_out=max(0, len(notes) - caps.notes),
    )


def outcome(verdict: Verdict) -> Outcome:
    """The verdict's word, told apart where it alone would say too much."""
    if verdict.verdict == "passed" and verdict.coverage == "off":
        return "unjudged"
    if verdict.verdict == "failed" and verdict.exit_code == 0:
        return "reported"
    return verdict.verdict


def _rows(modules: tuple[ModuleResult, ...], room: Room) -> tuple[Row, ...]:
    """The more modules, the fewer gaps are named of each: a link alone is as long as a row without any."""
    crowd = max(len(modules), ROOMY_ROWS)
    room = Room(max(2, room.lines * ROOMY_ROWS // crowd), max(1, room.branches * ROOMY_ROWS // crowd))
    return tuple(Row(module, module_gaps(module, room)) for module in modules)


def _steps(verdict: Verdict, most: int) -> tuple[Step, ...]:
    """Reasons by code: those of no module first, since a missing report is why a module is not measured."""
    by_code: dict[Code, list[Item]] = {}
    for reason in verdict.general_reasons:
        by_code.setdefault(reason.code, []).append(Item(reason))
    for module in verdict.by_urgency:
        for reason in module.reasons:
            by_code.setdefault(reason.code, []).append(Item(reason, module))
    return tuple(
        Step(code, tuple(items[:most]), max(0, len(items) - most)) for code, items in by_code.items()
    )


def _details(
    failing: tuple[ModuleResult, ...], passing: tuple[ModuleResult, ...], caps: Caps
) -> list[Details]:
    """A fold for each failing module, unless these are many, and one for the others."""
    folds = [(module,) for module in failing] if len(failing) <= OPEN_ROWS else [failing]
    details = []
    room = caps.files
    for modules in (*folds, passing):
        files = tuple({file.path: file for module in modules for file in worst_first(module)}.values())
        shown = tuple(file_gaps(file, file.path, caps.file_row) for file in files[:room])
        room -= len(shown)
        details.append(Details(modules, shown, len(files) - len(shown)))
    return details
