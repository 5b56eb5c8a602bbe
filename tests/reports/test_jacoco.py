from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.branches import Branches
from gate.reports.file import ReportFile
from gate.reports.formats import jacoco
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage, Report, SourceName
from tests.reports.leaving_out import damaged, elements_seen, same_without_leaving_out
from tests.reports.reading import Files, read_bytes, read_file

DATA = Path(__file__).parents[1] / "data" / "jacoco"
EXPECTED: dict[str, dict[str, list[int]]] = json.loads((DATA / "expected.json").read_text())
DOCTYPE = '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">'


def sample(name: str) -> Report:
    format_name, report = read_file(DATA / name)
    assert format_name == "JaCoCo XML"
    return report


def report_of(text: str) -> Report:
    return read_bytes(f'<?xml version="1.0" encoding="UTF-8"?>{DOCTYPE}{text}'.encode())


def only_file(report: Report) -> FileCoverage:
    (file,) = report.files.values()
    return file


def branch_ratio(file: FileCoverage) -> Ratio | None:
    return None if file.branches is None else file.branches.ratio


# What JaCoCo itself wrote.


@pytest.mark.parametrize("name", EXPECTED)
def test_each_source_file_counts_as_in_jacocos_own_model(name: str) -> None:
    files = sample(name).files
    for key, (lines, all_lines, branches, all_branches) in EXPECTED[name].items():
        groups, _, path = key.partition(":")
        file = files[SourceName(path, tuple(groups.split("/")[1:]))]
        assert file.line_ratio == Ratio(lines, all_lines)
        assert branch_ratio(file) == Ratio(branches, all_branches)
    assert len(files) == len(EXPECTED[name])


def test_the_same_package_path_in_two_groups_is_two_files() -> None:
    money = {name for name in sample("groups.xml").names if name.text == "com/acme/Money.java"}
    assert {name.under for name in money} == {("backend", "billing"), ("wallet",)}


def test_a_source_file_in_the_default_package_is_named_by_itself() -> None:
    assert SourceName("Shop.java") in sample("whole.xml").names


def test_an_interface_without_code_is_named_and_counts_nothing() -> None:
    shown = sample("whole.xml").files[SourceName("com/acme/Shown.java")]
    assert (shown.line_ratio, shown.branches) == (Ratio(0, 0), Branches())


def test_branches_of_a_class_without_line_numbers_count_for_its_file() -> None:
    # Rounding.Exact.floor has two; the two of line 9 are the others.
    rounding = sample("whole.xml").files[SourceName("com/acme/Rounding.java")]
    assert rounding.branches is not None
    assert rounding.branches.by_line() == {9: Ratio(2, 2), 0: Ratio(1, 2)}


def test_classes_that_no_source_file_counts_are_told() -> None:
    (note,) = sample("whole.xml").notes
    assert "1 class without the name of a source file" in note
    assert "'com/acme/bare/Bare'" in note
    assert sample("groups.xml").notes == ()


@pytest.mark.parametrize("path", ["com/acme/Money.java", "com/acme/Rounding.java", "Shop.java"])
def test_two_runs_merge_to_the_lines_of_both_and_to_no_branch_too_many(path: str) -> None:
    name = SourceName(path)
    first, second, both = (sample(f"{run}.xml").files[name] for run in ("shard-1", "shard-2", "whole"))
    merged = first | second
    assert merged == second | first | first
    assert merged.lines == both.lines
    assert merged.branches is not None
    assert both.branches is not None
    assert merged.branches.ratio.total == both.branches.ratio.total
    for run in first, second:
        assert run.branches is not None
        assert run.branches.ratio.covered <= merged.branches.ratio.covered <= both.branches.ratio.covered


# What others write in its format, after their sources.


def test_gcovrs_report_is_refused_since_it_does_not_say_which_lines_ran() -> None:
    with pytest.raises(UnreadableArtifact, match=r"whether a line ran at 'main.cpp', line 1 .*Cobertura"):
        read_bytes((DATA / "gcovr.xml").read_bytes())


