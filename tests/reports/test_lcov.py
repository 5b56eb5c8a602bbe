from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import NamedTuple

import coverage
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports import lcov_files
from gate.reports.formats import lcov
from gate.reports.lines import Lines, Ratio, line_ranges, line_set
from gate.reports.model import FileCoverage, Report, SourceName
from tests.reports.reading import EVERYTHING, Files, read_bytes, read_file
from tests.reports.test_coverage_py_json import Measurement, programs

DATA = Path(__file__).parents[1] / "data" / "lcov"
EXPECTED: dict[str, dict[str, dict[str, list[int] | None]]] = json.loads((DATA / "expected.json").read_text())
SHARDS = [name for name in EXPECTED if "shards" in name]
REFUSED = {
    # Templates, which its own table counts by instance, in branches too.
    "gcovr-8.8.info": "run gcovr with --merge-lines",
    # A line that the source excludes, listed with a count of 0.
    "gcovr-7.2.info": "counts line 17 as missed, which the source excludes",
}
READ = [name for name in EXPECTED if name not in REFUSED and name not in SHARDS]

Counts = tuple[Ratio, Ratio | None]
END = b"end_of_record\n"


def counts(file: FileCoverage) -> Counts:
    return file.line_ratio, None if file.branches is None else file.branches.ratio


def expected(sample: str) -> dict[str, Counts]:
    return {
        name: (ratio(told["lines"]) or Ratio(0, 0), ratio(told["branches"]))
        for name, told in EXPECTED[sample].items()
    }


def ratio(pair: list[int] | None) -> Ratio | None:
    return None if pair is None else Ratio(*pair)


def by_name(report: Report) -> dict[str, FileCoverage]:
    return {name.text: file for name, file in report.files.items()}


def only_file(text: str | bytes, repository: Files = EVERYTHING) -> FileCoverage:
    (file,) = read_bytes(text.encode() if isinstance(text, str) else text, repository).files.values()
    return file


def record(*lines: str, name: str = "a.c") -> str:
    return "\n".join((f"SF:{name}", *lines, "end_of_record", ""))


# What the real tools write.


@pytest.mark.parametrize("sample", READ)
def test_counts_of_each_file_equal_what_the_tool_itself_says(sample: str) -> None:
    _, report = read_file(DATA / sample)
    assert {name: counts(file) for name, file in by_name(report).items()} == expected(sample)


@pytest.mark.parametrize("sample", [name for name in READ if name.endswith(".info")])
def test_each_sample_is_recognised_and_all_its_files_are_named(sample: str) -> None:
    kind, report = read_file(DATA / sample, Files(set()))
    assert kind == "LCOV"
    assert {name.text for name in report.names} == set(EXPECTED[sample])
    assert not report.files


@pytest.mark.parametrize(("sample", "words"), REFUSED.items())
def test_a_report_whose_own_totals_cannot_be_known_from_it_is_refused_with_what_helps(
    sample: str, words: str
) -> None:
    sources = {path.name: path.read_bytes() for path in (DATA / "programs" / "cpp").iterdir()}
    contents = {f"/code/till/{name}": source for name, source in sources.items()}
    with pytest.raises(UnreadableArtifact, match=words):
        read_file(DATA / sample, Files(contents=contents))


@pytest.mark.parametrize("sample", SHARDS)
def test_shards_of_each_release_of_coverage_merge_to_what_it_combines(sample: str) -> None:
    data = (DATA / sample).read_bytes()
    shards = [only_file(shard + END) for shard in data.split(END)[:-1]]
    assert len(shards) == 8
    assert {"till.py": counts(reduce(or_, shards))} == expected(sample)
    assert {"till.py": counts(reduce(or_, reversed(shards)))} == expected(sample)
    assert {"till.py": counts(only_file(data))} == expected(sample)


@pytest.mark.parametrize("version", ["6.5.0", "7.2.7", "7.17.3"])
def test_one_run_as_json_and_as_lcov_counts_the_same_and_merges_to_itself(version: str) -> None:
    as_json = by_name(read_file(DATA / f"coverage-py-{version}.json")[1])["till.py"]
    as_lcov = by_name(read_file(DATA / f"coverage-py-{version}.info")[1])["till.py"]
    assert counts(as_json) == counts(as_lcov) == counts(as_json | as_lcov) == counts(as_lcov | as_json)
    assert as_json.missing_lines == as_lcov.missing_lines


