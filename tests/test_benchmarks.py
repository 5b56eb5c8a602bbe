"""The benchmark's generated reports are coverage.py's own, and its measuring tells wrong counts."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable
from functools import reduce
from itertools import pairwise
from operator import or_
from pathlib import Path

import coverage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import contenders
from benchmarks.comparisons import COBERTURA, JSON, LCOV, Comparison, Goal
from benchmarks.generate.data_files import write_data_files
from benchmarks.generate.junit import write_junit
from benchmarks.generate.model import Counts
from benchmarks.generate.project import WHOLE, gated, source_files
from benchmarks.measure import Command, Contender, MeasurementError, Measurements, Took, in_turn, run
from benchmarks.on_disk import Project
from benchmarks.reports import Report
from benchmarks.table import Measured, markdown
from gate.reports.junit import read_junit
from gate.reports.model import FileCoverage
from tests.reports.reading import Files, read_file

FILES = 40
SHARDS = 3
KINDS = ("json", "cobertura", "lcov", "data")

TIMES = re.compile(r'"timestamp": "[^"]*"|timestamp="\d*"')


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("bench"), FILES)
    made.write((JSON, COBERTURA, LCOV, Report("data"), *(Report(kind, SHARDS) for kind in KINDS)))
    return made


def counts_by_path() -> dict[str, Counts]:
    return {file.path: Counts.of(file.measured().outcome) for file in source_files(FILES)}


def read(project: Project, names: Iterable[str]) -> dict[str, FileCoverage]:
    """The union of some reports, as the gate reads them, by name."""
    contents = {file.path: file.source.encode() for file in source_files(FILES)}
    found: dict[str, list[FileCoverage]] = {}
    for name in names:
        _, report = read_file(project.workspace / name, Files(contents=contents))
        for source, file in report.files.items():
            found.setdefault(source.text, []).append(file)
    return {name: reduce(or_, files) for name, files in found.items()}


def counts(file: FileCoverage) -> Counts:
    branches = file.branches
    assert branches is not None
    lines = file.line_ratio
    return Counts(lines.covered, lines.total, branches.ratio.covered, branches.ratio.total)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gate_counts_a_generated_project_alike_in_every_format(project: Project, kind: str) -> None:
    found = read(project, Report(kind).files)
    assert {name: counts(file) for name, file in found.items()} == counts_by_path()


@pytest.mark.parametrize("kind", KINDS)
def test_shards_of_every_format_merge_to_the_whole(project: Project, kind: str) -> None:
    found = read(project, Report(kind, SHARDS).files)
    assert {name: counts(file) for name, file in found.items()} == counts_by_path()


def test_one_shard_is_less_than_the_whole(project: Project) -> None:
    found = read(project, Report("json", SHARDS).files[:1])
    assert sum(counts(file).covered for file in found.values()) < sum(
        one.covered for one in counts_by_path().values()
    )


@pytest.fixture(scope="module")
def by_coverage(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What coverage.py itself reports of the generated data file."""
    written = tmp_path_factory.mktemp("coverage")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.workspace)
        measured = coverage.Coverage(
            data_file=project.workspace / Report("data").glob, config_file=".coveragerc"
        )
        measured.load()
        measured.json_report(outfile=str(written / "coverage.json"))
        measured.xml_report(outfile=str(written / "coverage.xml"))
        measured.lcov_report(outfile=str(written / "coverage.info"))
    return written


@pytest.mark.parametrize("report", [JSON, COBERTURA, LCOV], ids=lambda report: report.kind)
def test_generated_reports_are_what_coverage_writes_of_the_generated_data(
    project: Project, by_coverage: Path, report: Report
) -> None:
    generated = project.workspace / report.glob
    expected = (by_coverage / generated.name).read_text()
    # With `relative_files` coverage.py leaves the source folder out.
    expected = expected.replace("<source></source>", f"<source>{project.workspace}</source>")
    assert TIMES.sub("", generated.read_text()) == TIMES.sub("", expected)


def test_a_generated_data_file_holds_the_arcs_that_coverage_would_record(tmp_path: Path) -> None:
    path = tmp_path / ".coverage"
    write_data_files(source_files(FILES), {WHOLE: path})
    data = coverage.CoverageData(str(path))
    data.read()
    assert data.has_arcs()
    assert data.measured_files() == {file.path for file in source_files(FILES)}
    assert all(set(data.arcs(file.path) or ()) == file.arcs() for file in source_files(FILES))
    assert data.measured_contexts() == {""}


def test_every_function_that_a_run_enters_it_leaves() -> None:
    for file in source_files(FILES):
        entered = {-source for source, _ in file.arcs() if source < 0}
        left = {-target for _, target in file.arcs() if target < 0}
        assert entered == left


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 64), st.integers(0, 5))
def test_the_shards_of_any_number_execute_together_what_one_run_does(shards: int, seed: int) -> None:
    for file in source_files(27, seed):
        united = set[tuple[int, int]]().union(*(file.arcs((number, shards)) for number in range(shards)))
        assert united == file.arcs()


