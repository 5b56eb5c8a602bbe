"""Test outcomes as values: a case, and the counts of one or more reports."""

from __future__ import annotations

import enum

import msgspec

from gate.reports.moments import Moment, earliest

MAX_SENTENCES = 20
"""About what is wrong with one report, or with a sum of reports."""


class Outcome(enum.Enum):
    """How a test case ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class TestCase(msgspec.Struct, frozen=True):
    """One case in the report's own words, all of them untrusted.

    `suite` is the innermost suite's name; `message` the first line of what went wrong, 300 characters
    at most; `line` is as written (pytest's xunit1 family counts from 0).
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    suite: str
    classname: str
    name: str
    outcome: Outcome
    message: str
    file: str | None
    line: int | None


class TestReport(msgspec.Struct, frozen=True):
    """The cases of one or more files: `total` is the sum of the four counts after it.

    `failures` has the failed and the broken cases, of each file the first 1000; `began` is the earliest start
    of a suite, None where none is told. `broken` says why the run behind it is not whole, `remarks` what else
    is to be known of it: the first MAX_SENTENCES sentences, each to stand after a report's name and a colon.
    """

    __test__ = False

    total: int
    passed: int
    failed: int
    errors: int
    skipped: int
    failures: tuple[TestCase, ...]
    began: Moment | None = None
    broken: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @classmethod
    def nothing(cls) -> TestReport:
        """The start of a sum."""
        return cls(0, 0, 0, 0, 0, ())

    def __add__(self, other: TestReport) -> TestReport:
        return TestReport(
            self.total + other.total,
            self.passed + other.passed,
            self.failed + other.failed,
            self.errors + other.errors,
            self.skipped + other.skipped,
            self.failures + other.failures,
            earliest(self.began, other.began),
            (self.broken + other.broken)[:MAX_SENTENCES],
            (self.remarks + other.remarks)[:MAX_SENTENCES],
        )