def test_functions_and_their_missed_lines_are_those_of_coverages_json() -> None:
    as_json = by_name(read_file(DATA / "coverage-py-7.17.3.json")[1])["till.py"]
    as_lcov = by_name(read_file(DATA / "coverage-py-7.17.3.info")[1])["till.py"]
    missed = {function.name: function.lines & as_json.missing_lines for function in as_json.functions}
    found = {function.name: function.lines & as_lcov.missing_lines for function in as_lcov.functions}
    assert found == {name: lines for name, lines in missed.items() if name in found}
    # coverage.py leaves functions without statements out of LCOV.
    assert found.keys() == missed.keys() - {"Till.audit"}


@pytest.mark.parametrize(
    ("sample", "writer"),
    [
        ("coverage-py-6.5.0.info", "coverage.py"),
        ("coverage-py-7.17.3.info", "coverage.py"),
        ("gcovr-8.3.info", "gcovr"),
        ("nyc-18.0.0.info", "LCOV"),
    ],
)
def test_the_writer_is_named_where_the_report_shows_it(sample: str, writer: str) -> None:
    assert read_file(DATA / sample, Files(set()))[1].writer == writer


def test_what_a_report_sums_up_otherwise_than_it_lists_is_noted() -> None:
    _, rust = read_file(DATA / "llvm-cov-19-rust.info")
    assert [note for note in rust.notes if "sums up lines of '/code/till/main.rs' otherwise" in note]
    _, cpp = read_file(DATA / "llvm-cov-14.info")
    assert [note for note in cpp.notes if "sums up branches of '/code/till/main.cpp' and 1 more" in note]
    assert not read_file(DATA / "lcov-1.16-merged.info")[1].notes


# Random programs and random executions, counted by coverage.py itself.


class Written(NamedTuple):
    json: FileCoverage
    lcov: FileCoverage


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


def written(measurement: Measurement, arcs: list[tuple[int, int]], *, branch: bool) -> Written:
    measured = coverage.Coverage(data_file=None, config_file=False, branch=branch)
    data = measured.get_data()
    if branch:
        data.add_arcs({str(measurement.file): arcs})
    else:
        data.add_lines({str(measurement.file): [number for arc in arcs for number in arc if number > 0]})
    data.touch_file(str(measurement.file))
    measured.json_report(outfile=str(measurement.folder / "coverage.json"))
    measured.lcov_report(outfile=str(measurement.folder / "coverage.lcov"))
    (by_json,) = read_bytes((measurement.folder / "coverage.json").read_bytes()).files.values()
    (by_lcov,) = read_bytes((measurement.folder / "coverage.lcov").read_bytes()).files.values()
    return Written(by_json, by_lcov)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=programs, branch=st.booleans(), data=st.data())
def test_any_program_counts_the_same_as_json_and_as_lcov(
    folder: Path, source: str, branch: bool, data: st.DataObject
) -> None:
    measurement = Measurement(folder, source)
    arcs = data.draw(st.lists(st.sampled_from(measurement.possible_arcs() or [(-1, 1)])))
    both = written(measurement, arcs, branch=branch)
    if both.lcov.branches is None and both.json.branches is not None:
        # coverage.py says nothing of branches where a whole report has none.
        assert both.json.branches.ratio == Ratio(0, 0)
        assert both.lcov.line_ratio == both.json.line_ratio
    else:
        assert counts(both.lcov) == counts(both.json) == counts(both.lcov | both.json)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=programs, data=st.data())
def test_shards_of_any_program_merge_to_what_coverage_counts_for_all_together(
    folder: Path, source: str, data: st.DataObject
) -> None:
    measurement = Measurement(folder, source)
    executions = st.lists(st.sampled_from(measurement.possible_arcs() or [(-1, 1)]))
    shards = [data.draw(executions) for _ in range(3)]
    whole = written(measurement, [arc for shard in shards for arc in shard], branch=True).lcov
    one, two, three = (written(measurement, shard, branch=True).lcov for shard in shards)
    assert counts(one | two | three) == counts(three | one | two | one) == counts(whole)


# Documents of any writer that follows geninfo's manual.

