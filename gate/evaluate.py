"""Policy, measured files, tests and artifacts to a verdict: all pass or fail logic, and pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from gate.evaluate_module import evaluate_module
from gate.evaluate_reports import ambiguous_reasons, report_notes
from gate.evidence.index import Artifact, Kind, Status, status_counts
from gate.evidence.model import Evidence, Tests
from gate.policy.matching import ModuleMatcher
from gate.policy.resolved import Policy
from gate.policy.suites import blocks
from gate.reports.junit import TestReport
from gate.suites.results import SuiteResult
from gate.text import counted, ordinal, quoted
from gate.verdict import TRACKED_ARTIFACT, Code, ModuleResult, Note, Reason, TestCounts, Verdict, outcome_of

NAMED_FAILURES = 5


class Identity(msgspec.Struct, frozen=True):
    """Whose verdict it is: the run, the checked-out commit, the pull request's head."""

    run_id: str
    commit: str | None
    head_sha: str | None


def evaluate(policy: Policy, evidence: Evidence, identity: Identity) -> Verdict:
    """Judge the evidence by the policy."""
    modules = _modules(policy, evidence)
    tracked = tuple(one for one in evidence.artifacts if not _blocks(policy, one))
    reasons = (
        *_artifact_reasons(one for one in evidence.artifacts if one not in tracked),
        *ambiguous_reasons(evidence.coverage),
        *_suite_reasons(evidence.suites),
        *_test_reasons(evidence.tests),
        *(reason for module in modules for reason in module.reasons),
    )
    notes = (
        *evidence.notes,
        *(Note(TRACKED_ARTIFACT, reason.message) for reason in _artifact_reasons(tracked)),
        *report_notes(evidence.coverage, modules),
        *_suite_notes(evidence.suites),
        *_test_notes(policy, evidence.tests),
        *_tier_notes(policy),
        *(note for module in modules for note in module.notes),
    )
    status, exit_code = outcome_of(reasons, forgiving=policy.tier.coverage == "report")
    return Verdict(
        verdict=status,
        exit_code=exit_code,
        tier=policy.tier.name,
        coverage=policy.tier.coverage,
        run_id=identity.run_id,
        commit=identity.commit,
        head_sha=identity.head_sha,
        modules_configured=len(policy.modules),
        modules_evaluated=sum(module.status != "error" for module in modules),
        modules=modules,
        tests=_counts(evidence.tests),
        artifacts=status_counts(evidence.artifacts),
        reasons=reasons,
        notes=notes,
    )


def amended(verdict: Verdict, reasons: tuple[Reason, ...], notes: tuple[Note, ...]) -> Verdict:
    """A verdict with what the runs before it add."""
    every = (*verdict.reasons, *reasons)
    status, exit_code = outcome_of(every, forgiving=verdict.coverage == "report")
    return msgspec.structs.replace(
        verdict, verdict=status, exit_code=exit_code, reasons=every, notes=(*verdict.notes, *notes)
    )


def _modules(policy: Policy, evidence: Evidence) -> tuple[ModuleResult, ...]:
    if policy.tier.coverage == "off":
        return ()
    matcher = ModuleMatcher(policy.modules)
    measured_files = evidence.coverage.measured
    measured = _by_module(matcher, measured_files)
    unmeasured = _by_module(matcher, evidence.unmeasured)
    return tuple(
        evaluate_module(
            module,
            {path: measured_files[path] for path in measured[module.name]},
            tuple(unmeasured[module.name]),
            evidence.coverage.drifted,
        )
        for module in policy.modules
    )


def _by_module(matcher: ModuleMatcher, paths: Iterable[str]) -> dict[str, list[str]]:
    """Each module's paths, sorted; a path may belong to several modules."""
    owned: dict[str, list[str]] = defaultdict(list)
    for path in sorted(paths):
        for module in matcher.modules_of(path):
            owned[module.name].append(path)
    return owned


_KIND_NAMES = {Kind.COVERAGE: "coverage report", Kind.JUNIT: "JUnit report"}
_ARTIFACT_CODES = {
    Status.MISSING: Code.ARTIFACT_MISSING,
    Status.EMPTY: Code.ARTIFACT_EMPTY,
    Status.UNREADABLE: Code.ARTIFACT_UNREADABLE,
    Status.STALE: Code.ARTIFACT_STALE,
}


def _blocks(policy: Policy, artifact: Artifact) -> bool:
    return blocks(policy.suites, artifact.kind.value, artifact.source or artifact.name)


