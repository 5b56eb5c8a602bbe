"""Verdicts about a billing service, each the kind that a reviewer meets."""

from __future__ import annotations

from gate.verdict import Code, Hotspot, ModuleResult, Note, Reason, TestCounts, Verdict

from .builders import ALL_PRESENT, file, metric, module, not_measured, verdict


def service() -> ModuleResult:
    """48 of 52 lines are 92.30 %, and 85 % are 44.2: 3 to spare. 70 % of 16 branches are 11.2: 1 to spare."""
    return module(
        "billing-service",
        "passed",
        metric(48, 52, 85),
        metric(13, 16, 70),
        file(
            "backend/billing/invoices.py",
            (30, 33),
            (9, 11),
            ((71, 72), (88, 88)),
            ((70, 71), (87, 88)),
        ),
        file("backend/billing/tax.py", (18, 19), (4, 5), ((40, 40),), ((39, 40),)),
    )


def wallet() -> ModuleResult:
    """All of 31 lines and 8 branches."""
    return module(
        "wallet",
        "passed",
        metric(31, 31, 90),
        metric(8, 8, 80),
        file("backend/billing/wallet.py", (31, 31), (8, 8)),
    )


def router() -> ModuleResult:
    """50 of 60 lines are 83.33 %, and 85 % are 51: 1 short. 65 % of 16 branches are 10.4, 9 are taken."""
    return module(
        "billing-router",
        "failed",
        metric(50, 60, 85),
        metric(9, 16, 65),
        file(
            "backend/billing/app.py",
            (28, 36),
            (4, 9),
            ((41, 44), (58, 59), (73, 73), (90, 90)),
            ((40, 41), (57, 58), (72, 73), (72, -60), (89, 90)),
        ),
        file("backend/billing/webhook.py", (22, 24), (5, 7), ((33, 34),), ((32, 33), (51, -20))),
        hotspots=(
            Hotspot("backend/billing/app.py", "refund", 4),
            Hotspot("backend/billing/app.py", "Router.void", 3),
            Hotspot("backend/billing/webhook.py", "verify", 2),
        ),
        reasons=(
            Reason(
                Code.BELOW_LINE_THRESHOLD,
                "module 'billing-router': line coverage is 83.33 % (50 of 60), below 85 %: "
                "1 more line needed",
            ),
            Reason(
                Code.BELOW_BRANCH_THRESHOLD,
                "module 'billing-router': branch coverage is 56.25 % (9 of 16), below 65 %: "
                "2 more branches needed",
            ),
        ),
    )


def passing() -> Verdict:
    """Everything is green."""
    return verdict("passed", 0, service(), wallet())


def failing() -> Verdict:
    """One module of three misses both thresholds."""
    return verdict("failed", 1, service(), router(), wallet())


def reporting() -> Verdict:
    """The same, in a tier that only reports: exit 0."""
    return verdict("failed", 0, service(), router(), wallet(), tier="pr-fast", coverage="report")


def without_report() -> Verdict:
    """The coverage report was never written, so no module could be measured; the tests ran."""
    return verdict(
        "error",
        3,
        *(
            module(
                name,
                "error",
                not_measured(85),
                not_measured(70),
                reasons=(
                    Reason(
                        Code.MODULE_NOT_MEASURED,
                        f"module '{name}': no coverage report names a file that matches '{glob}'",
                    ),
                ),
            )
            for name, glob in (
                ("billing-service", "backend/billing/[!w]*.py"),
                ("wallet", "backend/billing/wallet.py"),
            )
        ),
        artifacts={"present": 1, "missing": 1, "empty": 0, "unreadable": 0, "stale": 0},
        reasons=(
            Reason(
                Code.ARTIFACT_MISSING,
                "coverage report 'artifacts/billing-confidence/*/coverage/*.json': no file matches",
            ),
        ),
    )