def test_the_report_of_an_older_gcovr_is_refused_too() -> None:
    # gcovr 7 and 8.0: lines within the class, no source file.
    older = (
        '<report><package name="lib"><class name="main_cpp" sourcefilename="/src/lib/main.cpp">'
        '<lines><line nr="1"/></lines><counter type="LINE" missed="0" covered="1"/></class>'
        "</package></report>"
    )
    with pytest.raises(UnreadableArtifact, match="which lines ran in the classes of 'lib'"):
        report_of(older)


PESTER = (
    '<report name="Pester (11/22/2026 10:15:00)"><sessioninfo id="this" start="1" dump="2"/>'
    '<package name="Shop/Private"><class name="Shop/Private/Pay" sourcefilename="Private/Pay.ps1">'
    '<method name="Pay" desc="()" line="2"><counter type="LINE" missed="1" covered="1"/></method></class>'
    '<sourcefile name="Private/Pay.ps1"><line nr="4" mi="0" ci="1" mb="0" cb="0"/>'
    '<line nr="2" mi="2" ci="0" mb="0" cb="0"/><counter type="INSTRUCTION" missed="2" covered="1"/>'
    '<counter type="LINE" missed="1" covered="1"/><counter type="METHOD" missed="0" covered="1"/>'
    '<counter type="CLASS" missed="0" covered="1"/></sourcefile></package>'
    '<counter type="LINE" missed="1" covered="1"/></report>'
)


def test_pesters_names_are_joined_without_the_folders_that_it_repeats() -> None:
    report = report_of(PESTER)
    assert report.names == {SourceName("Shop/Private/Pay.ps1")}
    assert report.writer == "Pester"


def test_pester_measures_no_branches_which_is_not_the_same_as_none() -> None:
    file = only_file(report_of(PESTER))
    assert (file.line_ratio, file.branches) == (Ratio(1, 2), None)


INTELLIJ = (
    '<report name="Intellij Coverage Report"><package name="com/acme">'
    '<class name="com/acme/ShopKt" sourcefilename="Shop.kt"/>'
    '<class name="com/acme/ShopKt$total$1" sourcefilename="Shop.kt"/>'
    '<sourcefile name="Shop.kt"><line nr="3" mi="0" ci="4" mb="1" cb="1"/>'
    '<line nr="3" mi="6" ci="0" mb="0" cb="0"/><line nr="5" mi="0" ci="2" mb="0" cb="0"/>'
    '<counter type="INSTRUCTION" missed="6" covered="6"/><counter type="BRANCH" missed="1" covered="1"/>'
    '<counter type="LINE" missed="1" covered="2"/></sourcefile></package>'
    '<package name="MainKt"><class name="MainKt" sourcefilename="Main.kt"/>'
    '<sourcefile name="Main.kt"><line nr="1" mi="0" ci="1" mb="0" cb="0"/>'
    '<counter type="INSTRUCTION" missed="0" covered="1"/><counter type="BRANCH" missed="0" covered="0"/>'
    '<counter type="LINE" missed="0" covered="1"/></sourcefile></package></report>'
)


def test_a_line_that_intellij_lists_for_two_classes_counts_twice_as_in_its_own_counter() -> None:
    shop = report_of(INTELLIJ).files[SourceName("com/acme/Shop.kt")]
    assert (shop.line_ratio, branch_ratio(shop)) == (Ratio(2, 3), Ratio(1, 2))
    assert line_ranges(shop.missing_lines) == ((3, 3),)
    assert (shop | shop) == shop


def test_intellijs_default_package_is_known_by_the_class_that_it_is_named_after() -> None:
    report = report_of(INTELLIJ)
    assert SourceName("Main.kt") in report.names
    assert report.files[SourceName("Main.kt")].branches == Branches()
    assert report.writer == "IntelliJ coverage"


