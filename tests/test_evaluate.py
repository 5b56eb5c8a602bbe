from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.evaluate import Identity, evaluate
from gate.evidence.index import Artifact, Kind, Status
from gate.evidence.model import Coverage, CoverageReport, Evidence, Survey, Tests
from gate.policy.resolved import Module, Policy, Tier
from gate.reports.branches import Branches
from gate.reports.junit import Outcome, TestCase, TestReport
from gate.reports.lines import Lines, line_set
from gate.reports.model import FileCoverage, Function
from gate.reports.paths import How
from gate.verdict import Code, ModuleResult, Note, Verdict, needed

NO_TIER = Tier()
IDENTITY = Identity("run-1", "c" * 40, "d" * 40)
COVERAGE = Artifact(name="cov.json", kind=Kind.COVERAGE, path="coverage/cov.json", source="cov.json")

REPORT = CoverageReport(
    source="cov.json",
    format="coverage.py JSON",
    writer="coverage.py 7.17.3",
    survey=Survey(
        names=1,
        ways={How.ABSENT: 1},
        example=None,
        resolved=0,
        suffixes=frozenset({".py"}),
    ),
)


def file(covered: int, total: int, branches: tuple[int, int] | None = (0, 0)) -> FileCoverage:
    """A file whose first lines are covered and whose last are not; branches likewise."""
    lines = Lines(line_set(range(1, covered + 1)), line_set(range(1, total + 1)), total)
    if branches is None:
        return FileCoverage(lines, None)
    arcs = [(1, target) for target in range(2, branches[1] + 2)]
    return FileCoverage(lines, Branches(frozenset(arcs[: branches[0]]), frozenset(arcs), branches[1]))


def module(name: str = "wallet", files: str = "wallet/**", **settings: Any) -> Module:
    return Module(name, (files,), **({"line": Fraction(85)} | settings))


def judge(
    *modules: Module,
    measured: dict[str, FileCoverage] | None = None,
    unmeasured: Iterable[str] = (),
    tests: tuple[Tests, ...] = (),
    artifacts: tuple[Artifact, ...] = (COVERAGE,),
    tier: Tier = NO_TIER,
) -> Verdict:
    policy = Policy(modules or (module(),), ("cov.json",), ("junit.xml",), tier=tier)
    evidence = Evidence(
        coverage=Coverage(measured={"wallet/a.py": file(9, 10)} if measured is None else measured),
        unmeasured=tuple(unmeasured),
        tests=tests,
        artifacts=artifacts,
    )
    return evaluate(policy, evidence, IDENTITY)


def codes(result: Verdict | ModuleResult) -> list[str]:
    return [reason.code.value for reason in result.reasons]


def test_a_module_at_its_threshold_passes() -> None:
    verdict = judge(
        module(line=Fraction(90), branch=Fraction(50)), measured={"wallet/a.py": file(9, 10, (1, 2))}
    )
    assert (verdict.verdict, verdict.exit_code, codes(verdict)) == ("passed", 0, [])
    assert verdict.summary_line == "passed: 1 of 1 modules evaluated"


def test_files_sum_as_integers_and_are_never_averaged() -> None:
    # 1 of 1 and 80 of 100: an average of percentages would be 90, the sum is 81 of 101.
    verdict = judge(measured={"wallet/a.py": file(1, 1), "wallet/b.py": file(80, 100)})
    line = verdict.modules[0].line
    assert (line.covered, line.total, line.percent) == (81, 101, 80.19)
    assert codes(verdict) == ["below-line-threshold"]
    assert (verdict.verdict, verdict.exit_code) == ("failed", 1)


def test_lines_never_make_up_for_branches() -> None:
    verdict = judge(
        module(line=Fraction(50), branch=Fraction(50)), measured={"wallet/a.py": file(100, 100, (0, 2))}
    )
    assert codes(verdict) == ["below-branch-threshold"]
    assert verdict.modules[0].branch.headroom == -1


def test_the_reason_names_the_module_the_numbers_and_what_is_needed() -> None:
    verdict = judge(module(line=Fraction("85.5")), measured={"wallet/a.py": file(100, 120)})
    (reason,) = verdict.reasons
    # 85.5 % of 120 is 102.6, so 103 are needed.
    assert reason.message == (
        "module 'wallet': line coverage is 83.33 % (100 of 120), below 85.5 %: 3 more lines needed"
    )


