"""The options of a check as flags of a command."""

from __future__ import annotations

import click

from gate.options import OPTIONS, Option


def flags() -> list[click.Parameter]:
    """A flag for each option, for the front of a command's parameters."""
    return [_flag(option) for option in OPTIONS]


def given(flags: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The flags that were given, by the options' names."""
    return {name.replace("_", "-"): values for name, values in flags.items() if values}


def _flag(option: Option) -> click.Option:
    default = "UTC time, or the workflow run's number" if option.name == "run-id" else option.default
    return click.Option(
        [f"--{option.name}"],
        multiple=True,  # of a repeated scalar the last wins, as `gate.inputs` decides
        metavar=option.metavar,
        help=f"{option.help}{f'  [default: {default}]' if default else ''}",
    )
