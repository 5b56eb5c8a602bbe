from __future__ import annotations

import encodings.aliases
import json
import re
from collections import Counter
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import coverage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports import cobertura_classes, cobertura_report, cobertura_tally
from gate.reports import file as report_file
from gate.reports.file import ReportFile
from gate.reports.formats import cobertura
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage, Report, SourceName
from gate.reports.read import known_formats
from tests.reports.reading import EVERYTHING, Files, read_bytes, read_file
from tests.reports.test_coverage_py_json import Measurement, programs

DATA = Path(__file__).parents[1] / "data" / "cobertura"
EXPECTED: dict[str, dict[str, Any]] = json.loads((DATA / "expected.json").read_text())
SAMPLES = sorted(
    path.relative_to(DATA).as_posix() for path in DATA.rglob("*.xml") if "programs" not in path.parts
)

LISTS_NOT_ALL_LINES = {"coverage_py/7.17.3-twins.xml", "phpunit-script.xml"}
LISTS_NOT_ALL_BRANCHES = {
    "istanbul-nyc.xml": frozenset({"src/currency.js", "src/never.js", "src/price.js", "src/shipping.js"}),
    "coverage_py/6.5.0-dead.xml": frozenset({"dead/code.py"}),
}
NOTHING = Files(())


def sample(name: str, repository: Files = EVERYTHING) -> Report:
    return read_file(DATA / name, repository)[1]


def by_name(report: Report) -> dict[str, FileCoverage]:
    return {name.text: file for name, file in report.files.items()}


def only_file(data: bytes) -> FileCoverage:
    (file,) = read_bytes(data).files.values()
    return file


def branches(file: FileCoverage) -> Ratio | None:
    return None if file.branches is None else file.branches.ratio


