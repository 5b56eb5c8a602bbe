from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reports.junit import Outcome, TestCase, TestReport, read_junit
from gate.reports.moments import Moment

DATA = Path(__file__).parents[1] / "data" / "junit"
EXPECTED: dict[str, dict[str, Any]] = json.loads((DATA / "expected.json").read_text())
EARLIEST = "2026-11-22T10:00:00"
TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


def sample(name: str) -> TestReport:
    return read_junit((DATA / name).read_bytes())


def counts(report: TestReport) -> dict[str, int]:
    names = ("total", "passed", "failed", "errors", "skipped")
    return {name: getattr(report, name) for name in names}


def printed(name: str, word: str) -> int:
    """The number beside a word in what the tool printed."""
    line = EXPECTED[name]["printed"]
    found = re.search(rf"(\d+) {word}|\b{word}\"?: (\d+)", line)
    assert found, f"{word} is not in {line}"
    return int(found[1] or found[2])


def suite(cases: str, **attributes: object) -> TestReport:
    stated = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return read_junit(f"<testsuite {stated}>{cases}</testsuite>".encode())


def only_failure(cases: str) -> TestCase:
    (failure,) = suite(cases, name="wallet").failures
    return failure


# What the tools counted.


@pytest.mark.parametrize("name", [name for name, of in EXPECTED.items() if of["counts"]])
def test_counts_equal_what_the_tool_printed(name: str) -> None:
    assert counts(sample(name)) == EXPECTED[name]["counts"]


def test_playwrights_flaky_tests_passed_in_the_end() -> None:
    report, name = sample("playwright.xml"), "playwright.xml"
    assert report.passed == printed(name, "expected") + printed(name, "flaky")
    assert report.failed + report.errors == printed(name, "unexpected")
    assert report.skipped == printed(name, "skipped")


def test_surefires_reruns_count_once_and_its_flakes_passed() -> None:
    names = ["surefire-wallet.xml", "surefire-setup.xml", "surefire-green.xml"]
    report = sum((sample(name) for name in names), TestReport.nothing())
    stated = [printed(names[0], word) for word in ("Tests run", "Failures", "Errors", "Skipped")]
    assert [report.total, report.failed, report.errors, report.skipped] == stated
    assert "flaky" not in [case.name for case in report.failures]


def test_a_pytest_teardown_that_breaks_is_an_error_and_subtests_are_no_lost_tests() -> None:
    report, name = sample("pytest-teardown.xml"), "pytest-teardown.xml"
    assert report.errors == printed(name, "errors")
    # Two of the three tests have the error in place of the outcome that the console counts as well.
    assert report.total == printed(name, "passed") + printed(name, "skipped")


def test_a_crashed_xdist_worker_is_an_error() -> None:
    report = sample("pytest-xdist.xml")
    assert (report.passed, report.failed, report.errors) == (printed("pytest-xdist.xml", "passed"), 0, 1)
    assert "crashed while running" in report.failures[0].message


def test_the_test_that_was_running_when_pytest_was_interrupted_did_not_pass() -> None:
    report = sample("pytest-interrupted.xml")
    assert (report.passed, report.errors) == (printed("pytest-interrupted.xml", "passed"), 1)
    assert report.failures[0].message.endswith("interrupted")


def test_a_jest_suite_that_cannot_start_is_an_error() -> None:
    report = sample("jest-broken.xml")
    assert report.errors == printed("jest-broken.xml", "failed")  # suites
    assert report.passed == printed("jest-broken.xml", "passed, 1 total$")  # tests
    assert report.failures[0].message == "● Test suite failed to run"


def test_what_catch2_expects_to_fail_is_not_a_failure() -> None:
    report = sample("catch2.xml")
    assert report.passed == printed("catch2.xml", "passed")
    assert report.failed + report.errors == printed("catch2.xml", "failed")
    assert report.skipped == printed("catch2.xml", "failed as expected")


