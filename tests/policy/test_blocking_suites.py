"""Whose artifact a file is, and whether it blocks."""

from __future__ import annotations

import pytest

from gate.policy.resolved import Suite
from gate.policy.suites import blocks

SUITES = (
    Suite("unit", "run", artifacts=(("junit", "junit/unit.xml"),)),
    Suite("flaky", "run", artifacts=(("junit", "flaky.xml"), ("trace", "traces/flaky")), blocking=False),
    Suite("java", "run", artifacts=(("junit", "surefire"),), blocking=False),
)


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("junit", "artifacts/r1/junit/unit.xml", True),
        ("junit", "out/flaky.xml", False),
        ("junit", "out/notflaky.xml", True),
        ("coverage", "out/flaky.xml", True),
        ("trace", "backend/artifacts/r1/traces/flaky/login/trace.zip", False),
        ("junit", "artifacts/r1/surefire/TEST-a.xml", False),
        ("junit", "nobody's.xml", True),
    ],
)
def test_an_artifact_is_the_suites_whose_path_it_ends_with_or_lies_in(
    kind: str, source: str, expected: bool
) -> None:
    assert blocks(SUITES, kind, source) is expected


def test_of_suites_that_share_an_artifact_one_that_blocks_decides() -> None:
    both = (*SUITES, Suite("same", "run", artifacts=(("junit", "flaky.xml"),)))
    assert blocks(both, "junit", "out/flaky.xml") is True
