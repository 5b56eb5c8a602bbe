"""What became of each test of a run, by the JUnit reports that its folder keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree.ElementTree import Element

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from gate.compare import Identity, Outcomes
from gate.errors import UnreadableArtifact
from gate.evidence.files import read_from
from gate.evidence.index import Artifact, Kind, Status
from gate.reports.junit_case import MARKS, SEVERITIES, Case
from gate.reports.outcomes import Outcome

MOST_JUNIT = 256 << 20
"""Bytes of one report: a check takes no larger one."""


def outcomes_in(
    folder: Path, artifacts: Iterable[Artifact], counts: Callable[[Artifact], bool] = lambda _: True
) -> Outcomes:
    """The outcomes of all present JUnit reports that count.

    OSError or UnreadableArtifact where one cannot be read.
    """
    found: dict[Identity, list[Outcome]] = defaultdict(list)
    for artifact in artifacts:
        if _was_judged(artifact) and artifact.path is not None and counts(artifact):
            for test, outcomes in _read(read_from(folder, artifact.path, MOST_JUNIT)).items():
                found[test] += outcomes
    return {test: _sorted(outcomes) for test, outcomes in found.items()}


def _was_judged(artifact: Artifact) -> bool:
    """Whether a report was read by the check: one that it did not look for has no source."""
    return artifact.kind is Kind.JUNIT and artifact.status is Status.PRESENT and artifact.source is not None


def _sorted(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.value))


class _Test(msgspec.Struct, frozen=True):
    """A test by the names that its report gives it."""

    suite: str
    classname: str
    name: str

    @property
    def label(self) -> str:
        """As `gate check` names a failed test."""
        return f"{self.classname}::{self.name}" if self.classname else self.name


def _read(data: bytes) -> dict[_Test, list[Outcome]]:
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableArtifact("is no JUnit report") from error
    found: dict[_Test, list[Outcome]] = defaultdict(list)
    suites: list[tuple[Element, str]] = [(root, "")]
    while suites:
        element, suite = suites.pop()
        for child in element:
            tag = child.tag.rpartition("}")[2]
            if tag == "testcase":
                test = _Test(suite, child.get("classname", ""), child.get("name", ""))
                found[test].append(_outcome(child))
            elif tag == "testsuite":
                suites.append((child, child.get("name", "")))
    return found


def _outcome(element: Element) -> Outcome:
    case = Case(dict(element.attrib), 0)
    for mark in element:
        tag = mark.tag.rpartition("}")[2]
        if tag in MARKS:
            case.mark(tag, dict(mark.attrib))
    return SEVERITIES[case.close()]
