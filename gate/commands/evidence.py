"""`gate evidence`: a finished run as the release owner's page, or as a statement for machines."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import click

from gate.door import guarded
from gate.output import to_stderr, to_stdout
from gate.runner import Runner

EXIT_CODES = """\b
Exit codes:
  0    GO
  1    NO-GO: a threshold is missed, a test failed, or the run proves too little (its tier only reports)
  2    usage error, or the folder is not there
  3    NO-GO: the run's evidence is unusable; in-toto: the commit is not known, and nothing is printed
  4    NO-GO: the folder is damaged or unfinished; in-toto: nothing is printed
  70   internal error
  130  interrupted
"""


@click.command(epilog=EXIT_CODES)
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "in-toto"]),
    default="markdown",
    show_default=True,
    help="A page for a person, or an in-toto statement (test-result v0.1, unsigned).",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def evidence(run_dir: Path, form: Literal["markdown", "in-toto"], debug: bool) -> int:
    """Say GO or NO-GO of a finished run, and why, on stdout.

    GO needs a sound folder (as `gate verify` has it), a verdict that passed, coverage that is enforced and
    not only reported, a known commit, every configured module evaluated, and no missing artifact. RUN_DIR
    is <artifacts-dir>/<run-id> or <artifacts-dir>/latest, relative to the current folder.
    """
    runner = Runner.from_environ(os.environ)

    def work() -> int:
        from gate.runs.release import Release  # noqa: PLC0415 - only where a run is read
        from gate.runs.report import as_page, as_statement  # noqa: PLC0415
        from gate.runs.verify import examine  # noqa: PLC0415

        release = Release(examine(run_dir))
        to_stdout(as_page(release, runner) if form == "markdown" else as_statement(release, runner))
        return release.exit_code

    return guarded(work, Runner(), to_stderr, debug=debug)