@given(total=st.integers(1, 10**6), share=st.fractions(0, 1), threshold=st.decimals(0, 100, places=3))
def test_a_threshold_passes_exactly_when_covered_times_100_reaches_it(
    total: int, share: Fraction, threshold: Any
) -> None:
    limit = Fraction(threshold)
    covered = int(share * total)
    assert (covered >= needed(total, limit)) == (covered * 100 >= limit * total)


@given(covered=st.integers(0, 3000), total=st.integers(1, 3000), threshold=st.integers(0, 100))
def test_a_shown_percentage_never_passes_a_threshold_that_the_ratio_misses(
    covered: int, total: int, threshold: int
) -> None:
    covered = min(covered, total)
    verdict = judge(module(line=Fraction(threshold)), measured={"wallet/a.py": file(covered, total)})
    line = verdict.modules[0].line
    assert line.percent is not None
    assert line.passed == (covered * 100 >= threshold * total)
    if not line.passed:
        assert line.percent < threshold


def test_a_module_that_no_report_names_is_an_error_and_not_evaluated() -> None:
    verdict = judge(module(), module("invoices", "invoices/**"))
    assert (verdict.verdict, verdict.exit_code) == ("error", 3)
    assert codes(verdict) == ["module-not-measured"]
    assert verdict.modules[1].line.measured is False
    assert verdict.modules[1].line.percent is None
    assert verdict.summary_line == "error: 1 of 2 modules evaluated, 1 not passed"


def test_names_of_no_module_are_shown_where_a_module_was_not_found() -> None:
    policy = Policy((module(),), ("cov.json",))
    evidence = Evidence(
        coverage=Coverage(reports=(REPORT,), foreign=("src/wallet/a.py",)),
        unmeasured=(),
        tests=(),
        artifacts=(COVERAGE,),
    )
    verdict = evaluate(policy, evidence, IDENTITY)
    (note,) = (note for note in verdict.notes if note.code == "names-in-reports")
    assert "'src/wallet/a.py'" in note.message
    assert "path-map" in note.message


@pytest.mark.parametrize(
    ("rule", "expected_codes", "noted"),
    [("error", ["file-not-measured"], False), ("warn", [], True), ("ignore", [], False)],
)
def test_a_file_that_no_report_names_counts_as_the_module_says(
    rule: str, expected_codes: list[str], noted: bool
) -> None:
    verdict = judge(module(unmeasured=rule), unmeasured=["wallet/new.py", "elsewhere/x.py"])
    assert codes(verdict) == expected_codes
    assert [note.code for note in verdict.modules[0].notes] == (["file-not-measured"] if noted else [])
    assert "elsewhere" not in str(verdict.reasons)


def test_branches_that_were_not_measured_are_an_error_where_a_threshold_wants_them() -> None:
    measured = {"wallet/a.py": file(9, 10, None)}
    verdict = judge(module(branch=Fraction(65)), measured=measured)
    assert (codes(verdict), verdict.exit_code) == (["branch-not-measured"], 3)
    assert verdict.modules[0].branch.measured is False
    assert judge(module(), measured=measured).verdict == "passed"


def test_one_file_without_branch_measurement_spoils_the_modules_branch_number() -> None:
    measured = {"wallet/a.py": file(9, 10, (2, 2)), "wallet/b.py": file(9, 10, None)}
    verdict = judge(module(branch=Fraction(65)), measured=measured)
    assert codes(verdict) == ["branch-not-measured"]
    assert "'wallet/b.py'" in verdict.reasons[0].message


def test_a_module_without_branches_is_not_applicable_and_passes() -> None:
    branch = judge(module(branch=Fraction(100))).modules[0].branch
    assert (branch.measured, branch.total, branch.percent, branch.passed) == (True, 0, None, True)


def test_a_module_without_statements_is_an_error_unless_it_may_be_empty() -> None:
    measured = {"wallet/__init__.py": file(0, 0)}
    assert codes(judge(measured=measured)) == ["nothing-measured"]
    allowed = judge(module(allow_empty=True), measured=measured)
    assert (allowed.verdict, allowed.modules[0].line.percent) == ("passed", None)


def test_a_metric_without_a_threshold_is_shown_and_not_judged() -> None:
    branch = judge(measured={"wallet/a.py": file(9, 10, (0, 4))}).modules[0].branch
    assert (branch.percent, branch.threshold, branch.passed, branch.headroom) == (0.0, None, None, None)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.MISSING, "artifact-missing"),
        (Status.EMPTY, "artifact-empty"),
        (Status.UNREADABLE, "artifact-unreadable"),
        (Status.STALE, "artifact-stale"),
    ],
)
@pytest.mark.parametrize("coverage", ["enforce", "report"])
def test_unusable_evidence_is_an_error_in_every_tier_and_wins_over_a_missed_threshold(
    status: Status, code: str, coverage: Any
) -> None:
    broken = Artifact(name="shard-2.json", kind=Kind.COVERAGE, status=status, note="why")
    verdict = judge(
        measured={"wallet/a.py": file(1, 10)}, artifacts=(COVERAGE, broken), tier=Tier("t", coverage)
    )
    assert code in codes(verdict)
    assert (verdict.verdict, verdict.exit_code) == ("error", 3)
    assert verdict.artifacts == {s.value: int(s is status or s is Status.PRESENT) for s in Status}


