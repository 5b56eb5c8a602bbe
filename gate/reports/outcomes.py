"""Test outcomes as values: a case, and the counts of one or more reports."""

from __future__ import annotations

import enum
from datetime import UTC, datetime

import msgspec


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

    `failures` has the failed and the broken cases, of each file the first 1000; `timestamp` is
    the earliest start of a suite as written (ISO 8601, often without a zone).
    """

    __test__ = False

    total: int
    passed: int
    failed: int
    errors: int
    skipped: int
    failures: tuple[TestCase, ...]
    timestamp: str | None

    @classmethod
    def nothing(cls) -> TestReport:
        """The start of a sum."""
        return cls(0, 0, 0, 0, 0, (), None)

    def __add__(self, other: TestReport) -> TestReport:
        return TestReport(
            self.total + other.total,
            self.passed + other.passed,
            self.failed + other.failed,
            self.errors + other.errors,
            self.skipped + other.skipped,
            self.failures + other.failures,
            earliest(self.timestamp, other.timestamp),
        )


def earliest(*timestamps: str | None) -> str | None:
    """The earliest of some timestamps as written; those that are no ISO 8601 do not count."""
    known = [(moment, text) for text in timestamps if text and (moment := _moment(text))]
    return min(known)[1] if known else None


def _moment(text: str) -> datetime | None:
    """When a suite started; the zone-less are held against the others as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year <= 1970:  # noqa: PLR2004 - jest-junit and googletest write the epoch for what never ran
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
