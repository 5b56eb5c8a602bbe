"""What was read of a run, as values: what `gate.evaluate` judges."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gate.evidence.index import Artifact
from gate.reports.junit import TestReport
from gate.reports.model import FileCoverage


class Tests(msgspec.Struct, frozen=True):
    """The test cases of one JUnit file, and whether their failures block."""

    __test__ = False  # not a test class, whatever its name says to pytest

    source: str
    report: TestReport
    blocking: bool


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read.

    `measured` maps repository paths to what all reports together say of them; `unmeasured` are workspace
    files of the modules that hold statements and that no report names; `foreign` are a few of the
    reports' names that belong to no module, `partly` paths with branches in some of their reports only.
    """

    measured: Mapping[str, FileCoverage]
    unmeasured: tuple[str, ...]
    foreign: tuple[str, ...]
    partly: tuple[str, ...] = ()
    tests: tuple[Tests, ...]
    artifacts: tuple[Artifact, ...]