def test_a_converter_that_counts_lines_only_does_not_measure_branches() -> None:
    # As apex-code-coverage-transformer writes it: mb="0" cb="0" everywhere, and no counter but LINE.
    converted = (
        '<report name="JaCoCo"><package name="force-app/classes"><sourcefile name="Pay.cls">'
        '<line nr="1" mi="0" ci="1" mb="0" cb="0"/><counter type="LINE" missed="0" covered="1"/>'
        "</sourcefile></package></report>"
    )
    file = only_file(report_of(converted))
    assert (file.line_ratio, file.branches) == (Ratio(1, 1), None)


# Any report.

Counts = tuple[int, int, int, int]
Document = Mapping[str, Mapping[str, Mapping[int, Counts]]]

line_counts = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4), st.integers(0, 4)).filter(
    lambda counts: counts[0] + counts[1] > 0
)
names = st.text("abcXYZ", min_size=1, max_size=3)
packages = st.dictionaries(
    st.sampled_from(["", "com", "com/acme", "org/müller"]),
    st.dictionaries(
        names.map(lambda name: f"{name}.java"),
        st.dictionaries(st.integers(1, 3000), line_counts, max_size=6),
        max_size=4,
    ),
    max_size=3,
)


class Sum(NamedTuple):
    lines: Ratio
    branches: Ratio


def sum_of(lines: Mapping[int, Counts]) -> Sum:
    covered = sum(ci > 0 for _, ci, _, _ in lines.values())
    taken = sum(cb for *_, cb in lines.values())
    return Sum(Ratio(covered, len(lines)), Ratio(taken, taken + sum(mb for _, _, mb, _ in lines.values())))


def counters(*files: Mapping[int, Counts]) -> str:
    sums = [sum_of(file) for file in files]
    rows = {
        "LINE": sum((one.lines for one in sums), Ratio(0, 0)),
        "BRANCH": sum((one.branches for one in sums), Ratio(0, 0)),
        "COMPLEXITY": Ratio(0, 1),
    }
    return "".join(
        f'<counter type="{kind}" missed="{ratio.total - ratio.covered}" covered="{ratio.covered}"/>'
        for kind, ratio in rows.items()
        if ratio.total
    )


def written(report: Document) -> str:
    parts = ['<report name="any">']
    for package, files in report.items():
        parts.append(f'<package name="{package}">')
        parts += (
            f'<class name="{package}/{file}" sourcefilename="{file}"><method name="m"/></class>'
            for file in files
        )
        for file, lines in files.items():
            elements = "".join(
                f'<line nr="{nr}" mi="{mi}" ci="{ci}" mb="{mb}" cb="{cb}"/>'
                for nr, (mi, ci, mb, cb) in sorted(lines.items())
            )
            parts.append(f'<sourcefile name="{file}">{elements}{counters(lines)}</sourcefile>')
        parts.append("</package>")
    everything = [lines for files in report.values() for lines in files.values()]
    return "".join([*parts, counters(*everything), "</report>"])


def by_path(report: Document) -> dict[str, Mapping[int, Counts]]:
    return {
        f"{package}/{file}" if package else file: lines
        for package, files in report.items()
        for file, lines in files.items()
    }


@settings(deadline=None, max_examples=40)
@given(report=packages)
def test_counts_of_any_report_are_the_sums_of_its_lines(report: Document) -> None:
    read = report_of(written(report))
    expected = by_path(report)
    assert {name.text for name in read.names} == set(expected)
    for path, lines in expected.items():
        file = read.files[SourceName(path)]
        assert (file.line_ratio, branch_ratio(file)) == sum_of(lines)
        missing = {line for first, last in line_ranges(file.missing_lines) for line in range(first, last + 1)}
        assert missing == {line for line, (_, ci, _, _) in lines.items() if not ci}