Branch = tuple[int, int, int]


class Source(NamedTuple):
    """Execution counts by line, and by branch; None is `-`."""

    lines: Mapping[int, int]
    branches: Mapping[Branch, int | None]

    def __or__(self, other: Source) -> Source:
        return Source(
            {
                line: self.lines.get(line, 0) + other.lines.get(line, 0)
                for line in {*self.lines, *other.lines}
            },
            {
                branch: (self.branches.get(branch) or 0) + (other.branches.get(branch) or 0)
                for branch in {*self.branches, *other.branches}
            },
        )

    def counts(self) -> Counts:
        return (
            Ratio(sum(count > 0 for count in self.lines.values()), len(self.lines)),
            Ratio(sum(bool(count) for count in self.branches.values()), len(self.branches)),
        )

    def text(self, *, sums: bool, name: str = "a.c") -> str:
        """As lcov orders it, which gives sums to no record without branches."""
        (covered, total), branches = astuple(self.counts()[0]), self.counts()[1]
        assert branches is not None
        brda = [
            f"BRDA:{line},{block},{branch},{'-' if taken is None else taken}"
            for (line, block, branch), taken in self.branches.items()
        ]
        summed_branches = [f"BRF:{branches.total}", f"BRH:{branches.covered}"] if sums and brda else []
        summed_lines = [f"LF:{total}", f"LH:{covered}"] if sums else []
        return record(
            *brda,
            *summed_branches,
            *(f"DA:{line},{count}" for line, count in self.lines.items()),
            *summed_lines,
            name=name,
        )


def astuple(value: Ratio) -> tuple[int, int]:
    return value.covered, value.total


executions = st.integers(0, 3) | st.just(10**25)
sources = st.builds(
    Source,
    st.dictionaries(st.integers(1, 60), executions, max_size=20),
    st.dictionaries(
        st.tuples(st.integers(1, 60), st.integers(0, 2), st.integers(0, 3)),
        st.none() | executions,
        min_size=1,
        max_size=20,
    ),
)


@settings(max_examples=50)
@given(sources, st.booleans(), st.booleans())
def test_lines_and_branches_are_counted_as_listed(source: Source, sums: bool, windows: bool) -> None:
    text = source.text(sums=sums)
    assert counts(only_file(text.replace("\n", "\r\n") if windows else text)) == source.counts()


@settings(max_examples=50)
@given(st.lists(sources, min_size=1, max_size=5), st.booleans(), st.booleans())
def test_records_of_one_file_are_a_union_in_one_report_or_in_several(
    parts: list[Source], sums: bool, named: bool
) -> None:
    texts = [
        f"TN:{'run' if named else ''}{i}\n" * (i % 2) + part.text(sums=sums) for i, part in enumerate(parts)
    ]
    union = reduce(or_, parts).counts()
    assert counts(only_file("".join(texts))) == union
    assert counts(reduce(or_, map(only_file, texts))) == union
    assert counts(reduce(or_, map(only_file, reversed(texts)))) == union


@settings(max_examples=50)
@given(sources, st.integers(0, 60), st.booleans())
def test_a_record_split_into_two_counts_as_the_whole(source: Source, at: int, sums: bool) -> None:
    halves = [
        Source(
            {line: count for line, count in source.lines.items() if (line < at) == first},
            {branch: taken for branch, taken in source.branches.items() if (branch[0] < at) == first},
        )
        for first in (True, False)
    ]
    assert counts(only_file("".join(half.text(sums=sums) for half in halves))) == source.counts()


NOISE = st.sampled_from(
    ["", "# a comment", "#DA:1,1", "VER:0a1b", "MCDC:3,2,t,0,1,a && b", "MCF:2", "MCH:1", "\t"]
)


@settings(max_examples=50)
@given(sources, st.lists(st.tuples(st.integers(1, 30), NOISE), max_size=6))
def test_comments_blank_lines_and_kinds_that_hold_no_line_or_branch_change_nothing(
    source: Source, noise: list[tuple[int, str]]
) -> None:
    lines = source.text(sums=True).splitlines()
    for at, words in noise:
        lines.insert(min(at, len(lines) - 1), words)
    assert (
        counts(only_file("# before\n\nTN:all\n" + "\n".join(lines) + "\n\n# after\nTN:\n")) == source.counts()
    )


