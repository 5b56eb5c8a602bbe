from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.branches import Branches
from gate.reports.file import ReportFile
from gate.reports.formats import clover
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage, Report, SourceName
from tests.reports.leaving_out import damaged, elements_seen, same_without_leaving_out
from tests.reports.reading import Files, read_bytes, read_file

DATA = Path(__file__).parents[1] / "data" / "clover"
EXPECTED: dict[str, dict[str, Any]] = json.loads((DATA / "expected.json").read_text())
NOTHING = Ratio(0, 0)


def sample(name: str) -> Report:
    format_name, report = read_file(DATA / name)
    assert format_name == "Clover XML"
    return report


def only_file(text: str) -> FileCoverage:
    (file,) = read_bytes(text.encode()).files.values()
    return file


def branch_ratio(file: FileCoverage) -> Ratio | None:
    return None if file.branches is None else file.branches.ratio


def missing_lines(file: FileCoverage) -> set[int]:
    return {line for first, last in line_ranges(file.missing_lines) for line in range(first, last + 1)}


# What the real tools wrote.


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_counts_as_the_tool_itself_counts_it(name: str) -> None:
    files = sample(name).files
    assert {source.text for source in files} == set(EXPECTED[name]["files"])
    for path, counts in EXPECTED[name]["files"].items():
        file = files[SourceName(path)]
        assert file.line_ratio == Ratio(*counts["lines"])
        if counts["branches"] is not None:
            assert branch_ratio(file) == Ratio(*counts["branches"])


@pytest.mark.parametrize("name", [name for name in EXPECTED if re.search("phpunit|gcovr", name)])
def test_all_files_together_count_as_the_tool_printed(name: str) -> None:
    printed = re.search(r"lines: .*?(\d+)(?:/| out of )(\d+)\)", EXPECTED[name]["printed"], re.IGNORECASE)
    assert printed is not None
    total = sum((file.line_ratio for file in sample(name).files.values()), NOTHING)
    assert total == Ratio(int(printed[1]), int(printed[2]))


def test_branches_of_xdebugs_paths_count_as_phpunit_printed() -> None:
    printed = re.search(r"Branches: .*?(\d+)/(\d+)\)", EXPECTED["phpunit-paths.xml"]["printed"])
    assert printed is not None
    measured = [file.branches for file in sample("phpunit-paths.xml").files.values() if file.branches]
    total = sum((branches.ratio for branches in measured), NOTHING)
    assert total == Ratio(int(printed[1]), int(printed[2]))


def test_a_file_that_was_never_loaded_has_no_measured_branches_in_phpunits_report() -> None:
    files = sample("phpunit-paths.xml").files
    assert {Path(name.text).name for name, file in files.items() if file.branches is None} == {"Unused.php"}


@pytest.mark.parametrize("name", ["phpunit-pcov.xml", "phpunit-xdebug.xml", "gcovr-7.xml", "gcovr-8.xml"])
def test_conditionals_of_a_tool_that_does_not_report_branches_are_unknown_rather_than_none(name: str) -> None:
    assert {file.branches for file in sample(name).files.values()} == {None}


@pytest.mark.parametrize("name", ["nyc.xml", "jest.xml", "istanbul-0.4.xml"])
def test_a_file_of_istanbuls_without_branches_was_measured_all_the_same(name: str) -> None:
    assert sample(name).files[SourceName("/builds/wallet/src/util/plain.js")].branches == Branches()


def test_branches_that_istanbul_drops_from_the_lines_count_for_the_file() -> None:
    # The three default values of wallet.js's lines 5 to 7, which hold no statement.
    branches = sample("nyc.xml").files[SourceName("/builds/wallet/src/wallet.js")].branches
    assert branches is not None
    assert branches.by_line() == {14: Ratio(4, 4), 20: Ratio(1, 2), 0: Ratio(3, 3)}


def test_a_one_line_method_of_phpunits_is_a_statement_and_a_missing_one_is_shown_on_its_line() -> None:
    wallet = sample("phpunit-pcov.xml").files[SourceName("/builds/wallet/src/Wallet.php")]
    assert missing_lines(wallet) == {12, 29}


