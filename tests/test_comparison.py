from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from gate.compare import Observed, compare
from gate.compare_text import sentences
from gate.comparison import Comparison, LineRange, change_of
from gate.evidence.index import Artifact, Kind, Status
from gate.reports.lines import line_set
from gate.reports.model import Function
from gate.reports.outcomes import Outcome
from gate.verdict import FileResult
from tests.observing import counted, missed, run

PASSED, FAILED, SKIPPED = (Outcome.PASSED,), (Outcome.FAILED,), (Outcome.SKIPPED,)

files = st.builds(
    missed,
    st.sampled_from(["a.py", "b.py"]),
    st.sets(st.integers(1, 40)),
    st.sets(st.tuples(st.integers(1, 40), st.integers(-40, 40))),
)
observed = st.builds(
    lambda file, tests: run("r", file, tests=tests),
    files,
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from([PASSED, FAILED, SKIPPED])),
)


def lines_in(ranges: tuple[LineRange, ...]) -> set[int]:
    return {line for first, last in ranges for line in range(first, last + 1)}


def flipping_lines(comparison: Comparison) -> set[int]:
    """All lines that are named, as news or as what follows from a branch."""
    followed = [lines_in(way.lines) for flip in comparison.branches for way in flip.ways]
    return set().union(*followed, *(lines_in(flip.lines) for flip in comparison.lines))


def flipping_arcs(comparison: Comparison) -> set[tuple[int, int]]:
    ways = [(flip.line, way) for flip in comparison.branches for way in flip.ways]
    return {
        *((line, way.target) for line, way in ways),
        *(arc for _, way in ways for arc in way.branches),
        *(arc for flip in comparison.lines for arc in flip.branches),
    }


@given(observed, st.integers(2, 4))
def test_a_run_compared_with_itself_is_stable(one: Observed, times: int) -> None:
    comparison = compare([one] * times)
    assert comparison.result == "stable"
    assert list(sentences(comparison)) == []


lines = st.sets(st.integers(1, 40))
arcs = st.sets(st.tuples(st.integers(1, 40), st.integers(-40, 40)))
functions = st.none() | st.lists(st.sets(st.integers(1, 40)), max_size=4).map(
    lambda parts: {"a.py": tuple(Function(f"f{n}", line_set(part)) for n, part in enumerate(parts))}
)


@given(lines, lines, arcs, arcs, functions)
def test_what_flips_between_two_runs_is_the_symmetric_difference_of_what_they_missed(
    one: set[int],
    other: set[int],
    one_arcs: set[tuple[int, int]],
    other_arcs: set[tuple[int, int]],
    known: dict[str, tuple[Function, ...]] | None,
) -> None:
    comparison = compare(
        [run("r1", missed("a.py", one, one_arcs)), run("r2", missed("a.py", other, other_arcs))], known
    )
    assert flipping_lines(comparison) == one ^ other
    assert flipping_arcs(comparison) == one_arcs ^ other_arcs
    assert (comparison.result == "unstable") == bool(one ^ other or one_arcs ^ other_arcs)
    assert comparison.counts == ()


@given(st.lists(st.tuples(lines, arcs), min_size=2, max_size=4), functions)
def test_the_order_of_the_runs_does_not_change_which_items_flip(
    missing: list[tuple[set[int], set[tuple[int, int]]]], known: dict[str, tuple[Function, ...]] | None
) -> None:
    runs = [run(f"r{n}", missed("a.py", *one)) for n, one in enumerate(missing)]

    def items(comparison: Comparison) -> object:
        branches = {
            (flip.line, way.target, way.lines, way.branches)
            for flip in comparison.branches
            for way in flip.ways
        }
        return branches, {(flip.lines, flip.branches) for flip in comparison.lines}

    first = items(compare(runs, known))
    assert all(items(compare(some, known)) == first for some in permutations(runs))


@given(st.lists(st.booleans(), min_size=2, max_size=6))
def test_a_change_is_once_exactly_where_one_run_begins_the_rest(values: list[bool]) -> None:
    runs = [f"r{n}" for n in range(len(values))]
    begins = [n for n in range(1, len(values)) if len({*values[:n]}) == len({*values[n:]}) == 1]
    once = [n for n in begins if values[n] != values[n - 1]]
    assert change_of(values, runs) == (("once", f"r{once[0]}") if once else ("back-and-forth", None))


