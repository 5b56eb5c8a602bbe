from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Collection, Iterable
from contextlib import closing
from functools import reduce
from itertools import count
from operator import or_
from pathlib import Path
from typing import Any, cast

import coverage
import pytest
from coverage.sqldata import CoverageData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.reports.file import ReportFile
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage, Report, SourceName
from gate.reports.read import read_coverage
from tests.reports.reading import Files, read_file
from tests.reports.test_coverage_py_json import programs

DATA = Path(__file__).parents[1] / "data" / "coverage_py_data"
PROGRAM = DATA.parent / "coverage_py" / "program.py"
EXPECTED: dict[str, dict[str, int]] = json.loads((DATA / "expected.json").read_text())

Arc = tuple[int, int]
ENTRY: Arc = (-1, 1)


class Checkout:
    """A repository in a folder, which a measurement calls by absolute names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []

    def wants(self, name: SourceName) -> bool:
        return self.path_of(name) is not None

    def path_of(self, name: SourceName) -> str | None:
        prefix = f"{self.root}/"
        return name.text.removeprefix(prefix) if name.text.startswith(prefix) else None

    def read(self, path: str) -> bytes | None:
        self.asked.append(path)
        file = self.root / path
        return file.read_bytes() if file.is_file() else None


def read_data(file: Path, checkout: Checkout | Files, origin: str | None = None) -> Report:
    with ReportFile(file, origin) as report:
        return read_coverage(report, checkout)[1]


def counts(file: FileCoverage) -> tuple[Ratio, Ratio | None]:
    return file.line_ratio, None if file.branches is None else file.branches.ratio


class Measured:
    """One program and its shards, which coverage.py combines and reports."""

    def __init__(self, root: Path, source: bytes, settings: str = "") -> None:
        self.root = root
        self.file = root / "program.py"
        self.file.write_bytes(source)
        (root / ".coveragerc").write_text(settings)
        for old in root.glob(".coverage.*"):
            old.unlink()

    def shard(self, *, arcs: Iterable[Arc] | None = None, lines: Iterable[int] | None = None) -> Path:
        path = self.root / f".coverage.host.pid1.X{next(NUMBERS):06d}x"
        data = CoverageData(str(path))
        if arcs is not None:
            data.add_arcs({str(self.file): set(arcs)})
        else:
            data.add_lines({str(self.file): set(lines or ())})
        data.touch_file(str(self.file))
        data.close(force=True)
        return path

    def combined(self, shards: Collection[Path]) -> dict[str, Any]:
        """What coverage.py's JSON says of the program after combining the shards."""
        measured = coverage.Coverage(
            data_file=str(self.root / "combined"), config_file=str(self.root / ".coveragerc"), messages=False
        )
        measured.combine([str(shard) for shard in shards], keep=True)
        output = self.root / "combined.json"
        measured.json_report(outfile=str(output))
        document: dict[str, Any] = json.loads(output.read_text())
        (file,) = document["files"].values()
        return {**file, "json": output}

    def read(self, shard: Path) -> FileCoverage:
        report = read_data(shard, Checkout(self.root), shard.name)
        return report.files[SourceName(str(self.file))]


NUMBERS = count()


def summary_of(file: dict[str, Any]) -> tuple[Ratio, Ratio | None]:
    summary = file["summary"]
    return (
        Ratio(summary["covered_lines"], summary["num_statements"]),
        Ratio(summary["covered_branches"], summary["num_branches"]) if "num_branches" in summary else None,
    )


def numbers_of(lines: int) -> list[int]:
    return [line for first, last in line_ranges(lines) for line in range(first, last + 1)]