@settings(deadline=None, max_examples=40)
@given(data=st.data(), lines=st.dictionaries(st.integers(1, 50), line_counts, max_size=8))
def test_shards_merge_to_the_larger_counts_of_each_line(
    data: st.DataObject, lines: dict[int, Counts]
) -> None:
    def shard() -> dict[int, Counts]:
        return {
            line: (mi, ci, mb + cb - taken, taken)
            for line, (mi, ci, mb, cb) in lines.items()
            for taken in [data.draw(st.integers(0, mb + cb))]
            for ci in [data.draw(st.sampled_from([0, mi + ci]))]
            for mi in [mi + 1]
        }

    shards = [shard() for _ in range(3)]
    files = [only_file(report_of(written({"p": {"A.java": one}}))) for one in shards]
    merged = files[0] | files[1] | files[2]
    assert merged == files[2] | files[0] | files[1] | files[2]
    assert merged.line_ratio == Ratio(sum(any(one[line][1] for one in shards) for line in lines), len(lines))
    taken = sum(max(one[line][3] for one in shards) for line in lines)
    assert branch_ratio(merged) == Ratio(taken, sum(mb + cb for _, _, mb, cb in lines.values()))


# Everything that is no evidence.

WHOLE = (DATA / "whole.xml").read_bytes()
GOOD = (
    '<report name="r"><package name="p"><sourcefile name="A.java">{lines}{counters}</sourcefile></package>'
    '<counter type="COMPLEXITY" missed="0" covered="1"/></report>'
)


def of_one_file(lines: str, stated: str) -> str:
    return GOOD.format(lines=lines, counters=stated)


TWO_LINES = '<line nr="1" mi="0" ci="3" mb="1" cb="1"/><line nr="2" mi="2" ci="0" mb="0" cb="0"/>'
LINES = '<counter type="LINE" missed="1" covered="1"/>'
BRANCHES = '<counter type="BRANCH" missed="1" covered="1"/>'


def test_a_plain_document_is_read() -> None:
    file = only_file(report_of(of_one_file(TWO_LINES, LINES + BRANCHES)))
    assert (file.line_ratio, branch_ratio(file)) == (Ratio(1, 2), Ratio(1, 2))


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        (BRANCHES, "1 of 2 lines are covered line by line, 0 of 0 by its counter"),
        ('<counter type="LINE" missed="0" covered="2"/>' + BRANCHES, "2 of 2 by its counter"),
        (LINES, "1 of 2 branches are covered line by line, 0 of 0 by its counter"),
        (LINES + '<counter type="BRANCH" missed="2" covered="0"/>', "0 of 2 by its counter"),
        (LINES + '<counter type="BRANCH" missed="0" covered="3"/>', "3 of 3 by its counter"),
    ],
)
def test_lines_that_contradict_their_counters_are_no_evidence(stated: str, sentence: str) -> None:
    with pytest.raises(UnreadableArtifact, match=f"contradicts itself at 'p/A.java': .*{sentence}"):
        report_of(of_one_file(TWO_LINES, stated))


def test_code_without_line_numbers_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableArtifact, match=r"without line numbers at 'p/A\.java': compile it"):
        report_of(of_one_file("", '<counter type="INSTRUCTION" missed="3" covered="0"/>'))


@pytest.mark.parametrize(
    "line",
    [
        '<line nr="-1" mi="0" ci="1"/>',
        '<line nr="0" mi="0" ci="1"/>',
        '<line nr="99999999" mi="0" ci="1"/>',
        '<line nr="1" mi="0" ci="-1"/>',
        '<line nr="1" mi="-1" ci="1"/>',
        '<line nr="1" mi="0" ci="NaN"/>',
        '<line nr="1" mi="0" ci="1.0"/>',
        '<line nr="1" mi="0" ci="\u0661"/>',
        '<line nr="1" mi="0" ci=""/>',
        '<line nr="1" mi="0" ci="1" mb="1e3"/>',
        f'<line nr="1" mi="0" ci="{"9" * 5000}"/>',
    ],
)
def test_what_is_no_count_is_refused(line: str) -> None:
    with pytest.raises(UnreadableArtifact, match=r"at 'p/A\.java'") as refusal:
        report_of(of_one_file(line, ""))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ('<report><sourcefile name="A.java"/></report>', "source file outside of a package in line 1"),
        ('<report><class name="p/A"/></report>', "class outside of a package in line 1"),
        (
            '<report><package name="p"><sourcefile name="A.java"/><sourcefile name="A.java"/>'
            "</package></report>",
            "has 'p/A.java' twice",
        ),
    ],
)
def test_what_has_no_one_place_is_refused(report: str, sentence: str) -> None:
    with pytest.raises(UnreadableArtifact, match=sentence):
        report_of(report)


