"""The action's door: inputs from the runner's environment."""

from __future__ import annotations

from collections.abc import Mapping

from gate.door import obey_termination, run_check
from gate.inputs import values_from_environ
from gate.runner import Runner


def main(environ: Mapping[str, str]) -> int:
    """Check as the environment says; return the exit code."""
    obey_termination()
    runner = Runner.from_environ(environ)
    return run_check(values_from_environ(environ), runner, as_json=False, debug=runner.debug)
