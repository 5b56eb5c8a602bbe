from __future__ import annotations

import codecs
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.lines import Ratio, line_ranges
from gate.reports.model import FileCoverage
from tests.reports.reading import EVERYTHING, Files, read_bytes, read_file

DATA = Path(__file__).parents[1] / "data" / "go"
EXPECTED: dict[str, dict[str, str]] = json.loads((DATA / "expected.json").read_text())
SHARDS = ("price", "basket")
NAME = "example.org/shop/price/price.go"


def files_of(data: bytes, repository: Files = EVERYTHING) -> dict[str, FileCoverage]:
    return {name.text: file for name, file in read_bytes(data, repository).files.items()}


def sample(name: str) -> bytes:
    return (DATA / f"{name}.out").read_bytes()


def profile(*blocks: str, name: str = NAME) -> bytes:
    return "".join(("mode: count\n", *(f"{name}:{block}\n" for block in blocks))).encode()


def only_file(data: bytes) -> FileCoverage:
    (file,) = files_of(data).values()
    return file


def shown(files: Mapping[str, FileCoverage]) -> dict[str, str]:
    """As Go prints percentages."""
    return {
        name: f"{100 * file.line_ratio.covered / file.line_ratio.total:.1f}" for name, file in files.items()
    }


# What Go itself says.


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - {"merged"}))
def test_counts_equal_what_go_tool_cover_shows(name: str) -> None:
    assert shown(files_of(sample(name))) == EXPECTED[name]


def test_shards_merge_to_what_go_tool_cover_shows_for_both_together() -> None:
    one, other = (files_of(sample(shard)) for shard in SHARDS)
    merged = {
        name: one[name] | other[name] if name in one and name in other else (one | other)[name]
        for name in one | other
    }
    assert shown(merged) == EXPECTED["merged"]


def test_the_format_is_named_and_measures_no_branches() -> None:
    name, report = read_file(DATA / "set.out")
    assert name == "Go cover profile"
    assert report.writer == "Go"
    assert [file.branches for file in report.files.values()] == [None] * len(EXPECTED["set"])


# Reading.


def test_statements_are_counted_and_not_blocks_or_lines() -> None:
    file = only_file(profile("3.1,5.2 4 1", "7.1,9.2 3 0", "9.2,9.9 1 17"))
    assert file.line_ratio == Ratio(4 + 1, 4 + 3 + 1)
    assert line_ranges(file.missing_lines) == ((7, 8),)


def test_a_block_was_executed_when_one_of_its_repetitions_was() -> None:
    file = only_file(profile("3.1,5.2 4 0", "7.1,9.2 3 0", "3.1,5.2 4 2", "3.1,5.2 4 0"))
    assert file.line_ratio == Ratio(4, 7)


def test_blocks_that_overlap_are_told_apart_by_their_whole_place() -> None:
    assert only_file(profile("3.1,5.2 4 0", "3.1,6.2 2 1", "3.2,5.2 1 1")).line_ratio == Ratio(3, 7)


def test_a_block_of_no_statements_is_neither_counted_nor_missing() -> None:
    file = only_file(profile("3.1,5.2 4 1", "8.14,8.15 0 0"))
    assert file.line_ratio == Ratio(4, 4)
    assert file.missing_lines == 0


def test_a_block_that_ends_before_it_begins_covers_the_lines_between() -> None:
    file = only_file(profile("503.0,21.0 1 0"))
    assert line_ranges(file.missing_lines) == ((21, 503),)


def test_lines_of_a_file_count_wherever_they_stand() -> None:
    data = b"mode: set\n" + b"".join(
        b"%b:%d.1,%d.9 1 %d\n" % (name, line, line, line % 2)
        for line in range(1, 9)
        for name in (b"a.go", b"a.go.go", b"b/a.go")
    )
    assert {name: file.line_ratio for name, file in files_of(data).items()} == dict.fromkeys(
        ("a.go", "a.go.go", "b/a.go"), Ratio(4, 8)
    )


