from __future__ import annotations

import sqlite3
import struct
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from coverage.sqldata import CoverageData
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.coverage_py_database import SCHEMA_VERSION
from gate.reports.lines import MAX_LINE, Ratio
from gate.reports.model import FileCoverage
from tests.reports.reading import Files, read_bytes
from tests.reports.test_coverage_py_data import DATA, PROGRAM

SAMPLE = (DATA / "coverage-6.5.0.sqlite").read_bytes()
SHOP = Files(contents={"/src/shop/program.py": PROGRAM.read_bytes()})
PAGE = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Data of `/app/a.py`, of which lines 1 and 2 ran."""
    path = tmp_path / ".coverage"
    data = CoverageData(str(path))
    data.add_arcs({"/app/a.py": [(-1, 1), (1, 2), (2, -1)]})
    data.close(force=True)
    return path


def change(file: Path, script: str, *values: object) -> bytes:
    with closing(sqlite3.connect(file)) as connection:
        if values:
            connection.execute(script, values)
            connection.commit()
        else:
            connection.executescript(script)
    return file.read_bytes()


def read(data: bytes, source: bytes = b"x = 1\ny = 2\n", name: str = "/app/a.py") -> FileCoverage | None:
    files = read_bytes(data, Files({name}, {name: source})).files
    return next(iter(files.values()), None)


def test_the_unchanged_file_is_read(file: Path) -> None:
    measured = read(change(file, "CREATE TRIGGER t AFTER INSERT ON arc BEGIN SELECT 1; END"))
    assert measured is not None
    assert measured.line_ratio == Ratio(2, 2)


# Databases that are something else.


def test_another_sqlite_database_is_no_coverage_data(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArtifact, match=r"holds no data of coverage.py"):
        read(change(tmp_path / "other.db", "CREATE TABLE file (id, path)"))


def test_data_of_coverage_4_is_refused_by_its_release() -> None:
    with pytest.raises(UnreadableArtifact, match=r"written by coverage.py 4"):
        read_bytes(b'!coverage.py: This is a private format, don\'t read it directly!{"lines":{}}')


@pytest.mark.parametrize(
    ("change_version", "shown"),
    [
        ("UPDATE coverage_schema SET version = 6", "schema 6;"),
        ("UPDATE coverage_schema SET version = 8", "schema 8;"),
        ("UPDATE coverage_schema SET version = '7x'", "schema 7x;"),
        ("UPDATE coverage_schema SET version = NULL", "schema None;"),
        ("DELETE FROM coverage_schema", "schema no number;"),
        ("INSERT INTO coverage_schema VALUES (7)", "schema 7, 7;"),
    ],
)
def test_another_schema_is_refused_by_its_number(file: Path, change_version: str, shown: str) -> None:
    assert SCHEMA_VERSION == 7
    with pytest.raises(UnreadableArtifact, match=shown):
        read(change(file, change_version))


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"


@pytest.mark.parametrize(
    "script",
    [
        f"DROP TABLE arc; CREATE VIEW arc AS {ENDLESS} 1 file_id, 1 context_id, i fromno, i tono FROM n",
        f"DROP TABLE file; CREATE VIEW file AS {ENDLESS} i AS id, '/app/a.py' AS path FROM n",
        f"DROP TABLE meta; CREATE VIEW META AS {ENDLESS} i AS key, i AS value FROM n",
        f"DROP TABLE coverage_schema; CREATE VIEW coverage_schema AS {ENDLESS} i AS version FROM n",
        "DROP TABLE arc; CREATE VIRTUAL TABLE arc USING fts5(file_id, context_id, fromno, tono)",
        "DROP TABLE file; CREATE TABLE file (id integer primary key, "
        "path text AS (printf('%.*c', 900000, 'x')))",
        "DROP TABLE arc; CREATE TABLE arc (file_id, context_id, fromno AS (abs(-1)) STORED, tono)",
    ],
)
def test_whatever_computes_instead_of_storing_is_refused(file: Path, script: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableArtifact, match="not a plain table"):
        read(change(file, script))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("table", ["arc", "context", "file", "line_bits", "meta", "tracer"])
def test_a_missing_table_is_named(file: Path, table: str) -> None:
    with pytest.raises(UnreadableArtifact, match=f"has no table {table}"):
        read(change(file, f"DROP TABLE {table}"))


@pytest.mark.parametrize("table", ["arc", "file", "meta", "tracer"])
def test_a_table_with_other_columns_is_refused(file: Path, table: str) -> None:
    with pytest.raises(UnreadableArtifact, match="no such column"):
        read(change(file, f"DROP TABLE {table}; CREATE TABLE {table} (other)"))


# Rows that cannot be.


@pytest.mark.parametrize(
    "number", [MAX_LINE + 1, -MAX_LINE - 1, 2**63 - 1, -(2**63), 1.5, float("inf"), "one", None, b"\x01"]
)
def test_an_arc_that_leads_to_no_line_is_refused_with_its_file(file: Path, number: object) -> None:
    for arc in (1, number), (number, 1):
        data = change(file, "INSERT INTO arc VALUES (1, 1, ?, ?)", *arc)
        with pytest.raises(UnreadableArtifact, match=r"of '/app/a.py', which no source file has"):
            read(data)


@pytest.mark.parametrize(
    "numbits",
    [b"\x00" * (MAX_LINE // 8 + 1) + b"\x01", "text", None, 7, b"\x01" * 2_000_000],
    ids=["beyond", "text", "null", "number", "huge"],
)
def test_a_set_of_lines_that_cannot_be_is_refused(file: Path, numbits: object) -> None:
    change(file, "DELETE FROM arc; UPDATE meta SET value = '0' WHERE key = 'has_arcs'")
    data = change(file, "INSERT INTO line_bits VALUES (1, 1, ?)", numbits)
    with pytest.raises(UnreadableArtifact):
        read(data)


@pytest.mark.parametrize(
    "script",
    [
        "INSERT INTO line_bits VALUES (1, 1, x'02')",
        "UPDATE meta SET value = '0' WHERE key = 'has_arcs'",
        "DELETE FROM meta; INSERT INTO line_bits VALUES (1, 1, x'02')",
        "DELETE FROM arc; INSERT INTO line_bits VALUES (1, 1, x'02')",
        "UPDATE meta SET value = 'perhaps' WHERE key = 'has_arcs'",
    ],
)
def test_lines_beside_branches_are_no_evidence_of_either(file: Path, script: str) -> None:
    with pytest.raises(UnreadableArtifact, match=r"whether branches|lines as well as branches"):
        read(change(file, script))


@pytest.mark.parametrize(
    "script",
    [
        "DROP TABLE file; CREATE TABLE file (id, path); "
        "INSERT INTO file VALUES (1, '/app/a.py'), (2, '/app/a.py')",
        "INSERT INTO file (path) VALUES (NULL)",
        "INSERT INTO file (path) VALUES (NULL), ('/app/' || char(10))",
        "DROP TABLE file; CREATE TABLE file (id, path); INSERT INTO file VALUES ('x', '/app/a.py')",
    ],
)
def test_files_that_cannot_be_told_apart_are_refused(file: Path, script: str) -> None:
    with pytest.raises(UnreadableArtifact, match=r"it names a file twice|has lost"):
        read(change(file, script))


@pytest.mark.parametrize("name", ["", "/app/a.py", "/app/a.py" * 50], ids=len)
def test_pages_that_are_listed_again_and_again_end_in_a_refusal(file: Path, name: str) -> None:
    data = bytearray(change(file, "UPDATE file SET path = ?", name))
    with closing(sqlite3.connect(file)) as connection:
        ((root,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'file'")
    leaf = bytes(data[(root - 1) * PAGE : root * PAGE])
    new = len(data) // PAGE + 1
    for level in range(3):  # the root lists the first new page, that one the next, and the last the leaf
        page = _listing(new + level, 500)
        if level:
            data += page
        else:
            data[(root - 1) * PAGE : root * PAGE] = page
    data += leaf
    data[28:32] = struct.pack(">I", len(data) // PAGE)
    started = time.monotonic()
    with pytest.raises(UnreadableArtifact, match="more steps than"):
        read(bytes(data))
    assert time.monotonic() - started < 5


def _listing(child: int, times: int) -> bytes:
    """An interior page of a table that lists one child again and again."""
    cell = struct.pack(">I", child) + b"\x01"
    cells = cell * times
    start = PAGE - len(cells)
    header = struct.pack(">BHHHBI", 5, 0, times, start, 0, child)
    offsets = b"".join(struct.pack(">H", start + number * len(cell)) for number in range(times))
    return (header + offsets).ljust(start, b"\x00") + cells


# Sources.


def test_a_missing_source_is_refused_with_its_name(file: Path) -> None:
    with pytest.raises(UnreadableArtifact, match=r"without the source of '/app/a.py', which is not in"):
        read_bytes(file.read_bytes())


@pytest.mark.parametrize(
    "source",
    [
        b"def x(:\n",
        b"x = 1\x00\n",
        b"# coding: nonsense\n",
        b"x = '\xff'\n",
        b"print 'two'\n",
        b"(" * 5000,
        b"if x:\n" + b"".join(b"%sif x:\n" % (b" " * depth) for depth in range(1, 300)),
        b"x = " + b"-" * 100_000 + b"1\n",
        b"if x: pass\n" + b"elif x: pass\n" * 3000,
    ],
    ids=["syntax", "null", "encoding", "bytes", "python2", "brackets", "depth", "operators", "elif"],
)
def test_a_source_that_cannot_be_analysed_is_refused_and_the_analyser_named(
    file: Path, source: bytes
) -> None:
    with pytest.raises(
        UnreadableArtifact, match=r"'/app/a\.py' cannot be analysed by coverage\.py .* Python 3"
    ):
        read(file.read_bytes(), source)


def test_a_template_that_python_ran_is_left_out_as_coverage_leaves_it_out(tmp_path: Path) -> None:
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_lines({"/app/page.html": [1], "/app/job": [1]})
    data.close(force=True)
    contents = {"/app/page.html": b"<html>", "/app/job": b"x = 1\n"}
    report = read_bytes((tmp_path / ".coverage").read_bytes(), Files(contents=contents))
    assert {name.text for name in report.names} == {name.text for name in report.files} == {"/app/job"}
    assert (
        "leaves out 1 file of configured modules ('/app/page.html'), which cannot be read as Python"
        in report.notes
    )


def test_a_file_that_a_plugin_measured_is_refused_with_the_plugin(tmp_path: Path) -> None:
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_lines({"/app/page.html": [1]})
    data.add_file_tracers({"/app/page.html": "django_coverage_plugin.DjangoTemplatePlugin"})
    data.close(force=True)
    with pytest.raises(UnreadableArtifact, match="measured by the plugin 'django_coverage_plugin"):
        read((tmp_path / ".coverage").read_bytes(), b"<html>", "/app/page.html")


def test_a_release_that_is_no_number_is_not_repeated(file: Path) -> None:
    data = change(file, "UPDATE meta SET value = ? WHERE key = 'version'", "7.1\n::error::x")
    report = read_bytes(data, Files(contents={"/app/a.py": b"x = 1\n"}))
    assert report.writer.startswith("coverage.py data, analysed by")
    assert any("of an unknown version" in note for note in report.notes)


# Damage.


@pytest.mark.parametrize("cut", [1, 15, 16, 17, 99, *range(512, len(SAMPLE), 512), len(SAMPLE) - 1])
def test_a_file_cut_off_anywhere_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(SAMPLE[:cut], SHOP)


spots = st.integers(0, len(SAMPLE) - 1)


@given(damage=st.lists(st.tuples(spots, st.binary(min_size=1, max_size=20)), min_size=1, max_size=5))
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    damage: list[tuple[int, bytes]],
) -> None:
    data = bytearray(SAMPLE)
    for spot, written in damage:
        data[spot : spot + len(written)] = written
    try:
        read_bytes(bytes(data), SHOP)
    except UnreadableArtifact as error:
        assert "\n" not in str(error)


VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=5), st.binary(max_size=5)
)


@given(table=st.sampled_from(["arc", "file", "line_bits", "meta", "tracer"]), data=st.data())
def test_rows_of_any_values_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, table: str, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.sqlite"
    file.write_bytes(SAMPLE)
    with closing(sqlite3.connect(file)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values: list[Any] = [1, *(data.draw(VALUES) for _ in columns[1:])]
        marks = ", ".join("?" * len(columns))
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608
        connection.commit()
    try:
        read_bytes(file.read_bytes(), SHOP)
    except UnreadableArtifact as error:
        assert "\n" not in str(error)
