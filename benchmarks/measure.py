"""Whole processes, measured in turn: A B C, A B C, …, so that a machine's moods meet all of them alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

_LAUNCH = Path(__file__).with_name("launch.py")
_SHOWN = 2000
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR")


class MeasurementError(Exception):
    """A measured command did not do what it is measured for."""


class Took(NamedTuple):
    """What a run took: seconds on the clock, seconds of the processors, peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


class Command(NamedTuple):
    """A program and its arguments, the folder that it runs in, and what its environment has besides."""

    arguments: tuple[str | Path, ...]
    folder: Path
    environment: Mapping[str, str] = {}


class Contender(NamedTuple):
    """What is measured: commands one after the other.

    `prepare` is done before each run and not measured; `verify` gets what the last command printed after
    each run, and raises MeasurementError where that is wrong.
    """

    name: str
    commands: tuple[Command, ...]
    verify: Callable[[str], None]
    prepare: Callable[[], None] = lambda: None


class Measurements:
    """The runs of some contenders, by name and in the order of the rounds. The first is the gate."""

    def __init__(self, runs: Mapping[str, Sequence[Took]]) -> None:
        self.runs = runs
        self.gate = next(iter(runs))

    def walls(self, name: str) -> list[float]:
        """The seconds of each round."""
        return [took.wall for took in self.runs[name]]

    def median(self, name: str) -> Took:
        """Of each number for itself."""
        walls, cpus, peaks = zip(*self.runs[name], strict=True)
        return Took(median(walls), median(cpus), int(median(peaks)))

    def times_the_gate(self, name: str) -> float:
        """The median, over the rounds, of how many times as long as the gate it took."""
        pairs = zip(self.walls(name), self.walls(self.gate), strict=True)
        return median(other / gate for other, gate in pairs)


def in_turn(
    contenders: Sequence[Contender], rounds: int, seconds: float, output: Path, *, warm_up: bool
) -> Measurements:
    """Measure so many rounds, fewer (one at least) where these take longer than so many seconds together."""
    if warm_up:
        for contender in contenders:
            _turn(contender, output)
    runs: dict[str, list[Took]] = {contender.name: [] for contender in contenders}
    start = time.monotonic()
    for done in range(rounds):
        if done and (time.monotonic() - start) * (done + 1) / done > seconds:
            break
        for contender in contenders:
            runs[contender.name].append(_turn(contender, output))
    return Measurements(runs)


def _turn(contender: Contender, output: Path) -> Took:
    contender.prepare()
    took = [run(command, output) for command in contender.commands]
    try:
        contender.verify(output.read_text(errors="replace"))
    except MeasurementError as error:
        raise MeasurementError(f"{contender.name}: {error}") from error
    walls, cpus, peaks = zip(*took, strict=True)
    return Took(sum(walls), sum(cpus), max(peaks))


def run(command: Command, output: Path = Path(os.devnull)) -> Took:
    """Run a command, its output into a file. Raises MeasurementError where it exits otherwise than by 0."""
    arguments = [str(argument) for argument in command.arguments]
    inherited = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    launched = subprocess.run(
        [sys.executable, "-I", "-S", _LAUNCH, output, command.folder, *arguments],
        env={**inherited, "LANG": "C.UTF-8", **command.environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    wall, cpu, peak, code = launched.split()
    if code != "0":
        printed = output.read_text(errors="replace")[-_SHOWN:]
        raise MeasurementError(f"{' '.join(arguments)[:_SHOWN]} exited {code}:\n{printed}")
    return Took(float(wall), float(cpu), int(peak))
