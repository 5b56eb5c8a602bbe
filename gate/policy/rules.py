"""What the types of the document cannot say: globs that match, names that exist, thresholds that are set.

Each rule takes readings that may have mistakes of their own, and stays silent where one of those is the
cause: a misspelt threshold is not also a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from msgspec import UNSET

from gate.policy import durations, model
from gate.policy.matching import wrong_with
from gate.policy.mistakes import Mistake, Path
from gate.policy.overrides import Overrides
from gate.policy.reading import Reading
from gate.text import quoted

_METRICS = ("line", "branch")


def files_of(entry: object) -> tuple[str, ...]:
    """The globs of a module, in whichever of its three forms it is written."""
    files = entry.files if isinstance(entry, model.Module) else entry
    return texts(files)


def texts(value: object) -> tuple[str, ...]:
    """A text or a list of texts as a tuple; nothing of a value that is missing."""
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def globs(reading: Reading, parent: Path, modules: dict[str, model.ModuleEntry]) -> Iterator[Mistake]:
    """Globs that cannot match anything, alone or together."""
    for name, entry in modules.items():
        path = (*parent, name, "files") if isinstance(entry, model.Module) else (*parent, name)
        if reading.is_wrong(path):
            continue
        files = files_of(entry)
        for at, glob in enumerate(files):
            reason = wrong_with(glob)
            if reason is not None:
                place = (*path, at) if reading.has((*path, at)) else path
                yield reading.mistake(place, f"the glob {quoted(glob)} {reason}")
        if files and all(glob.startswith("!") for glob in files):
            yield reading.mistake(
                path, "holds negated globs only, which match nothing; begin with the files to take in"
            )


def thresholds(
    reading: Reading, parent: Path, modules: dict[str, model.ModuleEntry], defaults: bool
) -> Iterator[Mistake]:
    """Modules that nothing is asked of. `defaults`: a threshold for all modules is set, or meant to be."""
    if defaults:
        return
    for name, entry in modules.items():
        path = (*parent, name)
        if isinstance(entry, model.Module) and not all(reading.lacks(path, metric) for metric in _METRICS):
            continue
        yield reading.mistake(
            path, "has no threshold; give it line or branch, or set thresholds for all modules"
        )


def has_default_threshold(reading: Reading | None, inputs: Overrides) -> bool:
    """Whether the inputs or the policy set a threshold for all modules, or are wrong where they would."""
    if inputs.line is not None or inputs.branch is not None or inputs.threshold_refused:
        return True
    if reading is None:
        return False
    document = reading.value
    if not isinstance(document, model.Document):
        return True
    if not reading.has(("thresholds",)):
        return not reading.lacks((), "thresholds")
    set_ones = (document.thresholds.line, document.thresholds.branch)
    return reading.is_wrong(("thresholds",)) or any(value is not UNSET for value in set_ones)


def suites_of_tiers(reading: Reading, document: model.Document) -> Iterator[Mistake]:
    """Tiers that name a suite which is not there."""
    known = reading.keys(("suites",))
    there = set(known)
    for name, tier in document.tiers.items():
        for at, suite in enumerate(tier.suites):
            if suite not in there:
                path = ("tiers", name, "suites", at)
                yield reading.mistake(path, f"there is no suite {quoted(suite)}", known, suite)


def timeouts(reading: Reading, document: model.Document) -> Iterator[Mistake]:
    """Durations, written with units, that are longer than any job."""
    for name, suite in document.suites.items():
        if suite.timeout is not UNSET and durations.seconds(suite.timeout) > durations.LONGEST_SECONDS:
            yield reading.mistake(("suites", name, "timeout"), "must not be longer than 168h, a week")


def chosen_tier(reading: Reading | None, inputs: Overrides) -> Iterator[Mistake]:
    """A chosen tier that the policy does not have."""
    if inputs.tier is None or (reading is not None and reading.value is UNSET):
        return
    known = () if reading is None else reading.keys(("tiers",))
    if inputs.tier in known:
        return
    why = "" if known else "; tiers need a policy file" if reading is None else "; the policy has no tiers"
    yield Mistake("input tier", f"there is no tier {quoted(inputs.tier)}{why}", word=inputs.tier, known=known)


def something_to_read(reading: Reading | None, inputs: Overrides) -> Iterator[Mistake]:
    """Coverage is expected, and no report is named; what the tier's suites leave is named."""
    if inputs.coverage_files or not _coverage_expected(reading, inputs.tier):
        return
    if _suites_leave(reading, inputs.tier, "coverage"):
        return
    message = "nothing to read: name the coverage reports in coverage-files, of the policy or as input"
    if reading is None:
        yield Mistake("input coverage-files", message)
    elif reading.has(("coverage-files",)):
        named = texts(cast("model.Document", reading.value).coverage_files)
        if not named and not reading.is_wrong(("coverage-files",)):
            yield reading.mistake(("coverage-files",), message)
    elif reading.lacks((), "coverage-files"):
        yield reading.mistake((), message)


def something_to_judge(reading: Reading | None, inputs: Overrides) -> Iterator[Mistake]:
    """A tier that expects no coverage, and no tests either, would pass without any proof."""
    document = None if reading is None else reading.value
    if (
        reading is None
        or not isinstance(document, model.Document)
        or inputs.tier is None
        or inputs.junit_files
    ):
        return
    chosen = document.tiers.get(inputs.tier)
    if chosen is None or chosen.coverage != "off" or texts(document.junit_files):
        return
    if _suites_leave(reading, inputs.tier, "junit"):
        return
    if not reading.is_wrong(("junit-files",)):
        yield reading.mistake(
            ("tiers", inputs.tier, "coverage"),
            "nothing would be judged: without coverage the tier needs test reports; name them in junit-files",
        )


def _suites_leave(reading: Reading | None, tier: str | None, kind: str) -> bool:
    """Whether a suite of the chosen tier leaves an artifact of a kind."""
    document = None if reading is None else reading.value
    if not isinstance(document, model.Document) or tier not in document.tiers:
        return False
    suites = (document.suites.get(name) for name in document.tiers[tier].suites)
    return any(suite is not None and kind in suite.artifacts for suite in suites)


def _coverage_expected(reading: Reading | None, tier: str | None) -> bool:
    """False too where that cannot be told for another mistake."""
    if reading is None:
        return tier is None
    document = reading.value
    if not isinstance(document, model.Document):
        return False
    if tier is None:
        return True
    chosen = document.tiers.get(tier)
    return chosen is not None and chosen.coverage != "off" and not reading.is_wrong(("tiers", tier))


def some_modules(reading: Reading, path: Path, modules: dict[str, model.ModuleEntry]) -> Iterator[Mistake]:
    """A policy that measures nothing. `path` is where the modules belong."""
    if modules or reading.is_wrong(path):
        return
    if reading.has(path):
        yield reading.mistake(path, "there are no modules; name at least one, with its files")
    elif reading.lacks((), "modules"):
        yield reading.mistake((), "there are no modules; add the key 'modules' or the input modules")