def nothing_to_compare() -> Verdict:
    """A tier without coverage, and no test reports: there is nothing to hold against anything."""
    return verdict(
        "passed",
        0,
        tier="smoke",
        coverage="off",
        configured=3,
        tests=TestCounts(),
        artifacts=dict.fromkeys(ALL_PRESENT, 0),
        notes=(
            Note("tests-not-configured", "no junit-files are configured: test outcomes were not judged"),
            Note("coverage-off", "tier smoke expects no coverage: no module was evaluated"),
        ),
    )


def every_reason() -> Verdict:
    """Each reason there is, once."""
    tax = file("backend/billing/tax.py", (18, 19), None, ((40, 40),))
    return verdict(
        "error",
        3,
        router(),
        module(
            "orders",
            "error",
            not_measured(85),
            not_measured(None),
            reasons=(
                Reason(
                    Code.MODULE_NOT_MEASURED,
                    "module 'orders': no coverage report names a file that matches 'backend/orders/**'",
                ),
            ),
        ),
        module(
            "billing-service",
            "error",
            metric(18, 19, 85),
            not_measured(70),
            tax,
            reasons=(
                Reason(
                    Code.BRANCH_NOT_MEASURED,
                    "module 'billing-service': branches were not measured in 'backend/billing/tax.py', "
                    "but its branch threshold is 70 %",
                ),
                Reason(
                    Code.SOURCE_DRIFT,
                    "module 'billing-service': coverage report 'coverage/shared.xml' measured another "
                    "'backend/billing/tax.py': line 90 is beyond its end at line 41",
                ),
                Reason(
                    Code.FILE_NOT_MEASURED,
                    "module 'billing-service': no coverage report names 'backend/billing/refunds.py', "
                    "which it claims",
                ),
            ),
        ),
        module(
            "types",
            "error",
            metric(0, 0, 85),
            metric(0, 0, None),
            file("backend/billing/types.py", (0, 0), (0, 0)),
            reasons=(
                Reason(
                    Code.NOTHING_MEASURED, "module 'types': its measured files hold no statement to cover"
                ),
            ),
        ),
        tests=TestCounts(total=7, passed=3, failed=2, errors=1, skipped=1),
        artifacts={"present": 2, "missing": 1, "empty": 1, "unreadable": 1, "stale": 1},
        reasons=(
            Reason(Code.ARTIFACT_MISSING, "coverage report 'coverage/worker.json': no such file"),
            Reason(Code.ARTIFACT_EMPTY, "coverage report 'coverage/api.json': empty"),
            Reason(
                Code.ARTIFACT_UNREADABLE,
                "JUnit report 'junit/worker.xml': not well-formed (line 3, column 9)",
            ),
            Reason(
                Code.ARTIFACT_STALE,
                "coverage report 'coverage/old.json': it was written before commit 5f3c9a1e7b2d",
            ),
            Reason(
                Code.SUITE_FAILED,
                "suite 'backend_critical' ended with exit code 2; its log is 'logs/backend_critical.log'",
            ),
            Reason(
                Code.SUITE_TIMEOUT,
                "suite 'end_to_end' was still running after 1800 s and was ended; its log is "
                "'logs/end_to_end.log'",
            ),
            Reason(
                Code.UNSTABLE,
                "runs 'r1' and 'r2' of this commit differ: branch 12 → 14 of 'backend/billing/tax.py'",
            ),
            Reason(
                Code.AMBIGUOUS_PATH,
                "coverage report 'coverage/shared.xml': 'utils.py' may be 'backend/utils.py' or "
                "'worker/utils.py'; say which with a path-map line such as '.=backend'",
            ),
            Reason(Code.NO_TESTS, "JUnit report 'junit/api.xml' holds no test case"),
            Reason(
                Code.TESTS_FAILED,
                "3 of 7 tests failed: 'tests.test_app::test_refund', 'tests.test_app::test_void', "
                "'tests.test_webhook::test_replay'",
            ),
        ),
        notes=(
            Note(
                "report-read",
                "coverage report 'coverage/shared.xml': Cobertura XML (coverage.py 7.17.3): 12 files, found "
                "11 as in the repository, 1 ambiguous",
            ),
            Note(
                "consecutive-runs",
                "tier merge-medium asks for 2 consecutive runs; this verdict is about one of them",
            ),
        ),
    )
