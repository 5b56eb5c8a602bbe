"""Where there is room for a few gaps, the worst files are named first and the rest is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.render.gaps import Room, branches_to_begin_with, labels, module_gaps, worst_first
from gate.verdict import FileResult, ModuleResult

from .builders import file, metric, module
from .texts import patient

ranges = st.lists(st.integers(1, 400), max_size=12, unique=True).map(
    lambda starts: tuple((start, start) for start in sorted(starts))
)
branches = st.lists(st.tuples(st.integers(1, 90), st.integers(-9, 90)), max_size=12, unique=True).map(tuple)


@st.composite
def files(draw: st.DrawFn, path: str) -> FileResult:
    lines, arcs, unnamed = draw(ranges), draw(branches), draw(st.integers(0, 3))
    return file(path, (5, 5 + len(lines)), (5, 5 + len(arcs) + unnamed), lines, arcs)


modules = st.lists(st.integers(0, 20), max_size=8, unique=True).flatmap(
    lambda numbers: st.tuples(*(files(f"src/{number}/a.py") for number in numbers)).map(
        lambda found: module("m", "failed", metric(1, 2, 50), metric(1, 2, 50), *found)
    )
)


def missing(result: FileResult) -> tuple[int, int]:
    taken = result.branch.covered if result.branch else 0
    return result.line.total - result.line.covered, (result.branch.total if result.branch else 0) - taken


@patient
@given(module=modules, lines=st.integers(0, 20), arcs=st.integers(0, 20))
def test_every_gap_is_named_or_counted(module: ModuleResult, lines: int, arcs: int) -> None:
    gaps = module_gaps(module, Room(lines, arcs))
    named = sum(len(one.lines) + len(one.branches) for one in gaps.files)
    there = sum(len(one.missing_lines) + len(one.missing_branches) for one in module.files)
    assert named + gaps.left_out == there
    assert sum(len(one.lines) for one in gaps.files) <= lines
    assert sum(len(one.branches) for one in gaps.files) <= arcs
    assert gaps.unnamed_branches == sum(missing(one)[1] - len(one.missing_branches) for one in module.files)


@patient
@given(module=modules)
def test_the_worst_file_comes_first_and_a_complete_one_not_at_all(module: ModuleResult) -> None:
    counts = [missing(one) for one in worst_first(module)]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == sum(missing(one) != (0, 0) for one in module.files)


def test_a_label_is_as_short_as_it_can_be_in_its_module() -> None:
    assert labels(["src/billing/app.py", "src/billing/tax.py"]) == {
        "src/billing/app.py": "app.py",
        "src/billing/tax.py": "tax.py",
    }
    assert labels(["a/x/__init__.py", "b/x/__init__.py", "__init__.py"]) == {
        "a/x/__init__.py": "a/x/__init__.py",
        "b/x/__init__.py": "b/x/__init__.py",
        "__init__.py": "__init__.py",
    }


def test_a_path_of_many_parts_that_ends_like_another_is_shown_whole() -> None:
    ending = "/".join("abcdefgh")
    assert labels([f"one/{ending}", f"two/{ending}"])[f"one/{ending}"] == f"one/{ending}"


def test_branches_to_begin_with_are_of_the_file_that_misses_most() -> None:
    few = file("src/few.py", (1, 1), (0, 1), (), ((1, 2),))
    most = file("src/most.py", (1, 1), (0, 3), (), ((4, 5), (6, -3), (8, 9)))
    found = branches_to_begin_with(module("m", "failed", metric(2, 2, 1), metric(0, 4, 50), few, most))
    assert found is not None
    assert (found.label, found.branches) == ("most.py", ((4, 5), (6, -3)))


def test_a_report_that_names_no_branches_has_none_to_begin_with() -> None:
    unnamed = file("src/a.js", (1, 1), (0, 3))
    assert branches_to_begin_with(module("m", "failed", metric(1, 1, 1), metric(0, 3, 50), unnamed)) is None
