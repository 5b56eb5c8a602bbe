"""The policy of the documentation, read as the documentation says."""

from __future__ import annotations

from fractions import Fraction

from gate.policy.resolved import Module, Suite, Tier
from tests.policy.loading import PUBLISHED, load


def test_modules_keep_their_order_and_their_own_thresholds_win() -> None:
    assert load(PUBLISHED).modules == (
        Module("billing-router", ("backend/open_webui/routers/billing.py",), Fraction(85), Fraction(65)),
        Module("billing-service", ("backend/open_webui/utils/billing*.py",), Fraction(85), Fraction(70)),
        Module("wallet", ("backend/open_webui/wallet/**",), Fraction(85), Fraction(65)),
    )


def test_lists_of_reports_and_the_path_map_are_taken_over() -> None:
    policy = load(PUBLISHED)
    assert policy.coverage_files == ("artifacts/billing-confidence/*/coverage/*.json",)
    assert policy.junit_files == ("artifacts/billing-confidence/*/junit/*.xml",)
    assert policy.path_map == (("/app/backend", "backend"),)


def test_without_a_tier_coverage_is_enforced_once_and_no_suite_runs() -> None:
    assert load(PUBLISHED).tier == Tier(None, "enforce", (), 1)


def test_a_chosen_tier_brings_its_suites_and_its_number_of_runs() -> None:
    tier = load(PUBLISHED, tier="release-heavy").tier
    assert tier == Tier("release-heavy", "enforce", ("backend_critical", "backend_coverage"), 2)
    assert load(PUBLISHED, tier="pr-fast").tier.coverage == "report"


def test_suites_come_with_seconds_artifacts_and_mount() -> None:
    critical, coverage = load(PUBLISHED).suites
    assert critical == Suite(
        "backend_critical",
        "docker compose run --rm backend pytest -m critical --junitxml={junit}",
        None,
        (("junit", "junit/backend_critical.xml"),),
        "backend",
        True,
    )
    assert coverage.timeout_seconds == 30 * 60
    assert coverage.artifacts == (
        ("junit", "junit/backend_coverage.xml"),
        ("coverage", "coverage/backend_coverage.json"),
    )
