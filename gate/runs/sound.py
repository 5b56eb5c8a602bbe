"""A finished run of which every file is what its index lists, and what is compared of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gate.compare import Observed
from gate.errors import DamagedRun, UnreadableArtifact
from gate.evidence.index import Artifact
from gate.runs.folder import Run
from gate.runs.outcomes import outcomes_in
from gate.runs.verify import examine
from gate.text import quoted


def sound_run(folder: Path) -> Run:
    """A run whose files were hashed again; of `latest/` the one that it repeats.

    Raises UsageError where the folder is not there, DamagedRun where it is unfinished or damaged.
    """
    examined = examine(folder)
    if examined.run is None or examined.damage:
        more = len(examined.damage) - 1
        raise DamagedRun(
            f"{quoted(str(folder))} is {examined.state}: {examined.damage[0].removeprefix('unfinished: ')}"
            f"{f', and {more} more (see gate verify)' if more > 0 else ''}"
        )
    return examined.run


def observed(
    run: Run, label: str | None = None, counts: Callable[[Artifact], bool] = lambda _: True
) -> Observed:
    """What is compared of a run: with the tests of those JUnit reports that count. Raises DamagedRun."""
    try:
        outcomes = outcomes_in(run.folder, run.index.artifacts, counts)
    except (OSError, UnreadableArtifact) as error:
        raise DamagedRun(f"{quoted(str(run.folder))}: a JUnit report cannot be read: {error}") from error
    return Observed(label or run.run_id, run.index.created, run.verdict, run.index.artifacts, outcomes)
