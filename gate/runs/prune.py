"""The runs of an evidence root, and what is to become of each."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gate.errors import DamagedRun, UsageError
from gate.evidence.files import read_from
from gate.evidence.globs import normal, real
from gate.policy.load import Source, load_keep
from gate.policy.resolved import Keep
from gate.reports.moments import from_iso
from gate.runs.folder import read_run, runs_in
from gate.runs.latest import current_run
from gate.runs.removal import half_removed
from gate.runs.retention import Decision, FinishedRun, decide
from gate.text import as_utf8, quoted


class Plan(msgspec.Struct, frozen=True):
    """What is in an evidence root: runs to decide on, and folders that stay with the sentence why."""

    root: Path
    keep: Keep
    decisions: tuple[Decision, ...]
    untouched: tuple[tuple[str, str], ...]
    half_removed: tuple[Path, ...]


def plan(workspace: Path, artifacts_dir: str, keep: Keep) -> Plan:
    """Look through an evidence root and decide; nothing is removed here. Raises UsageError."""
    root = normal(workspace / artifacts_dir)
    if root.is_relative_to(workspace) and not real(root).is_relative_to(real(workspace)):
        raise UsageError(f"{quoted(artifacts_dir)} is a link that leaves the current folder; name its target")
    if not root.is_dir():
        raise UsageError(
            f"{quoted(artifacts_dir)} is not there: name the folder of the runs by --artifacts-dir"
        )
    runs: list[FinishedRun] = []
    untouched: list[tuple[str, str]] = []
    for folder in sorted(runs_in(root)):
        found = _finished(folder)
        if isinstance(found, FinishedRun):
            runs.append(found)
        else:
            untouched.append((as_utf8(folder.name), found))
    return Plan(
        root,
        keep,
        decide(runs, keep, current_run(root)),
        tuple(untouched),
        tuple(sorted(half_removed(root))),
    )


def _finished(folder: Path) -> FinishedRun | str:
    """The run in a folder, or why it is none to decide on."""
    try:
        run = read_run(folder)
    except DamagedRun as error:
        return str(error)
    if run.run_id != folder.name:
        return f"its index is of run {quoted(run.run_id)}: a copy, or renamed"
    created = from_iso(run.index.created)
    if created is None:
        return f"its index was created at {quoted(run.index.created)}, which is no time"
    return FinishedRun(run.run_id, created.at, run.verdict.verdict == "passed")


def what_to_keep(workspace: Path, policy: str, passed: int | None, failed: int | None) -> Keep:
    """How many runs stay, by the flags and, for what they do not say, by the policy. Raises UsageError."""
    if passed is not None and failed is not None:
        return Keep(passed, failed)
    own = _keep_of(workspace, policy)
    if own is None:
        raise UsageError(
            f"how many runs stay is not said: write `keep: {{passed: 10, failed: 10}}` into {policy}, or "
            "give --keep-passed 10 --keep-failed 10"
        )
    return Keep(own.passed if passed is None else passed, own.failed if failed is None else failed)


def _keep_of(workspace: Path, policy: str) -> Keep | None:
    try:
        return load_keep(Source(policy, read_from(workspace, policy)))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"policy {policy} cannot be read: {error.strerror or error}") from error
