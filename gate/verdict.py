"""The verdict: the value that everything after evaluation reads, and the document verdict.json.

All counts are integers; a `percent` is floored to two decimals, so that a shown number never passes a
threshold that the ratio misses.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Literal

import msgspec

from gate.reports.lines import Ratio


class Code(Enum):
    """Reason codes, as users meet them; `UNUSABLE` tells which mean that evidence is missing (exit 3)."""

    BELOW_LINE_THRESHOLD = "below-line-threshold"
    BELOW_BRANCH_THRESHOLD = "below-branch-threshold"
    TESTS_FAILED = "tests-failed"
    MODULE_NOT_MEASURED = "module-not-measured"
    FILE_NOT_MEASURED = "file-not-measured"
    NOTHING_MEASURED = "nothing-measured"
    BRANCH_NOT_MEASURED = "branch-not-measured"
    ARTIFACT_MISSING = "artifact-missing"
    ARTIFACT_EMPTY = "artifact-empty"
    ARTIFACT_UNREADABLE = "artifact-unreadable"
    ARTIFACT_STALE = "artifact-stale"
    AMBIGUOUS_PATH = "ambiguous-path"
    NO_TESTS = "no-tests"
    SOURCE_DRIFT = "source-drift"
    UNSTABLE = "unstable"
    SUITE_FAILED = "suite-failed"
    SUITE_TIMEOUT = "suite-timeout"


BELOW = frozenset({Code.BELOW_LINE_THRESHOLD, Code.BELOW_BRANCH_THRESHOLD})
"""What a tier with `coverage: report` forgives."""

UNUSABLE = frozenset(Code) - BELOW - {Code.TESTS_FAILED, Code.SUITE_FAILED, Code.SUITE_TIMEOUT, Code.UNSTABLE}
"""What no tier forgives that expects the evidence: exit 3."""


TRACKED_ARTIFACT = "non-blocking-artifact"
"""The code of notes about artifacts that suites which do not block should have left."""


class Reason(msgspec.Struct, frozen=True):
    """Why the verdict is not "passed"."""

    code: Code
    message: str


class Note(msgspec.Struct, frozen=True):
    """Something worth knowing that decides nothing."""

    code: str
    message: str


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """Line or branch coverage of a module against its threshold.

    `percent` is None where there is nothing to divide, `threshold` and `passed` where none is judged.
    """

    covered: int
    total: int
    measured: bool
    percent: float | None
    threshold: int | float | None
    passed: bool | None

    @property
    def ratio(self) -> Ratio:
        """The integers behind the percentage."""
        return Ratio(self.covered, self.total)

    @property
    def headroom(self) -> int | None:
        """How many covered lines or branches could be lost before failing; negative: how many are needed."""
        if self.threshold is None or not self.measured:
            return None
        return self.covered - needed(self.total, Fraction(str(self.threshold)))


class FileResult(msgspec.Struct, frozen=True):
    """One measured file of a module; `branch` is None where branches were not measured."""

    path: str
    line: Ratio
    branch: Ratio | None
    missing_lines: tuple[tuple[int, int], ...]
    missing_branches: tuple[tuple[int, int], ...]


class Hotspot(msgspec.Struct, frozen=True):
    """A function and how many of its statements no test reached."""

    path: str
    function: str
    missing_lines: int


Status = Literal["passed", "failed", "error"]


class ModuleResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one configured module."""

    name: str
    status: Status
    line: Metric
    branch: Metric
    files: tuple[FileResult, ...]
    hotspots: tuple[Hotspot, ...]
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]


class TestCounts(msgspec.Struct, frozen=True):
    """Outcomes of all test cases read."""

    __test__ = False  # not a test class, whatever its name says to pytest

    total: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The document verdict.json. `reasons` and `notes` hold those of the modules too."""

    schema: int = 1
    verdict: Status
    exit_code: int
    tier: str | None
    coverage: Literal["enforce", "report", "off"]
    run_id: str
    commit: str | None
    head_sha: str | None
    modules_configured: int
    modules_evaluated: int
    modules: tuple[ModuleResult, ...]
    tests: TestCounts
    artifacts: dict[str, int]
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]

    @property
    def failed_modules(self) -> tuple[ModuleResult, ...]:
        """Modules that did not pass, in the policy's order."""
        return tuple(module for module in self.modules if module.status != "passed")

    @property
    def by_urgency(self) -> tuple[ModuleResult, ...]:
        """Modules with the failing ones first, then those without evidence, else in the policy's order."""
        urgency = {"failed": 0, "error": 1, "passed": 2}
        return tuple(sorted(self.modules, key=lambda module: urgency[module.status]))

    @property
    def general_reasons(self) -> tuple[Reason, ...]:
        """Reasons that are no single module's."""
        modules = {reason for module in self.modules for reason in module.reasons}
        return tuple(reason for reason in self.reasons if reason not in modules)

    @property
    def summary_line(self) -> str:
        """The result in a line, which always says how many of how many modules were evaluated."""
        evaluated = f"{self.modules_evaluated} of {self.modules_configured} modules evaluated"
        failed = len(self.failed_modules)
        not_passed = f", {failed} not passed" if failed else ""
        return f"{self.verdict}: {evaluated}{not_passed}"

    def to_json(self) -> bytes:
        """The document, indented, ending with a line break."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def outcome_of(reasons: tuple[Reason, ...], *, forgiving: bool) -> tuple[Status, int]:
    """The verdict's word and its exit code; `forgiving` is a tier that only reports coverage."""
    codes = {reason.code for reason in reasons}
    if codes & UNUSABLE:
        return "error", 3
    if not codes:
        return "passed", 0
    return "failed", 0 if forgiving and codes <= BELOW else 1


def needed(total: int, threshold: Fraction) -> int:
    """The smallest covered count that passes: covered * 100 >= threshold * total."""
    return -(-threshold.numerator * total // (threshold.denominator * 100))