# What is kept of a failure.


def test_a_failure_has_the_first_line_of_its_message_and_hostile_text_as_it_is() -> None:
    first = sample("pytest.xml").failures[1]
    assert (first.suite, first.classname, first.name) == ("pytest", "test_cases", "test_fails")
    assert (first.outcome, first.file, first.line) == (Outcome.FAILED, None, None)
    assert first.message == "AssertionError: wrong <amount> & ]]> #x1B[31m"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<failure message="said&#10;more">text</failure>', "said"),
        ('<failure message="">\n\n  <![CDATA[first]]> line\nsecond</failure>', "first line"),
        ('<failure type="AssertionError"/>', ""),
        (f"<failure>{'x' * 9000}</failure>", "x" * 300),
        ('<failure message="failed"/><error message="broke"/><failure message="again"/>', "broke"),
        (
            '<failure>failed</failure><rerunFailure message="again"><stackTrace/></rerunFailure>',
            "failed",
        ),
        ("<failure>failed</failure><error>broke</error>", "broke"),
        ("<system-out>printed</system-out><failure>failed</failure><system-err>x</system-err>", "failed"),
    ],
)
def test_the_message_is_the_first_line_of_the_worst_mark(body: str, message: str) -> None:
    assert only_failure(f'<testcase name="a">{body}</testcase>').message == message


@pytest.mark.parametrize(
    ("written", "line"), [("12", 12), ("0", 0), ("-1", None), ("x", None), ("²", None), ("9" * 5000, None)]
)
def test_file_and_line_are_kept_where_written(written: str, line: int | None) -> None:
    case = only_failure(
        f'<testcase name="a" classname="c" file="t.py" line="{written}"><failure/></testcase>'
    )
    assert case == TestCase("wallet", "c", "a", Outcome.FAILED, "", "t.py", line)


def test_the_message_is_kept_where_a_status_has_already_failed_the_case() -> None:
    case = only_failure('<testcase name="a" status="fail"><failure message="said"/></testcase>')
    assert (case.outcome, case.message) == (Outcome.FAILED, "said")


def test_of_very_many_failures_the_first_thousand_are_kept_and_all_are_counted() -> None:
    report = suite("".join(f'<testcase name="{n}"><failure/></testcase>' for n in range(1500)))
    assert (report.failed, report.total) == (1500, 1500)
    assert [case.name for case in report.failures] == [str(n) for n in range(1000)]


# Outcomes.

MARK_OUTCOMES = {"error": Outcome.ERROR, "failure": Outcome.FAILED, "skipped": Outcome.SKIPPED}
HARMLESS = ("flakyFailure", "flakyError", "system-out", "properties")


@given(st.lists(st.lists(st.sampled_from([*MARK_OUTCOMES, *HARMLESS]), max_size=4), max_size=8))
def test_a_case_counts_once_with_its_worst_mark(cases: list[list[str]]) -> None:
    bodies = ("".join(f"<{mark}>text</{mark}>" for mark in marks) for marks in cases)
    report = suite("".join(f'<testcase name="a">{body}</testcase>' for body in bodies))
    worst = [
        next((outcome for mark, outcome in MARK_OUTCOMES.items() if mark in marks), Outcome.PASSED)
        for marks in cases
    ]
    assert counts(report) == {
        "total": len(cases),
        "passed": worst.count(Outcome.PASSED),
        "failed": worst.count(Outcome.FAILED),
        "errors": worst.count(Outcome.ERROR),
        "skipped": worst.count(Outcome.SKIPPED),
    }
    assert [case.outcome for case in report.failures] == [
        outcome for outcome in worst if outcome in (Outcome.FAILED, Outcome.ERROR)
    ]


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        ('<testcase name="a" status="disabled"/>', "skipped"),
        ('<testcase name="a" status="notrun" result="suppressed"/>', "skipped"),
        (
            '<testcase name="a" status="notrun" result="suppressed"><skipped message="x"/></testcase>',
            "skipped",
        ),
        ('<testcase name="a" status="run" result="completed"/>', "passed"),
        ('<testcase name="a" status="failed"/>', "failed"),
        ('<testcase name="a" status="fail"><failure message=""/></testcase>', "failed"),
        ('<testcase name="a" status="error"><skipped/></testcase>', "errors"),
        ('<testcase name="a"><rerunError/></testcase>', "failed"),
        ('<testcase name=""/>', "passed"),
        ("<testcase/>", "errors"),
        ("<testcase><skipped/></testcase>", "skipped"),
    ],
)
def test_a_status_or_a_missing_name_decides_where_no_mark_does(case: str, outcome: str) -> None:
    assert counts(suite(case))[outcome] == 1


