"""What is kept of a JUnit report to hold it against another run's."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.reports.junit import Outcome, TestId, read_junit, read_outcomes

DATA = Path(__file__).parents[1] / "data" / "junit"
NAMES = sorted({path.name for path in DATA.glob("*.xml")} - {"gotestsum-unbuilt.xml"})
PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED
CASE = re.compile(r"<testcase [^>]*?(?:/>|>.*?</testcase>)", re.DOTALL)


def only_id(case: str, suite: str = "pytest") -> TestId:
    (test,) = read_outcomes(f'<testsuite name="{suite}">{case}</testsuite>'.encode())
    return test


@pytest.mark.parametrize("name", NAMES)
def test_every_case_is_kept_with_the_outcome_that_it_counts_as(name: str) -> None:
    data = (DATA / name).read_bytes()
    report = read_junit(data)
    kept = Counter(outcome for outcomes in read_outcomes(data).values() for outcome in outcomes)
    assert [kept[outcome] for outcome in (PASSED, FAILED, ERROR, SKIPPED)] == [
        report.passed,
        report.failed,
        report.errors,
        report.skipped,
    ]


def test_a_test_that_fails_and_whose_teardown_breaks_has_both_outcomes() -> None:
    outcomes = read_outcomes((DATA / "pytest.xml").read_bytes())
    test = TestId("pytest", "test_cases", "test_fails_then_breaks_in_teardown")
    assert sorted(outcome.value for outcome in outcomes[test]) == ["error", "failed"]
    assert outcomes[TestId("pytest", "test_cases", "test_skipped")] == (SKIPPED,)


@pytest.mark.parametrize("name", ["pytest.xml", "pytest-teardown.xml", "vitest.xml", "surefire-wallet.xml"])
@given(data=st.data())
def test_the_order_of_the_cases_does_not_matter(name: str, data: st.DataObject) -> None:
    text = (DATA / name).read_text()
    cases = iter(data.draw(st.permutations(CASE.findall(text))))
    shuffled = CASE.sub(lambda _: next(cases), text)
    assert list(read_outcomes(shuffled.encode()).items()) == list(read_outcomes(text.encode()).items())


@given(st.lists(st.sampled_from(["", "<failure/>", "<error/>", "<skipped/>"]), min_size=1))
def test_cases_of_one_identity_have_their_outcomes_in_one_order(bodies: list[str]) -> None:
    case = '<testcase classname="c" name="a">{}</testcase>'
    there, back = (
        read_outcomes(f"<testsuite>{''.join(map(case.format, order))}</testsuite>".encode())
        for order in (bodies, bodies[::-1])
    )
    assert there == back
    assert list(map(len, there.values())) == [len(bodies)]


def test_time_host_and_line_are_no_part_of_a_tests_identity() -> None:
    one, other = (
        f'<testsuite name="pytest" timestamp="{time}" hostname="{host}" time="{seconds}">'
        f'<testcase classname="c" name="a" file="t.py" line="{line}" time="{seconds}"/></testsuite>'
        for time, host, seconds, line in (
            ("2026-11-22T10:00:00", "one", "0.1", 3),
            ("2026-11-23T10:00:00", "two", "0.2", 4),
        )
    )
    assert read_outcomes(one.encode()) == read_outcomes(other.encode()) == {ID_IN_FILE: (PASSED,)}


ID_IN_FILE = TestId("pytest", "c", "a", "t.py")


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("test_a[&lt;object at 0x7f3a5c0d1e20&gt;]", "test_a[&lt;object at 0x7ffe00aa31b0&gt;]"),
        ("Sizes/0 (0x55d0c8f2a2b0)", "Sizes/0 (0x562B11A032B0)"),
        ("[1] shop.Money@6d06d69c", "[1] shop.Money@1b2c3d4"),
    ],
)
def test_addresses_in_a_name_are_no_part_of_it(name: str, again: str) -> None:
    one, other = (only_id(f'<testcase classname="c" name="{text}"/>') for text in (name, again))
    assert one == other
    assert one.name.startswith(name[:3])


@pytest.mark.parametrize(
    "name", ["test_a[0x10]", "test_a[0xff]", "a@example.org", "test_0x7f3a5c0d1e20x", "a@all"]
)
def test_short_numbers_and_words_stay_in_a_name(name: str) -> None:
    assert only_id(f'<testcase name="{name}"/>').name == name


def test_the_time_that_unittest_appends_to_a_suite_is_no_part_of_it() -> None:
    tests = read_outcomes((DATA / "unittest.xml").read_bytes())
    assert TestId("test_cases.TestWallet", "test_cases.TestWallet", "test_passes", "test_cases.py") in tests


def test_tests_of_one_name_in_two_suites_are_two_tests() -> None:
    tests = read_outcomes((DATA / "node.xml").read_bytes())
    assert {test.suite for test in tests if test.classname == "test"} >= {"", "outer", "inner", "hooked"}


@pytest.mark.parametrize(
    ("case", "label"),
    [
        ('<testcase classname="c" name="a"/>', "c::a"),
        ('<testcase classname="" name="a"/>', "a"),
        ("<testcase/>", "(without a name)"),
    ],
)
def test_a_label_is_what_a_test_is_called(case: str, label: str) -> None:
    assert only_id(case).label == label


def test_what_cannot_be_read_is_refused_as_ever() -> None:
    with pytest.raises(EmptyArtifact, match=r"^is empty$"):
        read_outcomes(b" ")
    for data in ((DATA / "gotestsum-unbuilt.xml").read_bytes(), b"<testsuite><testcase", b"<html/>"):
        with pytest.raises(UnreadableArtifact) as refused:
            read_junit(data)
        with pytest.raises(UnreadableArtifact, match=f"^{re.escape(str(refused.value))}$"):
            read_outcomes(data)