@pytest.mark.parametrize(
    "name",
    [
        "./price/price.go",
        "/home/runner/shop/price.go",
        r"C:\shop\price.go",
        "C:/shop/price.go",
        "example.org/a b/price 1 2.go",
        "odd:1.2,3.4 x.go",
        "preis/größe.go",
        "mode: set",
    ],
)
def test_a_name_is_everything_before_the_last_colon(name: str) -> None:
    assert set(files_of(profile("3.1,5.2 4 1", "6.1,7.2 4 0", name=name))) == {name}


def test_files_of_no_module_are_named_but_not_decoded() -> None:
    data = sample("set") + b"example.org/other.go:0.0,99999999999.9 1 1\n"
    report = read_bytes(data, Files({NAME}))
    assert {name.text for name in report.names} == {*EXPECTED["set"], "example.org/other.go"}
    assert [name.text for name in report.files] == [NAME]


@pytest.mark.parametrize("between", [b"", b"\n", b"mode: set\n", b"mode: count\r\n", b" \r\n\n"])
def test_profiles_put_one_behind_the_other_are_their_union(between: bytes) -> None:
    together = sample("price") + between + sample("basket").partition(b"\n")[2]
    assert shown(files_of(together)) == EXPECTED["merged"]


@pytest.mark.parametrize("change", [b"\r\n", b"\n"])
def test_windows_line_ends_a_byte_order_mark_and_no_last_line_end_change_nothing(change: bytes) -> None:
    data = codecs.BOM_UTF8 + sample("set").replace(b"\n", change).removesuffix(change)
    assert shown(files_of(data)) == EXPECTED["set"]


@pytest.mark.parametrize("data", [b"mode: set\n", b"mode: atomic\r\n\r\n", b"mode: count"])
def test_a_profile_without_blocks_names_nothing(data: bytes) -> None:
    assert not read_bytes(data).names


# Everything that is no evidence.


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"a.go:3.1,5.2 4\n", "in line 3: 'a.go:3.1,5.2 4'"),
        (b"a.go:3.1,5.2 4 -1\n", "in line 3: 'a.go:3.1,5.2 4 -1'"),
        (b"a.go:3.1,5.2 4 1.5\n", "in line 3"),
        (b"a.go:3.1,5.2 4 NaN\n", "in line 3"),
        (b"a.go:3,5 4 1\n", "in line 3"),
        (b"a.go: 3.1,5.2 4 1\n", "in line 3"),
        (b":3.1,5.2 4 1\n", "in line 3"),
        (b"mode: some\n", "in line 3: 'mode: some'"),
        (b"TN:\nSF:a.go\n", "in line 3: 'TN:'"),
        (b"a.go:3.1,5.", "cut off in line 3"),
        (b"a.go:3.1,5.2 4 ", "cut off in line 3"),
        (b"a.go:0.1,5.2 4 1\n", "line 0 of 'a.go'"),
        (b"a.go:3.1,0.2 4 1\n", "line 0 of 'a.go'"),
        (b"a.go:3.1,9999999.2 4 1\n", "line 9999999 of 'a.go'"),
        (b"a.go:3.1,5.2 " + b"9" * 5000 + b" 1\n", "beyond belief in 'a.go'"),
        (b"b.go:3.1,5.2 1 1a.go:3.1,5.2 1 1\n", "two blocks in line 3"),
        (b"\xff.go:3.1,5.2 4 1\n", "not UTF-8 in line 3"),
        (b"a.go:3.1,5.2 4 1\na.go:3.1,5.2 3 0\n", "line 3 has [34] statements, and [34] elsewhere"),
    ],
    ids=repr,
)
def test_a_line_that_is_no_block_is_refused_with_its_place(line: bytes, message: str) -> None:
    with pytest.raises(UnreadableArtifact, match=message) as refusal:
        read_bytes(b"mode: set\nb.go:1.1,2.2 1 1\n" + line)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("data", [b"mode: some\n", b"mode:set\n", b"mode: settings\n", b"a.go:1.1,2.2 1 1\n"])