def test_statements_that_phpunit_hides_behind_methods_count_where_nothing_tells_which_they_are() -> None:
    # Suit.php: of three methods two have a statement on their first line; one of these never ran.
    suit = sample("phpunit-pcov.xml").files[SourceName("/builds/wallet/src/Suit.php")]
    assert missing_lines(suit) == {15, 24}
    assert suit.line_ratio == Ratio(4, 7)


def test_shards_of_phpunit_merge_to_the_lines_of_the_whole_run() -> None:
    first, second, whole = (sample(f"phpunit-{name}.xml").files for name in ("shard-1", "shard-2", "pcov"))
    for name, file in whole.items():
        merged = first.get(name, second[name]) | second[name]
        assert merged.line_ratio == file.line_ratio
        assert missing_lines(merged) == missing_lines(file)


def test_each_instance_of_a_template_counts_as_gcovr_counts_it() -> None:
    wallet = sample("gcovr-8.xml").files[SourceName("wallet.cpp")]
    assert wallet.lines.ratio.total < wallet.line_ratio.total
    # In larger(), each of the lines 3 and 4 ran in one of two instances.
    assert missing_lines(wallet) == {3, 4, 14, 23}
    assert (wallet | wallet) == wallet


def test_the_file_that_gcovr_makes_up_is_not_named() -> None:
    assert b'path="dummy"' in (DATA / "gcovr-8.xml").read_bytes()
    assert sample("gcovr-8.xml").names == {SourceName("wallet.cpp")}


# What others write, after their sources and schema.


def coverage(files: str, *, clover: str | None = "4.5.2", name: str = "shop", conditionals: int = 2) -> str:
    version = "" if clover is None else f'clover="{clover}" '
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<coverage {version}generated="1795379781000">\n'
        f'<project name="{name}" timestamp="1795379781000">\n'
        f'<metrics methods="1" conditionals="{conditionals}"/>\n<package name="acme">\n{files}\n</package>\n'
        f"</project>\n</coverage>\n"
    )


def metrics(**counts: int) -> str:
    return "<metrics " + " ".join(f'{name}="{count}"' for name, count in counts.items()) + "/>"


def source(lines: str, stated: str, path: str = "/src/acme/Shop.java") -> str:
    return f'<file name="{path.rpartition("/")[2]}" path="{path}">\n{stated}{lines}\n</file>'


OPEN_CLOVER = source(
    '<line num="3" type="method" visibility="public" count="2" complexity="2" signature="pay() : void"/>'
    '<line num="4" type="stmt" count="2"/><line num="4" type="stmt" count="0"/>'
    '<line num="4" type="cond" truecount="0" falsecount="7"/><line num="6" type="stmt" count="2"/>',
    metrics(statements=3, coveredstatements=2, conditionals=2, coveredconditionals=1, methods=1),
)


def test_openclover_counts_statements_and_both_branches_of_each_condition() -> None:
    file = only_file(coverage(OPEN_CLOVER))
    assert (file.line_ratio, branch_ratio(file)) == (Ratio(2, 3), Ratio(1, 2))
    assert missing_lines(file) == {4}


def test_statements_of_lambdas_that_openclover_leaves_out_of_the_lines_count() -> None:
    totals = metrics(statements=5, coveredstatements=3, conditionals=2, coveredconditionals=1)
    file = only_file(coverage(source('<line num="4" type="stmt" count="2"/>', totals)))
    assert (file.line_ratio, branch_ratio(file)) == (Ratio(3, 5), Ratio(1, 2))


def test_a_report_of_openclover_without_lines_is_refused() -> None:
    totals = metrics(statements=5, coveredstatements=3, conditionals=0, coveredconditionals=0)
    with pytest.raises(UnreadableArtifact, match=r"counts 5 statements and names no line of them at '.*Shop"):
        only_file(coverage(source("", totals)))


def test_openclovers_test_code_is_named_and_read_as_well() -> None:
    tests = source(
        '<line num="1" type="stmt" count="1"/>', metrics(statements=1, coveredstatements=1), "/t.java"
    )
    text = coverage(OPEN_CLOVER).replace(
        "</project>",
        f'</project><testproject timestamp="1"><package name="t">{tests}</package></testproject>',
    )
    assert {name.text for name in read_bytes(text.encode()).files} == {"/src/acme/Shop.java", "/t.java"}


