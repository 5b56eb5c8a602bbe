"""What `gate evidence` prints of a run: the page, or the statement."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from gate.errors import DamagedRun, UnreadableArtifact
from gate.evidence.files import describe
from gate.evidence.index import Kind, Status
from gate.evidence.journal import INDEX
from gate.render.evidence import render_evidence
from gate.render.links import Links
from gate.reports.junit import TestReport, read_junit
from gate.runner import Runner
from gate.runs.folder import Run
from gate.runs.release import Release
from gate.runs.siblings import Siblings, siblings
from gate.runs.statement import statement
from gate.text import quoted


def as_page(release: Release, runner: Runner) -> str:
    """The release owner's page in Markdown."""
    commit = release.commit
    folder = release.examined.folder
    found = Siblings((), ()) if commit is None else siblings(folder.parent, commit, folder)
    links = Links(runner.server_url, runner.repository, commit)
    return render_evidence(release, found, links, _as_named_here(folder)).rstrip("\n")


def as_statement(release: Release, runner: Runner) -> str:
    """The in-toto statement in JSON.

    Raises DamagedRun for a run that is not sound, UnreadableArtifact where the commit is not known: nothing
    can be stated then.
    """
    run = release.run
    folder = quoted(str(release.examined.folder))
    if run is None:
        raise DamagedRun("\n".join((f"{folder}: nothing is stated of it", *release.examined.damage)))
    if release.commit is None:
        raise UnreadableArtifact(
            f"{folder}: the run's commit is not known, so there is nothing that a statement could be about. "
            "Check in a git checkout"
        )
    made = statement(
        release,
        run,
        release.commit,
        index_sha256=describe(run.folder / INDEX).sha256,
        reports=_reports(run),
        url=_url(run, runner),
    )
    # ASCII, so that no stream's encoding changes a name.
    return json.dumps(msgspec.to_builtins(made), indent=2)


def _reports(run: Run) -> dict[str, TestReport]:
    reports = {}
    for artifact in run.index.artifacts:
        if artifact.kind is Kind.JUNIT and artifact.path and artifact.status is Status.PRESENT:
            try:
                reports[artifact.path] = read_junit((run.folder / artifact.path).read_bytes())
            except UnreadableArtifact:
                continue
    return reports


def _url(run: Run, runner: Runner) -> str | None:
    """The page of the workflow run that we are in, if the run's name begins with its number and attempt."""
    ours = f"{runner.run_id}-{runner.run_attempt}"
    is_ours = run.run_id == ours or run.run_id.startswith((f"{ours}-", f"{ours}.", f"{ours}_"))
    return runner.run_url if is_ours else None


def _as_named_here(folder: Path) -> str:
    """Relative where possible: a path of this machine means nothing on another."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
