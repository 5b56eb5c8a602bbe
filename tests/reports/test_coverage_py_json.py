from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import coverage
import pytest
from coverage.results import Numbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage
from tests.reports.reading import Files, read_bytes

DATA = Path(__file__).parents[1] / "data" / "coverage_py"
EXPECTED: dict[str, dict[str, int]] = json.loads((DATA / "expected.json").read_text())


def only_file(data: bytes) -> FileCoverage:
    (file,) = read_bytes(data).files.values()
    return file


@pytest.mark.parametrize("version", EXPECTED)
def test_counts_equal_what_each_release_of_coverage_prints(version: str) -> None:
    file = only_file((DATA / f"{version}.json").read_bytes())
    expected = EXPECTED[version]
    covered = expected["statements"] - expected["missed"]
    assert file.lines.ratio == Ratio(covered, expected["statements"])
    assert file.branches is not None
    # XML leaves lines out that never ran to a branch; what it shows as not covered is what is missing.
    missing = expected["branches_in_xml"] - expected["covered_in_xml"]
    assert file.branches.ratio == Ratio(expected["branches"] - missing, expected["branches"])


def test_format_3_brings_the_functions_and_their_statements() -> None:
    file = only_file((DATA / "7.17.3.json").read_bytes())
    document = json.loads((DATA / "7.17.3.json").read_text())["files"]["program.py"]["functions"]
    for function in file.functions:
        assert function.lines.bit_count() == document[function.name]["summary"]["num_statements"]
    assert {function.name for function in file.functions} == set(document) - {""}


# Random programs and random executions, counted by coverage.py itself.

STATEMENTS = (
    "x = 1",
    "x += 1",
    "x = x  # pragma: no cover",
    '"""a docstring or not"""',
    "pass",
    "y = (\n    x,\n)",
)
HEADS = (
    "if x:",
    "if x:  # pragma: no branch",
    "if x:  # pragma: no cover",
    "for i in range(x):",
    "while x:",
    "def f(x):",
    "class C:",
    "with open(x) as y:",
    "if TYPE_CHECKING:",
)


def block(depth: int) -> st.SearchStrategy[str]:
    plain = st.sampled_from(STATEMENTS)
    if depth == 0:
        return plain
    body = st.lists(block(depth - 1), min_size=1, max_size=3).map("\n".join).map(indented)
    compound = st.tuples(st.sampled_from(HEADS), body).map("\n".join)
    with_else = st.tuples(st.sampled_from(HEADS[:5]), body, body).map(
        lambda p: f"{p[0]}\n{p[1]}\nelse:\n{p[2]}"
    )
    guarded = st.tuples(body, body, body).map(
        lambda p: f"try:\n{p[0]}\nexcept ValueError:\n{p[1]}\nfinally:\n{p[2]}"
    )
    match = st.tuples(body, body).map(
        lambda p: (
            f"match x:\n{indented('case 1:')}\n{indented(p[0])}\n{indented('case _:')}\n{indented(p[1])}"
        )
    )
    return st.one_of(plain, compound, with_else, guarded, match)


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


programs = st.lists(block(3), min_size=1, max_size=5).map("\n".join).map(lambda text: text + "\n")


