"""`gate compare`: repeated runs of one commit held against each other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gate.door import guarded
from gate.errors import DamagedRun, UsageError
from gate.output import to_stderr, to_stdout
from gate.runner import Runner
from gate.text import counted, one_line, quoted, without_commands

if TYPE_CHECKING:
    from gate.compare import Observed
    from gate.comparison import Comparison
    from gate.runs.folder import Run

MOST_SENTENCES = 100
LONGEST_SENTENCE = 1000

EXIT_CODES = """\b
Exit codes:
  0    stable: nothing differs
  2    usage: a folder is not there, fewer than two runs, one run twice, or runs of different commits
  4    unstable, or a run is damaged or unfinished
  70   internal error
  130  interrupted
"""


@click.command(epilog=EXIT_CODES)
@click.argument("folders", metavar="RUN_DIR RUN_DIR...", nargs=-1)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the comparison to stdout, and nothing else there."
)
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def compare(folders: tuple[str, ...], as_json: bool, debug: bool) -> int:
    """Hold repeated runs of one commit against each other, in the order given.

    They are unstable when covered lines or branches of a configured module, a test's outcome, or the set of
    artifacts differ; what differs is named. RUN_DIR is the evidence folder of a finished check. Functions are
    named from the current folder's Python sources where the reports do not tell them.
    """
    log = to_stderr if as_json else to_stdout

    def work() -> int:
        comparison = compared([Path(folder) for folder in folders])
        log(shown(comparison))
        if as_json:
            to_stdout(comparison.to_json().decode().rstrip("\n"))
        return DamagedRun.exit_code if comparison.result == "unstable" else 0

    return guarded(work, Runner.from_environ(os.environ), log, debug=debug)


def compared(folders: Sequence[Path]) -> Comparison:
    """Read the runs and compare them. Raises UsageError or DamagedRun."""
    # Imported here, so that other commands start without it.
    import msgspec  # noqa: PLC0415

    from gate import compare as core  # noqa: PLC0415
    from gate.compare_commits import different_commits  # noqa: PLC0415
    from gate.runs.functions import functions_of  # noqa: PLC0415
    from gate.runs.sound import observed, sound_run  # noqa: PLC0415

    _hold(folders)
    runs = [sound_run(folder) for folder in folders]
    labels = _labels(runs)
    if differ := different_commits([(label, run.verdict) for label, run in zip(labels, runs, strict=True)]):
        raise UsageError(differ)
    seen = [observed(run, label) for run, label in zip(runs, labels, strict=True)]
    comparison = core.compare(seen)
    if paths := comparison.flipping_paths:
        kept = [(run.folder, run.index.artifacts) for run in reversed(runs)]
        comparison = core.compare(seen, functions_of(paths, kept, _sources(comparison.commit)))
    return msgspec.structs.replace(comparison, notes=_notes(comparison.commit, seen))


def shown(comparison: Comparison) -> str:
    """The comparison as lines of text. No workflow command survives in it."""
    from gate.compare_commits import shown_commit  # noqa: PLC0415
    from gate.compare_text import sentences  # noqa: PLC0415

    found = list(sentences(comparison))
    lines = [one_line(sentence, LONGEST_SENTENCE) for sentence in found[:MOST_SENTENCES]]
    if len(found) > MOST_SENTENCES:
        lines.append(f"and {len(found) - MOST_SENTENCES} more (--json has them all)")
    lines += [f"note {one_line(note, LONGEST_SENTENCE)}" for note in comparison.notes]
    commit = "an unknown commit" if comparison.commit is None else f"commit {shown_commit(comparison.commit)}"
    of_what = f"{counted(len(comparison.runs), 'run')} of {commit}"
    differ = f"differ in {counted(len(found), 'place')}" if found else "agree"
    return without_commands("\n".join((*lines, f"{comparison.result}: {of_what} {differ}")))


def _hold(folders: Sequence[Path]) -> None:
    if len(folders) < 2:  # noqa: PLR2004
        raise UsageError(
            f"{counted(len(folders), 'run')} given: name the evidence folders of two or more runs of a commit"
        )
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(
                f"{quoted(str(folder))} is not there, or is no folder: name a run's evidence folder"
            )
    real = [folder.resolve() for folder in folders]
    for at, folder in enumerate(folders):
        if real.index(real[at]) != at:
            raise UsageError(f"{quoted(str(folder))} is named twice: a run always agrees with itself")


def _labels(runs: Sequence[Run]) -> list[str]:
    """The runs' names, or their folders where two have one name. A copy of a run is refused."""
    for one, other in combinations(runs, 2):
        if one.index == other.index:
            raise UsageError(
                f"{quoted(str(one.folder))} and {quoted(str(other.folder))} are the same run: a run "
                "always agrees with itself"
            )
    names = Counter(run.run_id for run in runs)
    return [run.run_id if names[run.run_id] == 1 else str(run.folder) for run in runs]


def _sources(commit: str | None) -> Path | None:
    """The current folder, unless another commit is checked out there than the runs'."""
    from gate.evidence.workspace import Workspace  # noqa: PLC0415

    here = Path.cwd()
    return here if Workspace(here).commit == commit else None


def _notes(commit: str | None, seen: Sequence[Observed]) -> tuple[str, ...]:
    from gate.stability import one_execution  # noqa: PLC0415

    notes = []
    if commit is None:
        notes.append("these runs know no commit: nobody can tell whether they are of one")
    notes += [
        f"run {quoted(other.label)} holds the very same reports as {quoted(one.label)}: one execution "
        "judged twice"
        for one, other in combinations(seen, 2)
        if one_execution(one, other)
    ]
    return tuple(notes)
