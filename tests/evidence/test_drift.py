from __future__ import annotations

import json
from pathlib import Path

import pytest
from coverage.config import CoverageConfig
from coverage.misc import join_regex
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.evidence.checkout import RENUMBERED, UNPARSABLE, Checkout, Held
from gate.evidence.drift import Drift, beyond_end, python_drift
from gate.evidence.python_outline import Outline, outline
from gate.reports.branches import Branches
from gate.reports.coverage_py_statements import Statements, statements_of
from gate.reports.lines import Block, Blocks, Lines, line_set
from gate.reports.model import FileCoverage
from tests.reports.reading import Files, read_file

DATA = Path(__file__).parents[1] / "data"
ODD = (DATA / "python_statements" / "programs" / "odd.py").read_bytes()
BY_VERSION: dict[str, dict[str, list[int]]] = json.loads(
    (DATA / "python_statements" / "statements.json").read_text()
)
EXCLUDE = join_regex(CoverageConfig().exclude_list)
NO_LINES = Lines()


def parsed(content: bytes) -> Outline:
    found = outline(content)
    assert found is not None
    return found


def drift_of(content: bytes, lines: Lines) -> tuple[int, int]:
    return python_drift(
        lines, content.count(b"\n"), parsed(content), lambda: statements_of("a.py", content, None)
    )


# What other versions of Python and of coverage.py see in the same source is no drift.


@pytest.mark.parametrize("version", BY_VERSION)
def test_a_report_of_any_version_fits_a_source_of_all_that_they_count_differently(version: str) -> None:
    listed = BY_VERSION[version]
    lines = Lines(line_set(listed["may_run"]), line_set(listed["statements"]), excluded=0)
    assert drift_of(ODD, lines) == (0, 0)


def test_the_versions_do_count_the_odd_source_differently() -> None:
    assert len({tuple(listed["statements"]) for listed in BY_VERSION.values()}) > 3


@pytest.mark.parametrize("version", BY_VERSION)
@pytest.mark.parametrize("line", ["def ends():", "def gen():", "z = ["])
def test_an_odd_source_that_moved_by_a_line_is_drift_for_every_version(version: str, line: str) -> None:
    listed = BY_VERSION[version]
    lines = Lines(line_set(listed["may_run"]), line_set(listed["statements"]), excluded=0)
    moved = ODD.replace(line.encode(), b"\n" + line.encode(), 1)
    assert moved != ODD
    foreign, unknown = drift_of(moved, lines)
    assert foreign
    assert unknown


def test_a_dataclass_of_python_3_14_may_leave_out_its_annotations_but_not_one_of_them() -> None:
    source = b"class A:\n    x: int\n    y: str\n    z: int = 3\n"
    assert drift_of(source, Lines(statements=line_set([1, 4]), excluded=0)) == (0, 0)
    assert drift_of(source, Lines(statements=line_set([1, 2, 4]), excluded=0)) == (0, line_set([3]))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only\n# comments\n"])
def test_line_1_of_a_file_without_statements_may_have_run(content: bytes) -> None:
    # Python 3.8 to 3.10 with any coverage.py: `coverage json` has executed_lines [1].
    measured = {"a.py": FileCoverage(Lines(executed=line_set([1]), excluded=0), None)}
    held = Checkout(Files(contents={"a.py": content})).hold("r", "coverage.py 6.5.0", None, measured)
    assert held == Held({}, frozenset(), {})


# Edits of real sources, and the true report of what they were before.

SOURCES = [
    path.read_text()
    for path in sorted((Path(__file__).parents[2] / "gate").rglob("*.py"))
    if path.stat().st_size > 1000
]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """A source, and the same with a line more in front of its last statement, or a function more."""
    source = draw(st.sampled_from(SOURCES))
    lines = source.splitlines(keepends=True)
    last = statements_of("a.py", source.encode(), None).every.bit_length() - 1
    edit = draw(st.sampled_from(["\n", "# why\n", "added = 1\n", None]))
    if edit is None:
        return source, source + "def added():\n    return 1\n"
    at = draw(st.integers(0, last - 1))
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())] if edit != "\n" else ""
    return source, "".join((*lines[:at], indent.rstrip("\n") + edit, *lines[at:]))


@settings(deadline=None, max_examples=60)
@given(edits(), st.booleans())
def test_every_line_or_function_more_is_seen_in_a_true_report_of_what_was_there_before(
    edit: tuple[str, str], lists_excluded: bool
) -> None:
    before, after = (text.encode() for text in edit)
    if outline(after) is None:  # the line cannot stand there
        return
    true = statements_of("a.py", before, EXCLUDE)
    lines = Lines(statements=true.every & ~true.excluded, excluded=true.excluded if lists_excluded else None)

    def found() -> Statements:
        return statements_of("a.py", after, None if lists_excluded else EXCLUDE)

    try:
        assert any(python_drift(lines, after.count(b"\n"), parsed(after), found))
    except Exception as error:
        if "must occur at the beginning" not in str(error):  # a statement in front of `from __future__`
            raise


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(SOURCES), st.booleans())
def test_a_true_report_of_a_real_source_is_no_drift(source: str, lists_excluded: bool) -> None:
    content = source.encode()
    true = statements_of("a.py", content, EXCLUDE)
    lines = Lines(statements=true.every & ~true.excluded, excluded=true.excluded if lists_excluded else None)

    def found() -> Statements:
        return statements_of("a.py", content, None if lists_excluded else EXCLUDE)

    assert python_drift(lines, content.count(b"\n"), parsed(content), found) == (0, 0)


def test_a_report_that_fits_its_source_is_not_parsed_by_coverage() -> None:
    def never() -> Statements:
        raise AssertionError

    lines = Lines(statements=line_set([1, 3]), excluded=0)
    assert python_drift(lines, 3, parsed(b"x = 1\n'''text'''\ny = 2\n"), never) == (0, 0)


