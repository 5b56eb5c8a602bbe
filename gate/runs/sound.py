"""A finished run whose files are those that its index lists, and what is compared of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gate.compare import Observed
from gate.errors import DamagedRun, UnreadableArtifact
from gate.evidence.files import describe
from gate.evidence.folder import VERDICT
from gate.evidence.globs import real
from gate.evidence.index import Artifact, Kind
from gate.runs.folder import Run, read_run
from gate.runs.outcomes import outcomes_in
from gate.text import quoted

_READ = frozenset({Kind.VERDICT, Kind.JUNIT, Kind.COVERAGE})


def sound_run(folder: Path) -> Run:
    """A run of which all that is read of it has the hash that its index says.

    Raises UsageError where the folder is not there, DamagedRun where it is unfinished or damaged.
    """
    run = read_run(folder)
    listed = {artifact.path: artifact for artifact in run.index.artifacts if artifact.path is not None}
    if VERDICT not in listed:
        raise DamagedRun(f"{quoted(str(folder))} is damaged: index.json does not list {VERDICT}")
    for path, artifact in listed.items():
        if artifact.kind in _READ and not _is_as_listed(folder, artifact):
            raise DamagedRun(
                f"{quoted(str(folder))} is damaged: {quoted(path)} is not what index.json lists. Changed "
                "evidence proves nothing: check again under a new run id"
            )
    return run


def observed(
    run: Run, label: str | None = None, counts: Callable[[Artifact], bool] = lambda _: True
) -> Observed:
    """What is compared of a run: with the tests of those JUnit reports that count. Raises DamagedRun."""
    try:
        outcomes = outcomes_in(run.folder, run.index.artifacts, counts)
    except (OSError, UnreadableArtifact) as error:
        raise DamagedRun(f"{quoted(str(run.folder))}: a JUnit report cannot be read: {error}") from error
    return Observed(label or run.run_id, run.index.created, run.verdict, run.index.artifacts, outcomes)


def _is_as_listed(folder: Path, artifact: Artifact) -> bool:
    path = folder / (artifact.path or "")
    if not (path.is_file() and real(path).is_relative_to(real(folder))):
        return False
    try:
        written = describe(path)
    except OSError:
        return False
    return (written.bytes, written.sha256) == (artifact.bytes, artifact.sha256)
