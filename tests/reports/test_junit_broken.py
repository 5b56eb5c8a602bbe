"""JUnit reports of runs that are not whole, and remarks on those of which that cannot be told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gate.reports.junit import TestReport, read_junit

DATA = Path(__file__).parents[1] / "data" / "junit"
PRINTED = {name: of["printed"] for name, of in json.loads((DATA / "expected.json").read_text()).items()}

BROKEN = {
    "pytest.xml": ["pytest could not collect 'test_uncollectable'"],
    "pytest-interrupted.xml": ["pytest was interrupted while a test ran"],
    "pytest-internal.xml": [
        "pytest was interrupted while a test ran",
        "pytest ended with an internal error",
    ],
    "pytest-xdist.xml": [
        "a pytest-xdist worker was lost while it ran 'test_cases.py::test_crashes_the_worker'"
    ],
    "pytest-xdist-stopped.xml": [
        "a pytest-xdist worker was lost while it ran 'test_cases.py::test_kills_the_worker'"
    ],
    "unittest.xml": ["unittest could not load 'test_unloadable'"],
    "jest-broken.xml": ["Jest could not run 'throws.test.js'"],
    "vitest-unloadable.xml": ["Vitest could not load 'unloadable.test.js'"],
    "node-unloadable.xml": [
        "Node could not run '/app/node_unloadable/exits.test.mjs' to its end",
        "Node could not run '/app/node_unloadable/unloadable.test.mjs' to its end",
    ],
    "gotestsum-main.xml": ["Go package 'shop/main' failed outside of its tests"],
}
REFUSED = "gotestsum-unbuilt.xml"
SUBTESTS = ("pytest-8-subtests.xml", "pytest-subtests.xml", "pytest-teardown.xml")
WHOLE = sorted({path.name for path in DATA.glob("*.xml")} - {REFUSED, *BROKEN})


def sample(name: str) -> TestReport:
    return read_junit((DATA / name).read_bytes())


def suite(cases: str, attributes: str = 'name="wallet"') -> TestReport:
    return read_junit(f"<testsuite {attributes}>{cases}</testsuite>".encode())


# What is not whole.


@pytest.mark.parametrize("name", BROKEN)
def test_a_run_that_broke_is_told_in_a_sentence(name: str) -> None:
    assert list(sample(name).broken) == BROKEN[name]


@pytest.mark.parametrize("name", WHOLE)
def test_failed_tests_and_broken_fixtures_do_not_break_the_run(name: str) -> None:
    assert sample(name).broken == ()


def test_what_broke_the_run_counts_as_a_failed_case_as_well() -> None:
    for name in BROKEN:
        report = sample(name)
        assert report.failed + report.errors >= len(report.broken)


def test_tests_that_a_stopped_xdist_never_ran_are_nowhere_in_its_report() -> None:
    report = sample("pytest-xdist-stopped.xml")
    program = (DATA / "programs" / "pytest_xdist_stopped" / "cases.txt").read_text()
    assert report.total < len(re.findall("^def test_", program, re.MULTILINE))


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            # pytest with --junit-prefix=pre, and a class that could not be collected
            '<testcase classname="pre.test_a" name="TestB"><error message="collection failure"/></testcase>',
            "pytest could not collect 'TestB'",
        ),
        (
            "<testcase name='a'><error message='failed on setup with &quot;worker &apos;gw3&apos; crashed "
            "while running &apos;test_a.py::test_b[it&apos;s]&apos;&quot;'/></testcase>",
            "a pytest-xdist worker was lost while it ran 'test_a.py::test_b[it's]'",
        ),
        (
            # go-junit-report 1
            '<testcase classname="shop" name="[build failed]"><failure message="Failed"/></testcase>',
            "Go could not build package 'shop'",
        ),
        (
            # go-junit-report 2
            '<testcase name="[setup failed]" classname="shop"><error message="Build error"/></testcase>',
            "Go could not build package 'shop'",
        ),
        (
            '<testcase name="Failure" classname="shop"><error message="Runtime error"/></testcase>',
            "Go package 'shop' failed outside of its tests",
        ),
        (
            '<testcase name="TestA" classname="shop"><error message="No test result found"/></testcase>',
            "Go package 'shop' ended while 'TestA' ran",
        ),
        (
            '<testcase name="a" classname="shop.A"><error message="The forked VM terminated without properly '
            'saying goodbye. VM crash or System.exit called?"/></testcase>',
            "the virtual machine died that ran 'shop.A'",
        ),
        (
            '<error message="no database">text</error>',
            "an error in suite 'wallet', outside of its test cases: 'no database'",
        ),
        ("<failure/>", "an error in suite 'wallet', outside of its test cases"),
        ("<testcase/>", "pytest was interrupted while a test ran"),
    ],
)
def test_other_runs_that_broke_are_told_as_well(case: str, sentence: str) -> None:
    report = suite(case)
    assert report.broken == (sentence,)
    assert (report.total, report.passed) == (1, 0)


@pytest.mark.parametrize(
    "case",
    [
        '<testcase name="a"><failure message="expected collection failure"/></testcase>',
        "<testcase name=\"a\"><failure message=\"worker 'gw0' crashed while running 'b'\"/></testcase>",
        '<testcase classname="pytest" name="a"><error message="internal error"/></testcase>',
        '<testcase classname="a.js" name="b.js"><failure message="test failed"/></testcase>',
        '<testcase classname="test" name="b"><failure message="test failed"/></testcase>',
        '<testcase classname="wallet" name="wallet"><error message="no"/></testcase>',
        '<testcase classname="shop" name="TestMain"/>',
        '<testcase classname="shop" name="Login"><error message="Runtime error"/></testcase>',
        "<testcase><skipped/></testcase>",
        '<testcase><failure message="no"/></testcase>',
        '<testcase status="failed"/>',
    ],
)
def test_a_test_that_failed_is_no_broken_run(case: str) -> None:
    assert suite(case).broken == ()


def test_hostile_names_are_shown_on_one_line() -> None:
    case = '<testcase name="a&#10;::error::b&#x202e;"><error message="collection failure"/></testcase>'
    assert suite(case).broken == ("pytest could not collect 'a\\n::error::b\\u202e'",)


def test_the_first_twenty_sentences_are_kept_of_a_report_and_of_a_sum() -> None:
    case = '<testcase name="{}"><error message="collection failure"/></testcase>'
    long = suite("".join(case.format(number) for number in range(30)))
    short = suite("".join(case.format(f"again {number % 2}") for number in range(12)))
    first = tuple(f"pytest could not collect '{number}'" for number in range(20))
    again = tuple(f"pytest could not collect 'again {number}'" for number in range(2))
    assert (long.broken, short.broken) == (first, again)
    assert (long + short).broken == first
    assert (short + long).broken == again + first[:18]


def test_a_run_that_broke_after_very_many_failures_is_told_too() -> None:
    failures = "".join(f'<testcase name="{number}"><failure/></testcase>' for number in range(1200))
    assert suite(f"{failures}<testcase/>").broken == ("pytest was interrupted while a test ran",)


# What cannot be told.


@pytest.mark.parametrize("name", SUBTESTS)
def test_passed_subtests_are_remarked_on_since_lost_cases_look_the_same(name: str) -> None:
    report = sample(name)
    (stated,) = re.findall(r' tests="(\d+)"', (DATA / name).read_text())
    assert report.remarks == (
        f"states {stated} tests in suite 'pytest' and shows {report.total}: "
        "passed subtests are counted so, lost cases would be too",
    )


@pytest.mark.parametrize("name", sorted({*WHOLE, *BROKEN} - {*SUBTESTS}))
def test_other_reports_have_no_remark(name: str) -> None:
    assert sample(name).remarks == ()


def test_remarks_add_up() -> None:
    both = sample("pytest-subtests.xml") + sample("pytest-teardown.xml")
    assert both.remarks == sample("pytest-subtests.xml").remarks + sample("pytest-teardown.xml").remarks
    assert len(sum([both] * 15, TestReport.nothing()).remarks) == 20


# Writers whose `tests` is no number of cases.


@pytest.mark.parametrize("name", ["doctest.xml", "catch2.xml"])
def test_assertions_are_no_lost_tests(name: str) -> None:
    report = sample(name)
    cases = re.search(r"test cases: +(\d+)", PRINTED[name])
    assert cases is not None
    assert report.total == int(cases[1])
    assert f'tests="{report.total}"' not in (DATA / name).read_text()


def test_a_new_catch2_that_begins_a_suite_like_pytest_counts_assertions_too() -> None:
    attributes = 'name="a" errors="0" failures="0" skipped="0" tests="9" hostname="tbd"'
    assert suite("<testcase name='a'/>", attributes).remarks == ()