def test_what_begins_without_a_mode_is_no_profile(data: bytes) -> None:
    with pytest.raises(UnreadableArtifact, match="not a coverage report"):
        read_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b":1" * 500_000,
        b":1.1,1.1 1 " * 100_000,
        b"a.go:" + b"1" * 1_000_000,
        b"a" * 1_000_000 + b"\n",
        (b"a" * 500_000 + b":1.1,1.1 1 0\n") * 2,
        b"".join(b"a.go:4999999.1,%d.1 1 0\n" % (4_900_000 + line) for line in range(30_000)),
        b"".join(
            b"a.go:%d.1,%d.1 1 %d\n" % (line, line + 5, line % 2) for line in range(4_900_000, 4_930_000)
        ),
    ],
    ids=range(7),
)
def test_hostile_lines_take_no_quadratic_time(data: bytes) -> None:
    began = time.perf_counter()
    try:
        for file in files_of(b"mode: set\n" + data).values():
            assert file.missing_lines
    except UnreadableArtifact:
        pass
    assert time.perf_counter() - began < 3


BLOCKS = st.builds("{}.{},{}.{}".format, *(st.integers(1, high) for high in (12, 3, 14, 3)))


@given(
    statements=st.dictionaries(BLOCKS, st.integers(0, 5), min_size=1),
    shards=st.lists(st.sets(st.integers(0, 50)), min_size=1, max_size=4),
    data=st.data(),
)
def test_any_shards_in_any_form_are_counted_by_their_blocks(
    statements: dict[str, int], shards: list[set[int]], data: st.DataObject
) -> None:
    # Shard by shard, which of the blocks were executed; all together in one profile, and one by one.
    def lines(shard: set[int]) -> list[str]:
        rows = [f"{block} {count} {int(i in shard)}" for i, (block, count) in enumerate(statements.items())]
        return data.draw(st.permutations(rows))

    executed = set().union(*shards)
    expected = Ratio(
        sum(count for i, count in enumerate(statements.values()) if i in executed), sum(statements.values())
    )
    profiles = [lines(shard) for shard in shards]
    assert only_file(profile(*(line for rows in profiles for line in rows))).line_ratio == expected
    first, *others = (only_file(profile(*rows)) for rows in profiles)
    merged = first
    for other in others:
        merged |= other
    assert merged.line_ratio == expected
    assert (merged | first).line_ratio == expected


@given(blocks=st.dictionaries(BLOCKS, st.booleans(), min_size=1))
def test_missing_lines_are_those_of_no_executed_block_or_all_of_a_block_without_such(
    blocks: dict[str, bool],
) -> None:
    spans = {}
    for block in blocks:
        first, last = sorted(int(position.partition(".")[0]) for position in block.split(","))
        spans[block] = set(range(first, last + 1))
    executed = set().union(*(spans[block] for block, ran in blocks.items() if ran))
    missing = set().union(
        *(spans[block] - executed or spans[block] for block, ran in blocks.items() if not ran)
    )
    file = only_file(profile(*(f"{block} 1 {int(ran)}" for block, ran in blocks.items())))
    assert {
        line for first, last in line_ranges(file.missing_lines) for line in range(first, last + 1)
    } == missing


@given(cut=st.integers(0, len(sample("coverpkg")) - 1))
def test_a_profile_cut_off_is_refused_or_has_whole_lines_only(cut: int) -> None:
    data = sample("coverpkg")[:cut]
    try:
        files = files_of(data)
    except UnreadableArtifact:
        assert not data.endswith(b"\n")
        return
    whole = re.findall(rb"^(\S+):(\S+ \d+) \d+$", data, re.MULTILINE)
    assert sum(len(file.blocks.known) for file in files.values() if file.blocks) == len(
        {line for line in whole if not line[1].endswith(b" 0")}
    )


@settings(max_examples=200)
@given(data=st.binary(max_size=100), at=st.integers(0, 1500), length=st.integers(0, 50))
def test_damaged_bytes_are_read_or_refused_but_nothing_else_escapes(
    data: bytes, at: int, length: int
) -> None:
    damaged = sample("set")[:at] + data + sample("set")[at + length :]
    try:
        for file in files_of(damaged).values():
            assert 0 <= file.line_ratio.covered <= file.line_ratio.total
            assert line_ranges(file.missing_lines) is not None
    except UnreadableArtifact as error:
        assert "\n" not in str(error)
