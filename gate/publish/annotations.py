"""Inline annotations at the uncovered lines of failing modules, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from gate.publish.model import Annotation
from gate.publish.workflow import warning_command
from gate.text import as_utf8, counted, one_line, quoted
from gate.verdict import FileResult, Metric, ModuleResult, Verdict

STEP_LIMIT = 10
"""Warnings of a step that the runner keeps; it drops the rest without a word."""

CHECK_RUN_LIMIT = 500
"""Annotations of a check run: GitHub takes 50 a request, and nobody reads more."""

TITLE_LIMIT = 255
MESSAGE_LIMIT = 16_000
"""Characters, which are at most 64,000 bytes; GitHub takes 64 KiB."""


class Place(msgspec.Struct, frozen=True):
    """Lines `first` to `last` of a file. `weight` counts the lines or branches that are not covered."""

    path: str
    first: int
    last: int
    weight: int
    title: str
    message: str

    @property
    def at(self) -> dict[str, str]:
        """The place as properties of a workflow command."""
        return {"file": self.path, "title": self.title, "line": str(self.first), "endLine": str(self.last)}


def annotation_commands(verdict: Verdict, limit: int = STEP_LIMIT) -> list[str]:
    """Workflow commands for the worst `limit` places; the last one says how many more there are."""
    places = uncovered_places(verdict)
    shown = places[: max(limit, 0)]
    messages = [place.message for place in shown]
    if left_out := len(places) - len(shown):
        more = counted(left_out, "more uncovered place")
        messages[-1:] = [f"{last} See the job summary for {more}." for last in messages[-1:]]
    return [warning_command(message, place.at) for place, message in zip(shown, messages, strict=True)]


def check_annotations(verdict: Verdict, limit: int = CHECK_RUN_LIMIT) -> tuple[tuple[Annotation, ...], int]:
    """Annotations for the worst `limit` places, and how many places are left out.

    They are notices where the verdict does not block.
    """
    places = uncovered_places(verdict)
    found = tuple(
        Annotation(
            path=as_utf8(place.path),
            start_line=place.first,
            end_line=place.last,
            annotation_level="warning" if verdict.exit_code else "notice",
            message=one_line(place.message, MESSAGE_LIMIT),
            title=one_line(place.title, TITLE_LIMIT),
        )
        for place in places[:limit]
    )
    return found, len(places) - len(found)


def uncovered_places(verdict: Verdict) -> list[Place]:
    """Uncovered runs of lines of modules below their line threshold, and lines with branches not taken of
    those below their branch threshold, the largest first. A place is named once, whoever shares the file."""
    places: dict[tuple[str, int, int], Place] = {}
    for module in verdict.modules:
        for place in _of_module(module):
            places.setdefault((place.path, place.first, place.last), place)
    return sorted(places.values(), key=lambda place: (-place.weight, place.path, place.first))


def _of_module(module: ModuleResult) -> Iterator[Place]:
    by_line, by_branch = _missed(module.line), _missed(module.branch)
    for file in module.files:
        if by_line:
            yield from _runs(module, file)
        if by_branch:
            # A line that never runs takes no branch either: its run says so already.
            said = file.missing_lines if by_line else ()
            yield from _branches(module, file, said)


def _missed(metric: Metric) -> bool:
    return metric.measured and metric.passed is False


def _runs(module: ModuleResult, file: FileResult) -> Iterator[Place]:
    for first, last in file.missing_lines:
        lines = f"line {first}" if first == last else f"lines {first} to {last}"
        yield Place(
            path=file.path,
            first=first,
            last=last,
            weight=last - first + 1,
            title=f"Not covered: module {quoted(module.name)}",
            message=f"No test runs {lines}. {_standing('line', module.line)}",
        )


def _branches(module: ModuleResult, file: FileResult, said: Iterable[tuple[int, int]]) -> Iterator[Place]:
    runs = tuple(said)
    exits: defaultdict[int, list[int]] = defaultdict(list)
    for start, end in file.missing_branches:
        if start > 0 and not any(first <= start <= last for first, last in runs):
            exits[start].append(end)
    for line, ends in exits.items():
        targets = ", or ".join(f"to line {end}" if end > 0 else "out of the function" for end in sorted(ends))
        yield Place(
            path=file.path,
            first=line,
            last=line,
            weight=len(ends),
            title=f"Branch not covered: module {quoted(module.name)}",
            message=f"No test goes from line {line} {targets}. {_standing('branch', module.branch)}",
        )


def _standing(what: str, metric: Metric) -> str:
    return (
        f"The module's {what} coverage is {metric.percent:.2f} % ({metric.covered} of {metric.total}), "
        f"below {metric.threshold} %."
    )
