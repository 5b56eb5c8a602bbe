from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.branches import Branches
from gate.reports.lines import MAX_LINE, Lines, Ratio, line_ranges, line_set
from gate.reports.model import FileCoverage, Function

numbers = st.frozensets(st.integers(1, 300), max_size=40)
arcs = st.frozensets(st.tuples(st.integers(1, 30), st.integers(-5, 30)), max_size=20)


@st.composite
def lines(draw: st.DrawFn) -> Lines:
    executed, statements = draw(numbers), draw(numbers)
    return Lines(line_set(executed), line_set(statements), draw(st.integers(len(statements), 400)))


@st.composite
def branches(draw: st.DrawFn) -> Branches:
    executed, known = draw(arcs), draw(arcs)
    return Branches(executed, known, draw(st.integers(len(known), 100)))


functions = st.lists(st.builds(Function, st.sampled_from("fgh"), numbers.map(line_set)), max_size=3).map(
    # A file names each function once, in the order that a union has too.
    lambda named: tuple(sorted({one.name: one for one in named}.values(), key=lambda one: one.name))
)
files = st.builds(FileCoverage, lines(), st.none() | branches(), functions)


@given(files, files)
def test_merging_is_commutative(one: FileCoverage, other: FileCoverage) -> None:
    assert one | other == other | one


@given(files, files, files)
def test_merging_is_associative(one: FileCoverage, other: FileCoverage, third: FileCoverage) -> None:
    assert (one | other) | third == one | (other | third)


@given(files)
def test_merging_a_report_with_itself_changes_nothing(file: FileCoverage) -> None:
    assert file | file == file


@given(files, files)
def test_covered_is_never_negative_and_never_more_than_the_total(
    one: FileCoverage, other: FileCoverage
) -> None:
    merged = one | other
    for ratio in (merged.lines.ratio, merged.branches.ratio if merged.branches else Ratio(0, 0)):
        assert 0 <= ratio.covered <= ratio.total


@given(numbers, numbers)
def test_lines_known_by_number_merge_as_plain_sets_do(executed: frozenset[int], more: frozenset[int]) -> None:
    statements = executed | more
    one = Lines(line_set(executed), line_set(statements), len(statements))
    other = Lines(line_set(more), line_set(statements), len(statements))
    assert (one | other).ratio == Ratio(len(executed | more), len(statements))


def test_branches_measured_in_one_report_only_count() -> None:
    measured = Branches(frozenset({(1, 2)}), frozenset({(1, 2), (1, 3)}), 2)
    without = FileCoverage(Lines(0, 0, 0), None)
    merged = without | FileCoverage(Lines(0, 0, 0), measured)
    assert merged.branches == measured


@given(numbers)
def test_line_ranges_cover_exactly_the_lines_and_never_touch(wanted: frozenset[int]) -> None:
    ranges = line_ranges(line_set(wanted))
    assert {n for first, last in ranges for n in range(first, last + 1)} == wanted
    assert all(last + 1 < first for (_, last), (first, _) in itertools.pairwise(ranges))


@pytest.mark.parametrize("number", [0, -1, MAX_LINE + 1, 10**18])
def test_a_line_that_no_file_has_is_refused_before_memory_is_taken_for_it(number: int) -> None:
    with pytest.raises(UnreadableArtifact, match=str(number)):
        line_set([number])


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_percentage_is_floored_and_100_only_when_complete(covered: int, total: int) -> None:
    covered = min(covered, total)
    hundredths = Ratio(covered, total).hundredths
    assert hundredths is not None
    assert hundredths * total <= covered * 10_000 < (hundredths + 1) * total
    assert (hundredths == 10_000) == (covered == total)


def test_nothing_divided_by_nothing_has_no_percentage() -> None:
    assert Ratio(0, 0).hundredths is None