def test_names_come_out_as_they_are_written() -> None:
    names = ("src/a.c", "./b.c", "/builds/shop/c.c", "C:\\shop\\d.c", "with space,comma.c", "über.c")
    report = read_bytes("".join(record("DA:1,1", name=name) for name in names).encode())
    assert report.names == {SourceName(name) for name in names}


def test_a_name_that_is_no_utf_8_is_shown_with_escapes() -> None:
    report = read_bytes(b"SF:caf\xe9.c\nDA:1,1\nend_of_record\n")
    assert report.names == {SourceName("caf\\udce9.c")}


def test_a_report_without_any_record_names_nothing() -> None:
    assert read_bytes(b"TN:\n").names == frozenset()


def test_a_byte_order_mark_and_a_last_line_without_its_end_are_read() -> None:
    assert counts(only_file(b"\xef\xbb\xbfSF:a.c\nDA:1,1\nend_of_record")) == (Ratio(1, 1), None)


def test_files_of_no_module_are_named_but_not_decoded() -> None:
    text = record("DA:1,-5", "what is this", name="other.c") + record("DA:1,1")
    report = read_bytes(text.encode(), Files({"a.c"}))
    assert {name.text for name in report.names} == {"a.c", "other.c"}
    assert set(by_name(report)) == {"a.c"}


# Rules of single writers, each in the words of its source.


def test_lcov_2_marks_exceptions_fallthrough_and_what_is_unreachable_and_counts_only_what_is_reachable() -> (
    None
):
    text = record(
        "VER:1", "FNL:0,1,9", "FNA:0,2,_Z1fv", "FNA:0,1,f()", "FNL:1,3,5", "FNA:1,0,g", "FNF:2", "FNH:1",
        "BRDA:4,0,a && f(x, y),1", "BRDA:4,0,!(a && f(x, y)),0", "BRDA:6,e0,0,-", "BRDA:6,f1,0,3",
        "BRDA:7,U0,0,0", "BRDA:7,eU1,0,-", "BRF:4", "BRH:2", "MCDC:4,2,t,0,1,a", "MCF:2", "MCH:0",
        "DA:1,2,checksum", "DA:4,2", "DA:6,2", "DA:7,0", "LF:4", "LH:3",
    )  # fmt: skip
    file = only_file(text)
    assert counts(file) == (Ratio(3, 4), Ratio(2, 4))
    assert {function.name: line_ranges(function.lines) for function in file.functions} == {
        "_Z1fv": ((1, 1), (6, 7)),
        "g": ((4, 4),),
    }


def before_coverage_7_6(*branches: str) -> str:
    taken = sum(branch.endswith(",1") for branch in branches)
    lines = (f"DA:5,1,{'A' * 22}", f"DA:7,0,{'A' * 22}", "LF:2", "LH:1")
    sums = (f"BRF:{len(branches)}", f"BRH:{taken}")
    return "TN:\n" + record(*lines, *(f"BRDA:{branch}" for branch in branches), *sums, name="a.py")


def test_coverage_before_7_6_does_not_tell_ways_out_of_a_line_apart_and_that_is_noted() -> None:
    # One of two ways out of the first line that branches was taken; another run may have taken the other.
    apart = read_bytes(before_coverage_7_6("7,0,0,-", "0,0,1,1", "0,1,0,-", "7,1,1,1").encode())
    either = read_bytes(before_coverage_7_6("0,0,0,-", "0,0,1,1").encode())
    assert not apart.notes
    assert [
        note for note in either.notes if "does not tell the ways out of some lines of 'a.py' apart" in note
    ]
    (file,) = either.files.values()
    assert counts(file) == counts(file | file) == (Ratio(1, 2), Ratio(1, 2))


def test_coverage_before_7_6_numbers_the_lines_anew_where_there_are_more_of_them() -> None:
    # What leads to line 7 is block 0 in one Python, and block 1 in another, which sees one more before it.
    one = only_file(before_coverage_7_6("7,0,0,-", "9,0,1,1"))
    other = only_file(before_coverage_7_6("7,0,0,1", "8,0,1,1", "7,1,0,-", "9,1,1,1"))
    assert counts(one | other)[1] == Ratio(2, 4)


