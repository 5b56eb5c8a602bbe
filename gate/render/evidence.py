"""A finished run as the release owner's page."""

from __future__ import annotations

import re
import shlex

import msgspec

from gate.evidence.index import Artifact
from gate.render.environment import markdown_template
from gate.render.links import Links
from gate.render.page import SAID_ELSEWHERE
from gate.runs.release import Release, missing_count
from gate.runs.siblings import Sibling, Siblings
from gate.verdict import Code, ModuleResult, Note, Verdict

MOST_ROWS = 2_000
"""Rows of each table; what is beyond is counted."""


class _Page(msgspec.Struct, frozen=True, kw_only=True):
    """What the template reads of a sound run. Every `…left_out` counts rows that there was no room for."""

    verdict: Verdict
    created: str
    missing: int
    modules: tuple[ModuleResult, ...]
    modules_left_out: int
    files: tuple[Artifact, ...]
    files_left_out: int
    siblings: tuple[Sibling, ...]
    siblings_left_out: int
    unread: tuple[str, ...]
    notes: tuple[Note, ...]
    notes_left_out: int

    @property
    def tests_block(self) -> bool:
        """Whether failed tests are a reason of the verdict."""
        return any(reason.code is Code.TESTS_FAILED for reason in self.verdict.reasons)

    @property
    def tests_configured(self) -> bool:
        """Whether test reports were expected."""
        return all(note.code != "tests-not-configured" for note in self.verdict.notes)


def render_evidence(release: Release, siblings: Siblings, links: Links, folder: str) -> str:
    """The page in Markdown. `folder` is the run's, as the reader names it."""
    document = markdown_template("evidence.md.j2").render(
        release=release,
        page=_page(release, siblings),
        links=links,
        command=f"gate verify {shlex.quote(folder)}",
    )
    return re.sub(r"\n{3,}", "\n\n", document).strip("\n") + "\n"


def _page(release: Release, siblings: Siblings) -> _Page | None:
    run = release.run
    if run is None:
        return None
    verdict = run.verdict
    kept = tuple(artifact for artifact in run.index.artifacts if artifact.path is not None)
    notes = tuple(note for note in verdict.notes if note.code not in SAID_ELSEWHERE)
    return _Page(
        verdict=verdict,
        created=run.index.created,
        missing=missing_count(run),
        modules=verdict.by_urgency[:MOST_ROWS],
        modules_left_out=max(0, len(verdict.modules) - MOST_ROWS),
        files=kept[:MOST_ROWS],
        files_left_out=max(0, len(kept) - MOST_ROWS),
        siblings=siblings.runs[:MOST_ROWS],
        siblings_left_out=max(0, len(siblings.runs) - MOST_ROWS),
        unread=siblings.unread[:MOST_ROWS],
        notes=notes[:MOST_ROWS],
        notes_left_out=max(0, len(notes) - MOST_ROWS),
    )
