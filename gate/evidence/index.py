"""index.json: every artifact that was expected, found or not, and every file of an evidence folder."""

from __future__ import annotations

from enum import Enum

import msgspec


class Kind(Enum):
    """What an artifact is."""

    COVERAGE = "coverage"
    JUNIT = "junit"
    LOG = "log"
    TRACE = "trace"
    VERDICT = "verdict"
    SUMMARY = "summary"
    OTHER = "other"


class Status(Enum):
    """Whether an artifact is usable evidence."""

    PRESENT = "present"
    MISSING = "missing"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    STALE = "stale"


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """One expected artifact or kept file.

    `path` is its place in the folder and `source` where it was found (relative to the workspace where it
    lies there); `bytes` and `sha256` describe the kept copy. All four are None for what was not kept.
    """

    name: str
    kind: Kind
    path: str | None = None
    source: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    status: Status = Status.PRESENT
    note: str | None = None


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """The document index.json. `created` is UTC, as RFC 3339 has it."""

    schema: int = 1
    run_id: str
    created: str
    commit: str | None
    artifacts: tuple[Artifact, ...]
    missing_count: int


def status_counts(artifacts: tuple[Artifact, ...]) -> dict[str, int]:
    """How many artifacts have each status, every status named."""
    return {status.value: sum(artifact.status is status for artifact in artifacts) for status in Status}
