"""Measures the gate beside other programs and prints one table.

    python -m benchmarks --sizes 200 5000

Each program's counts are held against those of the generated project; a wrong one ends it all.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.comparisons import BLOCKS, LEAST, SHARDED, SMALL, Block
from benchmarks.measure import MeasurementError, in_turn
from benchmarks.on_disk import Project
from benchmarks.table import Measured, markdown, show

_WIDTH = 130
_TEMPORARY = Path("/var/tmp")  # noqa: S108 - a folder in it is made for us; /tmp may be in memory


def main() -> int:
    """Make the projects, measure, print; 1 where a program did not count what it should."""
    options = _options()
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH)
    work = _work_folder(options.keep)
    chosen = [
        (block, size)
        for block in BLOCKS
        for size in options.sizes
        if block.group in options.only and block.size in (None, size)
    ]
    measured: list[Measured] = []
    try:
        measured.extend(_measured(chosen, work, options, Console(stderr=True)))
    except MeasurementError as error:
        console.print(str(error), markup=False)
        return 1
    finally:
        show(measured, console)
        if options.keep is None:
            shutil.rmtree(work, ignore_errors=True)
    if options.markdown:
        options.markdown.write_text(markdown(measured))
    return 0


def _measured(
    chosen: Sequence[tuple[Block, int]], work: Path, options: argparse.Namespace, progress: Console
) -> Iterator[Measured]:
    projects = {size: Project(work / str(size), size) for _, size in chosen}
    for size, project in projects.items():
        progress.print(f"writing a project of {size:,} files")
        project.write(report for block, its_size in chosen if its_size == size for report in block.needs)
    for block, size in chosen:
        comparison = block.make(projects[size])
        progress.print(f"measuring {comparison.work}")
        found = in_turn(
            comparison.contenders,
            options.rounds,
            options.seconds,
            work / "output.txt",
            warm_up=comparison.warm_up,
        )
        yield Measured(comparison if size >= SHARDED else comparison._replace(goals=()), found)


def _options() -> argparse.Namespace:
    groups = tuple(dict.fromkeys(block.group for block in BLOCKS))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--sizes",
        nargs="+",
        type=int,
        default=(SMALL, SHARDED),
        metavar="FILES",
        help=f"files of the projects; some work is measured at {SMALL} or {SHARDED:,} only [default: both]",
    )
    parser.add_argument(
        "--only", nargs="+", choices=groups, default=groups, help="work to measure [default: all]"
    )
    parser.add_argument("--rounds", type=int, default=7, help="runs of each program [default: %(default)s]")
    parser.add_argument(
        "--seconds",
        type=float,
        default=45,
        help="for all rounds of one comparison; fewer are made where it is not enough [default: %(default)s]",
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="write the projects there, outside any git repository, and leave them for another time "
        "[default: a temporary folder, of up to 8 GB]",
    )
    options = parser.parse_args()
    if min(options.sizes) < LEAST:
        parser.error(f"a project has at least {LEAST} files")
    return options


def _work_folder(given: Path | None) -> Path:
    """Outside any git repository, whose rules would be asked for each file of the projects."""
    if given is None:
        return Path(tempfile.mkdtemp(prefix="gate-bench-", dir=_TEMPORARY if _TEMPORARY.is_dir() else None))
    given.mkdir(parents=True, exist_ok=True)
    return given.resolve()


if __name__ == "__main__":
    sys.exit(main())
