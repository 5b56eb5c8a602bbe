"""Any verdict fits where it is shown; it is cut on whole rows, visibly, failing modules kept first."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.render.markdown import (
    Links,
    marker,
    render_check,
    render_comment,
    render_summary,
    status_description,
)
from gate.verdict import Code, Hotspot, ModuleResult, Note, Reason, Status, TestCounts, Verdict

from .builders import MERGE, REPOSITORY, SERVER, file, metric, module, verdict
from .parsed import Parsed, github_html
from .texts import hostile_text

LINKS = Links(SERVER, REPOSITORY, MERGE)
FIGURES = "| :-- | :-- | :-- |"

names = hostile_text | st.text(max_size=10)
messages = st.builds("'{}' {}".format, names, names) | names.map(lambda name: name * 50)
gaps = st.integers(0, 40).map(lambda count: tuple((line, line) for line in range(1, 2 * count, 2)))


@st.composite
def modules(draw: st.DrawFn) -> ModuleResult:
    status: Status = draw(st.sampled_from(["passed", "failed", "error"]))
    lines, arcs = draw(gaps), draw(gaps)
    paths = draw(st.lists(names.map(lambda name: "src/" + name * 5), max_size=3, unique=True))
    codes = {"passed": [], "failed": [Code.BELOW_LINE_THRESHOLD], "error": [Code.FILE_NOT_MEASURED]}[status]
    return module(
        draw(names),
        status,
        metric(0, 1000, draw(st.sampled_from([None, 85, 66.7]))) if status != "failed" else metric(0, 10, 50),
        metric(0, len(arcs), None),
        *(file(path, (0, len(lines)), (0, len(arcs)), lines, arcs) for path in paths),
        hotspots=tuple(Hotspot(path, draw(names), 3) for path in paths),
        reasons=tuple(Reason(code, draw(messages)) for code in codes),
        notes=(Note(draw(names), draw(messages)),),
    )


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Up to several hundred modules, of a few that are drawn."""
    few = draw(st.lists(modules(), max_size=4))
    times = draw(st.sampled_from([1, 3, 30, 100]))
    return verdict(
        draw(st.sampled_from(["passed", "failed", "error"])),
        draw(st.sampled_from([0, 1, 3])),
        *(one for one in few for _ in range(times)),
        tier=draw(names | st.none()),
        coverage=draw(st.sampled_from(["enforce", "report", "off"])),
        tests=TestCounts(3, 1, 1, 1),
        reasons=tuple(
            Reason(draw(st.sampled_from(Code)), draw(messages)) for _ in range(draw(st.integers(0, 4)))
        ),
    )


slowly = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))


def left_out(document: str, what: str) -> int:
    """How many of something the document says it had no room for."""
    found = re.search(rf"No room here\*\* for.* (\d+) {what}", document)
    return int(found[1]) if found else 0


@slowly
@given(subject=verdicts(), key=names)
def test_a_comment_fits_begins_with_its_marker_and_is_whole(subject: Verdict, key: str) -> None:
    comment = render_comment(subject, LINKS, key=key)
    assert len(comment.encode()) <= 65_536
    assert comment.startswith(marker(key) + "\n")
    assert_whole(comment, subject)


@slowly
@given(subject=verdicts())
def test_a_check_fits_and_is_whole(subject: Verdict) -> None:
    check = render_check(subject, LINKS)
    assert len(check.summary.encode()) <= 65_535
    assert 0 < len(check.title) <= 255
    assert_whole(check.summary, subject)


@slowly
@given(subject=verdicts())
def test_a_summary_leaves_room_in_a_mebibyte_and_is_whole(subject: Verdict) -> None:
    summary = render_summary(subject, LINKS)
    assert len(summary.encode()) <= 950_000
    assert_whole(summary, subject)


@given(subject=verdicts())
@slowly
def test_a_status_fits_in_a_line(subject: Verdict) -> None:
    description = status_description(subject)
    assert 0 < len(description) <= 140
    assert "\n" not in description