# Real reports and the sources that they were measured on.

PROGRAMS = {
    "coverage_py": ("*.*.json", "."),
    "cobertura/coverage_py": ("*[0-9s].[jx]*", "../programs/coverage_py"),
    "lcov": ("coverage-py*", "programs/python"),
    "coverage_py_data": ("*.sqlite", "../coverage_py"),
}
TWINS = "7.17.3-twins.xml"  # refused: two files of one name


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(path, id=str(path.relative_to(DATA)))
        for folder, (pattern, _) in PROGRAMS.items()
        for path in sorted((DATA / folder).glob(pattern))
        if path.name != TWINS
    ],
)
def test_reports_of_all_releases_of_coverage_fit_their_programs(report: Path) -> None:
    programs = report.parent / PROGRAMS[str(report.parent.relative_to(DATA))][1]

    class Programs(Files):
        def read(self, path: str) -> bytes | None:
            source = programs / path.removeprefix("/src/shop/")
            return source.read_bytes() if source.is_file() else None

    repository = Programs()
    _, read = read_file(report, repository)
    files = {name.text: file for name, file in read.files.items()}
    held = Checkout(repository).hold("report", read.writer, None, files)
    assert files
    assert read.writer.startswith("coverage.py")
    assert (held.drifted, held.uncompared) == ({}, {})


# Other languages: the end of the file.


@pytest.mark.parametrize(
    ("content", "last"),
    [(b"a\nb\n", 2), (b"a\nb", 2), (b"a\r\nb\r\n", 2), (b"a\rb\r", 2), ("a\u2028b\n".encode(), 2), (b"", 1)],
)
def test_the_last_line_is_the_last_that_any_language_counts(content: bytes, last: int) -> None:
    checkout = Checkout(Files(contents={"a.js": content}))
    fitting = {"a.js": FileCoverage(Lines(statements=line_set([last])), None)}
    beyond = {"a.js": FileCoverage(Lines(statements=line_set([last + 1])), None)}
    assert checkout.hold("r", "LCOV", None, fitting).drifted == {}
    assert checkout.hold("r", "LCOV", None, beyond).drifted == {
        "a.js": Drift(report="r", end=last, beyond=line_set([last + 1]))
    }


def test_blocks_and_branches_beyond_the_end_are_seen_too() -> None:
    block = Block(8, 1, 12, 2, 3)
    assert beyond_end(
        FileCoverage(NO_LINES, None, blocks=Blocks(frozenset(), frozenset({block}))), 10
    ) == line_set([12])
    branches = Branches(known=frozenset({(11, "lcov:0,0"), (9, "lcov:0,0")}))
    assert beyond_end(FileCoverage(NO_LINES, branches), 10) == line_set([11])


def test_a_source_with_line_directives_has_numbers_of_its_own() -> None:
    go = DATA / "go"
    content = (go / "shop" / "grammar" / "grammar.go").read_bytes()
    name = "example.org/shop/grammar/grammar.go"
    repository = Files({name}, {name: content})
    _, read = read_file(go / "line-directives.out", repository)
    files = {found.text: file for found, file in read.files.items()}
    assert beyond_end(files[name], content.count(b"\n"))
    assert Checkout(repository).hold("r", read.writer, None, files) == Held(
        {}, frozenset(), {name: RENUMBERED}
    )


def test_what_is_absent_or_no_python_is_told_and_is_no_drift() -> None:
    measured = FileCoverage(Lines(statements=line_set([1]), excluded=0), None)
    checkout = Checkout(Files(contents={"new.py": b"match match match\n", "null.py": b"\0"}))
    files = dict.fromkeys(("gone.py", "new.py", "null.py"), measured)
    assert checkout.hold("r", "coverage.py 9.0", None, files) == Held(
        {}, frozenset({"gone.py"}), {"new.py": UNPARSABLE, "null.py": UNPARSABLE}
    )


def test_where_settings_cannot_be_followed_the_rest_is_compared_still() -> None:
    contents = {".coveragerc": b"[run]\nplugins = own\n", "a.py": b"x = 1\n\ny = 2\n"}
    checkout = Checkout(Files(contents=contents))
    lacking = FileCoverage(Lines(statements=line_set([1])), None)
    wrong = FileCoverage(Lines(statements=line_set([1, 2, 3])), None)
    held = checkout.hold("r", "coverage.py 7.1", None, {"a.py": lacking})
    assert held.drifted == {}
    assert "loads the plugin 'own'" in held.uncompared["a.py"]
    assert checkout.hold("r", "coverage.py 7.1", None, {"a.py": wrong}).drifted["a.py"].foreign == 1 << 2


@pytest.mark.parametrize(
    ("drift", "sentence"),
    [
        (
            Drift(report="r", end=80, beyond=line_set([120])),
            "line 120 is beyond its end at line 80",
        ),
        (
            Drift(report="r", end=80, foreign=line_set([12, 14])),
            "lines 12 and 14 hold no statement in the checked-out file",
        ),
        (
            Drift(report="r", end=80, unknown=line_set([40, 41, 42, 50, 60, 70, 71])),
            "the report does not know the statements in lines 40 to 42, 50, 60 and 2 more",
        ),
        (
            Drift(report="r", end=80, foreign=line_set([3]), unknown=line_set([4]), guesses=True),
            "line 3 holds no statement in the checked-out file; the report does not know the statement in "
            "line 4 (those that --cov-config or --rcfile exclude are told by coverage.py's JSON only)",
        ),
    ],
)
def test_a_contradiction_is_told_in_a_sentence(drift: Drift, sentence: str) -> None:
    assert drift.sentence == sentence