def test_coverlet_repeats_a_line_for_each_method_that_holds_it_and_counts_each() -> None:
    text = record(
        "FN:0,A::M()", "FNDA:1,A::M()", "DA:1,1", "DA:2,0", "BRDA:2,5,0,0", "BRDA:2,5,1,1",
        "FN:0,A::<M>b__0()", "FNDA:0,A::<M>b__0()", "DA:1,0", "BRDA:2,5,0,1", "BRDA:2,5,1,1",
        "LF:3", "LH:1", "BRF:4", "BRH:3", "FNF:2", "FNH:1",
    )  # fmt: skip
    assert counts(only_file(text)) == (Ratio(1, 3), Ratio(3, 4))


def test_simplecov_lcov_sums_up_lines_of_nocov_that_neither_it_lists_nor_simplecov_counts() -> None:
    text = record(
        "DA:1,1", "DA:2,0", "LF:5", "LH:1", "BRDA:1,0,1,1", "BRDA:1,0,2,-", "BRF:2", "BRH:1", name="./a.rb"
    )
    assert counts(only_file(text)) == (Ratio(1, 2), Ratio(1, 2))


def test_a_file_that_was_never_loaded_yields_to_a_run_that_did_load_it() -> None:
    idle = "FN:1,(empty-report)", "FNF:1", "FNH:0", "FNDA:0,(empty-report)"
    never = record(*idle, "DA:1,0", "DA:2,0", "LF:2", "LH:0", "BRDA:1,0,0,0", "BRF:1", "BRH:0", name="a.js")
    loaded = record("FNF:0", "FNH:0", "DA:1,1", "DA:2,1", "LF:2", "LH:2", "BRF:0", "BRH:0", name="a.js")
    assert counts(only_file(never)) == (Ratio(0, 2), Ratio(0, 1))
    assert counts(only_file(never) | only_file(loaded)) == (Ratio(2, 2), Ratio(0, 0))


def test_ranges_of_v8_have_no_identity_and_merge_as_the_larger_count_of_each_line() -> None:
    def run(*branches: tuple[int, int]) -> FileCoverage:
        brda = (f"BRDA:{line},{number},0,{taken}" for number, (line, taken) in enumerate(branches))
        taken = sum(taken for _, taken in branches)
        sums = ("LF:1", "LH:1", *brda, f"BRF:{len(branches)}", f"BRH:{taken}")
        return only_file(record("FNF:0", "FNH:0", "DA:1,1", *sums, name="a.js"))

    one, other = run((1, 1), (4, 0), (6, 1)), run((1, 1), (6, 0), (6, 1))
    assert counts(one)[1] == Ratio(2, 3)
    assert counts(other)[1] == Ratio(2, 3)
    # Line 1: 1 of 1; line 4: 0 of 1; line 6: 1 of 2.
    assert counts(one | other)[1] == Ratio(2, 4)


def test_two_runs_of_llvm_cov_merge_by_line_and_keep_the_smaller_number_of_what_has_no_line() -> None:
    def run(*hit: int, covered: int) -> FileCoverage:
        lines = (f"DA:{line},{int(line in hit)}" for line in range(1, 5))
        return only_file(
            record("FNF:1", "FNH:1", *lines, "BRF:0", "BRH:0", "LF:6", f"LH:{covered}", name="a.rs")
        )

    one, other = run(1, 2, covered=2), run(1, 3, covered=3)
    assert counts(one) == (Ratio(2, 6), None)
    assert counts(other) == (Ratio(3, 6), None)
    # Line 4 was executed by none, and one more line is missing in both.
    assert counts(one | other) == (Ratio(4, 6), None)


unlisted = st.builds(
    lambda missing, more: Lines(0, line_set(missing), 30, more),
    st.frozensets(st.integers(1, 20)),
    st.integers(-9, 9),
)


@given(unlisted, unlisted, unlisted)
def test_what_is_missing_without_a_line_merges_in_any_order(one: Lines, other: Lines, third: Lines) -> None:
    assert one | other == other | one
    assert (one | other) | third == one | (other | third)
    assert one | one == one
    assert one | Lines() == one
    assert 0 <= (one | other).ratio.covered <= (one | other).ratio.total


