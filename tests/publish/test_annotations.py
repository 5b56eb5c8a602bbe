from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.publish.annotations import annotation_commands, uncovered_places
from gate.verdict import Verdict

from .runner_rules import Command, log_lines, parse_command
from .verdicts import file, metric, module, verdict

HOSTILE = st.text("\n\r:,%#=[] 250AD3C", min_size=1) | st.text(min_size=1)


def commands(given: Verdict, limit: int = 10) -> list[Command]:
    lines = annotation_commands(given, limit)
    assert all(log_lines(line) == [line] for line in lines)
    parsed = [parse_command(line) for line in lines]
    assert None not in parsed
    return [command for command in parsed if command is not None]


def places(given: Verdict) -> list[tuple[str, int, int]]:
    return [(place.path, place.first, place.last) for place in uncovered_places(given)]


def test_an_annotation_names_file_lines_module_and_what_is_required() -> None:
    failing = module(file("app/wallet.py", ((12, 14),)), line=metric(7, 10, 85))
    assert commands(verdict(failing)) == [
        Command(
            "warning",
            {
                "file": "app/wallet.py",
                "title": "Not covered: module 'wallet'",
                "line": "12",
                "endLine": "14",
            },
            "No test runs lines 12 to 14. The module's line coverage is 70.00 % (7 of 10), below 85 %.",
        )
    ]


def test_the_longest_run_comes_first() -> None:
    failing = module(file("a.py", ((1, 1), (5, 9))), file("b.py", ((3, 20),)))
    assert places(verdict(failing)) == [("b.py", 3, 20), ("a.py", 5, 9), ("a.py", 1, 1)]


def test_a_module_that_passes_gets_no_annotation() -> None:
    passing = module(file("a.py", ((1, 5),), ((7, 9),)), line=metric(9, 10, 85), branch=metric(9, 10, 80))
    assert commands(verdict(passing)) == []


def test_a_module_without_a_threshold_gets_no_annotation() -> None:
    unjudged = module(file("a.py", ((1, 5),)), line=metric(0, 5, None), branch=metric(9, 10, 80))
    assert commands(verdict(unjudged)) == []


def test_a_module_that_was_not_measured_gets_no_annotation() -> None:
    unmeasured = module(line=metric(0, 0, 85, measured=False))
    assert commands(verdict(unmeasured)) == []


def test_a_module_below_its_branch_threshold_only_is_annotated_at_its_branches() -> None:
    failing = module(
        file("a.py", ((30, 40),), ((7, 9), (7, -2), (12, 14))),
        line=metric(90, 100, 85),
        branch=metric(1, 2, 65),
    )
    assert [(command.properties["line"], command.message) for command in commands(verdict(failing))] == [
        (
            "7",
            "No test goes from line 7 out of the function, or to line 9. "
            "The module's branch coverage is 50.00 % (1 of 2), below 65 %.",
        ),
        (
            "12",
            "No test goes from line 12 to line 14. "
            "The module's branch coverage is 50.00 % (1 of 2), below 65 %.",
        ),
    ]


def test_branches_of_a_run_that_is_annotated_already_are_not_repeated() -> None:
    failing = module(file("a.py", ((7, 9),), ((8, 9), (20, 22))), branch=metric(1, 2, 65))
    assert places(verdict(failing)) == [("a.py", 7, 9), ("a.py", 20, 20)]


def test_an_arc_that_begins_at_no_line_is_not_annotated() -> None:
    failing = module(file("a.py", (), ((-1, 3), (5, 6))), line=metric(9, 10, 85), branch=metric(1, 2, 65))
    assert places(verdict(failing)) == [("a.py", 5, 5)]


def test_a_file_of_two_failing_modules_is_annotated_once() -> None:
    shared = file("a.py", ((7, 9),))
    failing = verdict(module(shared, name="wallet"), module(shared, name="billing"))
    assert [command.properties["title"] for command in commands(failing)] == ["Not covered: module 'wallet'"]


def test_of_more_than_ten_places_the_last_shown_says_how_many_more_there_are() -> None:
    failing = verdict(module(file("a.py", tuple((line, line) for line in range(1, 28, 2)))))
    shown = commands(failing)
    assert len(shown) == 10
    assert [command.message for command in shown if "more uncovered" in command.message] == [
        "No test runs line 19. The module's line coverage is 50.00 % (1 of 2), below 85 %. "
        "See the job summary for 4 more uncovered places."
    ]
    assert shown[-1].properties["line"] == "19"


def test_of_ten_places_none_says_that_there_are_more() -> None:
    failing = verdict(module(file("a.py", tuple((line, line) for line in range(1, 21, 2)))))
    shown = commands(failing)
    assert len(shown) == 10
    assert not any("more" in command.message for command in shown)


def test_where_other_warnings_took_the_room_no_annotation_is_made() -> None:
    failing = verdict(module(file("a.py", ((1, 2),))))
    assert annotation_commands(failing, limit=0) == []
    assert annotation_commands(failing, limit=-1) == []


@given(
    path=HOSTILE,
    name=HOSTILE,
    runs=st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 500)), min_size=1, max_size=12),
)
def test_whatever_a_file_or_module_is_called_the_runner_reads_what_was_meant(
    path: str, name: str, runs: list[tuple[int, int]]
) -> None:
    ranges = tuple({(first, first + more) for first, more in runs})
    failing = verdict(module(file(path, ranges), name=name))
    shown = commands(failing)
    assert len(shown) == min(len(ranges), 10)
    assert {command.name for command in shown} == {"warning"}
    assert {command.properties["file"] for command in shown} == {path}
    read = [(int(one.properties["line"]), int(one.properties["endLine"])) for one in shown]
    assert set(read) <= set(ranges)
    assert all(first <= last for first, last in read)
    for (first, last), command in zip(read, shown, strict=True):
        assert command.message.startswith(f"No test runs line{'s' if first != last else ''} {first}")
        assert set(command.properties) == {"file", "title", "line", "endLine"}
