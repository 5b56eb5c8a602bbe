"""What is compared, as a list: for each kind of work the contenders, the gate first, and the goals."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from benchmarks import contenders as by
from benchmarks.generate.junit import write_junit
from benchmarks.measure import Contender, Measurements
from benchmarks.on_disk import Project
from benchmarks.reports import Report

MB = 1_000_000
LEAST, SMALL, SHARDED = 40, 200, 5_000
DATA_SHARDS, FEW_SHARDS, MANY_SHARDS = 32, 8, 64
CASES = 100_000

JSON, COBERTURA, LCOV = Report("json"), Report("cobertura"), Report("lcov")
DATA = Report("data", DATA_SHARDS)


class Goal(NamedTuple):
    """A figure to be held: `limit` is the most that it may be, or with `at_least` the least."""

    words: str
    figure: Callable[[Measurements], float]
    limit: float
    at_least: bool = False


class Comparison(NamedTuple):
    """One block of the table. `goals` are for projects of SHARDED files and more.

    `warm_up` is left out where a run takes minutes.
    """

    work: str
    contenders: tuple[Contender, ...]
    goals: tuple[Goal, ...] = ()
    warm_up: bool = True


class Block(NamedTuple):
    """A comparison that can be made: `group` is what `--only` takes, `needs` are the reports to be written.

    It is made of a project of each chosen size, or of one `size` only, where that is chosen.
    """

    group: str
    needs: tuple[Report, ...]
    make: Callable[[Project], Comparison]
    size: int | None = None


def start_up(project: Project) -> Comparison:
    """What a check costs apart from its reports."""
    contenders = (by.gate(project, JSON.glob), by.gate_in_checkout(project, JSON.glob), by.start_up(project))
    return Comparison(f"start-up, JSON of {project.size:,} files", contenders)


def coverage_json(project: Project) -> Comparison:
    """coverage.py's JSON."""
    script = by.check_script(project, JSON)
    return Comparison(
        _title("JSON", project, JSON),
        (by.gate(project, JSON.glob), script, by.read_bytes(project, JSON)),
        (
            Goal(
                "times as fast as json.load",
                lambda found: found.times_the_gate(script.name),
                4,
                at_least=True,
            ),
            Goal("MB of memory: the file's size and 60", _peak, project.bytes_of(JSON) / MB + 60),
        ),
    )


def cobertura(project: Project) -> Comparison:
    """Cobertura XML. What the gate needs apart from it is taken from a check of the least project."""
    least = Project(project.workspace.parents[1] / "least", LEAST)
    least.write((COBERTURA,))
    begin = by.gate(least, COBERTURA.glob, name=f"gate check, {least.size} files")
    parse, python = by.parse_only(project, COBERTURA), by.start_up(project)

    def times_expat(found: Measurements) -> float:
        gate, start = found.walls(found.gate), found.walls(begin.name)
        parsed, nothing = found.walls(parse.name), found.walls(python.name)
        return median(map(lambda a, b, c, d: (a - b) / (c - d), gate, start, parsed, nothing))

    return Comparison(
        _title("Cobertura", project, COBERTURA),
        (
            by.gate(project, COBERTURA.glob),
            by.diff_cover(project, COBERTURA),
            by.pycobertura(project, COBERTURA),
            parse,
            begin,
            python,
        ),
        (
            Goal("times expat's time without start-up", times_expat, 1.5),
            Goal("MB of memory", _peak, 60),
        ),
    )


def lcov(project: Project) -> Comparison:
    """LCOV."""
    contenders = (by.gate(project, LCOV.glob), by.diff_cover(project, LCOV), by.read_bytes(project, LCOV))
    return Comparison(_title("LCOV", project, LCOV), contenders)


def data_files(project: Project) -> Comparison:
    """coverage.py's data files, against all that is done with them today."""
    today = by.coverage_all(project, DATA)
    goal = Goal(
        "times as fast as combine, json, compare",
        lambda found: found.times_the_gate(today.name),
        50,
        at_least=True,
    )
    return Comparison(
        _title("data files", project, DATA), (by.gate(project, DATA.glob), today), (goal,), warm_up=False
    )


def data_files_included(project: Project) -> Comparison:
    """coverage.py's data files, against coverage.py's own report of a few files."""
    contenders = (by.gate(project, DATA.glob), by.coverage_some(project, DATA))
    return Comparison(_title("data files", project, DATA), contenders)


def shards(kind: str, name: str) -> Block:
    """Many shards against few and one: the contents of eight repeat, by links, to keep the disk free."""
    one, many = Report(kind), Report(kind, FEW_SHARDS, MANY_SHARDS)

    def make(project: Project) -> Comparison:
        few = by.gate(project, many.first(FEW_SHARDS), name=f"gate check, {FEW_SHARDS} shards")
        whole = by.gate(project, one.glob, name="gate check, one report")
        return Comparison(
            _title(name, project, many),
            (by.gate(project, many.glob), few, whole),
            (
                Goal(
                    f"times the time for a shard of {FEW_SHARDS}",
                    lambda found: FEW_SHARDS / MANY_SHARDS / found.times_the_gate(few.name),
                    1.1,
                ),
                Goal(
                    f"times the memory for {FEW_SHARDS} shards",
                    lambda found: _peak(found) * MB / found.median(few.name).peak,
                    1.25,
                ),
            ),
            warm_up=False,
        )

    return Block("shards", (one, many), make, SHARDED)


def junit(project: Project) -> Comparison:
    """JUnit, beside a small coverage report."""
    path = project.workspace / "reports" / "junit.xml"
    skipped = write_junit(CASES, path)
    contenders = (
        by.gate(project, JSON.glob, tests=path),
        by.gate(project, JSON.glob, name="gate check, no tests"),
        by.junitparser(project, path, {"total": CASES, "failed": 0, "errors": 0, "skipped": skipped}),
    )
    return Comparison(f"JUnit, {CASES:,} cases, {path.stat().st_size / MB:.0f} MB", contenders)


BLOCKS = (
    Block("start-up", (JSON,), start_up, SMALL),
    Block("json", (JSON,), coverage_json),
    Block("cobertura", (COBERTURA,), cobertura),
    Block("lcov", (LCOV,), lcov),
    Block("data", (DATA,), data_files, SHARDED),
    Block("data", (DATA,), data_files_included, SHARDED),
    shards("json", "JSON"),
    shards("cobertura", "Cobertura"),
    Block("junit", (JSON,), junit, SMALL),
)


def _title(kind: str, project: Project, report: Report) -> str:
    many = f"{len(report.files)} shards of " if len(report.files) > 1 else ""
    return f"{kind}, {many}{project.size:,} files, {project.bytes_of(report) / MB:.0f} MB"


def _peak(found: Measurements) -> float:
    return found.median(found.gate).peak / MB
