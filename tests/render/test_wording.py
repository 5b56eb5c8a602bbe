"""What is said of a figure, a test run, a piece of evidence."""

from __future__ import annotations

import pytest

from gate.render.escape import unbroken
from gate.render.markdown import Links, render_comment, status_description
from gate.verdict import Code, Metric, ModuleResult, Note, Reason, TestCounts, Verdict

from .builders import file, metric, module, not_measured, verdict


def comment(subject: Verdict) -> str:
    return render_comment(subject, Links(), key="default")


def row(subject: ModuleResult) -> list[str]:
    """The cells of a module's row, between the first pipe and the last."""
    line = next(
        line for line in comment(verdict("passed", 0, subject)).splitlines() if f"`{subject.name}`" in line
    )
    return [cell.strip(" ") for cell in line.split("|")[1:-1]]


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (metric(17, 20, 85), "85.00 % ≥ 85 %<br>17/20, none to spare"),
        (metric(16, 20, 85), "**80.00 %** &lt; 85 %<br>16/20, **1 short**"),
        (metric(66_666, 100_000, 66.667), "**66.66 %** &lt; 66.667 %<br>66666/100000, **1 short**"),
        (metric(1, 3, None), "33.33 %<br>1/3"),
        (metric(0, 0, 65), "n/a"),
        (not_measured(65), "not measured"),
    ],
)
def test_a_figure_is_said_with_its_threshold_and_its_headroom(measured: Metric, said: str) -> None:
    assert row(module("m", "passed", metric(1, 1, 1), measured))[2] == unbroken(said)


def test_complete_is_said_only_of_what_is_complete() -> None:
    complete = file("a.js", (2, 2), (4, 4))
    unnamed = file("a.js", (2, 2), (1, 4))
    assert row(module("m", "passed", metric(2, 2, 1), metric(4, 4, 1), complete))[3] == "nothing"
    assert row(module("m", "passed", metric(2, 2, 1), metric(1, 4, 1), unnamed))[3] == (
        "(3 branches not named by the report)"
    )


def test_a_branch_that_leaves_the_function_is_told_as_an_exit() -> None:
    arcs = ((72, -60), (72, 73))
    subject = module(
        "m",
        "failed",
        metric(1, 1, 1),
        metric(0, 2, 50),
        file("a/b.py", (1, 1), (0, 2), (), arcs),
        reasons=(Reason(Code.BELOW_BRANCH_THRESHOLD, "too few"),),
    )
    assert row(subject)[3] == f"`b.py`: {unbroken('72 → exit')}, {unbroken('72 → 73')}"
    assert (
        "- **Cover more branches.** `m` needs 1 more branch. "
        "In `b.py`, test what makes line 72 leave the function, or line 72 go on to line 73."
    ) in comment(verdict("failed", 1, subject)).splitlines()


@pytest.mark.parametrize(
    ("counts", "notes", "reasons", "said"),
    [
        (TestCounts(1, 1), (), (), "**1 test:** 1 passed"),
        (
            TestCounts(120, 115, 2, 1, 2),
            (),
            (Reason(Code.TESTS_FAILED, "3 of 120 tests failed"),),
            "**120 tests:** 115 passed, 2 failed, 1 error, 2 skipped",
        ),
        (
            TestCounts(4, 3, 1),
            (Note("non-blocking-tests-failed", "1 of 4 failed"),),
            (),
            "**4 tests:** 3 passed, 1 failed (in suites that do not block)",
        ),
        (TestCounts(), (Note("tests-not-configured", "none"),), (), "**Tests:** not configured"),
        (TestCounts(), (), (Reason(Code.NO_TESTS, "none"),), "**Tests:** none found"),
    ],
)
def test_tests_are_counted_by_outcome(
    counts: TestCounts, notes: tuple[Note, ...], reasons: tuple[Reason, ...], said: str
) -> None:
    subject = verdict("passed", 0, tests=counts, notes=notes, reasons=reasons)
    assert f"{said} · **2 artifacts:** all present" in comment(subject).splitlines()


@pytest.mark.parametrize(
    ("artifacts", "said"),
    [
        ({"present": 1}, "**1 artifact:** present"),
        ({"missing": 1}, "**1 artifact:** missing"),
        ({"present": 3, "stale": 2}, "**5 artifacts:** 3 present, 2 stale"),
        ({"missing": 2}, "**2 artifacts:** all missing"),
        ({}, "**Evidence:** none expected"),
    ],
)
def test_evidence_is_counted_by_state(artifacts: dict[str, int], said: str) -> None:
    states = dict.fromkeys(["present", "missing", "empty", "unreadable", "stale"], 0) | artifacts
    subject = verdict("passed", 0, tests=TestCounts(1, 1), artifacts=states)
    assert f"**1 test:** 1 passed · {said}" in comment(subject).splitlines()


def test_the_status_tells_failed_tests_and_unusable_artifacts() -> None:
    subject = verdict(
        "error",
        3,
        tests=TestCounts(9, 6, 2, 1),
        artifacts={"present": 1, "missing": 1, "empty": 0, "unreadable": 0, "stale": 1},
        reasons=(Reason(Code.TESTS_FAILED, "some"), Reason(Code.ARTIFACT_STALE, "one")),
        configured=2,
    )
    assert status_description(subject) == (
        "Error: 0 of 2 modules evaluated, 3 of 9 tests failed, 2 artifacts not usable"
    )


def test_notes_are_folded_and_those_said_elsewhere_are_left_out() -> None:
    notes = (
        Note("threshold-slack", "module 'm': line coverage is 99.00 %, its threshold 80 %"),
        Note("tests-not-configured", "no junit-files are configured"),
    )
    lines = comment(verdict("passed", 0, notes=notes)).splitlines()
    fold = lines[lines.index("<details><summary>1 note</summary>") :]
    assert fold == [
        "<details><summary>1 note</summary>",
        "",
        "- `threshold-slack`: Module `m`: line coverage is 99.00 %, its threshold 80 %.",
        "",
        "</details>",
    ]