def test_reportgenerator_lists_a_line_for_each_condition_and_method() -> None:
    lines = (
        '<line signature="Pay" num="3" count="2" type="method"/>'
        '<line falsecount="1" truecount="3" num="4" type="cond"/><line num="5" count="0" type="stmt"/>'
        '<line falsecount="2" truecount="0" num="7" type="cond"/>'
    )
    totals = metrics(statements=4, coveredstatements=2, conditionals=6, coveredconditionals=3, methods=1)
    file = only_file(coverage(source(lines, totals), clover="4.3.1"))
    assert (file.line_ratio, branch_ratio(file)) == (Ratio(2, 4), Ratio(3, 6))
    assert missing_lines(file) == {5, 7}


PHP_LINES = (
    '<line num="5" type="method" complexity="1" count="0" signature="one(): int" visibility="public"/>'
    '<line num="6" type="method" complexity="1" count="1" signature="two(): int" visibility="public"/>'
    '<line num="8" type="stmt" count="1"/>'
)


def test_phpunits_openclover_is_read_like_its_clover() -> None:
    totals = metrics(statements=2, coveredstatements=1, conditionals=3, coveredconditionals=2, methods=2)
    text = coverage(source(PHP_LINES, totals, "/app/src/Shop.php"), clover="12.5.1")
    file = only_file(text)
    assert (file.line_ratio, branch_ratio(file)) == (Ratio(1, 2), Ratio(2, 3))
    assert missing_lines(file) == {5}
    assert read_bytes(text.encode()).writer == "php-code-coverage 12.5.1"


def test_nette_tester_counts_lines_outside_of_methods_which_its_metrics_leave_out() -> None:
    lines = '<line num="3" type="stmt" count="1"/><line num="9" type="stmt" count="0"/>'
    totals = metrics(methods=1, statements=1, coveredstatements=1, conditionals=0, coveredconditionals=0)
    file = only_file(coverage(source(lines, totals), clover=None, conditionals=0))
    assert (file.line_ratio, file.branches) == (Ratio(1, 2), None)


def test_a_report_without_metrics_is_read_by_its_lines() -> None:
    # Kahlan's, and goclover's: it leaves the path empty.
    lines = '<line num="3" type="stmt" count="1"/><line num="9" type="stmt" count="0"/>'
    text = coverage(f'<file name="acme/shop.go" path="">{lines}</file>', clover="", conditionals=0)
    report = read_bytes(text.encode())
    assert report.files[SourceName("acme/shop.go")].line_ratio == Ratio(1, 2)


def test_a_converter_that_writes_like_istanbul_without_branches_or_methods_measured_none() -> None:
    # As apex-code-coverage-transformer does.
    totals = metrics(statements=1, coveredstatements=1, conditionals=0, coveredconditionals=0, methods=0)
    text = coverage(
        source('<line num="1" count="1" type="stmt"/>', totals),
        clover="3.2.0",
        name="All files",
        conditionals=0,
    ).replace('methods="1"', 'methods="0"')
    assert only_file(text).branches is None


# Any report of Istanbul's.

Line = tuple[int, int, int]
"""Count, taken branches, other branches."""

istanbul_lines = st.dictionaries(
    st.integers(1, 2000),
    st.tuples(st.integers(0, 10**12), st.integers(0, 3), st.integers(0, 3)),
    max_size=8,
)
dropped = st.tuples(st.integers(0, 3), st.integers(0, 3))


def istanbul(lines: Mapping[int, Line], taken: int, others: int) -> str:
    elements = "".join(
        f'<line num="{num}" count="{count}" type="cond" truecount="{true}" falsecount="{false}"/>'
        if true + false
        else f'<line num="{num}" count="{count}" type="stmt"/>'
        for num, (count, true, false) in sorted(lines.items())
    )
    ratio = istanbul_branches(lines, taken, others)
    totals = metrics(
        statements=len(lines),
        coveredstatements=sum(count > 0 for count, _, _ in lines.values()),
        conditionals=ratio.total,
        coveredconditionals=ratio.covered,
    )
    return coverage(source(elements, totals, "/src/a.js"), clover="3.2.0", name="All files")


