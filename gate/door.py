"""From given values to an exit code: what both doors, the action and the command line, have in common."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from gate.errors import GateError, UsageError
from gate.output import Log, to_stderr, to_stdout
from gate.publish.workflow import append_summary, error_command
from gate.runner import Runner
from gate.text import one_line, without_commands

if TYPE_CHECKING:
    from gate.check import Checked
    from gate.inputs import Inputs
    from gate.verdict import Verdict

INTERNAL_ERROR = 70
INTERRUPTED = 130
GARBAGE_AFTER = 100_000
"""Objects more than were freed, when the collector looks for cycles."""

ISSUES = "https://github.com/module-coverage-gate/module-coverage-gate/issues"


def run_check(values: Mapping[str, Sequence[str]], runner: Runner, *, as_json: bool, debug: bool) -> int:
    """Do a whole check and say how it went. With `as_json`, stdout gets verdict.json and nothing else."""
    # Most of what a check makes lasts until its end: looking for garbage as often as usual costs a twentieth.
    gc.set_threshold(GARBAGE_AFTER)
    log = to_stderr if as_json else to_stdout
    return guarded(lambda: _check(values, runner, log, as_json=as_json), runner, log, debug=debug)


def _check(values: Mapping[str, Sequence[str]], runner: Runner, log: Log, *, as_json: bool) -> int:
    # Imported here, so that a mistake in an option is told before anything heavy is loaded.
    from gate.inputs import read_inputs  # noqa: PLC0415

    now = datetime.now(UTC)
    inputs = read_inputs(values, runner, Path.cwd(), now)
    if inputs.mode == "publish":
        from gate.publish.fork import publish_run  # noqa: PLC0415

        return publish_run(inputs, log)
    from gate.check import check  # noqa: PLC0415

    return told(inputs, check(inputs, now), log, as_json=as_json)


def told(inputs: Inputs, checked: Checked, log: Log, *, as_json: bool) -> int:
    """Say what came of a check, to whoever watches and to GitHub; its exit code."""
    from gate.announce import announce  # noqa: PLC0415 - see `_check`

    show(checked, log, as_json=as_json)
    exit_code = announce(inputs, checked, log)
    if as_json:
        to_stdout(checked.verdict.to_json().decode().rstrip("\n"))
    return exit_code


def show(checked: Checked, log: Log, *, as_json: bool) -> None:
    """Show a verdict, and where its evidence is."""
    log(_shown(checked.verdict, sys.stderr if as_json else sys.stdout))
    log(without_commands(f"evidence: {one_line(str(checked.folder))}"))


def _shown(verdict: Verdict, stream: TextIO | None) -> str:
    """The result in a terminal's own width and colours, or plainly for a log."""
    from gate.console import log_text, terminal_text  # noqa: PLC0415

    if stream is None or not stream.isatty():
        return log_text(verdict)
    width = shutil.get_terminal_size().columns
    return terminal_text(verdict, width=width, colour="NO_COLOR" not in os.environ)


def obey_termination() -> None:
    """Stop at SIGTERM as at SIGINT. As process 1 of a container, Python would not stop at all."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's own shape
    raise KeyboardInterrupt


def guarded(work: Callable[[], int], runner: Runner, log: Log, *, debug: bool) -> int:
    """Run `work`; turn every exception into a clear line and its exit code."""
    try:
        return work()
    except GateError as error:
        _explain(error, runner, log)
        return error.exit_code
    except OSError as error:
        where = f"{one_line(str(error.filename))}: " if error.filename else ""
        _explain(UsageError(f"{where}{error.strerror or error}: nothing was decided"), runner, log)
        return UsageError.exit_code
    except KeyboardInterrupt:
        log("interrupted")
        return INTERRUPTED
    except Exception as error:  # the last resort: a user gets a line, not a traceback
        from gate.masking import masked  # noqa: PLC0415 - this is hardly ever needed

        kind = type(error).__name__
        said = one_line(masked(str(error), runner.token.value))
        message = f"internal error ({kind}: {said}); please report it at {ISSUES}"
        log(error_command(message) if runner.in_actions else message)
        if debug:
            log(without_commands(masked(traceback.format_exc(), runner.token.value)))
        return INTERNAL_ERROR


def _explain(error: GateError, runner: Runner, log: Log) -> None:
    lines = [one_line(line, 2000) for line in str(error).splitlines()]
    if not runner.in_actions:
        log(without_commands("\n".join(lines)))
        return
    for line in lines:
        log(error_command(line))
    if runner.summary_file is not None and isinstance(error, UsageError):
        explained = "\n".join(f"    {line}" for line in lines)
        _append(runner.summary_file, f"### Module coverage: nothing was evaluated\n\n{explained}\n")


def _append(path: Path, markdown: str) -> None:
    try:
        append_summary(path, markdown)
    except OSError as error:
        to_stderr(f"warning: the job summary could not be written: {error.strerror}")