def test_only_wanted_source_files_are_decoded_and_the_others_are_named() -> None:
    broken = (
        '<report name="r"><package name="p"><sourcefile name="A.java"><line nr="x"/></sourcefile>'
        '<sourcefile name="B.java"><line nr="1" mi="0" ci="1"/></sourcefile></package></report>'
    )
    report = read_bytes(broken.encode(), Files({"p/B.java"}))
    assert {name.text for name in report.names} == {"p/A.java", "p/B.java"}
    assert {name.text for name in report.files} == {"p/B.java"}


@pytest.mark.parametrize("where", ["report", "class", "sourcefile"])
@pytest.mark.parametrize("wanted", [None, ()])
def test_deep_nesting_is_refused_wherever_it_stands(where: str, wanted: tuple[str, ...] | None) -> None:
    deep = "<a>" * 300 + "</a>" * 300
    inside = {place: deep if place == where else "" for place in ("report", "class", "sourcefile")}
    report = (
        f'<report name="r"><sessioninfo/>{inside["report"]}<package name="p">'
        f'<class name="p/A">{inside["class"]}</class>'
        f'<sourcefile name="A.java">{inside["sourcefile"]}</sourcefile></package></report>'
    )
    with pytest.raises(UnreadableArtifact, match="nested more than"):
        read_bytes(report.encode(), Files(wanted))


@pytest.mark.parametrize(
    "data",
    [
        b'<report name="checkstyle"><file/></report>',
        b'<testsuites name="report"><sourcefile/></testsuites>',
        b'<!-- <report><counter/> --><coverage generated="1"><project/></coverage>',
        b'{"report": "<counter"}',
        b"<report",
    ],
)
def test_other_formats_are_not_taken_for_jacocos(data: bytes) -> None:
    assert not jacoco.recognises(data)


def test_of_all_samples_of_all_formats_only_jacocos_own_are_taken_for_it() -> None:
    samples = [path for path in DATA.parent.rglob("*") if path.is_file() and "programs" not in path.parts]
    taken = {path for path in samples if jacoco.recognises(ReportFile(path).sample)}
    assert taken == set(DATA.glob("*.xml"))


@settings(deadline=None)
@given(cut=st.integers(min_value=0, max_value=len(WHOLE) - 1))
def test_a_report_cut_off_anywhere_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(WHOLE[:cut] or b"<")


@settings(deadline=None)
@given(data=st.binary(max_size=60), at=st.integers(0, len(WHOLE)), length=st.integers(0, 50))
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    data: bytes, at: int, length: int
) -> None:
    try:
        read_bytes(WHOLE[:at] + data + WHOLE[at + length :])
    except UnreadableArtifact as error:
        assert "\n" not in str(error)


# What nobody wants is left out before the parser sees it.


@settings(deadline=None)
@given(data=damaged([DATA / name for name in EXPECTED]), piece=st.sampled_from([1 << 20, 1500, 701]))
def test_what_is_left_out_unread_changes_neither_names_nor_refusals(data: bytes, piece: int) -> None:
    assert same_without_leaving_out(jacoco, data, piece)


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_of_what_nobody_wants_reaches_the_reader(name: str) -> None:
    assert elements_seen(DATA / name) == 0