# What real tools wrote.


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - LISTS_NOT_ALL_LINES))
def test_counts_of_each_file_equal_the_writing_tools_own(name: str) -> None:
    lossy = LISTS_NOT_ALL_BRANCHES.get(name, frozenset())
    counts = {
        file: {"lines": found.line_ratio, "branches": branches(found)}
        for file, found in by_name(sample(name)).items()
    }
    assert counts == {
        file: {
            "lines": Ratio(*totals["lines"]),
            "branches": None if totals["branches"] is None or file in lossy else Ratio(*totals["branches"]),
        }
        for file, totals in EXPECTED[name]["files"].items()
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_the_format_of_every_sample_is_recognised_and_by_no_other_reader(name: str) -> None:
    with ReportFile(DATA / name) as file:
        assert [known.NAME for known in known_formats() if known.recognises(file.sample)] == ["Cobertura XML"]


@pytest.mark.parametrize(
    ("name", "writer"),
    [
        ("coverage_py/5.5-python3.7.xml", "coverage.py 5.5"),
        ("coverage_py/7.17.3.xml", "coverage.py 7.17.3"),
        ("gcovr-5.2.xml", "gcovr 5.2"),
        ("gcovr-8.8.xml", "gcovr 8.8"),
        ("istanbul-vitest-v8.xml", "Istanbul"),
        ("phpunit-pcov.xml", "PHPUnit"),
        ("by_hand/coverlet.xml", "Coverlet"),
        ("by_hand/scoverage.xml", "scoverage"),
        ("by_hand/tarpaulin.xml", "unknown writer"),
        ("java.xml", "unknown writer"),
    ],
)
def test_the_writer_is_told(name: str, writer: str) -> None:
    assert sample(name).writer == writer


def test_branches_that_istanbul_leaves_out_count_as_not_measured_and_a_note_says_why() -> None:
    own = sum(totals["branches"][1] for totals in EXPECTED["istanbul-nyc.xml"]["files"].values())
    listed = sum(int(total) for total in re.findall(r"/(\d)\)", (DATA / "istanbul-nyc.xml").read_text()))
    assert listed < own
    (note,) = sample("istanbul-nyc.xml").notes
    assert note.startswith(
        f"states {own} branches and lists {listed} in all; those of 4 files count as not measured"
    )
    assert "`json` and `lcov`" in note


def test_of_coverages_reports_only_the_file_that_lacks_branches_counts_as_not_measured() -> None:
    (note,) = sample("coverage_py/6.5.0-dead.xml").notes
    assert note.startswith("states 11 branches and lists 9 in all; those of 1 file count as not measured")
    assert "coverage json" in note
    assert sample("coverage_py/6.5.0-dead.xml", Files({"dead/fine.py"})).notes == (
        note.replace("; those of 1 file count as not measured", ""),
    )


def test_branches_of_phpunits_path_coverage_are_noted_and_count_as_not_measured() -> None:
    (note,) = sample("phpunit-xdebug.xml").notes
    assert note.startswith("states 13 branches and lists 0 in all")


def test_phpunits_report_of_a_script_is_refused_since_it_lacks_lines() -> None:
    own = sum(totals["lines"][1] for totals in EXPECTED["phpunit-script.xml"]["files"].values())
    with pytest.raises(UnreadableArtifact, match=f"states {own} lines and lists 17.*--coverage-clover"):
        sample("phpunit-script.xml")


def test_coverages_report_of_two_files_of_one_name_is_refused_and_names_both_sources() -> None:
    with pytest.raises(
        UnreadableArtifact, match=r"'/builds/wallet/one' and '/builds/wallet/two'.*coverage json"
    ):
        sample("coverage_py/7.17.3-twins.xml")


def test_a_report_of_which_nothing_is_wanted_is_not_refused_for_what_it_lacks() -> None:
    for name in LISTS_NOT_ALL_LINES:
        assert sample(name, NOTHING).notes == ()


def test_every_line_that_coverlet_lists_counts_in_all_classes_of_a_file() -> None:
    report = sample("by_hand/coverlet.xml")
    (name,) = report.files
    assert name == SourceName("src\\Account.cs", ("C:\\builds\\wallet\\",))
    file = report.files[name]
    # Withdraw 4 of 6, Total 3 of 3, the lambda on line 21 again 0 of 1, SaveAsync 3 of 3.
    assert file.line_ratio == Ratio(4 + 3 + 0 + 3, 6 + 3 + 1 + 3)
    assert branches(file) == Ratio(1 + 0 + 2, 2 + 2 + 2)
    assert line_ranges(file.missing_lines) == ((14, 15), (21, 21))


def test_every_statement_that_scoverage_lists_counts_and_its_branches_count_by_themselves() -> None:
    report = sample("by_hand/scoverage.xml")
    (name,) = report.files
    assert name.under == ("/builds/wallet/src/main/scala",)
    assert report.files[name].line_ratio == Ratio(3, 5)
    assert branches(report.files[name]) == Ratio(1, 2)


def test_a_writer_that_never_measures_branches_has_them_unknown_rather_than_none() -> None:
    file = by_name(sample("by_hand/tarpaulin.xml"))["src/lib.rs"]
    assert file.line_ratio == Ratio(2, 3)
    assert file.branches is None


def test_functions_have_their_lines_and_the_name_of_their_class_where_the_file_has_not() -> None:
    functions = by_name(sample("java.xml"))["shop/Price.java"].functions
    assert {function.name: line_ranges(function.lines) for function in functions} == {
        "<init>": ((3, 3),),
        "of": ((5, 6), (8, 9), (11, 11)),
        "main": ((17, 20),),
        "Price$1.run": ((17, 17),),
        "Price$Rate.twice": ((14, 14),),
    }
    assert by_name(sample("phpunit-pcov.xml"))["Never.php"].functions[0].name == "called"
    assert all(not file.functions for file in sample("istanbul-jest.xml").files.values())


# One run in several formats, and in shards.

RELEASES = ("6.5.0", "7.2.7", "7.6.12", "7.10.7", "7.17.3")


@pytest.mark.parametrize("version", RELEASES)
def test_one_run_gives_the_same_counts_as_xml_and_as_json(version: str) -> None:
    as_xml, as_json = (by_name(sample(f"coverage_py/{version}.{kind}")) for kind in ("xml", "json"))
    assert as_xml.keys() == as_json.keys()
    for name, file in as_xml.items():
        other = as_json[name]
        assert file.line_ratio == other.line_ratio
        assert file.missing_lines == other.missing_lines
        assert branches(file) == branches(other)
        assert file.branches is not None
        assert other.branches is not None
        exits = {line for line, target in other.branches.missing_arcs if target < 0}
        assert set(file.branches.missing_arcs) == {
            (line, target) for line, target in other.branches.missing_arcs if line not in exits or target > 0
        }


def shards(kinds: str) -> dict[str, FileCoverage]:
    """The eight runs merged, each as JSON (j) or XML (x)."""
    runs = [
        by_name(sample(f"coverage_py/shards/{number}.{'json' if kind == 'j' else 'xml'}"))
        for number, kind in enumerate(kinds)
    ]
    return {name: reduce(or_, (run[name] for run in runs)) for name in runs[0]}


@pytest.mark.parametrize("kinds", ["xxxxxxxx", "xjxjxjxj", "xxxjxxxj", "xjxxxjxx"])
def test_eight_shards_merge_to_the_whole_in_any_mixture_of_xml_and_json(kinds: str) -> None:
    truth = EXPECTED["coverage_py/6.5.0.xml"]["files"]
    merged = shards(kinds)
    assert {name: [*(file.line_ratio.covered, file.line_ratio.total)] for name, file in merged.items()} == {
        name: totals["lines"] for name, totals in truth.items()
    }
    for name, totals in truth.items():
        assert branches(merged[name]) == Ratio(*totals["branches"])
        assert merged[name].missing_lines == by_name(sample("coverage_py/6.5.0.json"))[name].missing_lines


class XmlMeasurement(Measurement):
    """The same, reported as XML too."""

    def as_xml(self, arcs: list[tuple[int, int]], *, branch: bool) -> bytes:
        measured = coverage.Coverage(data_file=None, config_file=False, branch=branch)
        data = measured.get_data()
        if branch:
            data.add_arcs({str(self.file): arcs})
        else:
            data.add_lines({str(self.file): [number for arc in arcs for number in arc if number > 0]})
        data.touch_file(str(self.file))
        output = self.folder / "coverage.xml"
        measured.xml_report(outfile=str(output))
        return output.read_bytes()

    def tells_exits_apart(self) -> bool:
        """Whether no line has several ways out."""
        exits = Counter(line for line, target in self.possible_arcs() if target < 0)
        return not exits or max(exits.values()) == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=programs, branch=st.booleans(), data=st.data())
