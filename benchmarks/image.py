"""The image: its size by layer, and how long it takes to start, beside Debian's own Python.

    python -m benchmarks.image              builds the image and prints its size
    python -m benchmarks.image --start-up   measures its start too, and holds two builds against each other

The example's evidence has to be there (`make measure-example`). 1 where a goal is not held.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.image_start import CHECK, OURS, PLAIN, start_up
from benchmarks.measure import Measurements
from benchmarks.table import where_and_when
from tests.e2e.engine import Engine, find_engine
from tests.e2e.image import another_build, provide_image
from tests.e2e.layers import digests, measure_layers

ROOT = Path(__file__).parents[1]
MB = 1_000_000
LARGEST = 35
SLOWEST_START = 1.2
SLOWEST_CHECK = 0.35

_OUR_LAYERS = ("interpreter and libraries, from Debian", "dependencies, from PyPI", "gate")
_PLAIN_IMAGE = "localhost/module-coverage-gate-plain:latest"
_PLAIN = """\
FROM debian:trixie-slim
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
"""


class Goal(NamedTuple):
    """What was to be held, in words with the figure, and whether it is."""

    words: str
    held: bool


def main() -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.image", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--start-up", action="store_true", help="measure the start, and build a second time")
    parser.add_argument(
        "--rounds", type=int, default=15, help="runs of each container [default: %(default)s]"
    )
    options = parser.parse_args()
    engine = find_engine()
    if engine is None:
        print(
            "There is no container engine: docker does not answer, podman is absent (see make system-tools)."
        )
        return 1
    console = Console() if sys.stdout.isatty() else Console(width=100)
    goals = list(_measured(engine, console, options.rounds if options.start_up else 0))
    for goal in goals:
        console.print(f"{'held' if goal.held else 'NOT HELD'}: {goal.words}", highlight=False)
    return 0 if all(goal.held for goal in goals) else 1


def _measured(engine: Engine, console: Console, rounds: int) -> Iterator[Goal]:
    image = provide_image(engine, ROOT)
    with tempfile.TemporaryDirectory(prefix="plain-") as context:
        (Path(context) / "Dockerfile").write_text(_PLAIN)
        engine.build(Path(context), "--tag", _PLAIN_IMAGE)
    yield _sizes(engine, console, image)
    if rounds:
        yield from _starts(start_up(engine, image, _PLAIN_IMAGE, rounds), console)
        with another_build(engine, ROOT) as first, another_build(engine, ROOT) as second:
            same = digests(engine, first) == digests(engine, second)
        yield Goal("two builds of the same sources have the same layers, by digest", same)


def _sizes(engine: Engine, console: Console, image: str) -> Goal:
    """Print the table of sizes."""
    layers = measure_layers(engine, image)
    # Docker adds an empty layer for the working folder.
    rows = dict(zip(_OUR_LAYERS, layers, strict=False))
    plain = measure_layers(engine, _PLAIN_IMAGE)
    table = Table(
        "",
        "MB unpacked",
        "MB compressed",
        title=f"{image}\n{where_and_when()}",
        caption="Compressed: gzip, layer by layer",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for name, layer in rows.items():
        table.add_row(name, _mb(layer.unpacked), _mb(layer.compressed))
        console.print(f"{layer.digest}  {name}", highlight=False, soft_wrap=True)
    table.add_section()
    for name, found in (("the image", layers), ("debian:trixie-slim with python3", plain)):
        compressed = sum(layer.compressed for layer in found)
        table.add_row(name, _mb(sum(layer.unpacked for layer in found)), _mb(compressed))
    console.print(table)
    ours = sum(layer.compressed for layer in layers)
    return Goal(f"{_mb(ours)} MB compressed (at most {LARGEST})", ours <= LARGEST * MB)


def _starts(found: Measurements, console: Console) -> Iterator[Goal]:
    """Print the table of starts. The check's share is the median over the rounds, each of which has both."""
    ratio = found.times_the_gate(OURS)
    check = median(whole - start for whole, start in zip(found.walls(CHECK), found.walls(OURS), strict=True))
    table = Table(
        "from `run` to the container's end", "seconds", "least", "runs", caption="Medians and least"
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for name, runs in found.runs.items():
        least = min(found.walls(name))
        table.add_row(name, f"{found.median(name).wall:.3f}", f"{least:.3f}", str(len(runs)))
    console.print(table)
    yield Goal(
        f"{OURS} takes {ratio:.2f} times as long as {PLAIN} (at most {SLOWEST_START})", ratio <= SLOWEST_START
    )
    yield Goal(
        f"{CHECK} takes {check:.2f} s more than {OURS} (at most {SLOWEST_CHECK})", check <= SLOWEST_CHECK
    )


def _mb(size: int) -> str:
    return f"{size / MB:.1f}"


if __name__ == "__main__":
    sys.exit(main())
