"""A document without mistakes and the inputs, turned into the policy that holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fractions import Fraction
from typing import TypeVar

from msgspec import UNSET, UnsetType

from gate.policy import durations, model
from gate.policy.overrides import Overrides
from gate.policy.resolved import (
    Expectation,
    FlakeBudget,
    Keep,
    Module,
    Policy,
    Suite,
    SuiteArtifact,
    Tier,
)
from gate.policy.rules import files_of, texts

_Value = TypeVar("_Value")


def resolve(document: model.Document, modules: dict[str, model.ModuleEntry], inputs: Overrides) -> Policy:
    """The policy that holds. A list given as input replaces the document's, a module's own number stays."""
    line = _or_none(document.thresholds.line) if inputs.line is None else inputs.line
    branch = _or_none(document.thresholds.branch) if inputs.branch is None else inputs.branch
    return Policy(
        modules=tuple(_module(name, entry, line, branch) for name, entry in modules.items()),
        coverage_files=inputs.coverage_files or texts(document.coverage_files),
        junit_files=inputs.junit_files or texts(document.junit_files),
        path_map=inputs.path_map or tuple(document.path_map.items()),
        tier=_tier(document, inputs.tier),
        suites=tuple(_suite(name, suite) for name, suite in document.suites.items()),
        expected=tuple(_expected(document, inputs)),
        expect=_expectations(document, inputs.tier),
        keep=None if document.keep is UNSET else Keep(document.keep.passed, document.keep.failed),
    )


def _module(name: str, entry: model.ModuleEntry, line: Fraction | None, branch: Fraction | None) -> Module:
    if not isinstance(entry, model.Module):
        return Module(name, files_of(entry), line, branch)
    return Module(
        name,
        files_of(entry),
        line if entry.line is UNSET else entry.line,
        branch if entry.branch is UNSET else entry.branch,
        entry.allow_empty,
        entry.unmeasured,
    )


def _tier(document: model.Document, name: str | None) -> Tier:
    if name is None:
        return Tier()
    tier = document.tiers[name]
    budget = tier.flake_budget
    return Tier(
        name,
        tier.coverage,
        tuple(tier.suites),
        tier.consecutive_runs,
        None if budget is UNSET else FlakeBudget(budget.runs, budget.percent),
    )


def _expected(document: model.Document, inputs: Overrides) -> Iterator[SuiteArtifact]:
    """What the chosen tier's suites leave; a list that is given as input says where that kind is instead."""
    if inputs.tier is None:
        return
    tier = document.tiers[inputs.tier]
    named = {"coverage"} if inputs.coverage_files or tier.coverage == "off" else set()
    named |= {"junit"} if inputs.junit_files else set()
    for name in tier.suites:
        suite = document.suites[name]
        mount = None if suite.mount is UNSET else posixpath.normpath(suite.mount)
        for kind, path in suite.artifacts.items():
            if kind not in named:
                yield SuiteArtifact(name, kind, path, mount, suite.blocking)


def _expectations(document: model.Document, tier: str | None) -> tuple[Expectation, ...]:
    """What is pinned, a tier's own word before the policy's."""
    chosen = model.Tier() if tier is None else document.tiers[tier]
    return tuple(
        Expectation(kind, count=pinned) if isinstance(pinned, int) else Expectation(kind, names=texts(pinned))
        for kind, pinned in {**document.expect, **chosen.expect}.items()
        if kind != "coverage" or chosen.coverage != "off"
    )


def _suite(name: str, suite: model.Suite) -> Suite:
    return Suite(
        name,
        tuple(suite.command) if isinstance(suite.command, list) else suite.command,
        None if suite.timeout is UNSET else durations.seconds(suite.timeout),
        tuple(suite.artifacts.items()),
        None if suite.mount is UNSET else posixpath.normpath(suite.mount),
        suite.blocking,
        suite.shell,
        tuple(suite.env.items()),
        None if suite.working_directory is UNSET else posixpath.normpath(suite.working_directory),
        suite.retries,
        tuple(suite.after),
    )


def _or_none(value: _Value | UnsetType) -> _Value | None:
    return None if value is UNSET else value