def test_counts_equal_coverages_numbers_for_any_program(
    folder: Path, source: str, branch: bool, data: st.DataObject
) -> None:
    measurement = XmlMeasurement(folder, source)
    arcs = data.draw(st.lists(st.sampled_from(measurement.possible_arcs() or [(-1, 1)])))
    _, numbers = measurement.report(arcs, branch=branch)
    file = only_file(measurement.as_xml(arcs, branch=branch))
    assert file.line_ratio == Ratio(*numbers.ratio_statements)
    assert branches(file) == (Ratio(*numbers.ratio_branches) if branch else None)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=programs, data=st.data())
def test_shards_merge_to_what_coverage_counts_for_all_executions_together(
    folder: Path, source: str, data: st.DataObject
) -> None:
    measurement = XmlMeasurement(folder, source)
    executions = st.lists(st.sampled_from(measurement.possible_arcs() or [(-1, 1)]))
    runs = [data.draw(executions) for _ in range(3)]
    _, numbers = measurement.report([arc for run in runs for arc in run], branch=True)
    truth = Ratio(*numbers.ratio_branches)
    first, second, third = (only_file(measurement.as_xml(run, branch=True)) for run in runs)
    as_json = only_file(measurement.report(runs[1], branch=True)[0])
    for merged in (first | second | third, third | first | second | first, third | as_json | first):
        assert merged.line_ratio == Ratio(*numbers.ratio_statements)
        counted = branches(merged)
        assert counted is not None
        if measurement.tells_exits_apart():
            assert counted == truth
        else:
            assert counted.total == truth.total
            assert counted.covered <= truth.covered


def test_instances_of_a_template_merge_as_the_larger_count_of_each_line() -> None:
    def shard(*hits: int) -> FileCoverage:
        lines = "".join(f'<line number="6" hits="{count}" branch="false"/>' for count in hits)
        return only_file(document(f"<lines>{lines}</lines>", version="gcovr 8.8"))

    assert (shard(1) | shard(0, 0, 1)).line_ratio == Ratio(1, 3)
    assert (shard(1, 1) | shard(0, 0, 1)).line_ratio == Ratio(2, 3)


# What nobody wants never reaches the parser, and is not missed.


