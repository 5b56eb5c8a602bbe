"""Suites and tiers of a policy."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gate.policy.resolved import Expectation, FlakeBudget, Keep
from tests.policy.loading import FILE, load, mistakes, one_mistake

HEAD = "version: 1\ncoverage-files: c\nmodules: {a: {files: a, line: 1}}\n"


def suite(fields: str, name: str = "unit") -> str:
    return f"{HEAD}suites: {{{name}: {{{fields}}}}}\n"


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("30m", 30 * 60),
        ("1h30m", 90 * 60),
        ("2h0m5s", 2 * 3600 + 5),
        ("168h", 604800),
    ],
)
def test_a_timeout_is_a_number_of_seconds_or_a_duration_with_units(timeout: str, seconds: int) -> None:
    assert load(suite(f"command: x, timeout: {timeout}")).suites[0].timeout_seconds == seconds


@pytest.mark.parametrize(
    "timeout", ["soon", "0", "0s", "30", "-5", "1.5", "5m3h", "30 m", "m", "90S", "604801", "1d", "''"]
)
def test_what_is_no_duration_is_refused(timeout: str) -> None:
    text = suite(f"command: x, timeout: {timeout}")
    if timeout == "30":
        assert load(text).suites[0].timeout_seconds == 30
    else:
        assert one_mistake(text).startswith(
            f"{FILE}:4:38: suites.unit.timeout: must be a whole number from 1 to "
        )


def test_a_duration_over_a_week_is_refused_in_either_way_of_writing_it() -> None:
    assert one_mistake(suite("command: x, timeout: 168h1s")).endswith("must not be longer than 168h, a week")
    assert one_mistake(suite("command: x, timeout: 700000")).endswith("not 700000")


def test_a_command_is_shell_text_or_an_argument_list() -> None:
    assert load(suite("command: pytest -q")).suites[0].command == "pytest -q"
    assert load(suite("command: [pytest, -q]")).suites[0].command == ("pytest", "-q")
    assert "must not be an empty list" in one_mistake(suite("command: []"))
    assert "the key 'command' is missing" in one_mistake(suite("blocking: false"))


@pytest.mark.parametrize(
    "path", ["../x.xml", "/absolute.xml", "a/../../x", "a/..", ".", "./x", "a/", '""', "'a\\b'"]
)
def test_an_artifact_stays_in_the_evidence_folder(path: str) -> None:
    line = one_mistake(suite(f"command: x, artifacts: {{junit: {path}}}"))
    assert "suites.unit.artifacts.junit: must be a file's path in the evidence folder" in line


@pytest.mark.parametrize("path", ["junit/unit.xml", "a..b/c", "..a", "with space/ü.xml"])
def test_ordinary_artifact_paths_are_taken(path: str) -> None:
    assert load(suite(f"command: x, artifacts: {{junit: {path}}}")).suites[0].artifacts == (("junit", path),)


@pytest.mark.parametrize(
    ("mount", "folder"), [("backend", "backend"), ("backend/", "backend"), ("./a/b", "a/b"), (".", ".")]
)
def test_a_mount_is_a_folder_of_the_repository(mount: str, folder: str) -> None:
    assert load(suite(f"command: x, mount: {mount}")).suites[0].mount == folder


@pytest.mark.parametrize("mount", ["/app", "../other", "a/../.."])
def test_a_mount_outside_the_repository_is_refused(mount: str) -> None:
    assert "suites.unit.mount: must be a path relative to" in one_mistake(
        suite(f"command: x, mount: {mount}")
    )


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "'a\\b'"])
def test_a_suite_name_can_be_part_of_a_file_name(name: str) -> None:
    assert "the key must be a name that can be a file's" in one_mistake(suite("command: x", name))


def test_a_suite_blocks_unless_it_says_otherwise() -> None:
    assert load(suite("command: x")).suites[0].blocking is True
    assert load(suite("command: x, blocking: false")).suites[0].blocking is False


def test_a_suite_with_a_mistake_of_its_own_is_still_known_to_the_tiers() -> None:
    text = suite("command: []") + "tiers: {fast: {suites: [unit]}}\n"
    assert one_mistake(text) == f"{FILE}:4:26: suites.unit.command: must not be an empty list"


def test_a_tier_runs_at_least_once() -> None:
    assert "must be a whole number from 1 to 100, not 0" in one_mistake(
        f"{HEAD}tiers: {{fast: {{consecutive-runs: 0}}}}\n"
    )


def test_an_unknown_tier_is_answered_with_the_nearest_and_all_known_ones() -> None:
    text = f"{HEAD}tiers: {{pr-fast: {{}}, release-heavy: {{}}}}\n"
    assert one_mistake(text, tier="pr_fats") == (
        "input tier: there is no tier 'pr_fats'; did you mean 'pr-fast'? (known: pr-fast, release-heavy)"
    )
    assert one_mistake(HEAD, tier="fast") == "input tier: there is no tier 'fast'; the policy has no tiers"


def test_a_tier_needs_a_policy_file() -> None:
    assert mistakes(None, "{a: {files: a, line: 1}}", tier="fast", coverage_files=("c",)) == [
        "input tier: there is no tier 'fast'; tiers need a policy file"
    ]


def test_what_must_be_there_is_a_number_or_names_and_a_tiers_word_comes_before_the_policys() -> None:
    text = (
        f"{HEAD}expect: {{coverage: 8, junit: junit/unit.xml}}\n"
        "tiers: {fast: {expect: {coverage: [a.json, 'shard-*/b.json']}}}\n"
    )
    assert load(text).expect == (
        Expectation("coverage", count=8),
        Expectation("junit", names=("junit/unit.xml",)),
    )
    assert load(text, tier="fast").expect == (
        Expectation("coverage", names=("a.json", "shard-*/b.json")),
        Expectation("junit", names=("junit/unit.xml",)),
    )
    assert "must be a whole number from 1 to 1000, text or a list, not 0" in one_mistake(
        f"{HEAD}expect: {{coverage: 0}}\n"
    )


def test_a_flake_budget_and_what_is_kept_are_numbers() -> None:
    text = (
        f"{HEAD}keep: {{passed: 10, failed: 0}}\n"
        "tiers: {fast: {flake-budget: {runs: 20, percent: 2.5}}}\n"
    )
    assert load(text).keep == Keep(10, 0)
    assert load(text, tier="fast").tier.flake_budget == FlakeBudget(20, Fraction(5, 2))
    assert "must be a whole number from 2 to 1000, not 1" in one_mistake(
        f"{HEAD}tiers: {{fast: {{flake-budget: {{runs: 1, percent: 2}}}}}}\n"
    )
    assert "must be a whole number from 1 to 100000, not 0" in one_mistake(
        f"{HEAD}keep: {{passed: 0, failed: 1}}\n"
    )


def test_a_commands_braces_name_what_the_suite_leaves() -> None:
    text = suite("command: 'run {junit} {coverage} {{json}} {other}', artifacts: {junit: j.xml}")
    assert one_mistake(text) == (
        f"{FILE}:4:26: suites.unit.command: names {{coverage}}, and the suite has no artifact 'coverage'; "
        "add it to artifacts"
    )


def test_a_text_that_a_shell_cannot_split_is_refused_unless_a_shell_runs_it() -> None:
    assert "no closing quotation" in one_mistake(suite('command: "echo \'x"'))
    assert load(suite('command: "echo \'x", shell: true')).suites[0].shell
    assert "must be one text" in one_mistake(suite("command: [a, b], shell: true"))


def test_suites_follow_others_without_a_circle() -> None:
    text = f"{HEAD}suites:\n  a: {{command: x}}\n  b: {{command: x, after: [a]}}\n"
    assert load(text).suites[1].after == ("a",)
    assert "there is no suite 'c' (known: a, b)" in one_mistake(text.replace("after: [a]", "after: [c]"))
    circle = text.replace("a: {command: x}", "a: {command: x, after: [b]}")
    assert all("wait for each other" in mistake for mistake in mistakes(circle))
    assert "'b' and 'b' wait" in one_mistake(text.replace("after: [a]", "after: [b]"))


def test_a_suite_may_set_its_environment_and_where_it_runs() -> None:
    loaded = load(suite("command: x, env: {CI: '1'}, working-directory: backend/, retries: 2")).suites[0]
    assert (loaded.env, loaded.working_directory, loaded.retries) == ((("CI", "1"),), "backend", 2)
