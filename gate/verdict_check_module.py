"""One module of a verdict that somebody else has written: whether its numbers follow from each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from gate.reports.lines import MAX_LINE, Ratio
from gate.text import quoted
from gate.verdict import UNUSABLE, Code, FileResult, Metric, ModuleResult, Status, needed

OWN_CODES = frozenset(
    {
        Code.BELOW_LINE_THRESHOLD,
        Code.BELOW_BRANCH_THRESHOLD,
        Code.MODULE_NOT_MEASURED,
        Code.FILE_NOT_MEASURED,
        Code.NOTHING_MEASURED,
        Code.BRANCH_NOT_MEASURED,
        Code.SOURCE_DRIFT,
    }
)
"""Reasons that are a module's; all others are the whole verdict's."""

MOST_COUNTED = 1 << 53
MOST_HOTSPOTS = 100
FARTHEST_TARGET = 1 << 31


def module_faults(module: ModuleResult) -> Iterator[str]:
    """What contradicts itself in a module, a clause each."""
    without_branches = any(file.branch is None and file.line.total for file in module.files)
    line = _sum(file.line for file in module.files)
    branch = _sum(file.branch for file in module.files if file.branch is not None)
    yield from _metric("line", module.line, line, measured=bool(module.files))
    yield from _metric("branch", module.branch, branch, measured=bool(module.files) and not without_branches)
    paths = [file.path for file in module.files]
    if any(one >= other for one, other in pairwise(paths)):
        yield "its files are not in order, or one is listed twice"
    for file in module.files:
        for fault in _file(file):
            yield f"file {quoted(file.path)}: {fault}"
    yield from _hotspots(module, frozenset(paths))
    yield from _reasons(module, without_branches=without_branches)


def _sum(ratios: Iterable[Ratio]) -> Ratio:
    return sum(ratios, Ratio(0, 0))


def _metric(what: str, metric: Metric, files: Ratio, *, measured: bool) -> Iterator[str]:
    if metric.ratio != files:
        yield f"{what} is {_shown(metric.ratio)}, and its files are {_shown(files)} together"
    if metric.measured != measured:
        yield f"{what}.measured is {metric.measured}, and by its files it is {measured}"
    hundredths = files.hundredths if measured else None
    if metric.percent != (None if hundredths is None else hundredths / 100):
        yield f"{what}.percent is {metric.percent} of {_shown(files)}"
    if metric.threshold is None:
        passed = None
    elif 0 <= metric.threshold <= 100:  # noqa: PLR2004 - percent
        passed = measured and files.covered >= needed(files.total, Fraction(str(metric.threshold)))
    else:
        yield f"{what}.threshold is {metric.threshold}, which is no percentage"
        return
    if metric.passed is not passed:
        yield f"{what}.passed is {metric.passed}, with {_shown(files)} and the threshold {metric.threshold}"


def _file(file: FileResult) -> Iterator[str]:
    for what, ratio in (("line", file.line), ("branch", file.branch)):
        if ratio is not None and not 0 <= ratio.covered <= ratio.total <= MOST_COUNTED:
            yield f"{what} is {_shown(ratio)}"
    if any(not 1 <= first <= last <= MAX_LINE for first, last in file.missing_lines):
        yield "missing_lines holds what is no range of lines"
    if any(one[1] + 1 >= other[0] for one, other in pairwise(file.missing_lines)):
        yield "missing_lines is not in order, or its ranges touch"
    if any(abs(number) > FARTHEST_TARGET for arc in file.missing_branches for number in arc):
        yield "missing_branches holds what is no branch"
    if any(one >= other for one, other in pairwise(file.missing_branches)):
        yield "missing_branches is not in order"
    if file.branch is None and file.missing_branches:
        yield "missing_branches is not empty, and branches were not measured"


def _hotspots(module: ModuleResult, paths: frozenset[str]) -> Iterator[str]:
    spots = [(-spot.missing_lines, spot.path, spot.function) for spot in module.hotspots]
    if spots != sorted(spots) or len(spots) > MOST_HOTSPOTS:
        yield "its hotspots are too many, or not in order"
    for spot in module.hotspots:
        if spot.path not in paths or not 1 <= spot.missing_lines <= MAX_LINE:
            yield f"the hotspot {quoted(spot.function)} is in no file of it, or misses no line"


def _reasons(module: ModuleResult, *, without_branches: bool) -> Iterator[str]:
    """Each reason that the numbers alone decide is there exactly where they say so."""
    codes = [reason.code for reason in module.reasons]
    decided = {
        Code.BELOW_LINE_THRESHOLD: module.line.measured and module.line.passed is False,
        Code.BELOW_BRANCH_THRESHOLD: module.branch.measured and module.branch.passed is False,
        Code.MODULE_NOT_MEASURED: not module.files,
        Code.BRANCH_NOT_MEASURED: without_branches and module.branch.threshold is not None,
    }
    for code, holds in decided.items():
        if codes.count(code) != int(holds):
            yield f"{code.value} is {'not ' if holds else ''}a reason, against its numbers"
    if Code.NOTHING_MEASURED in codes and (module.line.total or not module.files):
        yield "nothing-measured is a reason, against its numbers"
    if strange := set(codes) - OWN_CODES:
        yield f"{min(code.value for code in strange)} is no module's reason"
    if module.status != (status := _status(codes)):
        yield f"its status is {module.status}, and its reasons make it {status}"


def _status(codes: list[Code]) -> Status:
    if UNUSABLE.intersection(codes):
        return "error"
    return "failed" if codes else "passed"


def _shown(ratio: Ratio) -> str:
    return f"{ratio.covered}/{ratio.total}"