@pytest.mark.parametrize(
    "name", [name for name in SAMPLES if name not in ("grcov.xml", "by_hand/scoverage.xml")]
)
def test_the_content_of_unwanted_classes_of_real_reports_is_skipped(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    skipped = []
    monkeypatch.setattr(cobertura_tally.Tally, "add_content", lambda _, file, __: skipped.append(file))
    report = sample(name, NOTHING)
    assert len(skipped) == (DATA / name).read_text().count("</class>")
    assert set(skipped) == {name.text for name in report.names}


def outcome(data: bytes, repository: Files, *, skipping: bool, piece: int = 1 << 20) -> object:
    """What a report says, or why it is refused (but for the column, which skipping may shift)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_file, "PIECE", piece)
        if not skipping:
            patch.setattr(cobertura_classes.Unparsed, "match", lambda *_: None)
        try:
            report = read_bytes(data, repository)
        except UnreadableArtifact as error:
            return re.sub(r", column \d+", "", str(error))
    return report.writer, report.names, report.notes, sorted(map(repr, report.files.items()))


FRAGMENTS = (
    *(b"<a>", b"</a>", b"&", b"&lt;", b"&x;", b"<", b">", b'"', b"'", b"<!--", b"-->", b"<![CDATA[", b"]]>"),
    *(b"<class ", b"<class", b"</class>", b"<?p?>", b"<lines>", b"<lines/>", b"\0", b"\xff", b"\xc3\xa4"),
    *(b' hits="1"', b' number="2"', b"<line/>", b'<line number="1" hits="1"/>', b"\n", b"\r\n", b' a="b"'),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with some bytes replaced by a fragment of markup."""
    data = (DATA / draw(st.sampled_from(SAMPLES))).read_bytes()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.sampled_from(FRAGMENTS)) + data[at + draw(st.integers(0, 9)) :]
    return data


@settings(max_examples=120, deadline=None)
@given(data=damaged(), piece=st.sampled_from([700, 1000, 1 << 20]), some=st.booleans())
def test_a_report_reads_the_same_with_and_without_skipping(data: bytes, piece: int, some: bool) -> None:
    repository = Files({"src/price.js", "box.hpp", "shop/stock.py", "Stock.php"} if some else ())
    assert outcome(data, repository, skipping=True, piece=piece) == outcome(data, repository, skipping=False)


@settings(max_examples=120, deadline=None)
@given(data=damaged())
def test_whatever_is_skipped_is_well_formed_by_itself(data: bytes) -> None:
    for start in re.finditer(rb"<class [^>]*>", data):
        content = cobertura_tally.plain_content().match(data, start.end())
        if content:
            parser = expat.ParserCreate()
            parser.Parse(b"<class>" + content[0] + b"</class>", True)
            assert content[0].isascii()


def test_no_encoding_that_shows_a_class_in_plain_bytes_means_others_by_what_is_skipped() -> None:
    markup = bytes(byte for byte in range(32, 127) if byte not in b"%^~$#@`\\|{}[]!")
    for name in set(encodings.aliases.aliases.values()):
        try:
            table = bytes(range(256)).decode(name, "replace")
        except (LookupError, ValueError, AssertionError, TypeError):
            continue
        if (
            isinstance(table, str)
            and len(table) == 256
            and markup[:1].decode(name) == " "
            and table[60] == "<"
        ):
            assert [table[byte] for byte in markup] == [chr(byte) for byte in markup], name


@pytest.mark.parametrize("piece", [*range(1, 40), 97, 1000])
def test_it_does_not_matter_where_the_file_is_cut_into_pieces(piece: int) -> None:
    data = (DATA / "coverage_py/7.17.3.xml").read_bytes()
    some = Files({"shop/stock.py"})
    assert outcome(data, some, skipping=True, piece=piece) == outcome(data, some, skipping=False)


# Made-up reports.


def document(
    content: str = "", *, root: str = "", sources: str = "", filename: str = "a.py", version: str = "9"
) -> bytes:
    return (
        f'<coverage line-rate="1" branch-rate="0" version="{version}" {root}>'
        f"<sources>{sources}</sources><packages><package><classes>"
        f'<class name="a" filename={quoteattr(filename)} branch-rate="1"><methods/>{content}</class>'
        "</classes></package></packages></coverage>"
    ).encode()


def lines(*attributes: str) -> str:
    return f"<lines>{''.join(f'<line {text}/>' for text in attributes)}</lines>"


def test_a_plain_document_is_read() -> None:
    file = only_file(
        document(
            lines(
                'number="1" hits="3"',
                'number="2" hits="0" branch="true" condition-coverage="50% (1/2)"',
                'number="4" hits="18446744073709551615"',
            )
        )
    )
    assert file.line_ratio == Ratio(2, 3)
    assert branches(file) == Ratio(1, 2)
    assert line_ranges(file.missing_lines) == ((2, 2),)


