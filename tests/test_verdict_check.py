"""What is believed of a verdict that somebody else has written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.evidence.index import Artifact, Kind, Status
from gate.evidence.model import Tests
from gate.policy.resolved import Module, Tier
from gate.reports.branches import Branches
from gate.reports.lines import Lines, line_set
from gate.reports.model import FileCoverage, Function
from gate.verdict import Verdict
from gate.verdict_check import checked_verdict
from tests.test_evaluate import IDENTITY, case, file, judge, module, report

HEAD = IDENTITY.head_sha or ""

_line_numbers = st.sets(st.integers(1, 40), max_size=20)


@st.composite
def coverages(draw: st.DrawFn) -> FileCoverage:
    """Any file: lines and arcs by number, more declared than listed, with and without branches."""
    statements, executed = draw(_line_numbers), draw(_line_numbers)
    lines = Lines(line_set(executed), line_set(statements), draw(st.integers(0, 60)))
    functions = (Function("pay", line_set(draw(_line_numbers))), Function("refund", line_set(statements)))
    if draw(st.booleans()):
        return FileCoverage(lines, None, functions)
    arcs = draw(st.sets(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=8))
    taken = draw(st.sets(st.sampled_from(sorted(arcs)))) if arcs else set()
    return FileCoverage(
        lines, Branches(frozenset(taken), frozenset(arcs), draw(st.integers(0, 12))), functions
    )


_thresholds = st.none() | st.decimals(0, 100, places=2).map(lambda number: Fraction(Decimal(number)))
_artifacts = st.lists(
    st.builds(
        lambda status, name: Artifact(name=name, kind=Kind.COVERAGE, status=status),
        st.sampled_from(Status),
        st.sampled_from(["a.json", "b.json"]),
    ),
    max_size=4,
)
_tests = st.builds(
    lambda passed, skipped, failed, blocking: Tests(
        "junit.xml", report(passed, skipped, tuple(case(f"test_{n}") for n in range(failed))), blocking
    ),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 7),
    st.booleans(),
)


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Whatever `evaluate` makes of any evidence."""
    modules = [
        Module(
            name,
            (f"{name}/**",),
            draw(_thresholds),
            draw(_thresholds),
            allow_empty=draw(st.booleans()),
            unmeasured=draw(st.sampled_from(["error", "warn", "ignore"])),
        )
        for name in draw(st.sampled_from([("wallet",), ("wallet", "tax"), ("a b", "wallet", "tax")]))
    ]
    paths = st.sampled_from([f"{one.name}/{name}.py" for one in modules for name in ("a", "b", "c")])
    return judge(
        *modules,
        measured=draw(st.dictionaries(paths, coverages(), max_size=4)),
        unmeasured=draw(st.sets(paths, max_size=2)),
        tests=tuple(draw(st.lists(_tests, max_size=2))),
        artifacts=tuple(draw(_artifacts)),
        tier=Tier("t", draw(st.sampled_from(["enforce", "report", "off"]))),
    )


@given(verdicts())
def test_every_verdict_of_our_own_passes_unchanged(verdict: Verdict) -> None:
    assert checked_verdict(verdict.to_json(), HEAD) == verdict