def test_a_project_is_the_same_each_time_and_another_with_another_seed() -> None:
    first, again, other = ([file.source for file in source_files(FILES, seed)] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("size", [40, 200, 5_000, 50_000])
def test_twenty_different_files_with_statements_are_gated_in_projects_of_any_size(size: int) -> None:
    numbers = gated(size)
    assert len(set(numbers)) == 20
    assert all(before < after < size for before, after in pairwise(numbers))
    assert all(number % 25 for number in numbers)


def test_files_are_measured_to_different_degrees() -> None:
    shares = {one.covered * 10 // one.statements for one in counts_by_path().values() if one.statements}
    assert len(shares) > 3


def test_generated_test_cases_are_counted_alike_by_the_gate(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    skipped = write_junit(1000, path)
    outcomes = read_junit(path.read_bytes())
    assert (outcomes.total, outcomes.skipped, outcomes.failed, outcomes.errors) == (1000, skipped, 0, 0)
    assert skipped == 20


def test_repeated_shards_are_links_to_a_few(tmp_path: Path) -> None:
    made = Project(tmp_path, FILES)
    report = Report("lcov", 2, 5)
    made.write([report])
    numbers = [(made.workspace / name).stat().st_ino for name in report.files]
    assert len(numbers) == 5
    assert numbers == [numbers[0], numbers[1], numbers[0], numbers[1], numbers[0]]


def python(code: str, folder: Path) -> Command:
    return Command((sys.executable, "-c", code), folder)


def accept(_: str) -> None:
    pass


def test_the_peak_is_the_programs_own_however_large_its_caller_is(tmp_path: Path) -> None:
    ballast = bytearray(b"x") * (150 << 20)
    small = run(python("pass", tmp_path))
    large = run(python("bytearray(b'x') * (100 << 20)", tmp_path))
    assert len(ballast) > large.peak > 100 << 20 > small.peak
    assert large.wall > 0 < large.cpu


def test_programs_run_in_turn_after_a_warm_up(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def contender(name: str) -> Contender:
        return Contender(name, (python(f"open('log', 'a').write({name!r})", tmp_path),), accept)

    found = in_turn([contender("a"), contender("b")], 2, 60, tmp_path / "output", warm_up=True)
    assert log.read_text() == "ababab"
    assert {name: len(runs) for name, runs in found.runs.items()} == {"a": 2, "b": 2}


def test_rounds_end_where_the_time_is_over_but_one_is_always_made(tmp_path: Path) -> None:
    contender = Contender("a", (python("pass", tmp_path),), accept)
    found = in_turn([contender], 50, 0, tmp_path / "output", warm_up=False)
    assert len(found.runs["a"]) == 1


def test_a_program_that_fails_is_told_with_what_it_printed(tmp_path: Path) -> None:
    contender = Contender("a", (python("import sys; sys.exit('no such thing')", tmp_path),), accept)
    with pytest.raises(MeasurementError, match="exited 1:\nno such thing"):
        in_turn([contender], 1, 60, tmp_path / "output", warm_up=False)


def test_ratios_are_medians_of_rounds() -> None:
    found = Measurements(
        {
            "gate": [Took(1, 1, 10), Took(2, 1, 30), Took(4, 1, 20)],
            "other": [Took(2, 2, 1), Took(6, 2, 1), Took(4, 2, 1)],
        }
    )
    assert found.times_the_gate("other") == 2  # of 2, 3 and 1
    assert found.median("gate") == Took(2, 1, 20)


@pytest.fixture
def checked(project: Project) -> Project:
    shutil.rmtree(project.workspace / "artifacts", ignore_errors=True)
    return project


def turn(contender: Contender, folder: Path) -> Took:
    return in_turn([contender], 1, 60, folder / "output", warm_up=False).runs[contender.name][0]


def test_the_gate_and_the_script_are_held_against_the_projects_own_counts(
    checked: Project, tmp_path: Path
) -> None:
    turn(contenders.gate(checked, JSON.glob), tmp_path)
    turn(contenders.check_script(checked, JSON), tmp_path)
    turn(contenders.parse_only(checked, COBERTURA), tmp_path)
    turn(contenders.read_bytes(checked, LCOV), tmp_path)


def test_a_wrong_count_ends_the_measuring(tmp_path: Path) -> None:
    changed = Project(tmp_path, FILES)
    changed.write([JSON])
    path = changed.workspace / JSON.glob
    document = json.loads(path.read_text())
    gated_file = next(name for name, one in changed.counts.items() if one.covered < one.statements)
    summary = document["files"][gated_file]["summary"]
    summary["covered_lines"] += 1
    path.write_text(json.dumps(document))
    with pytest.raises(MeasurementError, match=r"json\.load and compare: found"):
        turn(contenders.check_script(changed, JSON), tmp_path)


def test_combining_with_coverage_gives_the_same_counts(tmp_path: Path) -> None:
    made = Project(tmp_path, FILES)
    shards = Report("data", 4)
    made.write([shards])
    turn(contenders.coverage_some(made, shards), tmp_path)


def test_the_table_says_what_took_how_long_and_which_goal_is_held() -> None:
    found = Measurements(
        {"gate check": [Took(0.5, 0.4, 40_000_000)], "json.load": [Took(3, 2.5, 300_000_000)]}
    )
    goals = (
        Goal("times as fast as json.load", lambda found: found.times_the_gate("json.load"), 4, at_least=True),
        Goal("MB of memory", lambda found: found.median("gate check").peak / 1e6, 30),
    )
    text = markdown([Measured(Comparison("JSON, 5,000 files", (), goals), found)])
    assert "| JSON, 5,000 files | gate check | 0.50 | 0.40 | 40 MB |  | 1 |" in text
    assert "|  | json.load | 3.00 | 2.50 | 300 MB | 6 | 1 |" in text
    assert "- held: JSON, 5,000 files: 6 times as fast as json.load (at least 4)" in text
    assert "- NOT HELD: JSON, 5,000 files: 40 MB of memory (at most 30)" in text
