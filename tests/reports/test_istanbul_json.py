from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.formats import coverage_py_json, istanbul_json
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage, Function
from tests.reports.reading import EVERYTHING, Files, read_bytes, read_file

DATA = Path(__file__).parents[1] / "data" / "istanbul"
EXPECTED: dict[str, dict[str, Any]] = json.loads((DATA / "expected.json").read_text())
REFUSED = {"summary", "nyc-typescript-raw"}
SAMPLES = sorted(name for name in EXPECTED if (DATA / f"{name}.json").exists() and name not in REFUSED)
SETS = sorted(name for name in EXPECTED if not (DATA / f"{name}.json").exists())

Document = dict[str, Any]
Totals = tuple[Ratio, Ratio]


def files_of(data: bytes, repository: Files = EVERYTHING) -> dict[str, FileCoverage]:
    return {name.text: file for name, file in read_bytes(data, repository).files.items()}


def sample(name: str) -> bytes:
    return (DATA / f"{name}.json").read_bytes()


def totals(files: Iterable[FileCoverage]) -> Totals:
    """Lines and branches of some files together."""
    files = list(files)
    branches = [file.branches.ratio for file in files if file.branches is not None]
    assert len(branches) == len(files)
    return sum((file.line_ratio for file in files), Ratio(0, 0)), sum(branches, Ratio(0, 0))


def expected(name: str) -> Totals:
    return Ratio(*EXPECTED[name]["lines"]), Ratio(*EXPECTED[name]["branches"])


def united(shards: Iterable[dict[str, FileCoverage]]) -> dict[str, FileCoverage]:
    merged: dict[str, FileCoverage] = {}
    for shard in shards:
        merged |= {name: merged[name] | file if name in merged else file for name, file in shard.items()}
    return merged


# What the tools themselves say.


@pytest.mark.parametrize("name", SAMPLES)
def test_counts_equal_the_writing_tools_own_summary(name: str) -> None:
    assert totals(files_of(sample(name)).values()) == expected(name)


@pytest.mark.parametrize("name", SETS)
def test_shards_merge_to_what_the_tool_counts_for_all_of_them_in_any_order(name: str) -> None:
    paths = [path for path in sorted(DATA.glob(f"{name}-*.json")) if path.stem in SHARDS[name]]
    shards = [files_of(path.read_bytes()) for path in paths]
    for order in itertools.permutations(shards):
        assert totals(united((*order, order[0])).values()) == expected(name)


SHARDS = {
    name: [f"{name}-{shard}" for shard in ("first", "second", "third") if f"{name}-{shard}" in EXPECTED]
    for name in SETS
}


def test_every_set_has_its_shards() -> None:
    assert {name: len(shards) for name, shards in SHARDS.items()} == {
        "c8": 3,
        "jest-v8": 3,
        "nyc": 3,
        "vitest-3-v8": 3,
        "vitest-5-v8": 2,
    }


def test_a_summary_is_refused_with_the_reporter_that_has_lines() -> None:
    with pytest.raises(UnreadableArtifact, match="totals but no lines: add the reporter `json`"):
        read_bytes(sample("summary"))


def test_compiled_code_is_refused_where_it_is_wanted() -> None:
    name = "/builds/till/src/price.ts"
    with pytest.raises(UnreadableArtifact, match=f"'{name}' as they were compiled: run `nyc report"):
        read_bytes(sample("nyc-typescript-raw"))
    assert {found.text for found in read_bytes(sample("nyc-typescript-raw"), Files(())).names} == {name}


# Reading.


def at(
    line: int | None, column: int | None = 0, last: int | None = None, last_column: int | None = 9
) -> Document:
    end = {"line": line if last is None else last, "column": last_column}
    return {"start": {"line": line, "column": column}, "end": end}


def fork(place: Document, branches: int = 2, kind: str = "if") -> Document:
    return {"loc": place, "type": kind, "locations": [place] * branches}


def document(**changes: Any) -> Document:
    file = {
        "path": "src/a.js",
        "statementMap": {"0": at(1), "1": at(2), "2": at(2, 5), "3": at(4)},
        "s": {"0": 1, "1": 0, "2": 7, "3": 0},
        "branchMap": {"0": fork(at(2))},
        "b": {"0": [3, 0]},
        "fnMap": {"0": {"name": "f", "decl": at(1, 9), "loc": at(1, 20, 3)}},
        "f": {"0": 1},
    }
    return {"src/a.js": file | changes}


def encoded(value: Document) -> bytes:
    return json.dumps(value).encode()