def test_gcovr_gives_the_first_line_of_a_lambda_the_count_of_the_lambda_and_its_sums_are_right() -> None:
    def run(calls: int, *sums: str) -> FileCoverage:
        checksum = "0" * 32
        functions = ("FN:1,main", "FNDA:1,main", "FN:2,lambda", f"FNDA:{calls},lambda", "FNF:2", "FNH:1")
        lines = (f"DA:1,1,{checksum}", f"DA:2,{calls},{checksum}", f"DA:3,0,{checksum}")
        return only_file(record(*functions, "BRF:0", "BRH:0", *lines, *sums))

    executed = run(0, "LH:2", "LF:3")
    assert counts(executed) == (Ratio(2, 3), Ratio(0, 0))
    assert line_ranges(executed.missing_lines) == ((3, 3),)
    assert counts(run(0, "LH:1", "LF:3")) == (Ratio(1, 3), Ratio(0, 0))
    with pytest.raises(UnreadableArtifact, match=r"counts 3 covered of 3 lines \(LH, LF\) but lists 1 of 3"):
        run(0, "LH:3", "LF:3")


# Not measured, or none.

WITHOUT = ("DA:1,1", "LF:1", "LH:1")
ZERO = ("BRF:0", "BRH:0")
WITH = record("BRDA:1,0,0,1", "BRDA:1,0,1,0", "BRF:2", "BRH:1", *WITHOUT, name="b.cc")


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        (record(*WITHOUT), False),
        # lcov leaves the sums out where a file has no branches; the other files show that it measured them.
        (record(*WITHOUT) + WITH, True),
        (record("DA:1,1", name="a.h") + WITH, True),
        (record(name="a.hpp") + WITH, True),
        # Branches of one language say nothing of another.
        (record(*WITHOUT, name="a.py") + WITH, False),
        (record(*WITHOUT, name="a.py") + record(*WITHOUT, *ZERO, name="b.py"), False),
        # Istanbul's reporter, coverage.py before 7.6 and SimpleCov write these only where they measure.
        (record("FNF:0", "FNH:0", *WITHOUT, *ZERO, name="a.js"), True),
        (record(*WITHOUT, *ZERO, name="a.py"), True),
        # llvm-cov and grcov write them without measuring.
        (record("FNF:0", "FNH:0", "DA:1,1", *ZERO, "LF:1", "LH:1", name="a.rs"), False),
        (record("FNF:0", "FNH:0", *ZERO, *WITHOUT), False),
        (record("FNF:0", "FNH:0", *ZERO, *WITHOUT) + WITH, True),
    ],
)
def test_branches_that_were_not_measured_are_told_from_there_being_none(text: str, measured: bool) -> None:
    first = next(iter(text.splitlines())).removeprefix("SF:")
    file = by_name(read_bytes(text.encode(), Files({first})))[first]
    assert counts(file)[1] == (Ratio(0, 0) if measured else None)


def test_coverage_counts_both_branches_of_a_line_without_one_as_taken_and_lists_none() -> None:
    assert counts(only_file(record(*WITHOUT, "BRF:2", "BRH:2", name="a.py")))[1] == Ratio(2, 2)


