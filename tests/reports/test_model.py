from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports.branches import WHOLE_FILE, Branches, Untaken
from gate.reports.lines import MAX_LINE, Block, Blocks, Lines, Ratio, line_ranges, line_set
from gate.reports.model import FileCoverage, Function

numbers = st.frozensets(st.integers(1, 300), max_size=40)
arcs = st.frozensets(st.tuples(st.integers(1, 30), st.integers(-5, 30)), max_size=20)


@st.composite
def lines(draw: st.DrawFn) -> Lines:
    executed, statements = draw(numbers), draw(numbers)
    excluded = draw(st.none() | numbers.map(line_set))
    return Lines(
        line_set(executed),
        line_set(statements),
        draw(st.integers(len(statements), 400)),
        excluded=excluded,
    )


ids = st.frozensets(
    st.tuples(st.integers(1, 30), st.sampled_from(["lcov:0,0", "lcov:0,1", "istanbul:a"])), max_size=20
)
untaken = st.dictionaries(
    st.integers(1, 30),
    st.frozensets(st.integers(0, 9), max_size=4).flatmap(
        lambda targets: st.builds(Untaken, st.integers(len(targets), 6), st.just(targets))
    ),
    max_size=5,
)
counts = st.dictionaries(
    st.integers(0, 30),
    st.integers(0, 6).flatmap(lambda total: st.builds(Ratio, st.integers(0, total), st.just(total))),
    max_size=5,
)


@st.composite
def branches(draw: st.DrawFn) -> Branches:
    """Any knowledge of branches, of one kind or of several together, as a union may hold."""
    executed, known = draw(arcs) | draw(ids), draw(arcs) | draw(ids)
    declared = draw(st.integers(len(known), 100))
    return Branches(executed, known, declared, draw(untaken), draw(counts))


blocks = st.frozensets(
    st.builds(Block, st.integers(1, 9), st.just(1), st.integers(9, 20), st.just(2), st.integers(0, 5)),
    max_size=8,
).flatmap(
    lambda known: st.builds(
        Blocks,
        st.sets(st.sampled_from(sorted(known))).map(frozenset) if known else st.just(known),
        st.just(known),
    )
)


functions = st.lists(st.builds(Function, st.sampled_from("fgh"), numbers.map(line_set)), max_size=3).map(
    # A file names each function once, in the order that a union has too.
    lambda named: tuple(sorted({one.name: one for one in named}.values(), key=lambda one: one.name))
)
files = st.builds(FileCoverage, lines(), st.none() | branches(), functions, st.none() | blocks)


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
    for ratio in (merged.line_ratio, merged.branches.ratio if merged.branches else Ratio(0, 0)):
        assert 0 <= ratio.covered <= ratio.total


@given(numbers, numbers)
def test_lines_known_by_number_merge_as_plain_sets_do(executed: frozenset[int], more: frozenset[int]) -> None:
    statements = executed | more
    one = Lines(line_set(executed), line_set(statements), len(statements))
    other = Lines(line_set(more), line_set(statements), len(statements))
    assert (one | other).ratio == Ratio(len(executed | more), len(statements))


# One file's branches as several kinds of report tell them.

branch_lines = st.dictionaries(
    st.integers(1, 8),
    st.sets(st.integers(-1, 12).filter(bool), min_size=2, max_size=4),
    min_size=1,
    max_size=5,
)


@st.composite
def executions(draw: st.DrawFn) -> tuple[dict[int, set[int]], list[set[tuple[int, int]]]]:
    """The branches of a file by line, and which of them three executions took."""
    known = draw(branch_lines)
    every = sorted((line, target) for line, targets in known.items() for target in targets)
    taken = [draw(st.sets(st.sampled_from(every))) for _ in range(3)]
    return known, taken


def named(known: dict[int, set[int]], taken: set[tuple[int, int]]) -> Branches:
    """As coverage.py's JSON tells it."""
    every = frozenset((line, target) for line, targets in known.items() for target in targets)
    return Branches(frozenset(taken), every, len(every))


def by_untaken(known: dict[int, set[int]], taken: set[tuple[int, int]]) -> Branches:
    """As coverage.py's XML tells it."""
    lines = {}
    for line, targets in known.items():
        missed = {max(target, 0) for target in targets if (line, target) not in taken}
        lines[line] = Untaken(len(targets), frozenset(missed))
    return Branches(untaken=lines)


