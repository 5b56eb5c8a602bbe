"""The command line's door: the same options as flags."""

from __future__ import annotations

import os
from typing import Any, NoReturn

import click

from gate import __version__
from gate.commands.compare import compare
from gate.commands.evidence import evidence
from gate.commands.flags import flags as option_flags
from gate.commands.flags import given
from gate.commands.prune import prune
from gate.commands.run import run as run_tier
from gate.commands.verify import verify
from gate.door import INTERRUPTED, guarded, obey_termination, run_check
from gate.errors import UsageError
from gate.output import leave, to_stderr, to_stdout
from gate.runner import Runner
from gate.text import one_line, without_commands

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

EXIT_CODES = """\b
Exit codes:
  0    passed, or the tier only reports
  1    a threshold is missed or a blocking test failed
  2    usage or policy error: nothing was evaluated
  3    evidence unusable: missing, unreadable, or not covering a configured module
  5    publishing was required and failed, exit otherwise 0
  70   internal error
  130  interrupted
"""


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="gate")
def gate() -> None:
    """Gate line and branch coverage per module; never green without proof."""


@gate.command(epilog=EXIT_CODES)
@click.option("--json", "as_json", is_flag=True, help="Print verdict.json to stdout, and nothing else there.")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def check(as_json: bool, debug: bool, **flags: tuple[str, ...]) -> int:
    """Read the evidence, evaluate the policy, write the evidence folder, exit by the verdict.

    Paths are relative to the current folder. A list given here replaces the policy's. A token to publish
    with comes from the environment only (GITHUB_TOKEN).
    """
    return run_check(given(flags), Runner.from_environ(os.environ), as_json=as_json, debug=debug)


check.params[:0] = option_flags()


@gate.command()
def schema() -> int:
    """Print the policy's JSON Schema."""
    from gate.policy.schema import policy_schema  # noqa: PLC0415 - only this command needs it

    def show() -> int:
        to_stdout(policy_schema())
        return 0

    return guarded(show, Runner(), to_stdout, debug=False)


gate.add_command(compare)
gate.add_command(evidence)
gate.add_command(prune)
gate.add_command(run_tier)
gate.add_command(verify)


def main(args: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    try:
        result: Any = gate.main(args=args, prog_name="gate", standalone_mode=False)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        usage = f"{context.get_usage()}\n" if context else ""
        lines = (f"{usage}Error: {error.format_message()}").splitlines()
        to_stderr(without_commands("\n".join(one_line(line) for line in lines)))
        return UsageError.exit_code
    except click.Abort:
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def run() -> NoReturn:
    """Run a command and end the process with its exit code."""
    obey_termination()
    leave(main())