def assert_equal(file: FileCoverage, reported: dict[str, Any]) -> None:
    assert counts(file) == summary_of(reported)
    assert numbers_of(file.missing_lines) == reported["missing_lines"]
    if file.branches is not None:
        assert sorted(map(list, file.branches.missing_arcs)) == sorted(reported["missing_branches"])
    functions = {name: region for name, region in reported["functions"].items() if name}
    assert {function.name for function in file.functions} == functions.keys()
    for function in file.functions:
        region = functions[function.name]
        assert numbers_of(function.lines) == sorted(region["executed_lines"] + region["missing_lines"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data").resolve()


# Random programs with made-up executions and settings, combined and counted by coverage.py itself.

SETTINGS = (
    "",
    "[report]\nexclude_also =\n    ^class\n    while\n",
    "[report]\nexclude_lines = y = 2\npartial_branches = if x\n",
    "[report]\npartial_also = for i\npartial_branches_always = while\n",
)
any_settings = st.sampled_from(SETTINGS)
tall = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def arcs_of(source: str) -> st.SearchStrategy[list[Arc]]:
    """Arcs between any two places, and more often such as are possible."""
    last = source.count("\n") + 2
    anywhere = st.tuples(st.integers(-last, last), st.integers(-last, last))
    possible = possible_arcs(source)
    return st.lists(st.one_of(anywhere, *([st.sampled_from(possible)] * 3 if possible else [])), max_size=30)


def possible_arcs(source: str) -> list[Arc]:
    from coverage.parser import PythonParser  # noqa: PLC0415

    parser = PythonParser(text=source, filename="program.py")
    parser.parse_source()
    return sorted(parser.arcs())


@tall
@given(source=programs, data=st.data(), config=any_settings)
def test_shards_with_branches_count_as_coverage_counts_them_combined(
    folder: Path, source: str, data: st.DataObject, config: str
) -> None:
    measured = Measured(folder, source.encode(), config)
    # Combining forgets that branches were measured where no arc was recorded at all.
    shards = [measured.shard(arcs=[ENTRY, *data.draw(arcs_of(source))]) for _ in range(3)]
    merged = reduce(or_, map(measured.read, shards))
    assert_equal(merged, measured.combined(shards))


@tall
@given(source=programs, data=st.data(), config=any_settings)
def test_shards_without_branches_count_as_coverage_counts_them_combined(
    folder: Path, source: str, data: st.DataObject, config: str
) -> None:
    measured = Measured(folder, source.encode(), config)
    lines = st.lists(st.integers(0, source.count("\n") + 2))
    shards = [measured.shard(lines=data.draw(lines)) for _ in range(3)]
    merged = reduce(or_, map(measured.read, shards))
    assert merged.branches is None
    assert_equal(merged, measured.combined(shards))


@tall
@given(source=programs, data=st.data())
def test_a_data_file_and_a_json_report_of_two_shards_count_as_both_combined(
    folder: Path, source: str, data: st.DataObject
) -> None:
    measured = Measured(folder, source.encode())
    first, second = (measured.shard(arcs=[ENTRY, *data.draw(arcs_of(source))]) for _ in range(2))
    json_report = measured.combined([first])["json"]
    (of_json,) = read_file(json_report)[1].files.values()
    of_data = measured.read(second)
    expected = summary_of(measured.combined([first, second]))
    assert counts(of_json | of_data) == counts(of_data | of_json) == expected


@given(
    source=st.sampled_from(
        [
            b"x = 1\r\nif x:\r\n    y = (\r\n        2,\r\n    )\r\n",
            b"x = 1\rif x:\r    y = 2\r",
            b"\xef\xbb\xbfx = 1\nif x:\n    y = 2",
            "# coding: latin-1\nx = 'ä'\nif x:  # pragma: no cover\n    y = 'ö'".encode("latin-1"),
            b"x = 1\n\x0c\nif x:\n    y = 2  \x0c\n\x0c\n",
            "x = '\u2028'\nif x:\n    y = '\x85'\n".encode(),
            b"# coding: ascii\nx = '\xff'\nif x:\n    y = 2\n",
            b"",
            b"\n\n# nothing\n",
        ]
    ),
    arcs=st.lists(st.sampled_from([(-1, 1), (1, 2), (2, 3), (2, -1), (3, -1)])),
)
@settings(max_examples=20, deadline=None)
def test_sources_are_decoded_as_coverage_decodes_them(folder: Path, source: bytes, arcs: list[Arc]) -> None:
    measured = Measured(folder, source)
    shard = measured.shard(arcs=[ENTRY, *arcs])
    assert_equal(measured.read(shard), measured.combined([shard]))


# What coverage.py really leaves.

SHOP = """
import os, sys

def charge(amount):
    if amount > 10:
        with open(os.devnull) as sink, \\
             open(os.devnull):
            return sink.read() or \\
                amount
    for _ in range(amount):
        try:
            if amount % 2: continue
            break
        except ValueError:
            raise
    else:
        return None
    if DEBUG:
        print("left out by the settings")
    return {
        "amount": amount,
    }

DEBUG = False

def test_small():
    charge(2)

def test_large():
    charge(11)

test_small() if "small" in sys.argv else test_large()
if os.fork() == 0:
    charge(0)
    sys.exit()
os.wait()
"""
SHOP_SETTINGS = """
[tool.coverage.run]
branch = true
parallel = true
dynamic_context = "test_function"
[tool.coverage.report]
exclude_also = ["if DEBUG:"]
"""


def run(root: Path, *arguments: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    command = (sys.executable, "-m", "coverage", *arguments)
    subprocess.run(command, cwd=root, env=clean, check=True, capture_output=True)


def test_real_runs_with_contexts_and_forks_count_as_combined(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    (root / "shop").mkdir()
    (root / "shop" / "billing.py").write_text(SHOP)
    (root / "pyproject.toml").write_text(SHOP_SETTINGS)
    for argument in "small", "large":
        run(root, "run", "shop/billing.py", argument)
    shards = sorted(root.glob(".coverage.*"))
    assert len(shards) == 4
    reports = [read_data(shard, Checkout(root), shard.name) for shard in shards]
    reported = combined_by_command(root)
    assert reported["excluded_lines"]
    files = [file for report in reports for file in report.files.values()]
    assert_equal(reduce(or_, files), reported)
    for report in reports:
        assert report.writer.startswith(f"coverage.py {coverage.__version__} data, analysed by coverage.py ")
        assert report.notes == ("is counted with coverage.py's settings in 'pyproject.toml'",)


def test_a_forked_child_that_does_not_say_what_it_measured_is_read_by_what_it_holds(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    source = textwrap.dedent(
        """
        import coverage, os
        measured = coverage.Coverage.current()
        measured.save()
        child = os.fork()
        if child:
            os.wait()
        else:
            x = 1
            measured.stop()
            measured.save()
            os._exit(0)
        """
    )
    (root / "program.py").write_text(source)
    run(root, "run", "--branch", "--parallel-mode", "program.py")
    shards = sorted(root.glob(".coverage.*"))
    assert sorted(len(stated_has_arcs(shard)) for shard in shards) == [0, 1]
    files = [file for shard in shards for file in read_data(shard, Checkout(root)).files.values()]
    assert_equal(reduce(or_, files), combined_by_command(root))


def combined_by_command(root: Path) -> dict[str, Any]:
    run(root, "combine")
    run(root, "json")
    (file,) = json.loads((root / "coverage.json").read_text())["files"].values()
    return cast(dict[str, Any], file)


def stated_has_arcs(shard: Path) -> list[str]:
    with closing(sqlite3.connect(shard)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM meta WHERE key = 'has_arcs'")]


@pytest.mark.parametrize("version", EXPECTED)
def test_data_of_older_releases_counts_as_the_installed_coverage_counts_it_and_says_so(
    version: str, tmp_path: Path
) -> None:
    measured = Measured(tmp_path.resolve(), PROGRAM.read_bytes())
    shard = tmp_path.resolve() / f"coverage-{version}.sqlite"
    shutil.copy(DATA / shard.name, shard)
    with closing(sqlite3.connect(shard)) as connection:
        connection.execute("UPDATE file SET path = ?", (str(measured.file),))
        connection.commit()
    report = read_data(shard, Checkout(measured.root))
    (file,) = report.files.values()
    assert_equal(file, measured.combined([shard]))
    # The release itself counted otherwise, as it printed.
    own = EXPECTED[version]
    assert file.branches is not None
    assert (file.line_ratio.total, file.branches.ratio.total) != (own["statements"], own["branches"])
    assert report.writer.startswith(f"coverage.py {version} data, analysed by coverage.py ")
    assert report.notes[0].startswith(f"was measured by coverage.py {version} and is counted by coverage.py ")


# What is read, and what is not.


def test_files_of_no_module_are_named_but_neither_their_rows_nor_their_sources_are_read(
    tmp_path: Path,
) -> None:
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_arcs({"/app/a.py": [(-1, 1)], "/app/b.py": [(10**12, 1)], "/app/x.html": [(1, 1)]})
    data.add_file_tracers({"/app/x.html": "some.Plugin"})
    data.close(force=True)
    report = read_data(tmp_path / ".coverage", Files({"/app/a.py"}, {"/app/a.py": b"x = 1\n"}))
    assert {name.text for name in report.names} == {"/app/a.py", "/app/b.py", "/app/x.html"}
    assert {name.text for name in report.files} == {"/app/a.py"}


def test_names_may_hold_what_they_like(tmp_path: Path) -> None:
    names = {"/app/a\nb.py", "/app/'quoted'.py", "/app/ä\u2028.py", "C:\\app\\a.py", "<string>"}
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_lines({name: [1] for name in names})
    data.close(force=True)
    report = read_data(tmp_path / ".coverage", Files(names, dict.fromkeys(names, b"x = 1\n")))
    assert {name.text for name in report.names} == {name.text for name in report.files} == names


def test_a_path_that_a_database_address_could_misread_is_opened(tmp_path: Path) -> None:
    place = tmp_path / "a?mode=rwc&b#c %41"
    place.mkdir()
    measured = Measured(place.resolve(), b"x = 1\n")
    assert counts(measured.read(measured.shard(lines=[1])))[0] == Ratio(1, 1)


def test_data_of_a_process_that_measured_nothing_names_nothing(tmp_path: Path) -> None:
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_lines({})
    data.close(force=True)
    report = read_data(tmp_path / ".coverage", Files())
    assert (report.names, report.files) == (frozenset(), {})


def test_a_file_that_was_found_but_never_ran_has_all_its_branches_missing(folder: Path) -> None:
    measured = Measured(folder, b"import os\nif os:\n    x = 1\n")
    assert counts(measured.read(measured.shard(arcs=[]))) == (Ratio(0, 3), Ratio(0, 2))


def test_each_source_and_configuration_is_read_once_for_all_shards(folder: Path) -> None:
    measured = Measured(folder, b"x = 1\n")
    shards = [measured.shard(arcs=[(-1, 1)]) for _ in range(5)]
    checkout = Checkout(folder)
    for shard in shards:
        read_data(shard, checkout, shard.name)
    assert checkout.asked == [".coveragerc", "program.py"]


def test_a_source_that_changed_between_two_checks_is_parsed_again(folder: Path) -> None:
    measured = Measured(folder, b"x = 1\n")
    shard = measured.shard(lines=[1])
    assert counts(measured.read(shard))[0] == Ratio(1, 1)
    measured.file.write_bytes(b"x = 1\ny = 2\n")
    assert counts(measured.read(shard))[0] == Ratio(1, 2)


def test_lines_that_are_no_statements_stay_known_so_that_a_changed_source_shows(folder: Path) -> None:
    measured = Measured(folder, b"x = 1\n")
    file = measured.read(measured.shard(lines=[0, 1, 7]))
    assert numbers_of(file.lines.executed) == [1, 7]
    assert counts(file)[0] == Ratio(1, 1)


def test_a_check_without_data_files_imports_neither_coverage_nor_sqlite() -> None:
    program = (
        "import sys; from gate.reports.read import known_formats; list(known_formats()); "
        "assert not {'coverage', 'sqlite3'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
