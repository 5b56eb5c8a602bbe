"""When coverage reports say that they were written."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reports.moments import Moment
from tests.reports.reading import Files, read_bytes, read_file

DATA = Path(__file__).parents[1] / "data"
NOBODY = Files(wanted=())


def written(name: str) -> Moment | None:
    return read_file(DATA / name, NOBODY)[1].written


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# The moments beside the samples are what `date --utc --date=@…` makes of the numbers in them.


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("coverage_py/7.17.3.json", Moment(utc(2026, 11, 22, 17, 22, 34, 713705), zoned=False)),
        ("coverage_py_data/coverage-5.5.sqlite", Moment(utc(2026, 11, 22, 21, 25, 30), zoned=False)),
        ("cobertura/coverage_py/7.6.12.xml", Moment(utc(2026, 11, 22, 21, 19, 9, 21000))),
        ("cobertura/istanbul-nyc.xml", Moment(utc(2026, 11, 22, 21, 19, 51, 269000))),
        ("cobertura/gcovr-8.8.xml", Moment(utc(2026, 11, 22, 21, 18, 30))),
        ("cobertura/phpunit-pcov.xml", Moment(utc(2026, 11, 22, 21, 18, 31))),
        ("cobertura/by_hand/coverlet.xml", Moment(utc(2026, 11, 22, 20, 22, 54))),
        ("jacoco/whole.xml", Moment(utc(2026, 1, 1, 0, 0, 1))),
        ("clover/phpunit-pcov.xml", Moment(utc(2026, 11, 22, 20, 36, 5))),
        ("clover/gcovr-8.xml", Moment(utc(2026, 11, 22, 20, 36, 33))),
        ("clover/nyc.xml", Moment(utc(2026, 11, 22, 20, 35, 27, 112000))),
    ],
)
def test_a_report_was_written_when_its_writer_says(name: str, moment: Moment) -> None:
    assert written(name) == moment


@pytest.mark.parametrize("pattern", ["lcov/*.info", "istanbul/*-first.json", "go/*.out"])
def test_formats_without_a_time_tell_none(pattern: str) -> None:
    names = [str(path.relative_to(DATA)) for path in DATA.glob(pattern)]
    assert names
    assert {written(name) for name in names} == {None}


def test_jacocos_report_is_as_old_as_the_oldest_of_its_sessions() -> None:
    sessions = "".join(
        f'<sessioninfo id="{dump}" start="0" dump="{dump}"/>'
        for dump in ("1767225601000", "", "0", "soon", "1767139201000", "1767225602000")
    )
    report = read_bytes(f'<report name="a">{sessions}<package name="p"/></report>'.encode(), NOBODY)
    assert report.written == Moment(utc(2025, 12, 31, 0, 0, 1))


@pytest.mark.parametrize(
    ("generated", "project", "moment"),
    [
        ("1767225601", "1767225602", Moment(utc(2026, 1, 1, 0, 0, 1))),
        ("1767225601000", "1767225600000", Moment(utc(2026, 1, 1))),
        ("now", "1767225600", Moment(utc(2026, 1, 1))),
        ("1767225600", "", Moment(utc(2026, 1, 1))),
        ("0", "-1", None),
    ],
)
def test_clovers_report_is_as_old_as_the_earlier_of_its_times(
    generated: str, project: str, moment: Moment | None
) -> None:
    report = f'<coverage generated="{generated}"><project timestamp="{project}"/></coverage>'
    assert read_bytes(report.encode(), NOBODY).written == moment


@given(st.from_regex(r"[^<&\"\x00-\x1f]{0,40}", fullmatch=True))
def test_no_timestamp_of_an_xml_report_refuses_it(timestamp: str) -> None:
    text = timestamp.encode("utf-8", "replace").decode()
    for report in (
        f'<coverage line-rate="1" timestamp="{text}"><packages/></coverage>',
        f'<coverage generated="{text}"><project timestamp="{text}"/></coverage>',
        f'<report name="a"><sessioninfo id="a" dump="{text}"/></report>',
    ):
        moment = read_bytes(report.encode(), NOBODY).written
        assert moment is None or moment.zoned


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists
    )
)
def test_no_timestamp_of_coverage_pys_json_refuses_it(timestamp: Any) -> None:
    meta = {"version": "7.6.12", "branch_coverage": True, "timestamp": timestamp}
    report = read_bytes(json.dumps({"meta": meta, "files": {}, "executed_lines": []}).encode(), NOBODY)
    assert report.written is None or not report.written.zoned


@pytest.mark.parametrize("when", [None, "", "yesterday", 5, b"\xff", "9" * 5000])
def test_a_data_file_without_a_sound_time_is_read_all_the_same(tmp_path: Path, when: object) -> None:
    data = tmp_path / "data"
    data.write_bytes((DATA / "coverage_py_data" / "coverage-6.5.0.sqlite").read_bytes())
    with sqlite3.connect(data) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'when'")
        if when is not None:
            connection.execute("INSERT INTO meta VALUES ('when', ?)", (when,))
    connection.close()
    assert read_file(data, NOBODY)[1].written is None