@pytest.mark.parametrize(
    "line",
    [
        'hits="1"',
        'number="" hits="1"',
        'number="0" hits="1"',
        'number="-1" hits="1"',
        'number="1.0" hits="1"',
        'number="5000001" hits="1"',
        f'number="{"9" * 5000}" hits="1"',
        'number="٣" hits="1"',
        'number="1"',
        'number="1" hits=""',
        'number="1" hits="-1"',
        'number="1" hits="1.0"',
        'number="1" hits="NaN"',
        'number="1" hits="1e3"',
        'number="1" hits="1" branch="true" condition-coverage="150% (3/2)"',
        'number="1" hits="1" branch="true" condition-coverage="-50% (-1/2)"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/-2)"',
        'number="1" hits="1" branch="true" condition-coverage="NaN% (1/2)"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/2"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1)"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/2) (1/2)"',
        'number="1" hits="1" branch="true" condition-coverage="50% (0.5/1)"',
        f'number="1" hits="1" branch="true" condition-coverage="50% (1/{"9" * 5000})"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="x"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="-3"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="3,"',
        'number="1" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="5000001"',
    ],
    ids=lambda line: line[:80],
)
def test_a_number_that_cannot_be_is_refused_with_its_place(line: str) -> None:
    with pytest.raises(UnreadableArtifact, match=r"'a\.py' in line 3$"):
        read_bytes(document("<lines>\n<line number='7' hits='1'/>\n" + f"<line {line}/></lines>"))


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("50% (1/2)", Ratio(1, 2)),
        ("66.66666666666666% (2/3)", Ratio(2, 3)),
        ("66,67% (2/3)", Ratio(2, 3)),
        ("(1/2)", Ratio(1, 2)),
        ("NaN% (0/0)", Ratio(0, 0)),
        ("100% (0/0)", Ratio(0, 0)),
    ],
)
def test_branches_count_by_the_numbers_in_parentheses(text: str, ratio: Ratio) -> None:
    line = f'number="1" hits="1" branch="true" condition-coverage="{text}"'
    other = 'number="2" hits="1" branch="true" condition-coverage="0% (0/0)"'
    assert branches(only_file(document(lines(line, other), root='branches-valid="1"'))) == ratio


def test_untaken_branches_are_known_by_their_targets_but_for_several_exits() -> None:
    of = 'hits="1" branch="true" condition-coverage="{}" missing-branches="{}"'.format
    data = document(
        lines(
            'number="1" ' + of("50% (1/2)", "5"),
            'number="2" ' + of("0% (0/2)", "exit,6"),
            'number="3" ' + of("33% (1/3)", "exit,exit"),
            'number="4" hits="1" branch="true" condition-coverage="100% (2/2)"',
        )
    )
    found = only_file(data).branches
    assert found is not None
    assert found.missing_arcs == ((1, 5), (2, 6))
    assert found.ratio == Ratio(1 + 0 + 1 + 2, 2 + 2 + 3 + 2)
    other = document(
        lines('number="1" ' + of("50% (1/2)", "4"), 'number="3" ' + of("33% (1/3)", "exit,exit"))
    )
    merged = only_file(data) | only_file(other)
    assert branches(merged) == Ratio(2 + 0 + 1 + 2, 9)


def test_rates_are_not_counted_with() -> None:
    wrong = document(lines('number="1" hits="1"', 'number="2" hits="0"')).replace(
        b'line-rate="1"', b'line-rate="NaN"'
    )
    assert only_file(wrong).line_ratio == Ratio(1, 2)


COVERAGE_PY = (
    '<coverage version="7.6.12" timestamp="1" lines-valid="{}" branches-valid="{}" branch-rate="{}">'
)


@pytest.mark.parametrize(
    ("beginning", "measured"),
    [
        (COVERAGE_PY.format(1, 0, 0), False),
        (COVERAGE_PY.format(1, 0, 1), True),
        (COVERAGE_PY.format(9, 8, 0), True),
        ('<coverage branch-rate="0" branches-valid="0" lines-valid="1" version="gcovr 7.2">', True),
        ('<coverage lines-valid="1" branches-valid="0" line-rate="1" version="0.1">', True),
        ('<coverage line-rate="1" branch-rate="1" version="1.9" timestamp="1">', True),
        ('<coverage line-rate="1" branch-rate="1" lines-valid="1" version="0.4">', False),
        ('<coverage line-rate="1" branch-rate="1" version="2.0.3" branches-valid="0">', False),
        ('<coverage line-rate="1" branch-rate="1" version="2.0.3" branches-valid="4">', True),
        ('<coverage line-rate="1" branch-rate="1" version="2.0.3">', False),
    ],
)
def test_whether_branches_were_measured_is_told_by_writer_and_totals(beginning: str, measured: bool) -> None:
    data = document(lines('number="1" hits="1"'))
    file = only_file(data.replace(data[: data.index(b">") + 1], beginning.encode(), 1))
    assert branches(file) == (Ratio(0, 0) if measured else None)


