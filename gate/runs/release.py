"""Whether a run is good enough to release its commit by, and each thing that decides it; pure."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from gate.errors import DamagedRun
from gate.evidence.index import Artifact, Status
from gate.policy.resolved import ONLY_SOME
from gate.runs.folder import Run
from gate.runs.verify import Examined
from gate.text import quoted
from gate.verdict import TRACKED_ARTIFACT

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""As git writes a commit's hash."""

Key = Literal["sound", "passed", "enforced", "commit", "evaluated", "complete", "whole-tier"]


class Condition(msgspec.Struct, frozen=True):
    """One thing that a release needs, and whether it holds."""

    key: Key
    held: bool


class Release(msgspec.Struct, frozen=True):
    """A run as a release owner asks about it. A run that is not sound holds nothing: it proves nothing."""

    examined: Examined

    @property
    def run(self) -> Run | None:
        """The run, if its folder is what its index says."""
        return self.examined.run if self.examined.state == "sound" else None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that decides, in the order of its weight."""
        run = self.run
        if run is None:
            return (Condition("sound", held=False),)
        verdict = run.verdict
        passed = verdict.verdict == "passed" and not verdict.reasons and not verdict.failed_modules
        configured = verdict.modules_configured
        return (
            Condition("sound", held=True),
            Condition("passed", held=passed and verdict.exit_code == 0),
            Condition("enforced", held=verdict.coverage == "enforce"),
            Condition("commit", held=self.commit is not None),
            Condition("evaluated", held=verdict.modules_evaluated == configured == len(verdict.modules) > 0),
            Condition("complete", held=missing_count(run) == 0),
            Condition("whole-tier", held=all(note.code != ONLY_SOME for note in verdict.notes)),
        )

    @property
    def go(self) -> bool:
        """Whether all of it holds."""
        return all(condition.held for condition in self.conditions)

    @property
    def commit(self) -> str | None:
        """The commit that was checked out and measured, 40 or 64 hexadecimal digits."""
        commit = None if self.run is None else self.run.index.commit
        return commit if commit is not None and _COMMIT.fullmatch(commit) else None

    @property
    def exit_code(self) -> int:
        """0 for GO; else 4 for a run that is not sound, the verdict's own code, or 1."""
        if self.go:
            return 0
        return DamagedRun.exit_code if self.run is None else self.run.verdict.exit_code or 1


def missing_count(run: Run) -> int:
    """How many expected artifacts were not found, but for those of suites that do not block."""
    missing = (artifact for artifact in run.index.artifacts if artifact.status is Status.MISSING)
    return sum(not is_tracked(run, one) for one in missing)


def is_tracked(run: Run, artifact: Artifact) -> bool:
    """Whether an artifact that is not usable belongs to a suite that does not block."""
    name = quoted(artifact.source or artifact.name)
    return any(note.code == TRACKED_ARTIFACT and name in note.message for note in run.verdict.notes)
