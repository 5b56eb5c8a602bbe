"""`gate verify`: a run folder hashed again, against its index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gate.door import guarded
from gate.errors import DamagedRun
from gate.output import Log, to_stderr, to_stdout
from gate.runner import Runner
from gate.text import counted, one_line, quoted, without_commands

if TYPE_CHECKING:
    from gate.runs.verify import Examined

EXIT_CODES = """\b
Exit codes:
  0    sound: every file is as the index lists it
  2    usage error, or the folder is not there
  4    damaged or unfinished
  70   internal error
  130  interrupted
"""


@click.command(epilog=EXIT_CODES)
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON to stdout.")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def verify(run_dir: Path, as_json: bool, debug: bool) -> int:
    """Hash a run's evidence folder again and hold it against its index.json.

    RUN_DIR is <artifacts-dir>/<run-id>, relative to the current folder, or <artifacts-dir>/latest: then the
    three documents there are held against those of the run that they repeat, and that run is verified. A
    changed, missing or unlisted file is damage. All damage is listed.
    """
    log = to_stderr if as_json else to_stdout

    def work() -> int:
        from gate.runs.verify import examine  # noqa: PLC0415 - only where a run is read

        examined = examine(run_dir)
        if as_json:
            to_stdout(_json(examined))
        else:
            tell(examined, log)
        return 0 if examined.state == "sound" else DamagedRun.exit_code

    return guarded(work, Runner(), log, debug=debug)


def tell(examined: Examined, log: Log) -> None:
    """Print a headline, and a line for each damage and note."""
    folder = quoted(str(examined.folder), 300)
    if examined.state == "sound" and examined.run is not None:
        size = f"{counted(examined.files, 'file')}, {counted(examined.bytes, 'byte')}"
        word = examined.run.verdict.verdict
        headline = f"sound: {folder}, {size} as index.json lists them; the verdict is {word}"
    elif examined.state == "unfinished":
        headline = f"unfinished: {folder}"
    else:
        headline = f"damaged: {folder}"
    log(without_commands(headline))
    for sentence in examined.damage:
        log(without_commands(f"  {one_line(sentence, 1000)}"))
    for note in examined.notes:
        log(without_commands(f"  note: {one_line(note, 1000)}"))


def _json(examined: Examined) -> str:
    import json  # noqa: PLC0415 - escapes what a log in ASCII could not show

    run = examined.run
    return json.dumps(
        {
            "schema": 1,
            "folder": str(examined.folder),
            "run_id": None if run is None else run.run_id,
            "commit": None if run is None else run.index.commit,
            "state": examined.state,
            "damage": examined.damage,
            "notes": examined.notes,
            "files": examined.files,
            "bytes": examined.bytes,
        },
        indent=2,
    )
