"""What was read of a run, as values: what `gate.evaluate` judges."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gate.evidence.drift import Drift
from gate.evidence.index import Artifact
from gate.reports.junit import TestReport
from gate.reports.model import FileCoverage
from gate.reports.paths import How
from gate.suites.results import SuiteResult
from gate.verdict import Note


class Tests(msgspec.Struct, frozen=True):
    """The test cases of one JUnit file, and whether their failures block."""

    __test__ = False  # not a test class, whatever its name says to pytest

    source: str
    report: TestReport
    blocking: bool


class Ambiguity(msgspec.Struct, frozen=True):
    """A name of a report that may stand for several paths, or several names that may stand for one.

    `shared` is how many of the last parts the name has in common with each of the paths.
    """

    names: tuple[str, ...]
    paths: tuple[str, ...]
    shared: int = 0


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What the names of a report stand for.

    `ways` counts the names by how they were resolved; `example` is a
    name and the path that was found by its ending. `resolved` counts the names of files that are in the
    repository or belong to a module.
    """

    names: int
    ways: Mapping[How, int]
    example: tuple[str, str] | None
    resolved: int
    suffixes: frozenset[str]


class CoverageReport(msgspec.Struct, frozen=True, kw_only=True):
    """A coverage report that was read: where it was found, what it is, and what its names stand for.

    `notes` stand after its name and a colon.
    """

    source: str
    format: str
    writer: str
    survey: Survey
    ambiguous: tuple[Ambiguity, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The format, and what wrote it where that is told."""
        return self.format if self.writer == self.format else f"{self.format} ({self.writer})"


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """All coverage reports together.

    `measured` has the gated files by repository path. `partly` are paths with branches in some of their
    reports only, `blurred` those of which the larger count per line had to be taken, `mixed` those that one
    report counts in statements and another in lines. `foreign` are a few of the names that belong to no
    module. `drifted` has, by path, how reports contradict the checked-out source; `absent` are paths without
    a source, `uncompared` those that could not be held against theirs, by the reason.
    """

    measured: Mapping[str, FileCoverage] = {}
    reports: tuple[CoverageReport, ...] = ()
    partly: tuple[str, ...] = ()
    blurred: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    drifted: Mapping[str, tuple[Drift, ...]] = {}
    absent: tuple[str, ...] = ()
    uncompared: Mapping[str, tuple[str, ...]] = {}

    @property
    def suffixes(self) -> frozenset[str]:
        """The extensions that occur in any report."""
        return frozenset[str]().union(*(report.survey.suffixes for report in self.reports))


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read. `unmeasured` are workspace files of the modules that hold statements and that no
    report names. `notes` are what finding and reading the evidence gave reason to say. `suites` were run for
    this evidence; none where somebody else ran them."""

    coverage: Coverage
    unmeasured: tuple[str, ...]
    tests: tuple[Tests, ...]
    artifacts: tuple[Artifact, ...]
    notes: tuple[Note, ...] = ()
    suites: tuple[SuiteResult, ...] = ()
