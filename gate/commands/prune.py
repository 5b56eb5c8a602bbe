"""`gate prune`: removes old runs from an evidence root, by what the policy keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gate.door import guarded
from gate.errors import UsageError
from gate.options import OPTIONS
from gate.output import to_stdout
from gate.runner import Runner
from gate.text import one_line, without_commands

if TYPE_CHECKING:
    from gate.runs.prune import Plan
    from gate.runs.retention import Decision

EXIT_CODES = """\b
Exit codes:
  0    done, or nothing to do
  2    usage or policy error, or a run could not be removed
  70   internal error
  130  interrupted
"""

_DEFAULTS = {option.name: option.default for option in OPTIONS}


@click.command(epilog=EXIT_CODES)
@click.option(
    "--artifacts-dir",
    default=_DEFAULTS["artifacts-dir"],
    show_default=True,
    metavar="FOLDER",
    help="Where evidence folders are kept.",
)
@click.option(
    "--policy",
    default=_DEFAULTS["policy"],
    show_default=True,
    metavar="FILE",
    help="Policy file whose `keep` holds. Not read where both flags below are given.",
)
@click.option(
    "--keep-passed", type=click.IntRange(1), metavar="N", help="So many of the latest runs that passed stay."
)
@click.option(
    "--keep-failed", type=click.IntRange(0), metavar="N", help="So many of the latest that did not pass stay."
)
@click.option("--remove", is_flag=True, help="Remove them. Without it they are only listed.")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def prune(  # noqa: PLR0917 - click passes by name
    artifacts_dir: str,
    policy: str,
    keep_passed: int | None,
    keep_failed: int | None,
    remove: bool,
    debug: bool,
) -> int:
    """List which finished runs would go and which stay, and why; remove them with --remove.

    The latest runs stay, as many as the policy's `keep: {passed: 10, failed: 10}` or the flags say, and
    always the run that latest/ repeats. Unfinished and unreadable folders stay too: a check may be running
    there. Paths are relative to the current folder.
    """

    def work() -> int:
        from gate.runs.prune import plan, what_to_keep  # noqa: PLC0415 - only where runs are read

        keep = what_to_keep(Path.cwd(), policy, keep_passed, keep_failed)
        planned = plan(Path.cwd(), artifacts_dir, keep)
        _tell(planned)
        problems = _remove(planned) if remove else []
        _say(_summary(planned, removed=remove, failed=len(problems)))
        if problems:
            raise UsageError("\n".join(problems))
        return 0

    return guarded(work, Runner(), to_stdout, debug=debug)


def _tell(planned: Plan) -> None:
    for decision in planned.decisions:
        run = decision.run
        word = "passed" if run.passed else "did not pass"
        action = "goes " if decision.goes else "stays"
        _say(f"{action} {run.run_id}, {run.created:%Y-%m-%dT%H:%M:%SZ}, {word}: {_why(planned, decision)}")
    for name, why in planned.untouched:
        _say(f"stays {name}: {why}")
    for folder in planned.half_removed:
        _say(f"goes  {folder.name}: what a removal that was stopped has left")


def _why(planned: Plan, decision: Decision) -> str:
    from gate.runs.retention import Why  # noqa: PLC0415

    keep = planned.keep
    number = f" {keep.passed} that passed" if decision.run.passed else f" {keep.failed} that did not pass"
    return decision.why.value + (number if decision.why in (Why.LATEST, Why.OLDER) else "")


def _remove(planned: Plan) -> list[str]:
    """Remove what goes; the sentences tell what could not be."""
    from gate.runs.removal import finish, remove  # noqa: PLC0415

    problems = []
    goes = [planned.root / decision.run.run_id for decision in planned.decisions if decision.goes]
    for take, folders in ((finish, planned.half_removed), (remove, goes)):
        for folder in folders:
            try:
                take(folder)
            except UsageError as error:
                problems.append(str(error))
    return problems


def _summary(planned: Plan, *, removed: bool, failed: int) -> str:
    goes = sum(decision.goes for decision in planned.decisions) + len(planned.half_removed)
    stays = sum(not decision.goes for decision in planned.decisions) + len(planned.untouched)
    if not goes:
        return f"nothing to remove; {stays} stay"
    if removed:
        return f"{goes - failed} of {goes} removed; {stays} stay"
    return f"{goes} of {goes + stays} would go: remove them with --remove"


def _say(line: str) -> None:
    to_stdout(without_commands(one_line(line, 1000)))
