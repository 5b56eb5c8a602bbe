"""What became of tests and of the suites that were run: reasons, notes and counts; pure."""

from __future__ import annotations

from gate.evidence.model import Tests
from gate.policy.resolved import Policy
from gate.reports.junit import TestReport
from gate.suites.results import SuiteResult
from gate.text import counted, ordinal, quoted
from gate.verdict import Code, Note, Reason, TestCounts

NAMED_FAILURES = 5


def suite_reasons(suites: tuple[SuiteResult, ...]) -> list[Reason]:
    """Suites that block and did not pass."""
    return [
        Reason(Code.SUITE_TIMEOUT if suite.how == "timeout" else Code.SUITE_FAILED, suite.sentence)
        for suite in suites
        if suite.blocking and suite.how != "passed"
    ]


def suite_notes(suites: tuple[SuiteResult, ...]) -> list[Note]:
    """Suites that do not block, that passed late only, or of which something else is to be said."""
    tracked = (suite for suite in suites if not suite.blocking and suite.how != "passed")
    again = (suite for suite in suites if suite.how == "passed" and suite.attempts > 1)
    return [
        *(Note("non-blocking-suite-failed", f"{suite.sentence}; it does not block") for suite in tracked),
        *(
            Note("suite-remark", f"suite {quoted(suite.name)}: {note}")
            for suite in suites
            for note in suite.notes
        ),
        *(
            Note(
                "suite-retried",
                f"suite {quoted(suite.name)} passed at its {ordinal(suite.attempts)} attempt only",
            )
            for suite in again
        ),
    ]


def test_reasons(tests: tuple[Tests, ...]) -> list[Reason]:
    """Runs that are not whole, tests that are none or that failed, in suites that block."""
    blocking = tuple(one for one in tests if one.blocking)
    reasons = [Reason(Code.ARTIFACT_UNREADABLE, sentence) for sentence in _broken(blocking)]
    reasons += [Reason(Code.NO_TESTS, sentence) for sentence in _empty(blocking)]
    everything = counts(blocking)
    if everything.total and everything.total == everything.skipped:
        skipped = counted(everything.total, "test")
        reasons.append(Reason(Code.NO_TESTS, f"all of {skipped} were skipped: nothing was tested"))
    if failed := _failed(blocking):
        reasons.append(Reason(Code.TESTS_FAILED, failed))
    return reasons


def _empty(tests: tuple[Tests, ...]) -> list[str]:
    return [f"JUnit report {quoted(one.source)} holds no test case" for one in tests if not one.report.total]


def _broken(tests: tuple[Tests, ...]) -> list[str]:
    """Why runs are not whole: what they covered proves nothing of the tests that they should have run."""
    return [f"JUnit report {quoted(one.source)}: {why}" for one in tests for why in one.report.broken]


def test_notes(policy: Policy, tests: tuple[Tests, ...]) -> list[Note]:
    """The same of suites that do not block, and what test reports leave open."""
    notes: list[Note] = []
    tracked = tuple(one for one in tests if not one.blocking)
    notes.extend(Note("non-blocking-no-tests", sentence) for sentence in _empty(tracked))
    notes.extend(Note("non-blocking-not-whole", sentence) for sentence in _broken(tracked))
    notes.extend(
        Note("test-report-remark", f"JUnit report {quoted(one.source)}: {remark}")
        for one in tests
        for remark in one.report.remarks
    )
    if failed := _failed(tracked):
        notes.append(Note("non-blocking-tests-failed", f"in suites that do not block, {failed}"))
    if not policy.junit_files and all(one.kind != "junit" for one in policy.expected):
        notes.append(
            Note("tests-not-configured", "no junit-files are configured: test outcomes were not judged")
        )
    return notes


def _failed(tests: tuple[Tests, ...]) -> str:
    """A sentence that names the failed tests, empty where none failed."""
    report = _sum(tests)
    bad = report.failed + report.errors
    if not bad:
        return ""
    names = [
        quoted(f"{case.classname}::{case.name}" if case.classname else case.name)
        for case in report.failures[:NAMED_FAILURES]
    ]
    more = f" and {bad - len(names)} more" if bad > len(names) else ""
    return f"{bad} of {counted(report.total, 'test')} failed: {', '.join(names)}{more}"


def _sum(tests: tuple[Tests, ...]) -> TestReport:
    return sum((one.report for one in tests), TestReport.nothing())


def counts(tests: tuple[Tests, ...]) -> TestCounts:
    """The outcomes of all test cases."""
    report = _sum(tests)
    return TestCounts(report.total, report.passed, report.failed, report.errors, report.skipped)
