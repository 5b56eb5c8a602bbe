"""The policy as the rest of the gate uses it: inputs applied, defaults filled in, numbers exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec

CoverageRule: TypeAlias = Literal["enforce", "report", "off"]
UnmeasuredRule: TypeAlias = Literal["error", "warn", "ignore"]


class Module(msgspec.Struct, frozen=True):
    """A module with the thresholds that hold for it, in percent; at least one of the two is set."""

    name: str
    files: tuple[str, ...]
    line: Fraction | None = None
    branch: Fraction | None = None
    allow_empty: bool = False
    unmeasured: UnmeasuredRule = "error"


class FlakeBudget(msgspec.Struct, frozen=True):
    """Over the latest `runs` runs, at most `percent` of the tests may change their outcome."""

    runs: int
    percent: Fraction


class Keep(msgspec.Struct, frozen=True):
    """How many of the latest runs stay, by whether they passed."""

    passed: int
    failed: int


class Expectation(msgspec.Struct, frozen=True):
    """What must be there of one kind: exactly `count` artifacts, or one at least for each of `names`.

    A name is a glob that the end of an artifact's path matches, at a path boundary.
    """

    kind: str
    count: int | None = None
    names: tuple[str, ...] = ()


class Tier(msgspec.Struct, frozen=True):
    """The tier that was chosen; without a name and suites where none was."""

    name: str | None = None
    coverage: CoverageRule = "enforce"
    suites: tuple[str, ...] = ()
    consecutive_runs: int = 1
    flake_budget: FlakeBudget | None = None


class Suite(msgspec.Struct, frozen=True):
    """A suite. `command` is a text (run by a shell if `shell`, else split as one would) or an argument list,
    `artifacts` are pairs of kind and path, `env` pairs of name and value.

    `mount` and `working_directory` are folders of the repository, `.` for its root; None where the suite
    names none. `after` names suites that end before this one begins.
    """

    name: str
    command: str | tuple[str, ...]
    timeout_seconds: int | None = None
    artifacts: tuple[tuple[str, str], ...] = ()
    mount: str | None = None
    blocking: bool = True
    shell: bool = False
    env: tuple[tuple[str, str], ...] = ()
    working_directory: str | None = None
    retries: int = 0
    after: tuple[str, ...] = ()


class SuiteArtifact(msgspec.Struct, frozen=True):
    """What a suite of the chosen tier leaves: its path in the evidence folder, or under the suite's mount."""

    suite: str
    kind: str
    path: str
    mount: str | None
    blocking: bool


ONLY_SOME = "only-some-suites"
"""The note of a run that left suites of its tier out: it is no run of the tier."""


class Policy(msgspec.Struct, frozen=True):
    """What is measured, what must be reached, and where the reports are; modules in document order.

    `expected` is what the suites of the chosen tier leave, but for the kinds of which the inputs name the
    files.
    """

    modules: tuple[Module, ...]
    coverage_files: tuple[str, ...] = ()
    junit_files: tuple[str, ...] = ()
    path_map: tuple[tuple[str, str], ...] = ()
    tier: Tier = Tier()
    suites: tuple[Suite, ...] = ()
    expected: tuple[SuiteArtifact, ...] = ()
    expect: tuple[Expectation, ...] = ()
    keep: Keep | None = None
