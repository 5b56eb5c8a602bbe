"""What became of each test of a run, by the JUnit reports that its folder keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from gate.compare import Identity, Outcomes
from gate.evidence.files import read_from
from gate.evidence.index import Artifact, Kind, Status
from gate.reports.junit import read_outcomes
from gate.reports.outcomes import Outcome

MOST_JUNIT = 256 << 20
"""Bytes of one report: a check takes no larger one."""


def outcomes_in(
    folder: Path, artifacts: Iterable[Artifact], counts: Callable[[Artifact], bool] = lambda _: True
) -> Outcomes:
    """The outcomes of all present JUnit reports that count.

    OSError or UnreadableArtifact where one cannot be read.
    """
    found: dict[Identity, list[Outcome]] = defaultdict(list)
    for artifact in artifacts:
        if _was_judged(artifact) and artifact.path is not None and counts(artifact):
            for test, outcomes in read_outcomes(read_from(folder, artifact.path, MOST_JUNIT)).items():
                found[test] += outcomes
    return {test: _sorted(outcomes) for test, outcomes in found.items()}


def _was_judged(artifact: Artifact) -> bool:
    """Whether a report was read by the check: one that it did not look for has no source."""
    return artifact.kind is Kind.JUNIT and artifact.status is Status.PRESENT and artifact.source is not None


def _sorted(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.value))