# Everything that is no evidence.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (record("DA:5,-1"), r"states 'DA:5,-1', a negative count in line 2, in the record of 'a.c'"),
        (record("DA:1,1", "BRDA:1,0,0,-2"), "states 'BRDA:1,0,0,-2', a negative count in line 3"),
        (record("DA:1,1", "DA:1"), "states 'DA:1', of a form that LCOV does not have in line 3"),
        (record("DA:undefined,1"), "of a form that LCOV does not have in line 2"),
        (record("DA:1,NaN"), "of a form that LCOV does not have in line 2"),
        (record("DA:1,1.5"), "of a form that LCOV does not have in line 2"),
        (record("BRDA:undefined,0,0,1"), "of a form that LCOV does not have in line 2"),
        (record("BRDA:1,0,1"), "of a form that LCOV does not have in line 2"),
        (record("DA:0,1"), "names line 0, which no source file has in line 2, in the record of 'a.c'"),
        (record("DA:999999999,1"), "names line 999999999, which no source file has"),
        (record("DA:12345678901,1"), "of a form that LCOV does not have in line 2"),
        (record("BRDA:0,0,0,1"), "names a branch of a line that no source file has in line 2"),
        (record("BRDA:999999999,0,0,1"), "names a branch of a line that no source file has"),
        (record("DA:1,1", "LF:1", "LH:2"), r"counts 2 covered of 1 lines \(LH, LF\) but lists 1 of 1 \(DA\)"),
        (record("DA:1,1", "DA:2,0", "LF:2", "LH:2"), "counts 2 covered .* but lists 1 of 2 .* in line 5"),
        (record("DA:1,1", "DA:2,0", "LF:1", "LH:1"), "counts 1 covered of 1 lines"),
        (record("FNF:0", "FNH:0", "DA:1,1", "DA:2,0", "LF:2", "LH:2"), "counts 2 covered of 2 lines"),
        (record("DA:1,1", "LF:1", "LF:2", "LH:1"), "states 'LF:"),
        (record("DA:1,1", "LF:-1", "LH:1"), "states 'LF:-1'"),
        (record("DA:1,1", "LF:many"), "states 'LF:many' in line 3"),
        (record("DA:1,1", f"LF:{'9' * 5000}"), "states 'LF:999"),
        (record("LF:5", "LH:5"), r"counts 5 lines \(LF\) without listing them \(DA\).*-summary-only"),
        (record("BRDA:1,0,0,1", "BRF:1", "BRH:2"), "counts 2 taken of 1 branches in line 4"),
        (record("BRDA:1,0,0,1", "BRF:2", "BRH:1"), "states BRH:1 and BRF:2 but lists 1 taken of 1 branches"),
        (record("BRDA:1,0,0,0", "BRF:1", "BRH:1"), "states BRH:1 and BRF:1 but lists 0 taken of 1 branches"),
        (record("BRDA:1,0,0,0", "BRF:3"), "states BRF:3 but lists 0 taken of 1 branches"),
        (record(*WITHOUT, "BRF:3", "BRH:2"), "states BRH:2 and BRF:3 but lists 0 taken of 0 branches"),
        (record(*WITHOUT, "BRDA:1,0,jump to line 2,0", "BRF:2", "BRH:2"), "BRF:2 but lists 0 taken of 1"),
        (record("DA:1,1", "hello"), "holds 'hello', which is no record of LCOV in line 3"),
        (record("DA:1,1", "end_of_record", "DA:2,0"), "holds 'end_of_record', which is no record"),
        ("SF:a.c\nDA:1,1\n", "is cut off after 14 bytes in line 1, in the record of 'a.c'"),
        (record("DA:1,1") + "TN:\nSF:b.c\nDA:1", "is cut off after 43 bytes in line 5, .* 'b.c'"),
        ("SF:a.c\nDA:1,1\nSF:b.c\nend_of_record\n", "begins another record in line 3 before .* in line 1"),
        (record("DA:1,1") + "DA:2,0\n", "holds 'DA:2,0' outside any record in line 4"),
        (record("DA:1,1") + "DA:2,0\n" + record("DA:1,1"), "holds 'DA:2,0' outside any record in line 4"),
        (record("DA:1,1")[:-1] + "s\n", "holds 'end_of_records' outside any record in line 3"),
        ("TN:\nSF:\nDA:1,1\nend_of_record\n", "holds 'SF:' outside any record in line 2"),
        ("SF:\r\nDA:1,1\r\nend_of_record\r\n", "holds 'SF:' outside any record in line 1"),
    ],
)  # fmt: skip
def test_a_report_that_is_malformed_or_contradicts_itself_is_refused_with_the_place(
    text: str, words: str
) -> None:
    with pytest.raises(UnreadableArtifact, match=words) as refused:
        read_bytes(text.encode())
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_record_that_is_not_ended_is_seen_although_nobody_wants_it() -> None:
    text = record("DA:1,1") + "SF:b.c\nDA:1,1\n" + record("DA:1,1", name="c.c")
    with pytest.raises(
        UnreadableArtifact, match=r"begins another record in line 6 before .* in line 4.*'b.c'"
    ):
        read_bytes(text.encode(), Files({"a.c"}))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_what_powershell_redirects_is_refused_with_what_to_do(encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("be") else ""
    with pytest.raises(UnreadableArtifact, match="LCOV in UTF-16, as PowerShell"):
        read_bytes((mark + record("DA:1,1")).encode(encoding))


def test_a_file_name_cannot_break_the_line_of_a_refusal() -> None:
    with pytest.raises(UnreadableArtifact) as refused:
        read_bytes(record("DA:1,-1", name="a\x1b[31m\r::error::" + "x" * 500).encode())
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "sample",
    [
        b'{"TN:": 1}',
        b"<coverage>\nTN:\nSF:a.c\n</coverage>",
        b"mode: set\nSF:a.go:1.1,2.2 1 1\n",
        b"SQLite format 3\x00SF:",
        b"# only a comment",
        b"DA:1,1\nSF:a.c\n",
        b"SFX:a.c",
    ],
)
def test_other_content_is_not_taken_for_lcov(sample: bytes) -> None:
    assert not lcov.recognises(sample)