def test_a_tier_that_only_reports_says_failed_and_exits_0() -> None:
    verdict = judge(measured={"wallet/a.py": file(1, 10)}, tier=Tier("pr-fast", "report"))
    assert (verdict.verdict, verdict.exit_code) == ("failed", 0)


def test_a_tier_that_only_reports_does_not_forgive_failed_tests() -> None:
    verdict = judge(measured={"wallet/a.py": file(1, 10)}, tests=(failing(),), tier=Tier("t", "report"))
    assert (verdict.verdict, verdict.exit_code) == ("failed", 1)


def test_a_tier_without_coverage_evaluates_no_module_and_says_so() -> None:
    verdict = judge(measured={}, tests=(passing(),), tier=Tier("smoke", "off"))
    assert (verdict.verdict, verdict.modules) == ("passed", ())
    assert verdict.summary_line == "passed: 0 of 1 modules evaluated"
    assert "coverage-off" in [note.code for note in verdict.notes]


def report(passed: int = 0, skipped: int = 0, failures: tuple[TestCase, ...] = ()) -> TestReport:
    failed = sum(case.outcome is Outcome.FAILED for case in failures)
    errors = len(failures) - failed
    return TestReport(
        total=passed + skipped + len(failures),
        passed=passed,
        failed=failed,
        errors=errors,
        skipped=skipped,
        failures=failures,
    )


def case(name: str, outcome: Outcome = Outcome.FAILED) -> TestCase:
    return TestCase("suite", "tests.test_wallet", name, outcome, "AssertionError", None, None)


def passing() -> Tests:
    return Tests("junit.xml", report(passed=3), True)


def failing(blocking: bool = True) -> Tests:
    return Tests(
        "junit.xml", report(passed=3, failures=(case("test_a"), case("test_b", Outcome.ERROR))), blocking
    )


def test_failed_tests_and_errors_block_and_are_named() -> None:
    verdict = judge(tests=(failing(),))
    assert (codes(verdict), verdict.exit_code) == (["tests-failed"], 1)
    assert "'tests.test_wallet::test_a', 'tests.test_wallet::test_b'" in verdict.reasons[0].message
    assert msgspec.to_builtins(verdict.tests) == {
        "total": 5,
        "passed": 3,
        "failed": 1,
        "errors": 1,
        "skipped": 0,
    }


def test_of_many_failures_the_first_are_named_and_the_rest_counted() -> None:
    many = Tests("junit.xml", report(failures=tuple(case(f"test_{n}") for n in range(12))), True)
    assert judge(tests=(many,)).reasons[0].message.endswith("and 7 more")


def test_failures_of_a_suite_that_does_not_block_are_a_note() -> None:
    verdict = judge(tests=(passing(), failing(blocking=False)))
    assert (verdict.verdict, verdict.tests.failed) == ("passed", 1)
    assert "non-blocking-tests-failed" in [note.code for note in verdict.notes]


@pytest.mark.parametrize("empty", [report(), report(skipped=4)])
def test_no_test_that_ran_is_no_proof(empty: TestReport) -> None:
    verdict = judge(tests=(Tests("junit.xml", empty, True),))
    assert (codes(verdict), verdict.exit_code) == (["no-tests"], 3)


def test_a_suite_that_does_not_block_neither_proves_nor_disproves_anything() -> None:
    skipped = Tests("junit.xml", report(skipped=4), True)
    tracked = Tests("tracked.xml", report(passed=1), False)
    assert codes(judge(tests=(skipped, tracked))) == ["no-tests"]
    empty = judge(tests=(passing(), Tests("tracked.xml", report(), False)))
    assert (empty.verdict, empty.notes[0].code) == ("passed", "non-blocking-no-tests")


def test_one_junit_file_without_a_test_is_an_error_beside_others_with_tests() -> None:
    verdict = judge(tests=(passing(), Tests("shard-2.xml", report(), True)))
    assert codes(verdict) == ["no-tests"]
    assert "'shard-2.xml'" in verdict.reasons[0].message