BODY = {"a.py": (Function("pay", line_set(range(10, 20))), Function("refund", line_set(range(20, 30))))}
"""Two functions of ten lines."""


def flaky(
    taken: bool, lines: set[int], into: tuple[int, int], past: tuple[int, int] | None = None
) -> FileResult:
    """A file whose branch is taken, with its lines, or not."""
    if taken:
        return missed("a.py", (), [past] if past else [])
    return missed("a.py", lines, [into])


def test_a_line_that_runs_only_with_a_branch_is_shown_with_it() -> None:
    pattern = [True, False, True]
    runs = [run(f"r{n}", flaky(taken, {12, 14}, (11, 12))) for n, taken in enumerate(pattern)]
    comparison = compare(runs, BODY)
    (flip,) = comparison.branches
    (way,) = flip.ways
    assert (flip.function, flip.line, way.target) == ("pay", 11, 12)
    assert (way.taken, way.lines) == ((True, False, True), ((12, 12), (14, 14)))
    assert comparison.lines == ()
    assert list(sentences(comparison)) == [
        "'a.py' in pay: branch 11 → 12 taken in r0, r2, not in r1, back and forth "
        "(runs only with it: lines 12, 14)"
    ]


def test_a_line_of_another_function_is_news_of_its_own() -> None:
    runs = [run("r1", flaky(True, {12, 21}, (11, 12))), run("r2", flaky(False, {12, 21}, (11, 12)))]
    comparison = compare(runs, BODY)
    assert [(flip.function, flip.lines) for flip in comparison.lines] == [("refund", ((21, 21),))]
    assert comparison.branches[0].ways[0].lines == ((12, 12),)


def test_a_line_with_another_pattern_or_before_the_branch_is_news_of_its_own() -> None:
    runs = [
        run("r1", missed("a.py", {10, 12}, [(11, 12)])),
        run("r2", missed("a.py", {14})),
        run("r3", missed("a.py", {14})),
        run("r4", missed("a.py", {14, 10, 12}, [(11, 12)])),
    ]
    comparison = compare(runs, BODY)
    # 10 has the branch's pattern and stands before it; 14 has another one.
    assert {flip.lines for flip in comparison.lines} == {((10, 10),), ((14, 14),)}
    assert comparison.branches[0].ways[0].lines == ((12, 12),)


def test_without_functions_only_the_branchs_target_follows_from_it() -> None:
    runs = [run("r1", flaky(True, {12, 14}, (11, 12))), run("r2", flaky(False, {12, 14}, (11, 12)))]
    comparison = compare(runs)
    assert comparison.branches[0].ways[0].lines == ((12, 12),)
    assert [(flip.function, flip.lines) for flip in comparison.lines] == [(None, ((14, 14),))]


def test_branches_of_lines_that_flip_follow_from_these_lines() -> None:
    """A function that only some runs call: its lines are news, its branches are not."""
    called, not_called = missed("a.py"), missed("a.py", {20, 21, 22}, [(21, 22), (22, -20)])
    comparison = compare([run("r1", called), run("r2", not_called)], BODY)
    (flip,) = comparison.lines
    assert (flip.function, flip.lines, flip.branches) == ("refund", ((20, 22),), ((21, 22), (22, -20)))
    assert comparison.branches == ()
    assert "(with branches 21 → 22, 22 → exit)" in next(sentences(comparison))


def test_both_ways_of_one_decision_are_one_finding() -> None:
    runs = [run("r1", missed("a.py", {12}, [(11, 12)])), run("r2", missed("a.py", {14}, [(11, 14)]))]
    (flip,) = compare(runs, BODY).branches
    assert [(way.target, way.taken, way.lines) for way in flip.ways] == [
        (12, (False, True), ((12, 12),)),
        (14, (True, False), ((14, 14),)),
    ]


def test_counts_without_names_are_shown_as_counts() -> None:
    comparison = compare(
        [run("r1", counted("a.go", (9, 12), None)), run("r2", counted("a.go", (10, 12), None))]
    )
    assert list(sentences(comparison)) == ["'a.go': lines 9 of 12 in r1, 10 of 12 in r2"]
    assert (comparison.result, comparison.counts[0].what) == ("unstable", "lines")