@pytest.mark.parametrize("sample", [b"TN:\n", b"SF:a.c\n", b"\n# made by hand\n\r\nTN:x\n", b"#\n#\nSF:a"])
def test_comments_and_blank_lines_may_come_first(sample: bytes) -> None:
    assert lcov.recognises(sample)


WHOLE = (DATA / "coverage-py-7.17.3.info").read_bytes()


@given(st.integers(0, len(WHOLE) - len(END)))
def test_a_report_cut_off_within_a_record_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(WHOLE[:cut])


SEVERAL = (DATA / "nyc-18.0.0.info").read_bytes()


@given(st.integers(0, len(SEVERAL)))
def test_a_report_cut_off_is_refused_or_says_the_same_of_the_files_that_are_left(cut: int) -> None:
    whole = by_name(read_bytes(SEVERAL))
    try:
        left = by_name(read_bytes(SEVERAL[:cut]))
    except UnreadableArtifact:
        return
    assert left.items() <= whole.items()


@given(
    st.sampled_from([name for name in EXPECTED if name.endswith(".info") and "first" not in name]),
    st.binary(max_size=40)
    | st.sampled_from([b"\n", b"SF:", b"-1", b"\nend_of_record\n", b"0", b",", b"TN:"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 60),
)
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    name: str, data: bytes, at: float, length: int
) -> None:
    sample = (DATA / name).read_bytes()
    start = int(at * len(sample))
    try:
        report = read_bytes(sample[:start] + data + sample[start + length :])
    except UnreadableArtifact as error:
        assert str(error).isprintable()
        return
    for file in report.files.values():
        for count in filter(None, counts(file)):
            assert 0 <= count.covered <= count.total


@given(st.text(alphabet="SFTNDABRLH:,-0123456789eU \r\n#_endofrc", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    assume(text.strip())
    try:
        read_bytes(("SF:a.c\n" + text).encode())
    except UnreadableArtifact as error:
        assert str(error).isprintable()


def test_many_records_of_one_file_are_put_together() -> None:
    many = "".join(record(f"DA:{number % 100 + 1},1", f"BRDA:{number + 1},0,0,1") for number in range(600))
    assert counts(only_file(many)) == (Ratio(100, 100), Ratio(600, 600))


def test_many_records_of_lines_that_no_source_has_are_refused_before_they_take_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lcov_files, "MOST_BITS", 4 * 4_999_999)
    assert counts(only_file(record("DA:4999998,1") * 4)) == (Ratio(1, 1), None)
    with pytest.raises(
        UnreadableArtifact, match="names more lines than any report does, up to the one in line 13"
    ):
        read_bytes((record("DA:4999998,1") * 5).encode())


def test_functions_that_would_fill_the_memory_are_left_out() -> None:
    functions = (f"FN:1,4999999,f{number}" for number in range(500))
    assert only_file(record(*functions, "DA:4999999,1")).functions == ()


def sums(files: Iterable[FileCoverage]) -> Ratio:
    return sum((file.line_ratio for file in files), Ratio(0, 0))


def test_a_capture_keeps_the_headers_of_the_system_apart_from_the_program() -> None:
    _, report = read_file(
        DATA / "lcov-1.16-first.info", Files({"/code/till/main.cpp", "/code/till/till.hpp"})
    )
    assert any(name.text.startswith("/usr/include/") for name in report.names)
    ours = [told for name, told in expected("lcov-1.16-first.info").items() if name.startswith("/code")]
    assert sums(report.files.values()) == sum((lines for lines, _ in ours), Ratio(0, 0))