def assert_whole(document: str, subject: Verdict) -> None:
    """Elements are closed, rows have their columns, and what is not there is counted."""
    found = Parsed(github_html(document))
    assert found.unbalanced == []
    assert {len(row) for row in found.rows} <= {3, 4, 5}
    rows = [row for row in found.rows if len(row) < 5 and row[0] != "Module"]
    icons = [row[0][0] for row in rows]
    failed = [icon for icon in icons if icon != "✅"]
    assert icons == failed + ["✅"] * (len(icons) - len(failed))
    assert len(failed) + left_out(document, "modules? that did not pass") == len(subject.failed_modules)
    passed = len(subject.modules) - len(subject.failed_modules)
    assert icons.count("✅") + left_out(document, "modules? that passed") == passed
    if len(failed) < len(subject.failed_modules):
        assert "✅" not in icons


def crowd(count: int) -> Verdict:
    """Many failing modules with long names, and as many that passed."""
    reasons = (Reason(Code.BELOW_LINE_THRESHOLD, "x" * 400),)
    long = "a-long-name-of-a-module-" * 5
    return verdict(
        "failed",
        1,
        *(
            module(
                f"{long}{number}",
                "passed" if number % 2 else "failed",
                metric(number % 2, 1, 50),
                metric(0, 0, 50),
                file(f"src/{long}/{number}.py", (0, 1), (0, 0), ((1, 1),)),
                reasons=() if number % 2 else reasons,
            )
            for number in range(count)
        ),
    )


@pytest.mark.parametrize("count", [100, 400, 3000])
def test_with_more_than_fits_failing_modules_fill_the_page_and_the_rest_is_counted(count: int) -> None:
    subject = crowd(count)
    comment = render_comment(subject, LINKS, key="default")
    assert_whole(comment, subject)
    shown = comment.count("\n| ❌ ")
    if shown < count // 2:
        assert len(comment.encode()) > 64_000
        assert f"**No room here** for {count // 2 - shown} modules that did not pass, " in comment
        assert f"{count // 2} modules that passed" in comment


def test_files_without_room_are_counted() -> None:
    lines = tuple((line, line) for line in range(1, 80, 2))
    files = tuple(file(f"src/{number}.py", (0, 40), None, lines) for number in range(100))
    reasons = (Reason(Code.BELOW_LINE_THRESHOLD, "too few"),)
    subject = verdict(
        "failed", 1, module("m", "failed", metric(0, 4000, 1), metric(0, 0, None), *files, reasons=reasons)
    )
    comment = render_comment(subject, Links(), key="default")
    shown = comment.count("\n| `src/")
    assert shown == 60
    assert "**No room here** for 40 files, which are in the job summary and the evidence folder." in comment
    assert "<code>m</code>: 100 files not covered in full" in comment
    assert comment.count("91, 93") == 0
    assert comment.count("59, and 10 more |") == shown
    assert render_summary(subject, Links()).count("\n| `src/") == 100


def test_a_line_about_what_is_left_out_links_to_the_runs_page_and_nothing_else_does() -> None:
    links = Links(SERVER, REPOSITORY, MERGE, "4711")
    page = f"{SERVER}/{REPOSITORY}/actions/runs/4711"
    few, many = crowd(4), crowd(3000)
    for short, long in (
        (render_comment(few, links, key="default"), render_comment(many, links, key="default")),
        (render_check(few, links).summary, render_check(many, links).summary),
    ):
        (line,) = (line for line in long.splitlines() if page in line)
        assert line.startswith("**No room here** for ")
        assert line.endswith(f"which are in [the job summary]({page}) and the evidence folder.")
        assert page not in short


@pytest.mark.parametrize("run_id", ["", "x", "1/../2", "12)", "1" * 21])
def test_a_run_that_is_no_number_is_not_linked(run_id: str) -> None:
    assert Links(SERVER, REPOSITORY, MERGE, run_id).run_page is None


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 more uncovered place, which is"), (7, "7 more uncovered places, which are")]
)
def test_the_check_says_how_many_places_have_no_annotation(count: int, said: str) -> None:
    summary = render_check(crowd(4), LINKS, annotations_left_out=count).summary
    assert summary.endswith(f"\n\n**Not annotated:** {said} in the job summary and the evidence folder.")
    assert "Not annotated" not in render_check(crowd(4), LINKS).summary


def test_a_page_of_failing_modules_has_more_rows_than_a_screen() -> None:
    assert render_comment(crowd(3000), LINKS, key="default").count("\n| ❌ ") > 50