def test_branches_of_another_file_show_that_they_were_measured() -> None:
    data = document(lines('number="1" hits="1"'))
    other = '<class name="b" filename="b.py"><methods/>{}</class></classes>'.format(
        lines('number="1" hits="1" branch="true" condition-coverage="50% (1/2)"')
    )
    for repository in (EVERYTHING, Files({"a.py"})):
        report = read_bytes(data.replace(b"</classes>", other.encode()), repository)
        assert branches(by_name(report)["a.py"]) == Ratio(0, 0)


def test_a_line_whose_branches_are_not_counted_leaves_the_files_branches_unknown() -> None:
    report = read_bytes(document(lines('number="1" hits="1" branch="true"', 'number="2" hits="0"')))
    (file,) = report.files.values()
    assert file.line_ratio == Ratio(1, 2)
    assert file.branches is None
    assert report.notes == (
        "does not say how many branches line 1 of 'a.py' has; those of 1 file count as not measured",
    )


@pytest.mark.parametrize(
    ("root", "note"),
    [
        ('lines-valid="3"', "states 3 lines and lists 2 in all"),
        ('lines-valid="1"', "states 1 line and lists 2 in all"),
        ('lines-valid="2" branches-valid="4"', "states 4 branches and lists 2 in all"),
        ('lines-valid="2" branches-valid="1"', "states 1 branch and lists 2 in all"),
    ],
)
def test_totals_that_disagree_are_noted_and_what_is_listed_counts(root: str, note: str) -> None:
    listed = lines('number="1" hits="1"', 'number="2" hits="1" branch="true" condition-coverage="50% (1/2)"')
    report = read_bytes(document(listed, root=root))
    assert [text.partition(":")[0] for text in report.notes] == [note]
    assert branches(by_name(report)["a.py"]) == Ratio(1, 2)


@pytest.mark.parametrize(
    "root", ['lines-valid="0"', 'lines-valid="NaN"', 'lines-valid="-1"', f'lines-valid="{"9" * 5000}"']
)
def test_totals_that_are_none_are_not_held_against_a_report(root: str) -> None:
    assert read_bytes(document(lines('number="1" hits="1"'), root=root)).notes == ()


# Names.


@pytest.mark.parametrize(
    ("sources", "filename", "name"),
    [
        ("", "a/b.py", SourceName("a/b.py")),
        ("<source/>", "b.py", SourceName("b.py")),
        ("<source>  </source>", "b.py", SourceName("b.py")),
        ("<source>.</source>", "b.py", SourceName("b.py", (".",))),
        ("<source>\n /src &amp; more\n</source>", "b.py", SourceName("b.py", ("/src & more",))),
        (
            "<source>/one</source><source>/two</source><source>/one</source>",
            "b.py",
            SourceName("b.py", ("/one", "/two")),
        ),
        ("<source>/one</source>", "/abs/b.py", SourceName("/abs/b.py")),
        ("<source>C:\\</source>", "C:\\one\\b.cs", SourceName("C:\\one\\b.cs")),
        ("<source>C:\\</source>", "one\\b.cs", SourceName("one\\b.cs", ("C:\\",))),
        ("<source>/one</source>", "https://host/b.cs", SourceName("https://host/b.cs")),
        ("<source>/one</source>", "ä<b>.py", SourceName("ä<b>.py", ("/one",))),
    ],
)
def test_a_relative_filename_lies_below_the_sources(sources: str, filename: str, name: SourceName) -> None:
    report = read_bytes(document(lines('number="1" hits="1"'), sources=sources, filename=filename))
    assert report.names == {name}
    assert report.files.keys() == {name}


def test_a_class_of_no_file_is_no_file() -> None:
    report = read_bytes(document(lines('number="1" hits="1"'), filename=""))
    assert not report.files


