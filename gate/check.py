"""The straight line of a check: evidence → reports → evaluate → render → write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

from gate.errors import UsageError
from gate.evaluate import Identity, amended, evaluate
from gate.evidence.expected import unmet, wanted
from gate.evidence.files import read_from
from gate.evidence.folder import RESULTS, SUMMARY, VERDICT, EvidenceFolder
from gate.evidence.freshness import Freshness
from gate.evidence.index import Artifact, Kind
from gate.evidence.locate import Place
from gate.evidence.model import Coverage, Evidence
from gate.evidence.names import Names
from gate.evidence.read import read_coverage_artifacts, read_junit_artifacts
from gate.evidence.unmeasured import holds_statements
from gate.evidence.workspace import Workspace
from gate.inputs import Inputs
from gate.policy.load import Source, load_policy
from gate.policy.matching import ModuleMatcher
from gate.policy.resolved import Policy
from gate.policy.suites import blocks
from gate.render.markdown import Links, render_summary
from gate.suites.results import Ran, SuiteResult
from gate.verdict import Note, Verdict

Wanted = Callable[[str], bool]
"""Whether the file at a repository path belongs to a module."""


class Checked(msgspec.Struct, frozen=True):
    """A verdict, its summary, where its evidence is, what its links start with, and the suites that ran."""

    verdict: Verdict
    summary: str
    folder: Path
    links: Links
    suites: tuple[SuiteResult, ...] = ()


def check(inputs: Inputs, now: datetime, ran: Ran | None = None, policy: Policy | None = None) -> Checked:
    """Judge what a run left behind and write its evidence folder. Raises UsageError.

    `ran` are the suites, where they were run for this, by the `policy` that was read for them.
    """
    moment = ran.finished if ran else now
    policy = _narrowed(policy or read_policy(inputs), ran.only if ran else ())
    workspace = Workspace(inputs.workspace, inputs.artifacts_dir)
    freshness = Freshness(
        workspace.head,
        moment,
        strict=inputs.runner.in_ci or ran is not None,
        since=ran.since if ran else None,
    )
    place = place_of(inputs, policy)
    folder = EvidenceFolder(place, inputs.run_id, freshness)
    folder.open()

    found = {
        kind: folder.collect(kind, wants)
        for kind, wants in wanted(policy, place, ran=ran is not None).items()
    }
    belongs = _wanted(policy)
    reports, coverage = read_coverage_artifacts(
        folder,
        found.pop(Kind.COVERAGE),
        Names(workspace, policy.path_map, _roots(inputs), belongs),
        freshness,
    )
    junit, tests = read_junit_artifacts(folder, found.pop(Kind.JUNIT), policy.suites, freshness)
    unmeasured = () if policy.tier.coverage == "off" else _unmeasured(workspace, inputs, belongs, coverage)
    artifacts = folder.verified((*reports, *junit, *chain.from_iterable(found.values())))
    lacking = unmet(policy.expect, artifacts, freshness.told)
    verdict = evaluate(
        policy,
        Evidence(
            coverage=coverage,
            unmeasured=unmeasured,
            tests=tests,
            artifacts=(*artifacts, *lacking),
            notes=(*_git_notes(workspace), *freshness.notes, *(ran.notes if ran else ())),
            suites=ran.suites if ran else (),
        ),
        Identity(inputs.run_id, workspace.commit, inputs.runner.head_sha),
    )
    if ran is not None:
        folder.write(RESULTS, Kind.OTHER, ran.to_json(inputs.run_id, policy.tier.name))
        folder.annotate({suite.log: f"{suite.outcome}: {suite.cost}" for suite in ran.suites if suite.log})
    created = moment.astimezone(UTC).isoformat(timespec="seconds")
    verdict = _beside_earlier_runs(verdict, policy, folder, (*artifacts, *lacking), created)
    runner = inputs.runner
    links = Links(runner.server_url, runner.repository, workspace.commit, runner.run_id)
    folder.replace(artifacts)
    folder.add(lacking)
    folder.write(VERDICT, Kind.VERDICT, verdict.to_json())
    summary = render_summary(verdict, links, ran.suites if ran else ())
    folder.write(SUMMARY, Kind.SUMMARY, summary.encode())
    folder.close(created, workspace.commit)
    return Checked(verdict, summary, folder.path, links, ran.suites if ran else ())


def _narrowed(policy: Policy, only: tuple[str, ...]) -> Policy:
    """The policy for a run of some of the tier's suites: the others leave nothing."""
    if not only:
        return policy
    replace = msgspec.structs.replace
    expected = tuple(one for one in policy.expected if one.suite in only)
    return replace(policy, tier=replace(policy.tier, suites=only), expected=expected)


