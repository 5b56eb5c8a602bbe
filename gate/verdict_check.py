"""A verdict.json that somebody else has written, believed only as far as it agrees with itself.

Whoever opens a pull request from a fork decides what its run uploads. What passes here is a document that
a check of ours could have written, of the run's commit: it can still be invented as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gate.errors import UnreadableArtifact
from gate.text import counted, quoted
from gate.verdict import Code, Note, Verdict, outcome_of
from gate.verdict_check_document import strictly_decoded
from gate.verdict_check_module import MOST_COUNTED, OWN_CODES, module_faults

MOST_MODULES = 2_000
MOST_FILES = 20_000
MOST_REASONS = 10_000
"""Reasons, and likewise notes."""


_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RUN_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_LACKING = {
    "missing": Code.ARTIFACT_MISSING,
    "empty": Code.ARTIFACT_EMPTY,
    "unreadable": Code.ARTIFACT_UNREADABLE,
    "stale": Code.ARTIFACT_STALE,
}


def checked_verdict(document: bytes, head_sha: str) -> Verdict:
    """The verdict of a run of the commit `head_sha`. Raises UnreadableArtifact at the first fault."""
    verdict = strictly_decoded(document)
    for fault in _faults(verdict, head_sha):
        raise UnreadableArtifact(f"verdict.json contradicts itself or its run: {fault}")
    return verdict


def _faults(verdict: Verdict, head_sha: str) -> Iterator[str]:
    yield from _sizes(verdict)
    yield from _identity(verdict, head_sha)
    yield from _modules(verdict)
    yield from _tests(verdict)
    yield from _artifacts(verdict)
    yield from _reasons(verdict)


def _sizes(verdict: Verdict) -> Iterator[str]:
    sizes = {
        "modules": (len(verdict.modules), MOST_MODULES),
        "files": (sum(len(module.files) for module in verdict.modules), MOST_FILES),
        "reasons": (len(verdict.reasons), MOST_REASONS),
        "notes": (len(verdict.notes), MOST_REASONS),
    }
    for what, (size, most) in sizes.items():
        if size > most:
            yield f"{size} {what} are more than the {most} that are published of another run"


def _identity(verdict: Verdict, head_sha: str) -> Iterator[str]:
    if verdict.schema != 1:
        yield f"schema is {verdict.schema}, and schema 1 can be read"
    if verdict.head_sha != head_sha:
        yield f"head_sha is {quoted(verdict.head_sha or 'null')}, and the run is of {head_sha}"
    if verdict.commit is not None and not _COMMIT.fullmatch(verdict.commit):
        yield f"commit is {quoted(verdict.commit)}, which is no commit's name"
    if not _RUN_ID.fullmatch(verdict.run_id):
        yield f"run_id is {quoted(verdict.run_id)}, which no run is named"


def _modules(verdict: Verdict) -> Iterator[str]:
    modules = verdict.modules
    for module in modules:
        for fault in module_faults(module):
            yield f"module {quoted(module.name)}: {fault}"
    for name, times in Counter(module.name for module in modules).items():
        if times > 1:
            yield f"module {quoted(name)} is listed {times} times"
    listed = bool(modules) and verdict.coverage == "off"
    if listed or not 0 < verdict.modules_configured <= MOST_COUNTED:
        yield f"modules_configured is {verdict.modules_configured}, with coverage {verdict.coverage}"
    if verdict.coverage != "off" and verdict.modules_configured != len(modules):
        yield f"modules_configured is {verdict.modules_configured}, and {len(modules)} are listed"
    evaluated = sum(module.status != "error" for module in modules)
    if verdict.modules_evaluated != evaluated:
        yield f"modules_evaluated is {verdict.modules_evaluated}, and {evaluated} of those listed were"


def _tests(verdict: Verdict) -> Iterator[str]:
    tests = verdict.tests
    parts = (tests.passed, tests.failed, tests.errors, tests.skipped)
    if min(parts) < 0 or tests.total != sum(parts) or tests.total > MOST_COUNTED:
        yield f"tests.total is {tests.total}, and its parts are {', '.join(map(str, parts))}"
    bad = tests.failed + tests.errors
    blocking = any(reason.code is Code.TESTS_FAILED for reason in verdict.reasons)
    tracked = any(note.code == "non-blocking-tests-failed" for note in verdict.notes)
    if bool(bad) != (blocking or tracked):
        yield f"{counted(bad, 'test')} failed, and the reasons and notes say otherwise"


def _artifacts(verdict: Verdict) -> Iterator[str]:
    counts = verdict.artifacts
    if counts.keys() != {"present", *_LACKING} or not 0 <= min(counts.values()) <= sum(counts.values()):
        yield "artifacts does not count each state of an artifact"
        return
    if sum(counts.values()) > MOST_COUNTED:
        yield "artifacts are more than can be"
    tracked = sum(note.code == "non-blocking-artifact" for note in verdict.notes)
    for state, code in _LACKING.items():
        told = sum(reason.code is code for reason in verdict.reasons)
        # The same one that is lacking several times is told once.
        if told > counts[state] or (counts[state] and not (told or tracked)):
            yield f"artifacts.{state} is {counts[state]}, and {told} of the reasons say {code.value}"


def _reasons(verdict: Verdict) -> Iterator[str]:
    every = Counter(verdict.reasons)
    owned = Counter(reason for module in verdict.modules for reason in module.reasons)
    if owned - every:
        yield "a module's reason is not among the reasons"
    if any(reason.code in OWN_CODES for reason in every - owned):
        yield "a reason of a module is none of any module listed"
    notes: Counter[Note] = Counter(note for module in verdict.modules for note in module.notes)
    if notes - Counter(verdict.notes):
        yield "a module's note is not among the notes"
    verdict_and_exit = outcome_of(verdict.reasons, forgiving=verdict.coverage == "report")
    if (verdict.verdict, verdict.exit_code) != verdict_and_exit:
        yield (
            f"verdict {verdict.verdict} with exit_code {verdict.exit_code} does not follow from its reasons, "
            f"which make it {verdict_and_exit[0]} with {verdict_and_exit[1]}"
        )