def test_hotspots_are_the_functions_with_the_most_missing_lines() -> None:
    lines = Lines(line_set([1, 2]), line_set(range(1, 21)), 20)
    functions = (
        Function("covered", line_set([1, 2])),
        Function("worst", line_set(range(10, 21))),
        Function("small", line_set([3])),
    )
    verdict = judge(
        measured={"wallet/a.py": FileCoverage(lines, Branches(frozenset(), frozenset(), 0), functions)}
    )
    assert [(spot.function, spot.missing_lines) for spot in verdict.modules[0].hotspots] == [
        ("worst", 11),
        ("small", 1),
    ]


def test_a_threshold_far_below_what_is_reached_is_noted() -> None:
    notes = judge(module(line=Fraction(65)), measured={"wallet/a.py": file(77, 100)}).modules[0].notes
    assert [note.code for note in notes] == ["threshold-slack"]
    assert not judge(module(line=Fraction(68)), measured={"wallet/a.py": file(77, 100)}).modules[0].notes


def test_failing_modules_come_first_and_outcomes_are_listed_in_the_policys_order() -> None:
    verdict = judge(
        module("a", "a/**"),
        module("b", "b/**"),
        module("c", "c/**"),
        measured={"a/x.py": file(1, 1), "c/x.py": file(0, 1)},
    )
    assert [one.name for one in verdict.by_urgency] == ["c", "b", "a"]
    assert [one.name for one in verdict.failed_modules] == ["b", "c"]


def test_a_file_in_two_modules_counts_in_both() -> None:
    verdict = judge(module(), module("all", "*.py"))
    assert [one.line.total for one in verdict.modules] == [10, 10]


def test_the_document_has_the_fields_that_its_readers_rely_on() -> None:
    verdict = judge(module(branch=Fraction("0.5")), measured={"wallet/a.py": file(8, 10, (1, 2))})
    document = msgspec.json.decode(verdict.to_json())
    assert list(document) == [
        "schema", "verdict", "exit_code", "tier", "coverage", "run_id", "commit", "head_sha",
        "modules_configured", "modules_evaluated", "modules", "tests", "artifacts", "reasons", "notes",
    ]  # fmt: skip
    (only,) = document["modules"]
    assert only["line"] == {
        "covered": 8, "total": 10, "measured": True, "percent": 80.0, "threshold": 85, "passed": False,
    }  # fmt: skip
    assert only["branch"]["threshold"] == 0.5
    assert only["files"] == [
        {
            "path": "wallet/a.py",
            "line": {"covered": 8, "total": 10},
            "branch": {"covered": 1, "total": 2},
            "missing_lines": [[9, 10]],
            "missing_branches": [[1, 3]],
        }
    ]
    assert msgspec.json.decode(verdict.to_json(), type=Verdict) == verdict


def test_every_reason_code_is_one_that_the_interface_names() -> None:
    named = """
        below-line-threshold below-branch-threshold tests-failed suite-failed suite-timeout unstable
        module-not-measured file-not-measured nothing-measured branch-not-measured artifact-missing
        artifact-empty artifact-unreadable artifact-stale source-drift ambiguous-path no-tests
    """
    assert {code.value for code in Code} <= set(named.split())


def test_a_run_that_is_not_whole_lends_no_coverage_unless_its_suite_does_not_block() -> None:
    report = msgspec.structs.replace(failing().report, broken=("a worker was lost",))
    verdict = judge(measured={"wallet/a.py": file(10, 10)}, tests=(Tests("junit.xml", report, True),))
    assert (verdict.verdict, verdict.exit_code) == ("error", 3)
    assert [reason.code for reason in verdict.reasons] == [Code.ARTIFACT_UNREADABLE, Code.TESTS_FAILED]
    assert verdict.reasons[0].message == "JUnit report 'junit.xml': a worker was lost"
    tracked = judge(measured={"wallet/a.py": file(10, 10)}, tests=(Tests("junit.xml", report, False),))
    assert (tracked.verdict, tracked.exit_code) == ("passed", 0)
    assert "non-blocking-not-whole" in {note.code for note in tracked.notes}


def test_what_a_test_report_leaves_open_is_a_note() -> None:
    report = msgspec.structs.replace(passing().report, remarks=("states 5 tests and shows 2",))
    verdict = judge(measured={"wallet/a.py": file(10, 10)}, tests=(Tests("junit.xml", report, True),))
    assert verdict.exit_code == 0
    assert Note("test-report-remark", "JUnit report 'junit.xml': states 5 tests and shows 2") in verdict.notes