def by_count(known: dict[int, set[int]], taken: set[tuple[int, int]]) -> Branches:
    """As Cobertura, JaCoCo and Clover tell it."""
    return Branches(
        counts={
            line: Ratio(sum((line, target) in taken for target in targets), len(targets))
            for line, targets in known.items()
        }
    )


@given(executions(), st.lists(st.sampled_from([named, by_untaken]), min_size=3, max_size=3))
def test_reports_that_name_branches_or_the_untaken_ones_merge_exactly_in_any_mixture(
    run: tuple[dict[int, set[int]], list[set[tuple[int, int]]]],
    kinds: list[Callable[[dict[int, set[int]], set[tuple[int, int]]], Branches]],
) -> None:
    known, taken = run
    first, second, third = (kind(known, one) for kind, one in zip(kinds, taken, strict=True))
    merged = first | second | third
    total = sum(map(len, known.values()))
    assert merged.ratio == Ratio(len(set().union(*taken)), total)
    assert not first.blurs(second)


@given(executions())
def test_counts_merge_to_the_larger_one_of_each_line_and_never_beyond_the_truth(
    run: tuple[dict[int, set[int]], list[set[tuple[int, int]]]],
) -> None:
    known, taken = run
    first, second, third = (by_count(known, one) for one in taken)
    merged = first | second | third
    larger = sum(
        max(sum((line, target) in one for target in targets) for one in taken)
        for line, targets in known.items()
    )
    assert merged.ratio == Ratio(larger, sum(map(len, known.values())))
    assert merged.ratio.covered <= len(set().union(*taken))
    if not (first.blurs(second) or (first | second).blurs(third)):
        assert merged.ratio.covered == len(set().union(*taken))


def test_what_belongs_to_no_line_is_not_added_to_a_report_that_has_it_by_line() -> None:
    # Jest writes both: its Clover leaves the branches of line 9 to the file as a whole.
    by_name = Branches(
        frozenset({(4, "istanbul:a"), (9, "istanbul:c")}),
        frozenset({(4, "istanbul:a"), (4, "istanbul:b"), (9, "istanbul:c"), (9, "istanbul:d")}),
        4,
    )
    by_count = Branches(counts={4: Ratio(1, 2), WHOLE_FILE: Ratio(1, 2)})
    assert by_name.ratio == by_count.ratio == (by_name | by_count).ratio == Ratio(2, 4)
    assert by_count.blurs(by_count)


def test_a_blur_is_told_where_both_saw_some_of_a_lines_branches() -> None:
    half, other_half, none = ({4: Ratio(covered, 2)} for covered in (1, 1, 0))
    assert Branches(counts=half).blurs(Branches(counts=other_half))
    assert not Branches(counts=half).blurs(Branches(counts=none))
    assert not Branches(counts=half).blurs(Branches(counts={5: Ratio(1, 2)}))
    assert Branches(counts=half).blurs(Branches(frozenset({(4, 5)}), frozenset({(4, 5), (4, 6)})))


def test_missing_arcs_are_those_that_neither_kind_of_report_saw_taken() -> None:
    by_name = Branches(frozenset({(1, 2)}), frozenset({(1, 2), (1, 3), (5, 6), (5, -1)}), 4)
    by_line = Branches(untaken={1: Untaken(2, frozenset({2})), 5: Untaken(2, frozenset({6, 0}))})
    assert (by_name | by_line).missing_arcs == ((5, -1), (5, 6))


@given(blocks, blocks)
def test_blocks_count_statements_and_merge_as_sets_of_blocks(one: Blocks, other: Blocks) -> None:
    merged = one | other
    executed = {block for block in one.known | other.known if block in one.executed | other.executed}
    assert merged.ratio == Ratio(
        sum(block.statements for block in executed),
        sum(block.statements for block in one.known | other.known),
    )


def test_lines_of_a_missed_block_are_shown_without_those_that_an_executed_block_shares() -> None:
    run, missed, inner = Block(1, 1, 3, 2, 2), Block(3, 2, 6, 1, 2), Block(2, 5, 2, 9, 1)
    lines = Blocks(frozenset({run}), frozenset({run, missed, inner})).missing
    assert line_ranges(lines) == ((2, 2), (4, 6))


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