def istanbul_branches(lines: Mapping[int, Line], taken: int, others: int) -> Ratio:
    covered = taken + sum(true for _, true, _ in lines.values())
    return Ratio(covered, covered + others + sum(false for _, _, false in lines.values()))


@settings(deadline=None, max_examples=60)
@given(lines=istanbul_lines, rest=dropped)
def test_counts_of_any_report_are_the_sums_of_its_lines_and_of_what_it_drops(
    lines: dict[int, Line], rest: tuple[int, int]
) -> None:
    file = only_file(istanbul(lines, *rest))
    assert file.line_ratio == Ratio(sum(count > 0 for count, _, _ in lines.values()), len(lines))
    assert branch_ratio(file) == istanbul_branches(lines, *rest)
    assert missing_lines(file) == {num for num, (count, _, _) in lines.items() if not count}


@settings(deadline=None, max_examples=40)
@given(data=st.data(), lines=istanbul_lines, rest=dropped)
def test_shards_merge_to_the_larger_counts_of_each_line(
    data: st.DataObject, lines: dict[int, Line], rest: tuple[int, int]
) -> None:
    def shard() -> tuple[dict[int, Line], int]:
        return {
            num: (data.draw(st.integers(0, 1)), taken, true + false - taken)
            for num, (_, true, false) in lines.items()
            for taken in [data.draw(st.integers(0, true + false))]
        }, data.draw(st.integers(0, sum(rest)))

    shards = [shard() for _ in range(3)]
    files = [only_file(istanbul(one, taken, sum(rest) - taken)) for one, taken in shards]
    merged = files[0] | files[1] | files[2]
    assert merged == files[2] | files[0] | files[1] | files[2]
    assert merged.line_ratio == Ratio(sum(any(one[num][0] for one, _ in shards) for num in lines), len(lines))
    taken = sum(max(one[num][1] for one, _ in shards) for num in lines) + max(taken for _, taken in shards)
    assert branch_ratio(merged) == Ratio(taken, istanbul_branches(lines, *rest).total)


instances = st.dictionaries(st.integers(1, 50), st.lists(st.booleans(), min_size=1, max_size=4), max_size=6)


def gcovr(lines: Mapping[int, list[bool]]) -> str:
    elements = "".join(
        f'<line num="{num}" type="stmt" count="{int(ran)}"/>' for num, runs in lines.items() for ran in runs
    )
    ratio = gcovr_lines(lines)
    totals = metrics(statements=ratio.total, coveredstatements=ratio.covered, conditionals=0)
    return coverage(source(elements, totals, "lib/a.hpp"), clover="1795379781000", conditionals=0)


def gcovr_lines(lines: Mapping[int, list[bool]]) -> Ratio:
    return Ratio(sum(map(sum, lines.values())), sum(map(len, lines.values())))


@settings(deadline=None, max_examples=60)
@given(first=instances, second=instances)
def test_instances_of_two_programs_merge_to_the_larger_counts_of_each_line(
    first: dict[int, list[bool]], second: dict[int, list[bool]]
) -> None:
    one, other = only_file(gcovr(first)), only_file(gcovr(second))
    assert (one.line_ratio, other.line_ratio) == (gcovr_lines(first), gcovr_lines(second))
    both = {num: (first.get(num, []), second.get(num, [])) for num in {*first, *second}}
    covered = sum(max(map(sum, runs)) for runs in both.values())
    total = sum(max(map(len, runs)) for runs in both.values())
    assert (one | other).line_ratio == (other | one).line_ratio == Ratio(covered, total)


Method = tuple[bool, list[bool]]
"""Whether a statement shares the method's own line, and for each other statement whether it ran."""

methods = st.lists(
    st.tuples(st.booleans(), st.lists(st.booleans(), max_size=3)).filter(any),
    min_size=1,
    max_size=6,
)


