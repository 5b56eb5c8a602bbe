"""What a comment says of an earlier failure: once it passes again, and for as long as it does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gate.render.markdown import Links, render_comment
from gate.render.past import Past, past_of, read_state, state_line
from gate.verdict import Status, Verdict

from .texts import hostile_text, patient
from .verdicts import passing

A, B, C = "a" * 40, "b" * 40, "c" * 64
results = st.tuples(st.sampled_from(["passed", "failed", "error"]), st.sampled_from([A, B, C]))


def judged(result: Status, commit: str | None) -> Verdict:
    return replace(passing(), verdict=result, exit_code=0 if result == "passed" else 1, head_sha=commit)


def told(*history: tuple[Status, str]) -> Past | None:
    """What the last of some runs says, each beside the comment of the one before."""
    text: str | None = None
    past = None
    for result, commit in history:
        past = past_of(judged(result, commit), text)
        text = "" if past is None else f"{state_line(past)}\n## more"
    return past


def test_the_first_pass_after_a_failure_says_since_when_and_what_failed() -> None:
    assert told(("passed", A), ("failed", B), ("passed", C)) == Past("failed", B, C)
    assert told(("error", B), ("passed", C)) == Past("error", B, C)


def test_further_passes_say_the_same() -> None:
    assert told(("failed", A), ("passed", B), ("passed", B), ("passed", C)) == Past("failed", A, B)


def test_where_nothing_failed_nothing_is_said() -> None:
    assert told(("passed", A), ("passed", B)) is None


def test_a_new_failure_takes_the_place_of_the_old_one() -> None:
    assert told(("failed", A), ("passed", B), ("error", C)) == Past("error", C)


@given(history=st.lists(results, min_size=1, max_size=8))
def test_a_run_that_repeats_its_result_changes_nothing(history: list[tuple[Status, str]]) -> None:
    assert told(*history) == told(*history, history[-1])


def test_a_tier_without_coverage_does_not_say_that_coverage_passes_again() -> None:
    uncovered = replace(judged("passed", B), coverage="off")
    failed = state_line(Past("failed", A))
    past = past_of(uncovered, failed)
    assert past == Past("failed", A)
    assert "again" not in render_comment(uncovered, Links(), key="default", past=past)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "## Module coverage",
        f"<!-- module-coverage-gate-state: failed {A[:39]} -->",
        f"<!-- module-coverage-gate-state: failed {A} --> more",
        f"<!-- module-coverage-gate-state: failed {A.upper()} -->",
        f"<!-- module-coverage-gate-state: passed {A} -->",
        f"<!-- module-coverage-gate-state: passed x after failed {A} -->",
        f"<!-- module-coverage-gate-state: won {A} -->",
        f"\n<!-- module-coverage-gate-state: failed {A} -->",
    ],
)
def test_a_line_that_is_not_exactly_ours_tells_nothing(line: str) -> None:
    assert read_state(line) is None
    assert past_of(judged("passed", B), line) is None


@patient
@given(text=hostile_text | st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    past_of(judged("passed", B), text)
    if not re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", text):  # that would be a commit
        assert read_state(f"<!-- module-coverage-gate-state: failed {text} -->") is None


@pytest.mark.parametrize("commit", [None, "main", "<b>", "a" * 39])
def test_without_a_commit_nothing_is_said_or_kept(commit: str | None) -> None:
    verdict = replace(judged("failed", commit), commit=None)
    assert past_of(verdict, None) is None


def test_the_sentence_stands_below_the_headline_and_the_state_above_it() -> None:
    past = Past("error", A, B)
    comment = render_comment(judged("passed", B), Links("https://x.example", "o/r"), key="default", past=past)
    assert comment.splitlines()[1:5] == [
        f"<!-- module-coverage-gate-state: passed {B} after error {A} -->",
        "## ✅ Module coverage: passed",
        "",
        f"Passing again since commit [`bbbbbbb`](https://x.example/o/r/commit/{B}); before, commit "
        f"[`aaaaaaa`](https://x.example/o/r/commit/{A}) ended in an error.",
    ]


def test_a_failure_of_the_same_commit_is_said_to_be_of_another_run() -> None:
    comment = render_comment(judged("passed", B), Links(), key="default", past=Past("failed", B, B))
    assert "\nPassing again since commit `bbbbbbb`; an earlier run of it failed.\n" in comment