def only_file(**changes: Any) -> FileCoverage:
    (file,) = files_of(encoded(document(**changes))).values()
    return file


def test_a_line_is_as_covered_as_the_most_executed_statement_that_begins_in_it() -> None:
    file = only_file()
    assert totals([file]) == (Ratio(2, 3), Ratio(1, 2))
    assert line_ranges(file.missing_lines) == ((4, 4),)


def test_the_format_is_named() -> None:
    name, report = read_file(DATA / "nyc-first.json")
    assert (name, report.writer) == ("Istanbul JSON", "Istanbul")


def test_files_of_no_module_are_named_but_not_decoded() -> None:
    report = read_bytes(encoded(document() | {"other.js": {"not": "even a file"}}), Files({"src/a.js"}))
    assert {name.text for name in report.names} == {"src/a.js", "other.js"}
    assert {name.text for name in report.files} == {"src/a.js"}


def test_windows_names_are_kept_as_they_are() -> None:
    name = r"C:\shop\src\a.js"
    assert set(files_of(encoded({name: document()["src/a.js"]}))) == {name}


def test_a_file_that_is_wrapped_into_data_is_read_like_any_other() -> None:
    wrapped = {"src/a.js": {"data": document()["src/a.js"]}}
    assert totals(files_of(encoded(wrapped)).values()) == totals([only_file()])


def test_a_count_that_was_not_a_number_covers_nothing() -> None:
    file = only_file(s={"0": None, "1": 0, "2": 7, "3": None}, b={"0": [None, 2]})
    assert totals([file]) == (Ratio(1, 3), Ratio(1, 2))


def test_a_null_count_without_a_place_counts_nothing() -> None:
    assert totals([only_file(s={"0": 1, "1": 0, "2": 7, "3": 0, "4": None})]) == totals([only_file()])


def test_the_truth_of_logic_is_no_branch() -> None:
    assert totals([only_file(bT={"0": [9, 9]})]) == totals([only_file()])


def test_a_file_without_branches_has_measured_none() -> None:
    file = only_file(branchMap={}, b={})
    assert file.branches is not None
    assert file.branches.ratio == Ratio(0, 0)


def test_a_branch_stands_in_the_line_of_its_fork() -> None:
    implicit_else: Document = {"start": {}, "end": {}}
    file = only_file(branchMap={"0": {"loc": at(2), "type": "if", "locations": [at(3), implicit_else]}})
    assert file.branches is not None
    assert file.branches.by_line() == {2: Ratio(1, 2)}


@pytest.mark.parametrize(
    "place",
    [
        {"locations": [at(2), at(3)], "line": 2},
        {"loc": {"start": {}, "end": {}}, "locations": [{"start": {}, "end": {}}, at(2)]},
        {"loc": at(2, 4, 2, None), "locations": []},
        {"loc": at(2, 4, None, -1)},
        {"line": 2},
    ],
    ids=repr,
)
def test_a_fork_is_placed_by_whatever_it_tells(place: Document) -> None:
    file = only_file(branchMap={"0": {"type": "if", **place}})
    assert file.branches is not None
    assert file.branches.by_line() == {2: Ratio(1, 2)}


def test_forks_that_a_source_map_puts_in_one_place_are_all_counted() -> None:
    forks = {str(key): fork(at(2)) for key in range(3)}
    assert totals([only_file(branchMap=forks, b={"0": [1, 0], "1": [0, 1], "2": [0, 0]})])[1] == Ratio(2, 6)


def test_functions_have_the_statements_in_their_lines() -> None:
    assert only_file().functions == (Function("f", 0b0110),)


def test_functions_of_one_name_are_told_apart_by_their_lines() -> None:
    functions = {
        "0": {"name": "f", "decl": at(1), "loc": at(1)},
        "1": {"name": "f", "decl": at(4), "loc": at(4)},
    }
    assert [function.name for function in only_file(fnMap=functions, f={"0": 1, "1": 0}).functions] == [
        "f (line 1)",
        "f (line 4)",
    ]


def test_a_function_without_a_name_statements_or_a_whole_place_is_left_out() -> None:
    functions = {
        "0": {"name": None, "decl": at(1), "loc": at(1)},
        "1": {"name": "nothing in it", "decl": at(3), "loc": at(3)},
        "2": {"name": "of 0.4", "line": 1, "loc": at(1)},
        "3": {"name": "open", "decl": at(1), "loc": {"start": {"line": 1}, "end": {"line": None}}},
        "4": {"name": "(empty-report)", "decl": at(1, 0, 4), "loc": at(1, 0, 4)},
    }
    assert only_file(fnMap=functions, f=dict.fromkeys(functions, 0)).functions == ()