def test_another_total_is_a_difference_and_names_nothing_it_cannot_know() -> None:
    runs = [run("r1", missed("a.py", {5}, of=10)), run("r2", missed("a.py", {6}, of=11))]
    comparison = compare(runs)
    assert [flip.what for flip in comparison.counts] == ["lines"]
    assert comparison.lines == ()


def test_branches_that_only_some_runs_measured_are_a_difference() -> None:
    comparison = compare([run("r1", missed("a.py", arcs_of=None)), run("r2", missed("a.py"))])
    assert list(sentences(comparison)) == ["'a.py': branches not measured in r1, 1000 of 1000 in r2"]


def test_unnamed_branches_are_counted_beside_named_ones() -> None:
    named = FileResult(
        "a.py", counted("a.py", (1, 1), (5, 9)).line, counted("a.py", (1, 1), (5, 9)).branch, (), ((1, 2),)
    )
    one, other = run("r1", named), run("r2", counted("a.py", (1, 1), (6, 9)))
    # One run misses 4, one of them named; the other 3 unnamed: the named one flips, and nothing else.
    assert compare([one, other]).counts == ()
    assert [flip.what for flip in compare([one, run("r3", counted("a.py", (1, 1), (7, 9)))]).counts] == [
        "branches"
    ]


def test_files_and_modules_that_vanish_are_named() -> None:
    both = {"m": (missed("a.py"), missed("b.py")), "n": ()}
    comparison = compare([run("r1", modules=both), run("r2", modules={"m": (missed("a.py"),)})])
    assert [(one.what, one.name, one.there) for one in comparison.presence] == [
        ("module", "n", (True, False)),
        ("file", "b.py", (True, False)),
    ]


def test_tests_flip_by_outcome_and_by_being_there() -> None:
    comparison = compare(
        [
            run("r1", tests={"a": PASSED, "b": PASSED, "c": PASSED}),
            run("r2", tests={"a": FAILED, "b": PASSED}),
            run("r3", tests={"a": PASSED, "b": PASSED}),
        ]
    )
    assert [(flip.test, flip.outcomes, flip.since) for flip in comparison.tests] == [
        ("a", (("passed",), ("failed",), ("passed",)), None),
        ("c", (("passed",), None, None), "r2"),
    ]
    assert list(sentences(comparison)) == [
        "test 'a': passed in r1, r3, failed in r2, back and forth",
        "test 'c': passed in r1, absent in r2, r3, since r2",
    ]


def kept(kind: Kind, path: str, *, source: str | None = "somewhere", name: str = "*") -> Artifact:
    return Artifact(name=name, kind=kind, path=path, source=source)


def test_the_data_files_of_processes_are_named_at_random_and_no_difference() -> None:
    first = kept(Kind.COVERAGE, "coverage/.coverage.host.pid4711.XaBcDeFx.Habch")
    second = kept(Kind.COVERAGE, "coverage/.coverage.host.pid4712.XgHiJkLx.Hdefh")
    assert compare([run("r1", artifacts=(first,)), run("r2", artifacts=(second,))]).result == "stable"


def test_expected_logs_count_by_name_and_status_and_others_not_at_all() -> None:
    log = kept(Kind.LOG, "logs/1.log", name="logs/*.log")
    stray = kept(Kind.TRACE, "traces/7f.zip", source=None, name="traces/7f.zip")
    missing = Artifact(name="logs/*.log", kind=Kind.LOG, status=Status.MISSING)
    assert compare([run("r1", artifacts=(log, stray)), run("r2", artifacts=(log,))]).result == "stable"
    (flip,) = compare([run("r1", artifacts=(log,)), run("r2", artifacts=(missing,))]).artifacts
    assert (flip.name, flip.statuses) == ("logs/*.log", ("present", "missing"))


def test_another_file_in_the_folder_is_a_difference() -> None:
    other = kept(Kind.OTHER, "screens/1.png", source=None)
    (flip,) = compare([run("r1", artifacts=(other,)), run("r2")]).artifacts
    assert (flip.kind, flip.name, flip.statuses) == ("other", "screens/1.png", ("present", None))
