"""Runs of one commit held against each other: what flips between them. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Literal, Protocol, TypeVar

import msgspec

from gate.compare_file import Files, arc_flips, file_flips, line_stretches
from gate.comparison import (
    ArtifactFlip,
    BranchFlip,
    Comparison,
    CountFlip,
    LineFlip,
    Pattern,
    Presence,
    TestFlip,
    change_of,
)
from gate.evidence.index import Artifact, Kind, Status
from gate.reports.lines import Ratio
from gate.reports.model import Function
from gate.reports.outcomes import Outcome
from gate.verdict import FileResult, Verdict

_OWN = frozenset({Kind.VERDICT, Kind.SUMMARY})
_NAMED_AT_RANDOM = frozenset({Kind.LOG, Kind.TRACE})
"""Only the expected ones are the same from run to run, and those that are not there."""

_PROCESS_FILE = re.compile(r"\.coverage\.[^/]*\d[^/]*$")
"""coverage.py's data file of one process: host, process id and a random text are in its name."""

Value = TypeVar("Value", bound=Hashable)


class Identity(Hashable, Protocol):
    """A test's identity, and how it is shown."""

    @property
    def label(self) -> str:
        """The test's name as people know it."""
        ...


Outcomes = Mapping[Identity, tuple[Outcome, ...]]
"""Each test's outcomes in a run, sorted: several where it ran several times."""


class Observed(msgspec.Struct, frozen=True):
    """A run as it is compared. `label` tells it from the others; `created` is UTC, as RFC 3339 has it."""

    label: str
    created: str
    verdict: Verdict
    artifacts: tuple[Artifact, ...]
    outcomes: Outcomes


def compare(
    runs: Sequence[Observed], functions: Mapping[str, tuple[Function, ...]] | None = None
) -> Comparison:
    """What differs between runs of one commit, in the order given.

    `functions` are those of the files that flip, by path, where they are known: lines are named by them,
    and told from what they follow from.
    """
    labels = tuple(run.label for run in runs)
    branches: list[BranchFlip] = []
    lines: list[LineFlip] = []
    counts: list[CountFlip] = []
    presence = _modules(runs, labels)
    for path, files in _files(runs).items():
        there = tuple(file is not None for file in files)
        if not all(there):
            presence.append(_presence("file", path, there, labels))
        stretches = line_stretches(files) if _one(_line_totals(files)) else []
        arcs = arc_flips(files) if _one(_branch_totals(files)) else {}
        counts += _counts(path, files, named_lines=bool(stretches))
        if stretches or arcs:
            found = file_flips(path, stretches, arcs, (functions or {}).get(path), labels)
            branches += found[0]
            lines += found[1]
    tests = _tests(runs, labels)
    artifacts = _artifacts(runs, labels)
    differs = branches or lines or counts or presence or tests or artifacts
    return Comparison(
        result="unstable" if differs else "stable",
        commit=runs[0].verdict.commit,
        runs=labels,
        branches=tuple(branches),
        lines=tuple(lines),
        counts=tuple(counts),
        presence=tuple(presence),
        tests=tests,
        artifacts=artifacts,
    )


def _modules(runs: Sequence[Observed], labels: Sequence[str]) -> list[Presence]:
    names = [frozenset(module.name for module in run.verdict.modules) for run in runs]
    every = dict.fromkeys(module.name for run in runs for module in run.verdict.modules)
    patterns = {name: tuple(name in one for one in names) for name in sorted(every)}
    return [_presence("module", name, there, labels) for name, there in patterns.items() if not all(there)]


def _presence(what: Literal["module", "file"], name: str, there: Pattern, labels: Sequence[str]) -> Presence:
    change, since = change_of(there, labels)
    return Presence(what=what, name=name, there=there, change=change, since=since)


def _files(runs: Sequence[Observed]) -> dict[str, Files]:
    """Each file of a configured module in each of the runs, by path."""
    by_run: list[dict[str, FileResult]] = [
        {file.path: file for module in run.verdict.modules for file in module.files} for run in runs
    ]
    paths = sorted(frozenset[str]().union(*by_run))
    return {path: tuple(files.get(path) for files in by_run) for path in paths}


def _line_totals(files: Files) -> list[int]:
    return [file.line.total for file in files if file is not None]


def _branch_totals(files: Files) -> list[int]:
    return [-1 if file.branch is None else file.branch.total for file in files if file is not None]


def _one(values: Sequence[Hashable]) -> bool:
    return len(set(values)) == 1


def _counts(path: str, files: Files, *, named_lines: bool) -> list[CountFlip]:
    """What differs in numbers, and is not named.

    Named branches account for their share of the count; of named lines that is not asked, since the unit
    may be another one (Go's blocks).
    """
    found = []
    if not _one([file.line for file in files if file is not None]) and not named_lines:
        found.append(
            CountFlip(path=path, what="lines", counts=tuple(file.line if file else None for file in files))
        )
    present = [file for file in files if file is not None]
    if not _one(_branch_totals(files)) or not _one([_unnamed_branches(file) for file in present]):
        counts: tuple[Ratio | None, ...] = tuple(file.branch if file else None for file in files)
        found.append(CountFlip(path=path, what="branches", counts=counts))
    return found


def _unnamed_branches(file: FileResult) -> int:
    if file.branch is None:
        return 0
    return file.branch.total - file.branch.covered - len(file.missing_branches)


def _tests(runs: Sequence[Observed], labels: Sequence[str]) -> tuple[TestFlip, ...]:
    every = dict.fromkeys(test for run in runs for test in run.outcomes)
    found = []
    for test in every:
        outcomes = tuple(run.outcomes.get(test) for run in runs)
        if _one(outcomes):
            continue
        change, since = change_of(outcomes, labels)
        shown = tuple(None if one is None else tuple(outcome.value for outcome in one) for one in outcomes)
        found.append(TestFlip(test=test.label, outcomes=shown, change=change, since=since))
    return tuple(sorted(found, key=lambda flip: flip.test))


def _artifacts(runs: Sequence[Observed], labels: Sequence[str]) -> tuple[ArtifactFlip, ...]:
    missing = {
        (artifact.kind, artifact.name) for run in runs for artifact in run.artifacts if artifact.path is None
    }
    by_run = [_statuses(run.artifacts, missing) for run in runs]
    every = sorted(frozenset[tuple[str, str]]().union(*by_run))
    found = []
    for kind, name in every:
        statuses = tuple(one.get((kind, name)) for one in by_run)
        if not _one(statuses):
            change, since = change_of(statuses, labels)
            found.append(ArtifactFlip(kind=kind, name=name, statuses=statuses, change=change, since=since))
    return tuple(found)


def _statuses(artifacts: tuple[Artifact, ...], missing: set[tuple[Kind, str]]) -> dict[tuple[str, str], str]:
    """Status by kind and path: by name for what some run lacks, which has no path there."""
    found: dict[tuple[str, str], str] = {}
    for artifact in artifacts:
        if artifact.kind in _OWN:
            continue
        expected = (artifact.kind, artifact.name) in missing
        if artifact.kind in _NAMED_AT_RANDOM and not expected and artifact.status is Status.PRESENT:
            if artifact.source is None:
                continue
            expected = True
        name = artifact.name if expected else _PROCESS_FILE.sub(".coverage.*", artifact.path or artifact.name)
        found.setdefault((artifact.kind.value, name), artifact.status.value)
    return found