def test_solidity_coverages_own_lines_are_the_lines() -> None:
    assert totals([only_file(l={"1": 1, "2": 0, "9": 0})])[0] == Ratio(1, 3)


# Telling it apart.


@pytest.mark.parametrize(
    "beginning", ['{"src/a.js":{"path":"src/a.js",', '{\n  "src/a.js": {\n    "all": false,\n', " \n{"]
)
@pytest.mark.parametrize("key", ["statementMap", "branchMap", "fnMap", "inputSourceMap"])
def test_any_of_its_maps_tells_it(beginning: str, key: str) -> None:
    assert istanbul_json.recognises(f'{beginning}"{key}" : {{'.encode())


def test_a_huge_source_map_in_front_hides_nothing() -> None:
    file = document()["src/a.js"]
    huge = {"src/a.js": {"inputSourceMap": {"version": 3, "mappings": "A" * 200_000}, **file}}
    with pytest.raises(UnreadableArtifact, match="compiled"):
        read_bytes(encoded(huge))


def test_a_coverage_py_report_of_functions_called_like_its_keys_is_not_taken_for_it() -> None:
    report = (
        b'{"files": {"a.py": {"executed_lines": [1], "functions": {"statementMap": {"executed_lines": []}}}}}'
    )
    assert coverage_py_json.recognises(report)
    assert not istanbul_json.recognises(report)


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b'{"inputSourceMap": true}', b'{"statementMap": 1}', b"mode: set\n"]
)
def test_other_content_is_not_its(data: bytes) -> None:
    assert not istanbul_json.recognises(data)


# Everything that is no evidence.


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"s": {"0": 1, "1": 0, "2": 7}}, "at 'src/a.js': no count of statement '3'"),
        ({"s": {"0": 1, "1": 0, "2": 7, "3": 0, "4": 1}}, "at 'src/a.js': no place of statement '4'"),
        ({"b": {}}, "at 'src/a.js': no count of branch '0'"),
        ({"b": {"0": [1, 0], "1": [1]}}, "at 'src/a.js': no place of branch '1'"),
        ({"s": {"0": -1, "1": 0, "2": 7, "3": 0}}, r"at 'src/a.js': Expected `int` >= 0 - at `\$.s"),
        ({"b": {"0": [1, -1]}}, r"at 'src/a.js': Expected `int` >= 0 - at `\$.b"),
        ({"b": {"0": [1, 0.5]}}, "at 'src/a.js': Expected `int"),
        ({"s": {"0": 1, "1": 0, "2": 7, "3": "0"}}, "at 'src/a.js': Expected `int"),
        ({"b": {"0": 1}}, "at 'src/a.js': Expected `array`"),
        ({"f": None}, "at 'src/a.js': Expected `object`"),
        ({"statementMap": []}, "at 'src/a.js': Expected `object`"),
        ({"statementMap": {"0": {}, "1": at(2), "2": at(2), "3": at(4)}}, "missing required field `start`"),
        ({"statementMap": {"0": at(0), "1": at(2), "2": at(2), "3": at(4)}}, "line 0 of 'src/a.js'"),
        ({"statementMap": {"0": at(None), "1": at(2), "2": at(2), "3": at(4)}}, "line None of 'src/a.js'"),
        ({"statementMap": {"0": at(10**9), "1": at(2), "2": at(2), "3": at(4)}}, "line 1000000000 of"),
        ({"branchMap": {"0": fork(at(0))}}, "line 0 of 'src/a.js'"),
        ({"branchMap": {"0": {"type": "if"}}}, "line None of 'src/a.js'"),
        ({"branchMap": {"0": fork(at(2), kind="if#0\n")}}, "at 'src/a.js': Expected `str` matching"),
        ({"l": {"x": 1}}, "at 'src/a.js'"),
    ],
    ids=repr,
)
def test_a_report_that_contradicts_itself_is_refused_with_the_place(changes: Document, message: str) -> None:
    with pytest.raises(UnreadableArtifact, match=message) as refusal:
        only_file(**changes)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("key", ["statementMap", "s", "branchMap", "b", "fnMap", "f"])
def test_a_file_that_lacks_a_key_is_refused(key: str) -> None:
    incomplete = document()
    del incomplete["src/a.js"][key]
    with pytest.raises(UnreadableArtifact, match=f"at 'src/a.js': Object missing required field `{key}`"):
        read_bytes(encoded(incomplete))


