"""A tier's suites as commands with the paths that they see."""

from __future__ import annotations

from typing import Any

import pytest

from gate.errors import UsageError
from gate.policy.resolved import Policy, Suite, Tier
from gate.suites.plan import DEFAULT_TIMEOUT, Planned, plan

FOLDER = "artifacts/coverage-gate/r1"


def suite(name: str = "unit", command: str | tuple[str, ...] = "run", **more: Any) -> Suite:
    return Suite(name, command, **more)


def planned(*suites: Suite, names: tuple[str, ...] = (), **more: Any) -> tuple[Planned, ...]:
    tier = Tier("merge", suites=names or tuple(one.name for one in suites))
    return plan(Policy((), tier=tier, suites=suites), FOLDER, **more)


def argv(command: str | tuple[str, ...], **more: Any) -> tuple[str, ...]:
    return planned(suite(command=command, **more))[0].argv


ARTIFACTS = (("junit", "junit/unit.xml"), ("coverage", "coverage/unit.json"))


def test_a_text_is_split_as_a_shell_would_and_no_shell_runs_it() -> None:
    assert argv("run 'two words' $HOME \"a;b\"") == ("run", "two words", "$HOME", "a;b")
    assert argv(("run", "two words")) == ("run", "two words")


def test_a_shell_runs_what_asks_for_one_with_its_paths_quoted() -> None:
    spaced = (("junit", "junit/a b.xml"),)
    assert argv("run {junit} | tee x", artifacts=spaced, **{"shell": True}) == (
        "/bin/sh", "-c", f"run '{FOLDER}/junit/a b.xml' | tee x",
    )  # fmt: skip


def test_words_in_braces_are_the_paths_of_artifacts_and_others_stay() -> None:
    assert argv("run --x={junit} {coverage} {run_dir} {other} {{.Name}}", artifacts=ARTIFACTS) == (
        "run",
        f"--x={FOLDER}/junit/unit.xml",
        f"{FOLDER}/coverage/unit.json",
        FOLDER,
        "{other}",
        "{{.Name}}",
    )


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        ({}, FOLDER),
        ({"working_directory": "backend"}, f"../{FOLDER}"),
        ({"working_directory": "a/b"}, f"../../{FOLDER}"),
        # A container with a mount sees the same path below it.
        ({"mount": "backend"}, FOLDER),
        ({"mount": "backend", "working_directory": "tools"}, FOLDER),
    ],
)
def test_paths_are_those_that_the_command_sees(more: dict[str, str], seen: str) -> None:
    (one,) = planned(suite(artifacts=ARTIFACTS, **more))
    assert one.seen["junit"] == f"{seen}/junit/unit.xml"


def test_suites_come_after_those_that_they_wait_for_else_in_the_tiers_order() -> None:
    suites = (suite("c", after=("a",)), suite("b"), suite("a", after=("z",)))
    order = planned(*suites, names=("c", "b", "a"))
    assert [one.name for one in order] == ["b", "a", "c"]
    # What is not of the tier is not waited for.
    assert [one.after for one in order] == [frozenset(), frozenset(), frozenset({"a"})]


def test_the_own_timeout_comes_before_the_given_one_and_that_before_an_hour() -> None:
    assert planned(suite(timeout_seconds=5), timeout=7)[0].timeout == 5
    assert planned(suite(), timeout=7)[0].timeout == 7
    assert planned(suite())[0].timeout == DEFAULT_TIMEOUT == 3600


def test_only_some_suites_are_those_of_the_tier() -> None:
    both = suite("a"), suite("b")
    assert [one.name for one in planned(*both, only=("b",))] == ["b"]
    with pytest.raises(UsageError, match=r"tier 'merge' has no suite 'c' \(it has: a, b\)"):
        planned(*both, only=("c",))


def test_a_tier_without_suites_has_nothing_to_run() -> None:
    with pytest.raises(UsageError, match="nothing to run"):
        plan(Policy((), tier=Tier("merge")), FOLDER)
