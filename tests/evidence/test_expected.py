from __future__ import annotations

import pytest

from gate.evidence.expected import unmet
from gate.evidence.index import Artifact, Kind, Status
from gate.policy.resolved import Expectation


def shard(number: int, sha256: str | None = None, status: Status = Status.PRESENT) -> Artifact:
    return Artifact(
        name="out/*.json",
        kind=Kind.COVERAGE,
        path=f"coverage/shard-{number}/coverage.json",
        source=f"out/shard-{number}/coverage.json",
        sha256=sha256 or f"{number:064}",
        status=status,
    )


EIGHT = [shard(number) for number in range(1, 9)]
TOLD = {artifact.path or "" for artifact in EIGHT}


def lacking(expectation: Expectation, artifacts: list[Artifact], told: set[str] = TOLD) -> list[Status]:
    return [artifact.status for artifact in unmet((expectation,), artifacts, told)]


def test_a_pinned_number_is_met_by_just_so_many() -> None:
    assert lacking(Expectation("coverage", count=8), EIGHT) == []


@pytest.mark.parametrize("there", range(8))
def test_each_one_that_is_lacking_is_an_artifact_that_is_missing(there: int) -> None:
    assert lacking(Expectation("coverage", count=8), EIGHT[:there]) == [Status.MISSING] * (8 - there)


def test_one_too_many_is_left_over_from_something() -> None:
    assert lacking(Expectation("coverage", count=7), EIGHT) == [Status.STALE]


def test_a_copy_of_another_shard_does_not_count_where_reports_tell_their_time() -> None:
    copied = [*EIGHT[:7], shard(8, sha256=EIGHT[0].sha256)]
    (artifact,) = unmet((Expectation("coverage", count=8),), copied, TOLD)
    assert artifact.status is Status.MISSING
    assert "8 files, some of them copies of another" in (artifact.note or "")
    # Two shards may well say the same in a format without any time.
    assert lacking(Expectation("coverage", count=8), copied, told=set()) == []


def test_what_is_there_and_unusable_has_a_reason_of_its_own() -> None:
    artifacts = [*EIGHT[:7], shard(8, status=Status.EMPTY)]
    assert lacking(Expectation("coverage", count=8), artifacts) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("shard-3/coverage.json", True),
        ("out/shard-3/coverage.json", True),
        ("shard-*/coverage.json", True),
        ("coverage.json", True),
        ("ard-3/coverage.json", False),
        ("shard-9/coverage.json", False),
        ("*.json", True),
        ("deep/out/shard-3/coverage.json", False),
    ],
)
def test_a_name_is_the_end_of_a_path_at_a_boundary(name: str, found: bool) -> None:
    expected = [] if found else [Status.MISSING]
    assert lacking(Expectation("coverage", names=(name,)), EIGHT) == expected


def test_kinds_are_counted_apart() -> None:
    assert lacking(Expectation("junit", count=1), EIGHT) == [Status.MISSING]