def hostile_ranges(shape: Callable[[int], Document], number: int) -> Document:
    """V8's ranges, a report of many that another one does not list."""
    places = [shape(index) for index in range(number)]
    return document(
        branchMap={str(key): fork(place, 1, "branch") for key, place in enumerate(places)},
        b={str(key): [key % 2] for key in range(number)},
    )


@pytest.mark.parametrize(
    "shape",
    [
        lambda index: at(1, index, 1, 200_000 - index),  # each in the one before
        lambda index: at(1, index, 1, 200_000 + index),  # each across the one before
        lambda index: at(1, 9 * index, 1, 9 * index + 5),  # side by side
        lambda index: at(1, 1, 1, 200_000 - index),
    ],
    ids=["nested", "crossing", "disjoint", "together"],
)
def test_hostile_ranges_take_no_quadratic_time(shape: Callable[[int], Document]) -> None:
    def shifted(index: int) -> Document:
        place = shape(index)
        return at(1, place["start"]["column"] + 2, 1, place["end"]["column"] - 1)

    shards = [files_of(encoded(hostile_ranges(places, 5_000))) for places in (shape, shifted)]
    began = time.perf_counter()
    assert totals(united(shards).values())[1].total >= 9_999
    assert time.perf_counter() - began < 3


def test_the_lines_of_hostile_functions_take_no_memory() -> None:
    functions = {str(key): {"name": f"f{key}", "decl": at(1), "loc": at(1, 0, 2**60)} for key in range(1_000)}
    places = {"0": at(1), "1": at(2), "2": at(2), "3": at(4_999_999)}
    file = only_file(fnMap=functions, f=dict.fromkeys(functions, 0), statementMap=places)
    assert file.functions == ()
    assert file.line_ratio == Ratio(2, 3)


@pytest.mark.parametrize("count", ["9" * 5_000, "1e400", "1e5000000"])
def test_a_count_beyond_belief_is_read_or_refused(count: str) -> None:
    data = encoded(document(b={"0": ["COUNT", 0]})).replace(b'"COUNT"', count.encode())
    try:
        assert totals(files_of(data).values()) == totals([only_file()])
    except UnreadableArtifact as error:
        assert "\n" not in str(error)


def test_deep_nesting_is_refused() -> None:
    deep = b'{"a": {"statementMap": {' + b'"x": {"y": ' * 100_000
    with pytest.raises(UnreadableArtifact):
        read_bytes(deep)


@given(cut=st.integers(min_value=0, max_value=len(sample("c8-first").rstrip()) - 1))
def test_a_report_cut_off_anywhere_is_never_evidence(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(sample("c8-first")[:cut])


@given(
    name=st.sampled_from(SAMPLES),
    data=st.binary(max_size=50),
    at=st.integers(0, 7000),
    length=st.integers(0, 50),
)
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    name: str, data: bytes, at: int, length: int
) -> None:
    whole = sample(name)
    try:
        for ratio in totals(files_of(whole[:at] + data + whole[at + length :]).values()):
            assert 0 <= ratio.covered <= ratio.total
    except UnreadableArtifact as error:
        assert "\n" not in str(error)


# Any document, by arithmetic.

COUNTS = st.sampled_from((0, 0, 1, 5))
FORKS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3)), max_size=6, unique=True)


def syntax_report(
    statements: list[tuple[int, int]], forks: list[tuple[int, int]], hits: list[list[int]], keys: list[int]
) -> Document:
    """Forks with so many branches as their second number says, under any keys."""
    return document(
        statementMap={str(key): at(line, key) for key, (line, _) in enumerate(statements)},
        s={str(key): count for key, (_, count) in enumerate(statements)},
        branchMap={
            str(key): fork(at(line, number), number) for key, (line, number) in zip(keys, forks, strict=True)
        },
        b={str(key): counts for key, counts in zip(keys, hits, strict=True)},
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(st.integers(1, 20), max_size=12), forks=FORKS, data=st.data())
def test_any_shards_are_counted_by_line_and_by_the_place_of_the_branch(
    lines: list[int], forks: list[tuple[int, int]], data: st.DataObject
) -> None:
    executed_lines: set[int] = set()
    executed_branches: set[tuple[int, int]] = set()
    shards = []
    for _ in range(data.draw(st.integers(1, 3))):
        statements = [(line, data.draw(COUNTS)) for line in lines]
        hits = [[data.draw(COUNTS) for _ in range(number)] for _, number in forks]
        executed_lines |= {line for line, count in statements if count}
        executed_branches |= {
            (key, i) for key, counts in enumerate(hits) for i, count in enumerate(counts) if count
        }
        keys = data.draw(st.permutations(range(len(forks))))
        (file,) = files_of(encoded(syntax_report(statements, forks, hits, keys))).values()
        shards.append(file)
    branches = sum(number for _, number in forks)
    expected = Ratio(len(executed_lines), len(set(lines))), Ratio(len(executed_branches), branches)
    assert totals([reduce(or_, shards)]) == expected
    assert totals([reduce(or_, (*reversed(shards), shards[0]))]) == expected


