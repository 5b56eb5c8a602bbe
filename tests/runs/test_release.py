"""What makes a release GO, one condition at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.evidence.index import Artifact, Index, Kind, Status
from gate.runs.folder import Run
from gate.runs.release import Release
from gate.runs.verify import Examined
from gate.verdict import Code, Note, Reason, Verdict
from tests.render.builders import MERGE
from tests.render.verdicts import failing, passing


def release(verdict: Verdict, artifacts: tuple[Artifact, ...] = (), commit: str | None = MERGE) -> Release:
    index = Index(
        run_id=verdict.run_id, created="2026-11-22T10:15:00+00:00", commit=commit, artifacts=artifacts,
        missing_count=0,
    )  # fmt: skip
    folder = Path("runs") / verdict.run_id
    return Release(Examined(folder=folder, run=Run(folder, index, verdict), state="sound", damage=()))


def lacking(one: Release) -> list[str]:
    return [condition.key for condition in one.conditions if not condition.held]


def test_a_sound_run_that_passed_is_go() -> None:
    assert (release(passing()).go, release(passing()).exit_code) == (True, 0)


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "verdict": ({"verdict": "failed"}, "passed"),
    "exit code": ({"exit_code": 3}, "passed"),
    "a reason": ({"reasons": (Reason(Code.TESTS_FAILED, "1 of 1"),)}, "passed"),
    "a module": ({"modules": failing().modules[:2]}, "passed"),
    "report": ({"coverage": "report"}, "enforced"),
    "off": ({"coverage": "off"}, "enforced"),
    "not evaluated": ({"modules_evaluated": 1}, "evaluated"),
    "not configured": ({"modules_configured": 0, "modules_evaluated": 0, "modules": ()}, "evaluated"),
    "a suite left out": ({"notes": (Note("only-some-suites", "--only left out 'full'"),)}, "whole-tier"),
    "a module left out": ({"modules": passing().modules[:1]}, "evaluated"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_thing_alone_makes_it_no_go(name: str) -> None:
    changes, key = CHANGES[name]
    subject = release(msgspec.structs.replace(passing(), **changes))
    assert lacking(subject) == [key]
    assert subject.exit_code == (3 if name == "exit code" else 1)


@pytest.mark.parametrize("commit", [None, "", "HEAD", MERGE[:39], MERGE.upper(), MERGE + "\n"])
def test_what_is_no_whole_hash_is_no_commit(commit: str | None) -> None:
    assert lacking(release(passing(), commit=commit)) == ["commit"]


def test_a_missing_artifact_counts_whatever_the_index_counts() -> None:
    missing = Artifact(name="out/*.json", kind=Kind.COVERAGE, status=Status.MISSING)
    assert lacking(release(passing(), (missing,))) == ["complete"]


def test_a_run_that_is_not_sound_proves_nothing() -> None:
    good = release(passing()).examined
    for state in ("damaged", "unfinished"):
        subject = Release(msgspec.structs.replace(good, state=state, damage=("changed",)))
        assert (lacking(subject), subject.exit_code, subject.commit) == (["sound"], 4, None)
