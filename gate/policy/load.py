"""Policy file, `modules` input and the other inputs become the one policy that holds.

Everything that is wrong with any of them is reported together, before anything is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, cast

import msgspec
from msgspec import UNSET

from gate.policy import model, rules, suite_rules
from gate.policy.document import read_document
from gate.policy.mistakes import Mistake, Path, PolicyError
from gate.policy.overrides import Overrides, read_overrides
from gate.policy.reading import Reading
from gate.policy.resolve import resolve
from gate.policy.resolved import Keep, Policy
from gate.policy.walk import read

Modules: TypeAlias = dict[str, model.ModuleEntry]

_IN_DOCUMENT: Path = ("modules",)
_IN_INPUT: Path = ()


class Source(msgspec.Struct, frozen=True):
    """A YAML text and the name it has in mistakes, such as `.github/coverage-gate.yml` or `input modules`."""

    name: str
    text: bytes


def load_policy(  # noqa: PLR0917 - policy, modules, then the inputs in the order they are documented
    policy: Source | None,
    modules: Source | None,
    line_threshold: str | None = None,
    branch_threshold: str | None = None,
    tier: str | None = None,
    coverage_files: tuple[str, ...] = (),
    junit_files: tuple[str, ...] = (),
    path_map: tuple[str, ...] = (),
) -> Policy:
    """The policy that holds for this run.

    `modules` replaces the policy's modules; thresholds are texts in percent, `path_map` holds `FROM=TO`
    lines. Of all but `policy`, what is blank counts as not given. Raises PolicyError with every mistake of
    every source: the policy's in the order of its lines, then those of `modules`, then the inputs'.
    """
    inputs = read_overrides(
        line_threshold=line_threshold,
        branch_threshold=branch_threshold,
        tier=tier,
        coverage_files=coverage_files,
        junit_files=junit_files,
        path_map=path_map,
    )
    document = None if policy is None else _read(policy, model.Document)
    given = None if modules is None or not modules.text.strip() else _read(modules, model.Modules)
    found = [*_mistakes_of_modules(document, given, inputs), *_mistakes_of_document(document, inputs)]
    mistakes = _by_place([document, given], [*found, *inputs.mistakes])
    if mistakes:
        raise PolicyError(mistakes)
    whole = model.Document(version=1) if document is None else cast("model.Document", document.value)
    own = whole.modules if given is None else cast("Modules", given.value)
    return resolve(whole, own, inputs)


def load_keep(policy: Source) -> Keep | None:
    """What a policy says of the runs that stay; None where it says nothing.

    Raises PolicyError with every mistake in it. Where its modules come from does not matter here.
    """
    document = _read(policy, model.Document)
    if document.mistakes:
        raise PolicyError(_by_place([document], []))
    keep = cast("model.Document", document.value).keep
    return None if keep is UNSET else Keep(keep.passed, keep.failed)


def _read(source: Source, document_type: object) -> Reading:
    try:
        node = read_document(source.name, source.text)
    except PolicyError as error:
        unreadable = Reading(source.name)
        unreadable.mistakes.extend(error.mistakes)
        return unreadable
    return read(source.name, node, document_type)


def _mistakes_of_modules(
    document: Reading | None, given: Reading | None, inputs: Overrides
) -> Iterator[Mistake]:
    """What is wrong with the modules' meaning; those of the document count only where none are given."""
    if document is None and given is None:
        yield Mistake(
            "input policy", "there is no policy file and no input modules; one must name the modules"
        )
        return
    default = rules.has_default_threshold(document, inputs)
    if given is not None:
        if isinstance(given.value, dict):
            modules = cast("Modules", given.value)
            yield from rules.some_modules(given, _IN_INPUT, modules)
            yield from rules.globs(given, _IN_INPUT, modules)
            yield from rules.thresholds(given, _IN_INPUT, modules, default)
    elif document is not None and isinstance(document.value, model.Document):
        modules = document.value.modules
        yield from rules.some_modules(document, _IN_DOCUMENT, modules)
        yield from rules.globs(document, _IN_DOCUMENT, modules)
        yield from rules.thresholds(document, _IN_DOCUMENT, modules, default)


def _mistakes_of_document(document: Reading | None, inputs: Overrides) -> Iterator[Mistake]:
    yield from rules.chosen_tier(document, inputs)
    yield from rules.something_to_read(document, inputs)
    yield from rules.something_to_judge(document, inputs)
    if document is not None and isinstance(document.value, model.Document):
        yield from rules.suites_of_tiers(document, document.value)
        yield from rules.timeouts(document, document.value)
        yield from suite_rules.commands(document, document.value)
        yield from suite_rules.order(document, document.value)


def _by_place(readings: list[Reading | None], found: list[Mistake]) -> tuple[Mistake, ...]:
    """All mistakes, those of one source together and in the order of its lines."""
    own = [mistake for reading in readings if reading is not None for mistake in reading.mistakes]
    sources = {mistake.source: number for number, mistake in reversed(list(enumerate([*own, *found])))}
    return tuple(sorted([*own, *found], key=lambda mistake: (sources[mistake.source], _place(mistake))))


def _place(mistake: Mistake) -> tuple[int, int]:
    return (0, 0) if mistake.mark is None else (mistake.mark.line, mistake.mark.column)