def _places(verdict: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every number and truth value that follows from others."""
    yield from ((verdict, key) for key in ("schema", "exit_code", "modules_evaluated"))
    if verdict["coverage"] != "off":
        yield verdict, "modules_configured"
    yield from ((verdict["tests"], key) for key in verdict["tests"])
    for one in verdict["modules"]:
        for metric in (one["line"], one["branch"]):
            yield from ((metric, key) for key in ("covered", "total", "percent", "measured", "passed"))
        for measured in one["files"]:
            ratios = (ratio for ratio in (measured["line"], measured["branch"]) if ratio is not None)
            yield from ((ratio, key) for ratio in ratios for key in ratio)


@given(verdicts(), st.data(), st.integers(1, 10**18) | st.integers(-(10**18), -1))
def test_any_single_forged_number_is_refused(verdict: Verdict, data: st.DataObject, by: int) -> None:
    forged = json.loads(verdict.to_json())
    place, key = data.draw(st.sampled_from(list(_places(forged))))
    value = place[key]
    place[key] = (not value) if isinstance(value, bool) else by if value is None else value + by
    if key == "passed" and value is None:
        place[key] = by > 0
    with pytest.raises(UnreadableArtifact):
        checked_verdict(json.dumps(forged).encode(), HEAD)


@given(verdicts(), st.data())
def test_a_verdict_cannot_call_itself_better_than_its_reasons(verdict: Verdict, data: st.DataObject) -> None:
    forged = json.loads(verdict.to_json())
    forged["verdict"] = data.draw(st.sampled_from(sorted({"passed", "failed", "error"} - {verdict.verdict})))
    with pytest.raises(UnreadableArtifact, match="does not follow from its reasons"):
        checked_verdict(json.dumps(forged).encode(), HEAD)


@given(verdicts(), st.data())
def test_no_reason_of_a_module_can_be_left_out_of_it_or_of_the_whole(
    verdict: Verdict, data: st.DataObject
) -> None:
    forged = json.loads(verdict.to_json())
    owned = [reason for one in forged["modules"] for reason in one["reasons"]]
    places = [
        (reasons, index)
        for reasons in (forged["reasons"], *(one["reasons"] for one in forged["modules"]))
        for index, reason in enumerate(reasons)
        if reason in owned
    ]
    assume(places)
    reasons, index = data.draw(st.sampled_from(places))
    del reasons[index]
    with pytest.raises(UnreadableArtifact):
        checked_verdict(json.dumps(forged).encode(), HEAD)


PASSING = judge(measured={"wallet/a.py": file(9, 10, (1, 4))})


def _set(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(verdict: Any) -> None:
        for key in path[:-1]:
            verdict = verdict[key]
        verdict[path[-1]] = to

    return change


FILE = ("modules", 0, "files", 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("schema", to=2), "schema is 2"),
        (_set("head_sha", to=None), "head_sha is 'null'"),
        (_set("commit", to="main"), "commit is 'main'"),
        (_set("run_id", to="../x"), "run_id is '../x'"),
        (_set("later", to=1), r"'\$.later' is unknown or lacking"),
        (_set("modules", 0, "line", "rate", to=1), r"'\$.modules\[0\].line.rate' is unknown"),
        (lambda verdict: verdict["tests"].pop("errors"), r"'\$.tests.errors' is unknown or lacking"),
        (lambda verdict: verdict.pop("reasons"), "missing required field `reasons`"),
        (_set("modules", 0, "line", "threshold", to=101), "threshold is 101, which is no percentage"),
        (_set("modules", 0, "line", "threshold", to=1e300), "which is no percentage"),
        (_set("modules", 0, "line", "threshold", to=91), "line.passed is True, with 9/10"),
        (_set(*FILE, "missing_lines", to=[[3, 2]]), "no range of lines"),
        (_set(*FILE, "missing_lines", to=[[0, 2]]), "no range of lines"),
        (_set(*FILE, "missing_lines", to=[[1, 10**9]]), "no range of lines"),
        (_set(*FILE, "missing_lines", to=[[5, 6], [1, 2]]), "not in order, or its ranges touch"),
        (_set(*FILE, "missing_lines", to=[[1, 2], [3, 4]]), "not in order, or its ranges touch"),
        (_set(*FILE, "missing_branches", to=[[1, 2], [1, 2]]), "missing_branches is not in order"),
        (_set(*FILE, "missing_branches", to=[[1, 1 << 40]]), "no branch"),
        (
            _set("modules", 0, "hotspots", to=[{"path": "b.py", "function": "f", "missing_lines": 1}]),
            "hotspot",
        ),
        (_set("modules", 0, "status", to="failed"), "its reasons make it passed"),
        (_set("artifacts", to={"present": 1}), "each state of an artifact"),
        (_set("artifacts", "missing", to=1), "artifacts.missing is 1, and 0 of the reasons"),
        (_set("artifacts", "present", to=-1), "each state of an artifact"),
        (
            _set("tests", to={"total": 1, "passed": 0, "failed": 1, "errors": 0, "skipped": 0}),
            "1 test failed",
        ),
        (_set("reasons", to=[{"code": "excellent", "message": ""}]), "Invalid enum value 'excellent'"),
        (_set("modules", 0, "name", to="x" * 4097), "a text of 4097 characters"),
        (_set("tier", to="a\u200bb"), r"does not print, at '\$.tier': 'a\\u200bb'"),
        (_set("tier", to="a\nb"), "does not print"),
        (lambda verdict: verdict.update(modules=verdict["modules"] * 2), "is listed 2 times"),
        (lambda verdict: verdict["modules"][0].update(files=[]), "its files are 0/0 together"),
        (lambda verdict: verdict.update(modules=verdict["modules"] * 2001), "2001 modules are more than"),
        (_set("notes", to=[{"code": "x", "message": ""}] * 10_001), "10001 notes are more than"),
    ],
)
def test_each_kind_of_forgery_is_told_by_its_place(change: Callable[[Any], object], words: str) -> None:
    forged = json.loads(PASSING.to_json())
    change(forged)
    with pytest.raises(UnreadableArtifact, match=words):
        checked_verdict(json.dumps(forged).encode(), HEAD)


@pytest.mark.parametrize(
    "document",
    [b"", b"null", b"[]", b"\xff", b'"\\ud800"', b"{" * 100_000, b'{"a":' * 100_000, b"9" * 10_000, b"NaN"],
)
def test_what_is_no_verdict_is_refused_in_words(document: bytes) -> None:
    with pytest.raises(UnreadableArtifact, match="is not what a check writes"):
        checked_verdict(document, HEAD)


def test_a_document_beyond_the_limit_is_not_decoded() -> None:
    with pytest.raises(UnreadableArtifact, match="larger than 8 MiB"):
        checked_verdict(b" " * ((8 << 20) + 1), HEAD)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(document: bytes) -> None:
    with pytest.raises(UnreadableArtifact):
        checked_verdict(document, HEAD)


def test_a_module_that_shares_a_file_with_another_is_believed() -> None:
    both = judge(module("one"), module("two"), measured={"wallet/a.py": file(9, 10)})
    assert checked_verdict(both.to_json(), HEAD) == both