def test_classes_of_one_filename_are_one_file() -> None:
    twice = document(lines('number="1" hits="1"')).decode()
    one = twice[twice.index("<class ") : twice.index("</classes>")]
    file = only_file(
        twice.replace(
            one, one + one.replace('number="1"', 'number="2"').replace('hits="1"', 'hits="0"')
        ).encode()
    )
    assert file.line_ratio == Ratio(1, 2)


def test_coverages_report_that_has_a_file_twice_is_refused() -> None:
    once = document(
        lines('number="1" hits="1"'), sources="<source>/one</source><source>/two</source>"
    ).decode()
    one = once[once.index("<class ") : once.index("</classes>")]
    twice = (
        once.replace(one, one + one)
        .replace("<coverage", '<coverage version="7.6" timestamp="1"')
        .replace(' version="9"', "")
    )
    with pytest.raises(UnreadableArtifact, match=r"has 'a\.py' twice: .* '/one' and '/two'"):
        read_bytes(twice.encode())


def test_files_of_no_module_are_named_but_not_decoded() -> None:
    report = read_bytes(document(lines('number="many" hits="-1"')), Files({"b.py"}))
    assert {name.text for name in report.names} == {"a.py"}
    assert not report.files


# What no report is.


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (document("<class filename='b'/>"), "class inside another one in line 1"),
        (document().replace(b' filename="a.py"', b""), "class without a filename in line 1"),
        (
            document("<lines><line number='1' hits='1'/></lines>").replace(b"</coverage>", b""),
            "is cut off in line 1",
        ),
        (
            document().replace(
                b"<methods/>",
                b"<methods><method name='m'><lines><line number='1' hits='1'/></lines></method></methods>",
            ),
            "lists lines of methods only",
        ),
        (document(sources=f"<source>{'a' * 5000}</source>"), "more than 4096 characters in line 1"),
    ],
)
def test_what_no_report_holds_is_refused_with_its_place(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableArtifact, match=reason):
        read_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b'<coverage generated="1" clover="4.5"><project timestamp="1"><package/></project></coverage>',
        b'<coverage version="1"><file path="a.py"><lineToCover/></file></coverage>',
        b'<report name="r"><package name="p"/></report>',
        b'<testsuites line-rate="1"/>',
        b"TN:\nSF:<coverage line-rate='1'>\nend_of_record\n",
        b'{"x": "<coverage line-rate=\'1\'>"}',
        b"mode: set\n<coverage line-rate='1'>",
    ],
)
def test_other_formats_are_not_taken_for_cobertura(data: bytes) -> None:
    assert not cobertura.recognises(data)


def test_a_report_in_utf_16_is_read() -> None:
    data = document(lines('number="1" hits="1"'), filename="ä.py").decode()
    assert only_file(data.encode("utf-16")).line_ratio == Ratio(1, 1)


def test_so_many_high_lines_are_refused_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cobertura_report, "ROOM", 1 << 20)
    monkeypatch.setattr(cobertura, "ROOM", 1 << 20)
    of = '<class name="a" filename="{}.py"><lines><line number="5000000" hits="1"/></lines></class>'.format
    classes = "".join(of(number) for number in range(4))
    with pytest.raises(UnreadableArtifact, match="names very high lines in too many files"):
        read_bytes(document().replace(b"<class ", f"{classes}<class ".encode()))


def test_functions_are_left_out_where_they_would_fill_the_memory() -> None:
    method = '<method name="{}"><lines><line number="4999999" hits="1"/></lines></method>'.format
    content = document(lines('number="4999999" hits="1"')).replace(
        b"<methods/>", f"<methods>{''.join(map(method, range(9)))}</methods>".encode()
    )
    assert only_file(content).functions == ()
    assert only_file(content).line_ratio == Ratio(1, 1)


def test_too_many_sources_for_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cobertura, "_MOST_PLACES", 6)
    sources = "".join(f"<source>/{number}</source>" for number in range(7))
    with pytest.raises(UnreadableArtifact, match="too many files below 7 sources"):
        read_bytes(document(sources=sources))
    assert read_bytes(document(sources=sources, filename="/a.py")).names


@given(cut=st.integers(min_value=0, max_value=len((DATA / "coverage_py/7.17.3.xml").read_bytes()) - 2))
def test_a_report_cut_off_anywhere_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes((DATA / "coverage_py/7.17.3.xml").read_bytes()[:cut])
