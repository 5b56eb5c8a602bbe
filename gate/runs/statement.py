"""A finished run as an in-toto Statement with the predicate test-result v0.1, unsigned; pure.

Specification: in-toto/attestation, spec/v1/statement.md, spec/v1/resource_descriptor.md and
spec/predicates/test-result.md. The subject is the source that was tested: the commit. Names of tests are
agreed between producer and consumer. Here they are `module:NAME`, a configured module against its
thresholds, and `junit:PATH`, a JUnit report by its path in the run's folder (where it was not kept, as it was
configured).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from gate.evidence.index import Kind, Status
from gate.evidence.journal import INDEX
from gate.reports.outcomes import TestReport
from gate.runs.folder import Run
from gate.runs.release import Release, is_tracked
from gate.verdict import Code

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"

Result = Literal["PASSED", "WARNED", "FAILED"]
"""PASSED is GO. WARNED does not block and is no GO: a tier that only reports, or expects no coverage."""

Reports = Mapping[str, TestReport]
"""What the kept JUnit reports hold, by their path in the folder; a report that cannot be read is left out."""


class Resource(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ResourceDescriptor with a digest, by algorithm, in lowercase hexadecimal."""

    digest: Mapping[str, str]
    name: str | None = None


class TestResult(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The predicate. `configuration` are the run's files; the test names are sorted."""

    __test__ = False  # not a test class, whatever its name says to pytest

    result: Result
    configuration: tuple[Resource, ...]
    passed_tests: tuple[str, ...]
    warned_tests: tuple[str, ...]
    failed_tests: tuple[str, ...]
    url: str | None = None


class Statement(msgspec.Struct, frozen=True, rename={"type": "_type", "predicate_type": "predicateType"}):
    """The whole statement."""

    type: str
    subject: tuple[Resource, ...]
    predicate_type: str
    predicate: TestResult


def statement(
    release: Release, run: Run, commit: str, *, index_sha256: str, reports: Reports, url: str | None
) -> Statement:
    """The statement about a sound run of a known commit; `url` is the page of the run that made it."""
    named: dict[Result, set[str]] = {"PASSED": set(), "WARNED": set(), "FAILED": set()}
    for name, result in (*_modules(run), *_reports(run, reports)):
        named[result].add(name)
    return Statement(
        STATEMENT,
        (Resource({"gitCommit": commit}),),
        PREDICATE,
        TestResult(
            _result(release, run),
            (Resource({"sha256": index_sha256}, INDEX), *_files(run)),
            # What two reports of one name disagree about did not pass.
            tuple(sorted(named["PASSED"] - named["WARNED"] - named["FAILED"])),
            tuple(sorted(named["WARNED"] - named["FAILED"])),
            tuple(sorted(named["FAILED"])),
            url,
        ),
    )


def _result(release: Release, run: Run) -> Result:
    if release.go:
        return "PASSED"
    return "FAILED" if run.verdict.exit_code else "WARNED"


def _modules(run: Run) -> Iterator[tuple[str, Result]]:
    """A missed threshold that the tier only reports is a warning; what was not measured is none."""
    missed: Result = "WARNED" if run.verdict.coverage == "report" else "FAILED"
    results: dict[str, Result] = {"passed": "PASSED", "failed": missed, "error": "FAILED"}
    for module in run.verdict.modules:
        yield f"module:{module.name}", results[module.status]


def _reports(run: Run, reports: Reports) -> Iterator[tuple[str, Result]]:
    """Where no failed test is a reason of the verdict, those that there are do not block: a warning."""
    blocking = any(reason.code is Code.TESTS_FAILED for reason in run.verdict.reasons)
    for artifact in run.index.artifacts:
        # What has no source was not judged: a suite left it in the folder.
        if artifact.kind is Kind.JUNIT and (artifact.source or artifact.status is Status.MISSING):
            report = reports.get(artifact.path or "") if artifact.status is Status.PRESENT else None
            name = f"junit:{artifact.path or artifact.name}"
            if report is None or report.total == report.skipped:
                yield name, "WARNED" if is_tracked(run, artifact) else "FAILED"
            elif report.failed + report.errors:
                yield name, "FAILED" if blocking else "WARNED"
            else:
                yield name, "PASSED"


def _files(run: Run) -> Iterator[Resource]:
    digests = {one.path: one.sha256 for one in run.index.artifacts if one.path and one.sha256}
    return (Resource({"sha256": sha256}, path) for path, sha256 in digests.items() if path is not None)