def _beside_earlier_runs(
    verdict: Verdict, policy: Policy, folder: EvidenceFolder, artifacts: tuple[Artifact, ...], created: str
) -> Verdict:
    """The verdict with what the runs before it add, in a tier that asks for them."""
    if policy.tier.consecutive_runs == 1 and policy.tier.flake_budget is None:
        return verdict
    from gate.runs.history import judge_history  # noqa: PLC0415 - few tiers ask for it

    judgement = judge_history(
        verdict,
        policy.tier,
        folder,
        artifacts,
        created=created,
        counts=lambda artifact: blocks(policy.suites, "junit", artifact.source or artifact.name),
    )
    return amended(verdict, judgement.reasons, judgement.notes)


def _unmeasured(workspace: Workspace, inputs: Inputs, wanted: Wanted, coverage: Coverage) -> tuple[str, ...]:
    """Files of the modules that hold statements and that no report names."""
    suffixes = coverage.suffixes
    return tuple(
        path
        for path in workspace.files(wanted)
        if path not in coverage.measured and holds_statements(inputs.workspace, path, suffixes)
    )


def read_policy(inputs: Inputs) -> Policy:
    """The policy of the file and the inputs together. Raises PolicyError with all mistakes."""
    try:
        file = Source(inputs.policy, read_from(inputs.workspace, inputs.policy))
    except FileNotFoundError:
        file = None
    except OSError as error:
        raise UsageError(f"policy {inputs.policy} cannot be read: {error.strerror or error}") from error
    if file is None and not inputs.modules:
        raise UsageError(
            f"policy {inputs.policy} is not there, and no modules are given: write the policy, or name the "
            "modules by the input `modules`"
        )
    return load_policy(
        file,
        Source("input modules", inputs.modules.encode(errors="surrogateescape")) if inputs.modules else None,
        inputs.line_threshold or None,
        inputs.branch_threshold or None,
        inputs.tier or None,
        inputs.coverage_files,
        inputs.junit_files,
        inputs.path_map,
    )


def _wanted(policy: Policy) -> Wanted:
    matcher = ModuleMatcher(policy.modules)
    return cache(lambda path: bool(matcher.modules_of(path)))


def _git_notes(workspace: Workspace) -> tuple[Note, ...]:
    if workspace.head is not None:
        return ()
    what = "no git metadata can be read here" if workspace.commit is None else "the commit cannot be read"
    message = f"{what}: whether the evidence is of this commit, and not older, was not judged"
    return (Note("commit-unknown", message),)


def place_of(inputs: Inputs, policy: Policy) -> Place:
    """Where this run looks for evidence and keeps it."""
    return Place(
        workspace=inputs.workspace,
        artifacts_dir=inputs.artifacts_dir,
        run_folder=inputs.artifacts_dir / inputs.run_id,
        mounts=tuple(sorted({suite.mount for suite in policy.suites if suite.mount is not None})),
    )


def _roots(inputs: Inputs) -> tuple[str, ...]:
    """All absolute names that the workspace may have in a report."""
    runner = inputs.runner
    names = (str(inputs.workspace), str(inputs.workspace.resolve()), runner.workspace, runner.hosts_workspace)
    return tuple(dict.fromkeys(name for name in names if name))