def test_a_suite_that_broke_outside_of_its_cases_counts_as_a_case_with_its_name() -> None:
    report = suite('<testcase name="a"/><error message="no database"/><skipped/>', name="wallet", errors=1)
    assert counts(report) == {"total": 2, "passed": 1, "failed": 0, "errors": 1, "skipped": 0}
    assert report.failures == (TestCase("wallet", "", "wallet", Outcome.ERROR, "no database", None, None),)


def test_nested_suites_and_namespaces_are_read_and_the_innermost_suite_is_named() -> None:
    report = read_junit(
        b'<j:testsuites xmlns:j="urn:junit"><j:testcase name="top"/><j:testsuite name="outer">'
        b'<j:testsuite name="inner"><j:testcase name="a"><j:failure>no</j:failure></j:testcase></j:testsuite>'
        b'<j:testcase name="b"><j:error/></j:testcase></j:testsuite></j:testsuites>'
    )
    assert counts(report) == {"total": 3, "passed": 1, "failed": 1, "errors": 1, "skipped": 0}
    assert [(case.suite, case.name) for case in report.failures] == [("inner", "a"), ("outer", "b")]


# When the suites started.


@pytest.mark.parametrize(
    ("timestamps", "began"),
    [
        (["2026-11-22T10:00:01", EARLIEST], Moment(TEN, zoned=False)),
        (["2026-11-22T11:00:00+02:00", EARLIEST], Moment(TEN - timedelta(hours=1))),
        (["2026-11-22T10:00:00Z"], Moment(TEN)),
        (["1970-01-01T00:00:00", EARLIEST], Moment(TEN, zoned=False)),  # jest-junit, of what did not run
        (["yesterday", "2026-11-22T10:00:00.123456789Z"], Moment(TEN.replace(microsecond=123456))),
        (["yesterday", ""], None),
        (["0001-01-01T00:00:00+14:00", EARLIEST], Moment(TEN, zoned=False)),
    ],
)
def test_a_report_began_with_the_earliest_start_of_its_suites(
    timestamps: list[str], began: Moment | None
) -> None:
    suites = [f'<testsuite timestamp="{timestamp}"/>' for timestamp in timestamps]
    assert read_junit(f"<testsuites>{''.join(suites)}</testsuites>".encode()).began == began
    apart = sum((read_junit(one.encode()) for one in suites), TestReport.nothing())
    assert apart.began == began


def test_new_pytest_tells_the_zone_and_unittest_does_not() -> None:
    assert sample("pytest.xml").began == Moment(datetime(2026, 11, 22, 17, 55, 19, 17992, UTC))
    assert sample("unittest.xml").began == Moment(datetime(2026, 11, 26, 0, 18, 2, tzinfo=UTC), zoned=False)
    assert sample("surefire-green.xml").began is None


def test_reports_add_up() -> None:
    left, right = sample("pytest.xml"), sample("surefire-wallet.xml")
    both = left + right
    assert counts(both) == {name: number + counts(right)[name] for name, number in counts(left).items()}
    assert both.failures == left.failures + right.failures
    assert both.began == left.began is not None
