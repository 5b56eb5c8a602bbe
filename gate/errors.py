"""The errors that a user may see, each with the exit code it leads to.

Every message says what is wrong, where, and what to do next. It may quote foreign text (a file name, a
key of the policy), so whoever prints one passes it through `gate.text`.
"""

from __future__ import annotations

from typing import ClassVar


class GateError(Exception):
    """The root of all expected errors; anything else that escapes is an internal error (exit 70)."""

    exit_code: ClassVar[int] = 70


class UsageError(GateError):
    """Options, inputs or policy are wrong: nothing was evaluated."""

    exit_code = 2


class UnreadableArtifact(GateError):  # noqa: N818 - names the state of the artifact
    """A file exists but is not usable evidence: cut off, of another kind, or contradicting itself."""

    exit_code = 3


class DamagedRun(GateError):  # noqa: N818 - names the state of the run
    """An evidence folder that is not what its index says, or that was never finished."""

    exit_code = 4


class StaleArtifact(UnreadableArtifact):
    """A file that is of another run or commit."""


class EmptyArtifact(UnreadableArtifact):
    """A file exists and holds nothing."""
