"""The finished runs of an evidence root, as far as a tier asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from gate.compare import Observed, compare
from gate.errors import DamagedRun, GateError
from gate.evidence.folder import EvidenceFolder
from gate.evidence.index import Artifact
from gate.evidence.journal import INDEX
from gate.policy.resolved import Tier
from gate.reports.moments import from_iso
from gate.runs.folder import read_index, read_run, runs_in
from gate.runs.functions import functions_of
from gate.runs.outcomes import outcomes_in
from gate.runs.sound import observed, sound_run
from gate.stability import History, Judgement, asks_for_history, chain, judge
from gate.text import one_line, quoted
from gate.verdict import Verdict

MOST_FOLDERS = 1000
TO_SPARE = 20
"""So many runs more than a tier asks for are read: some may not count."""

Counts = Callable[[Artifact], bool]
"""Whether the tests of a JUnit report decide anything: those of a suite that does not block do not."""


def judge_history(
    verdict: Verdict,
    tier: Tier,
    folder: EvidenceFolder,
    artifacts: tuple[Artifact, ...],
    *,
    created: str,
    counts: Counts,
) -> Judgement:
    """What the earlier runs in the evidence root add to this run's verdict, if the tier asks for them."""
    if not asks_for_history(tier):
        return Judgement()
    listed = (*artifacts, *folder.unlisted(artifacts))
    current = Observed(verdict.run_id, created, verdict, listed, outcomes_in(folder.path, artifacts, counts))
    history = load_history(folder.place.artifacts_dir, current, tier, counts)
    counting, _ = chain(current, history.of_commit, tier.consecutive_runs)
    if paths := compare(counting[::-1]).flipping_paths:
        functions = functions_of(paths, [(folder.path, listed)], folder.place.workspace)
        history = msgspec.structs.replace(history, functions=functions)
    return judge(current, history, tier)


def load_history(root: Path, current: Observed, tier: Tier, counts: Counts) -> History:
    """The sound runs of a tier in an evidence root, but for the current one, the latest first."""
    uncounted: list[str] = []
    of_commit: list[Observed] = []
    latest: list[Observed] = []
    commit = current.verdict.commit
    chained = tier.consecutive_runs + TO_SPARE if tier.consecutive_runs > 1 and commit is not None else 0
    budgeted = tier.flake_budget.runs + TO_SPARE if tier.flake_budget is not None else 0
    for folder, its_commit in _latest_first(root, current.label, uncounted):
        in_chain = its_commit == commit and len(of_commit) < chained
        in_budget = len(latest) < budgeted
        run = _of_tier(folder, tier, counts, uncounted) if in_chain or in_budget else None
        if run is not None:
            of_commit += [run] if in_chain else []
            latest += [run] if in_budget else []
    return History(
        root=_shown(root), of_commit=tuple(of_commit), latest=tuple(latest), uncounted=tuple(uncounted)
    )


def _latest_first(root: Path, own: str, uncounted: list[str]) -> Iterator[tuple[Path, str | None]]:
    """Each finished run's folder with its commit, by when it was made."""
    folders = [folder for folder in runs_in(root) if folder.name != own]
    if len(folders) > MOST_FOLDERS:
        uncounted.append(
            f"of {len(folders)} folders in {quoted(_shown(root))} the latest {MOST_FOLDERS} count"
        )
        folders = sorted(folders, key=_changed, reverse=True)[:MOST_FOLDERS]
    known = []
    for folder in sorted(folders):
        try:
            index = read_index(folder)
            moment = from_iso(index.created)
            if index.run_id != folder.name or moment is None:
                raise DamagedRun(f"{quoted(folder.name)} is not the folder of the run that its index names")
        except (GateError, OSError) as error:
            uncounted.append(_not_counted(folder, error))
        else:
            known.append((moment.at, _changed(folder), folder, index.commit))
    # Times have whole seconds: of two in one second the one that was written last is the later.
    for _, _, folder, commit in sorted(known, key=lambda one: one[:2], reverse=True):
        yield folder, commit


def _of_tier(folder: Path, tier: Tier, counts: Counts, uncounted: list[str]) -> Observed | None:
    try:
        if read_run(folder).verdict.tier != tier.name:
            return None
        return observed(sound_run(folder), counts=counts)
    except (GateError, OSError) as error:
        uncounted.append(_not_counted(folder, error))
        return None


def _changed(folder: Path) -> int:
    try:
        return (folder / INDEX).stat().st_mtime_ns
    except OSError:
        return 0


def _not_counted(folder: Path, error: Exception) -> str:
    return f"{quoted(folder.name)} counts as no run: {one_line(str(error))}"


def _shown(root: Path) -> str:
    try:
        return root.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(root)
