"""Containers started in turn: Debian's Python with nothing to do, ours likewise, and ours with a check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import Command, Contender, MeasurementError, Measurements, in_turn
from tests.e2e.engine import Engine

PLAIN = "python3 -c pass in debian:trixie-slim"
OURS = "the image to its first line of Python"
CHECK = "the image's check of the example"

_EXAMPLE = Path(__file__).parents[1] / "examples/billing-backend"
_ENTRYPOINT = "/usr/bin/python3"
# The commit is older than the evidence, as it has to be.
_COMMIT = (
    "-c",
    "user.name=x",
    "-c",
    "user.email=x@example.invalid",
    "commit",
    "--quiet",
    "--message=example",
)
_COMMIT_TIME = {"GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"}
_SECONDS = 300


def start_up(engine: Engine, image: str, plain_image: str, rounds: int) -> Measurements:
    """So many rounds; the first of them is Debian's Python, which the others are held against."""
    flags = json.loads(engine.must("image", "inspect", image))[0]["Config"]["Entrypoint"][1:-1]
    with tempfile.TemporaryDirectory(prefix="example-") as scratch:
        workspace = Path(scratch) / "workspace"
        _check_out(workspace)
        step = {"INPUT_PUBLISH": "off", "INPUT_RUN-ID": "bench", "GITHUB_ACTIONS": "true"}
        contenders = (
            Contender(PLAIN, (_run(engine, workspace, plain_image, "-c", "pass"),), _nothing),
            Contender(OURS, (_run(engine, workspace, image, *flags, "-c", "pass"),), _nothing),
            Contender(CHECK, (_run(engine, workspace, image, environment=step),), _passed),
        )
        return in_turn(contenders, rounds, _SECONDS, Path(scratch) / "output.txt", warm_up=True)


def _check_out(workspace: Path) -> None:
    """The example with its evidence, in a repository of its own."""
    shutil.copytree(_EXAMPLE, workspace)
    for command in (("init", "--quiet"), ("add", "--all"), _COMMIT):
        subprocess.run(["git", *command], cwd=workspace, env={**os.environ, **_COMMIT_TIME}, check=True)


def _run(
    engine: Engine, workspace: Path, image: str, *python: str, environment: Mapping[str, str] | None = None
) -> Command:
    """A container on the workspace that runs the action, or Python with the given arguments."""
    variables = {"GITHUB_WORKSPACE": "/github/workspace", **(environment or {})}
    options = [option for name, value in variables.items() for option in ("--env", f"{name}={value}")]
    entrypoint = ("--entrypoint", _ENTRYPOINT) if python else ()
    program = shutil.which(engine.command[0])
    if program is None:
        raise MeasurementError(f"{engine.command[0]} is not there any more")
    return Command(
        (
            *(program, *engine.command[1:], "run", "--rm", "--network", "none", *engine.run_options),
            *("--volume", f"{workspace}:/github/workspace", "--workdir", "/github/workspace"),
            *(*options, *entrypoint, image, *python),
        ),
        workspace,
    )


def _nothing(output: str) -> None:
    if output:
        raise MeasurementError(f"printed {output!r} instead of nothing")


def _passed(output: str) -> None:
    if "passed: 5 of 5 modules evaluated" not in output:
        raise MeasurementError(f"the example did not pass:\n{output}")