class Measurement:
    """A source file with made-up executions, reported by coverage.py."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder = folder
        self.file = folder / "program.py"
        self.file.write_text(source)

    def possible_arcs(self) -> list[tuple[int, int]]:
        measured = coverage.Coverage(data_file=None, config_file=False, branch=True)
        measured.get_data().add_arcs({str(self.file): []})
        return sorted(measured._analyze(str(self.file)).arc_possibilities)

    def report(self, arcs: list[tuple[int, int]], *, branch: bool) -> tuple[bytes, Numbers]:
        measured = coverage.Coverage(data_file=None, config_file=False, branch=branch)
        data = measured.get_data()
        if branch:
            data.add_arcs({str(self.file): arcs})
        else:
            data.add_lines({str(self.file): [number for arc in arcs for number in arc if number > 0]})
        data.touch_file(str(self.file))
        output = self.folder / "coverage.json"
        measured.json_report(outfile=str(output))
        return output.read_bytes(), measured._analyze(str(self.file)).numbers


def counts(file: FileCoverage) -> tuple[Ratio, Ratio | None]:
    return file.lines.ratio, None if file.branches is None else file.branches.ratio


def counts_of(numbers: Numbers, *, branch: bool) -> tuple[Ratio, Ratio | None]:
    return Ratio(*numbers.ratio_statements), Ratio(*numbers.ratio_branches) if branch else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=programs, branch=st.booleans(), data=st.data())
def test_counts_equal_coverages_numbers_for_any_program(
    folder: Path, source: str, branch: bool, data: st.DataObject
) -> None:
    measurement = Measurement(folder, source)
    arcs = data.draw(st.lists(st.sampled_from(measurement.possible_arcs() or [(-1, 1)])))
    report, numbers = measurement.report(arcs, branch=branch)
    assert counts(only_file(report)) == counts_of(numbers, branch=branch)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=programs, data=st.data())
def test_shards_merge_to_what_coverage_counts_for_all_executions_together(
    folder: Path, source: str, data: st.DataObject
) -> None:
    measurement = Measurement(folder, source)
    executions = st.lists(st.sampled_from(measurement.possible_arcs() or [(-1, 1)]))
    shards = [data.draw(executions) for _ in range(3)]
    _, numbers = measurement.report([arc for shard in shards for arc in shard], branch=True)
    first, second, third = (only_file(measurement.report(shard, branch=True)[0]) for shard in shards)
    merged = first | second | third
    assert counts(merged) == counts_of(numbers, branch=True)
    assert counts(third | first | second | first) == counts(merged)


# Everything that is no evidence.


def document(**changes: Any) -> dict[str, Any]:
    file = {
        "executed_lines": [1, 2],
        "missing_lines": [3],
        "excluded_lines": [],
        "summary": {
            "covered_lines": 2,
            "num_statements": 3,
            "missing_lines": 1,
            "num_branches": 2,
            "covered_branches": 1,
            "missing_branches": 1,
        },
        "executed_branches": [[1, 2]],
        "missing_branches": [[1, 3]],
    }
    summary = changes.pop("summary", {})
    file |= changes
    file["summary"] |= summary
    return {
        "meta": {"format": 3, "version": "7.17.3", "branch_coverage": True},
        "files": {"a.py": file},
    }


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_plain_document_is_read() -> None:
    file = only_file(encoded(document()))
    assert counts(file) == (Ratio(2, 3), Ratio(1, 2))
    assert line_ranges(file.lines.missing) == ((3, 3),)


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": {"covered_lines": 3}},
        {"summary": {"num_statements": 2}},
        {"summary": {"covered_lines": 4, "missing_lines": 1, "num_statements": 5}},
        {"summary": {"missing_lines": 2, "covered_lines": 1}},
        {"summary": {"covered_branches": 3}},
        {"summary": {"covered_lines": -1, "num_statements": 0}},
        {"summary": {"covered_lines": "2"}},
        {"missing_lines": [3, 2]},
        {"missing_lines": [0]},
        {"missing_lines": [10**9]},
        {"missing_branches": [[1, 3], [1, 4]]},
        {"missing_branches": [[1, 2]]},
        {"missing_branches": [[1, 10**12]]},
        {"missing_branches": [[1]]},
        {"executed_branches": None},
    ],
    ids=repr,
)
def test_a_report_that_contradicts_itself_is_unreadable(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableArtifact):
        only_file(encoded(document(**changes)))


def test_files_of_no_module_are_named_but_not_decoded() -> None:
    broken = document()
    broken["files"]["other.py"] = {"not": "even a file"}
    report = read_bytes(encoded(broken), Files({"a.py"}))
    assert {name.text for name in report.names} == {"a.py", "other.py"}
    assert {name.text for name in report.files} == {"a.py"}


def test_without_branch_measurement_branches_are_unknown_rather_than_none() -> None:
    plain = document()
    plain["meta"]["branch_coverage"] = False
    assert only_file(encoded(plain)).branches is None


@pytest.mark.parametrize("data", [b"", b" \r\n\t "])
def test_a_file_without_content_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyArtifact):
        read_bytes(data)


@pytest.mark.parametrize(
    "data", [b"<html>", b"[]", b"{}", b"null", b"\x00\x01", b'{"meta": {}}', b"<testsuites/>"]
)
def test_other_content_is_unreadable_and_what_it_begins_with_is_shown(data: bytes) -> None:
    with pytest.raises(UnreadableArtifact, match="begins with"):
        read_bytes(data)


def test_a_newer_format_is_refused_by_its_number() -> None:
    newer = document()
    newer["meta"]["format"] = 4
    with pytest.raises(UnreadableArtifact, match="format 4"):
        read_bytes(encoded(newer))


@given(cut=st.integers(min_value=0, max_value=len((DATA / "7.17.3.json").read_bytes()) - 1))
def test_a_report_cut_off_anywhere_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes((DATA / "7.17.3.json").read_bytes()[:cut])


@given(data=st.binary(max_size=200), at=st.integers(0, 2000), length=st.integers(0, 50))
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    data: bytes, at: int, length: int
) -> None:
    sample = (DATA / "7.17.3.json").read_bytes()
    try:
        read_bytes(sample[:at] + data + sample[at + length :])
    except UnreadableArtifact as error:
        assert "\n" not in str(error)
