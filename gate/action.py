"""The action's door: inputs from the runner's environment."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from types import FrameType

from gate.door import run_check
from gate.inputs import values_from_environ
from gate.runner import Runner


def main(environ: Mapping[str, str]) -> int:
    """Check as the environment says; return the exit code."""
    # As process 1 of a container, Python would ignore the runner's SIGTERM.
    signal.signal(signal.SIGTERM, _interrupt)
    runner = Runner.from_environ(environ)
    return run_check(values_from_environ(environ), runner, as_json=False, debug=runner.debug)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's own shape
    raise KeyboardInterrupt