def _artifact_reasons(artifacts: Iterable[Artifact]) -> list[Reason]:
    """What is wrong with artifacts. Of the same one that is lacking several times, it is said once."""
    reasons = (
        Reason(
            _ARTIFACT_CODES[artifact.status],
            f"{_KIND_NAMES.get(artifact.kind, 'artifact')} {quoted(artifact.source or artifact.name)}: "
            f"{artifact.note or artifact.status.value}",
        )
        for artifact in artifacts
        if artifact.status in _ARTIFACT_CODES
    )
    return list(dict.fromkeys(reasons))


def _suite_reasons(suites: tuple[SuiteResult, ...]) -> list[Reason]:
    return [
        Reason(Code.SUITE_TIMEOUT if suite.how == "timeout" else Code.SUITE_FAILED, suite.sentence)
        for suite in suites
        if suite.blocking and suite.how != "passed"
    ]


def _suite_notes(suites: tuple[SuiteResult, ...]) -> list[Note]:
    tracked = (suite for suite in suites if not suite.blocking and suite.how != "passed")
    again = (suite for suite in suites if suite.how == "passed" and suite.attempts > 1)
    return [
        *(Note("non-blocking-suite-failed", f"{suite.sentence}; it does not block") for suite in tracked),
        *(
            Note("suite-remark", f"suite {quoted(suite.name)}: {note}")
            for suite in suites
            for note in suite.notes
        ),
        *(
            Note(
                "suite-retried",
                f"suite {quoted(suite.name)} passed at its {ordinal(suite.attempts)} attempt only",
            )
            for suite in again
        ),
    ]


def _test_reasons(tests: tuple[Tests, ...]) -> list[Reason]:
    blocking = tuple(one for one in tests if one.blocking)
    reasons = [Reason(Code.ARTIFACT_UNREADABLE, sentence) for sentence in _broken(blocking)]
    reasons += [Reason(Code.NO_TESTS, sentence) for sentence in _empty(blocking)]
    everything = _counts(blocking)
    if everything.total and everything.total == everything.skipped:
        skipped = counted(everything.total, "test")
        reasons.append(Reason(Code.NO_TESTS, f"all of {skipped} were skipped: nothing was tested"))
    if failed := _failed(blocking):
        reasons.append(Reason(Code.TESTS_FAILED, failed))
    return reasons


def _empty(tests: tuple[Tests, ...]) -> list[str]:
    return [f"JUnit report {quoted(one.source)} holds no test case" for one in tests if not one.report.total]


def _broken(tests: tuple[Tests, ...]) -> list[str]:
    """Why runs are not whole: what they covered proves nothing of the tests that they should have run."""
    return [f"JUnit report {quoted(one.source)}: {why}" for one in tests for why in one.report.broken]


def _test_notes(policy: Policy, tests: tuple[Tests, ...]) -> list[Note]:
    notes: list[Note] = []
    tracked = tuple(one for one in tests if not one.blocking)
    notes.extend(Note("non-blocking-no-tests", sentence) for sentence in _empty(tracked))
    notes.extend(Note("non-blocking-not-whole", sentence) for sentence in _broken(tracked))
    notes.extend(
        Note("test-report-remark", f"JUnit report {quoted(one.source)}: {remark}")
        for one in tests
        for remark in one.report.remarks
    )
    if failed := _failed(tracked):
        notes.append(Note("non-blocking-tests-failed", f"in suites that do not block, {failed}"))
    if not policy.junit_files and all(one.kind != "junit" for one in policy.expected):
        notes.append(
            Note("tests-not-configured", "no junit-files are configured: test outcomes were not judged")
        )
    return notes


def _tier_notes(policy: Policy) -> list[Note]:
    notes = []
    if policy.tier.coverage == "off":
        notes.append(
            Note("coverage-off", f"tier {policy.tier.name} expects no coverage: no module was evaluated")
        )
    return notes


def _failed(tests: tuple[Tests, ...]) -> str:
    """A sentence that names the failed tests, empty where none failed."""
    report = _sum(tests)
    bad = report.failed + report.errors
    if not bad:
        return ""
    names = [
        quoted(f"{case.classname}::{case.name}" if case.classname else case.name)
        for case in report.failures[:NAMED_FAILURES]
    ]
    more = f" and {bad - len(names)} more" if bad > len(names) else ""
    return f"{bad} of {counted(report.total, 'test')} failed: {', '.join(names)}{more}"


def _sum(tests: tuple[Tests, ...]) -> TestReport:
    return sum((one.report for one in tests), TestReport.nothing())


def _counts(tests: tuple[Tests, ...]) -> TestCounts:
    report = _sum(tests)
    return TestCounts(report.total, report.passed, report.failed, report.errors, report.skipped)