# V8's ranges, listed by its own rule: a block where its count differs from that around it, a function where
# it ran, and a function with a name also where it did not.


class Block:
    """A block or a function, with what is inside of it, over whole lines or all in one line."""

    def __init__(self, kind: str, children: list[Block]) -> None:
        self.kind = kind
        self.children = children
        self.first = self.last = 0

    def lay_out(self, free: int) -> int:
        """Take the lines (or columns) from `free` on; the next free one."""
        self.first = free
        for child in self.children:
            free = child.lay_out(free + 1)
        self.last = free + 1
        return self.last + 1

    def place(self, *, in_one_line: bool) -> Document:
        return at(1, self.first, 1, self.last) if in_one_line else at(self.first, 0, self.last, 9)


def blocks(kinds: tuple[str, ...], depth: int) -> st.SearchStrategy[Block]:
    children = st.lists(blocks(kinds, depth - 1), max_size=3) if depth else st.just([])
    return st.builds(Block, st.sampled_from(kinds), children)


class V8Run:
    """One run, and what it lists."""

    def __init__(self, program: Block, count: Callable[[int], int]) -> None:
        self._count = count
        self.counts: dict[Block, int] = {}
        self.lines: dict[int, int] = {}
        self.listed: dict[Block, int] = {}
        self.functions: dict[Block, int] = {}
        self._run(program, 1, 0, hidden=False)

    def _run(self, block: Block, count: int, around: int, *, hidden: bool) -> None:
        self.counts[block] = count
        self.lines |= dict.fromkeys(range(block.first, block.last + 1), count)
        is_block = block.kind == "block"
        if not hidden:
            if block.kind == "function":
                self.functions[block] = count
            if count != around if is_block else count:
                self.listed[block] = count
        for child in block.children:
            inner = self._count(count)
            self._run(child, inner, count, hidden=hidden or not (is_block or count))

    def report(self, *, in_one_line: bool) -> FileCoverage:
        places = {block: block.place(in_one_line=in_one_line) for block in self.counts}
        lines = {1: 1} if in_one_line else self.lines
        functions = [{"name": "f", "decl": places[block], "loc": places[block]} for block in self.functions]
        return only_file(
            statementMap={str(line): at(line) for line in lines},
            s={str(line): count for line, count in lines.items()},
            branchMap={str(i): fork(places[block], 1, "branch") for i, block in enumerate(self.listed)},
            b={str(i): [count] for i, count in enumerate(self.listed.values())},
            fnMap={str(i): function for i, function in enumerate(functions)},
            f={str(i): count for i, count in enumerate(self.functions.values())},
        )


@pytest.mark.parametrize(
    ("in_one_line", "kinds"),
    [(False, ("block", "block", "function", "nameless")), (True, ("block", "block", "function"))],
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_v8s_ranges_of_any_runs_merge_to_what_was_executed(
    in_one_line: bool, kinds: tuple[str, ...], data: st.DataObject
) -> None:
    program = Block("function", data.draw(st.lists(blocks(kinds, 3), max_size=3)))
    program.lay_out(1)

    def count(around: int) -> int:
        return data.draw(st.sampled_from((0, 1, around, around))) if around else 0

    runs = [V8Run(program, count) for _ in range(data.draw(st.integers(1, 4)))]
    known = {block for run in runs for block in run.listed}
    executed = {block for run in runs for block, times in run.counts.items() if times}
    merged = reduce(or_, [run.report(in_one_line=in_one_line) for run in runs])
    assert merged.branches is not None
    assert merged.branches.ratio == Ratio(len(known & executed), len(known))
    if not in_one_line:
        assert {line for line, _ in merged.branches.missing} == {block.first for block in known - executed}


def test_a_file_that_was_never_loaded_yields_to_one_that_was() -> None:
    never = only_file(all=True, branchMap={"0": fork(at(1, 0, 9), 1, "branch")}, b={"0": [0]})
    assert totals([never])[1] == Ratio(0, 1)
    loaded = only_file()
    for merged in never | loaded, loaded | never, never | never | loaded:
        assert totals([merged]) == totals([loaded])