def phpunit(methods: list[Method], after: list[bool]) -> tuple[str, list[bool]]:
    """A class and statements after it, and of all statements whether they ran.

    The statement on a method's own line is its first: it ran where any other did, and alone it never did.
    """
    rows: list[str] = []
    ran: list[bool] = []
    for shares, others in methods:
        ran += [any(others)] * shares + others
        rows.append(f'type="method" count="{int(any(others))}"')
        rows += (f'type="stmt" count="{int(one)}"' for one in others)
    ran += after
    rows += (f'type="stmt" count="{int(one)}"' for one in after)
    lines = "".join(f'<line num="{num}" {row}/>' for num, row in enumerate(rows, 1))
    totals = metrics(statements=len(ran), coveredstatements=sum(ran), conditionals=0)
    file = f'<file name="/app/Shop.php">{lines}{totals}</file>'
    return coverage(file, clover=None, conditionals=0), ran


@settings(deadline=None, max_examples=80)
@given(data=st.data(), methods=methods, after=st.lists(st.booleans(), max_size=2))
def test_statements_behind_methods_count_as_phpunit_counts_them_and_merge_to_none_too_many(
    data: st.DataObject, methods: list[Method], after: list[bool]
) -> None:
    def other(runs: list[bool]) -> list[bool]:
        return [data.draw(st.booleans()) for _ in runs]

    shards = [
        phpunit(methods, after),
        phpunit([(shares, other(runs)) for shares, runs in methods], other(after)),
    ]
    files = [only_file(text) for text, _ in shards]
    for file, (_, ran) in zip(files, shards, strict=True):
        assert file.line_ratio == Ratio(sum(ran), len(ran))
    merged = (files[0] | files[1]).line_ratio
    both = [one or another for one, another in zip(*(ran for _, ran in shards), strict=True)]
    assert max(sum(ran) for _, ran in shards) <= merged.covered <= sum(both)
    assert merged.total == len(both)


# Everything that is no evidence.


def of_totals(**changes: int) -> str:
    totals = {"statements": 3, "coveredstatements": 2, "conditionals": 2, "coveredconditionals": 1} | changes
    lines = (
        '<line num="1" count="1" type="stmt"/>'
        '<line num="2" count="4" type="cond" truecount="1" falsecount="1"/>'
        '<line num="3" count="0" type="stmt"/>'
    )
    return coverage(source(lines, metrics(**totals), "/src/a.js"), clover="3.2.0", name="All files")


def test_a_plain_document_is_read() -> None:
    file = only_file(of_totals())
    assert (file.line_ratio, branch_ratio(file)) == (Ratio(2, 3), Ratio(1, 2))
    assert missing_lines(file) == {3}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"statements": 4}, "2 of 3 statements are covered line by line, 2 of 4 by its metrics"),
        ({"coveredstatements": 3}, "2 of 3 statements .*, 3 of 3 by its metrics"),
        ({"coveredstatements": 4}, "4 of 3 statements are covered"),
        ({"conditionals": 1}, "1 of 2 conditionals .*, 1 of 1 by its metrics"),
        ({"coveredconditionals": 0}, "1 of 2 conditionals .*, 0 of 2 by its metrics"),
        ({"coveredconditionals": 3}, "3 of 2 conditionals are covered"),
    ],
)
def test_lines_that_contradict_the_metrics_are_no_evidence(changes: dict[str, int], sentence: str) -> None:
    place = r"at '/src/a\.js' \(line 6 of the report\): "
    with pytest.raises(UnreadableArtifact, match=f"contradicts itself {place}{sentence}"):
        only_file(of_totals(**changes))


@pytest.mark.parametrize("clover", [None, "4.5.2", "1795379781000", "1.01"])
@pytest.mark.parametrize(("statements", "covered"), [(1, 1), (2, 0), (9, 9)])
def test_no_other_writers_lines_may_contradict_its_metrics_either(
    clover: str | None, statements: int, covered: int
) -> None:
    lines = '<line num="1" count="1" type="stmt"/><line num="3" count="0" type="stmt"/>'
    totals = metrics(statements=statements, coveredstatements=covered, conditionals=0, coveredconditionals=0)
    file = f'<file name="/a.php" path="/a.php">{lines}{totals}</file>'
    with pytest.raises(UnreadableArtifact, match=r"contradicts itself at '/a\.php'"):
        only_file(coverage(file, clover=clover))


