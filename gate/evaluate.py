"""Policy, measured files, tests and artifacts to a verdict: all pass or fail logic, and pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from gate.evaluate_module import evaluate_module
from gate.evaluate_reports import ambiguous_reasons, report_notes
from gate.evaluate_tests import counts, suite_notes, suite_reasons, test_notes, test_reasons
from gate.evidence.index import Artifact, Kind, Status, status_counts
from gate.evidence.model import Evidence
from gate.policy.matching import ModuleMatcher
from gate.policy.resolved import Policy
from gate.policy.suites import blocks
from gate.text import quoted
from gate.verdict import TRACKED_ARTIFACT, Code, ModuleResult, Note, Reason, Verdict, outcome_of


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
        *suite_reasons(evidence.suites),
        *test_reasons(evidence.tests),
        *(reason for module in modules for reason in module.reasons),
    )
    notes = (
        *evidence.notes,
        *(Note(TRACKED_ARTIFACT, reason.message) for reason in _artifact_reasons(tracked)),
        *report_notes(evidence.coverage, modules),
        *suite_notes(evidence.suites),
        *test_notes(policy, evidence.tests),
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
        tests=counts(evidence.tests),
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


def _tier_notes(policy: Policy) -> list[Note]:
    notes = []
    if policy.tier.coverage == "off":
        notes.append(
            Note("coverage-off", f"tier {policy.tier.name} expects no coverage: no module was evaluated")
        )
    return notes