@pytest.mark.parametrize(
    "line",
    [
        '<line num="-1" count="1" type="stmt"/>',
        '<line num="0" count="1" type="stmt"/>',
        '<line num="99999999" count="1" type="stmt"/>',
        '<line num="1" count="-1" type="stmt"/>',
        '<line num="1" count="NaN" type="stmt"/>',
        '<line num="1" count="1e21" type="stmt"/>',
        '<line num="1" count="1" type="branch"/>',
        '<line num="1" count="1"/>',
        '<line num="1" count="1" type="cond" truecount="-1" falsecount="3"/>',
        '<line num="1" count="1" type="stmt"/><line num="1" count="1" type="stmt"/>',
        f'<line num="1" count="{"9" * 5000}" type="stmt"/>',
    ],
)
def test_what_is_no_count_is_refused_with_the_place(line: str) -> None:
    text = coverage(source(line, "", "/src/a.js"), clover="3.2.0", name="All files")
    with pytest.raises(UnreadableArtifact, match=r"at '/src/a\.js' \(line 6 of the report\)") as refusal:
        only_file(text)
    assert "\n" not in str(refusal.value)


def test_only_wanted_files_are_decoded_and_the_others_are_named() -> None:
    broken = source('<line num="x" type="none"/>', "", "/src/broken.java")
    report = read_bytes(coverage(broken + OPEN_CLOVER).encode(), Files({"/src/acme/Shop.java"}))
    assert {name.text for name in report.names} == {"/src/broken.java", "/src/acme/Shop.java"}
    assert {name.text for name in report.files} == {"/src/acme/Shop.java"}


@pytest.mark.parametrize("wanted", [None, ()])
@pytest.mark.parametrize("inside", [True, False])
def test_deep_nesting_is_refused_wherever_it_stands(wanted: tuple[str, ...] | None, inside: bool) -> None:
    deep = "<a>" * 300 + "</a>" * 300
    text = coverage(source(deep, "") if inside else deep)
    with pytest.raises(UnreadableArtifact, match="nested more than"):
        read_bytes(text.encode(), Files(wanted))


@pytest.mark.parametrize(
    "data",
    [
        b'<coverage version="7.6" timestamp="1" line-rate="1"><sources/><packages/></coverage>',
        b'<coverage version="1"><file path="a.js"/></coverage>',
        b'<report generated="1"><project/></report>',
        b'<!-- <coverage generated="1"> --><testsuites/>',
        b'{"coverage": "generated="}',
    ],
)
def test_other_formats_are_not_taken_for_clover(data: bytes) -> None:
    assert not clover.recognises(data)


def test_of_all_samples_of_all_formats_only_clovers_own_are_taken_for_it() -> None:
    samples = [path for path in DATA.parent.rglob("*") if path.is_file() and "programs" not in path.parts]
    taken = {path for path in samples if clover.recognises(ReportFile(path).sample)}
    assert taken == set(DATA.glob("*.xml"))


WHOLE = (DATA / "phpunit-paths.xml").read_bytes()


@settings(deadline=None)
@given(cut=st.integers(min_value=1, max_value=len(WHOLE) - len("</coverage>\n")))
def test_a_report_cut_off_anywhere_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(WHOLE[:cut])


@settings(deadline=None)
@given(
    name=st.sampled_from(sorted(EXPECTED)),
    data=st.binary(max_size=60),
    at=st.integers(0, 4500),
    length=st.integers(0, 50),
)
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    name: str, data: bytes, at: int, length: int
) -> None:
    whole = (DATA / name).read_bytes()
    try:
        read_bytes(whole[:at] + data + whole[at + length :])
    except UnreadableArtifact as error:
        assert "\n" not in str(error)


# What nobody wants is left out before the parser sees it.


@settings(deadline=None)
@given(data=damaged([DATA / name for name in EXPECTED]), piece=st.sampled_from([1 << 20, 1500, 701]))
def test_what_is_left_out_unread_changes_neither_names_nor_refusals(data: bytes, piece: int) -> None:
    assert same_without_leaving_out(clover, data, piece)


@pytest.mark.parametrize("name", ["nyc.xml", "istanbul-0.4.xml", "vitest-v8.xml", "phpunit-paths.xml"])
def test_of_a_file_that_nobody_wants_only_metrics_and_a_line_reach_the_reader(name: str) -> None:
    # PHPUnit's hold a class and its metrics, too.
    assert elements_seen(DATA / name) <= 4 * len(EXPECTED[name]["files"])
