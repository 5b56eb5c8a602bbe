"""JUnit XML's elements, taken one by one as the parser meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.errors import UnreadableArtifact
from gate.reports.junit_broken import why_broken
from gate.reports.junit_case import FAILED, MARKS, SEVERITIES, Case, SuiteMark
from gate.reports.junit_identity import TestId, identity
from gate.reports.junit_suite import Suite, Tally
from gate.reports.moments import Moment, earliest, from_iso
from gate.reports.outcomes import MAX_SENTENCES, Outcome, TestCase, TestReport
from gate.text import one_line

MAX_DEPTH = 200
MAX_FAILURES = 1000

ROOTS = ("testsuites", "testsuite")


class JUnitEvents:
    """Takes the parser's events one by one and keeps no element, so memory stays flat.

    `keep` is told how each case ended.
    """

    def __init__(self, keep: Callable[[TestId, Outcome], None] | None = None) -> None:
        self.root: str | None = None
        self._expat: Any = None
        self._counts = [0] * len(SEVERITIES)
        self._marks = 0
        self._failures: list[TestCase] = []
        self._began: Moment | None = None
        self._broken: dict[str, None] = {}
        self._remarks: list[str] = []
        self._keep = keep
        self._suites: list[Suite] = []
        self._case: Case | None = None
        self._depth = 0

    def listen_to(self, expat: Any) -> None:  # noqa: ANN401 - pyexpat's parser has no public type
        """Take the element events right from expat.

        defusedxml's guards stay on the same parser; through its Python wrapper every element would take
        twice the time.
        """
        self._expat = expat
        expat.ordered_attributes = False
        expat.DefaultHandlerExpand = None
        expat.CharacterDataHandler = None
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end

    def report(self) -> TestReport:
        """What was read."""
        passed, failed, broken, skipped = (self._counts[SEVERITIES.index(outcome)] for outcome in Outcome)
        total = passed + failed + broken + skipped
        return TestReport(
            total,
            passed,
            failed,
            broken,
            skipped,
            tuple(self._failures),
            self._began,
            tuple(self._broken),
            tuple(self._remarks),
        )

    def _here(self) -> str:
        return f"in line {self._expat.CurrentLineNumber}"

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableArtifact(f"is nested more than {MAX_DEPTH} elements deep {self._here()}")
        if "}" in tag:
            tag = _local(tag)
        if self.root is None:
            if tag not in ROOTS:
                raise UnreadableArtifact(other_root(tag))
            self.root = tag
        if tag == "testcase":
            if self._case is not None:
                raise UnreadableArtifact(f"has a test case inside another one {self._here()}")
            self._case = Case(attributes, self._depth)
        elif tag in MARKS:
            self._mark(tag, attributes)
        elif tag in ROOTS and self._case is None:
            self._suites.append(Suite(attributes, self._tally()))
            self._began = earliest(self._began, from_iso(attributes.get("timestamp")))

    def _mark(self, tag: str, attributes: dict[str, str]) -> None:
        if self._case is None:
            if tag not in ("failure", "error"):
                return
            self._case = SuiteMark({"name": self._suites[-1].name}, self._depth)
        if self._case.mark(tag, attributes):
            self._expat.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        if self._case is not None:
            self._case.hear(text)

    def _end(self, tag: str) -> None:
        case, depth = self._case, self._depth
        self._depth = depth - 1
        if case is not None:
            if self._expat.CharacterDataHandler is not None:
                self._expat.CharacterDataHandler = None
            if depth == case.depth:
                self._close_case(case)
        elif _local(tag) in ROOTS:
            self._close_suite()

    def _close_case(self, case: Case) -> None:
        self._case = None
        severity = case.close()
        self._counts[severity] += 1
        self._marks += case.marks
        if severity >= FAILED:
            self._take_failure(case, self._suites[-1].name)
        if self._keep is not None:
            self._keep(identity(self._suites[-1].name, case.attributes), SEVERITIES[severity])

    def _take_failure(self, case: Case, suite: str) -> None:
        if len(self._failures) < MAX_FAILURES:
            self._failures.append(case.failure(suite))
        sentence = why_broken(case, suite)
        if sentence is not None and len(self._broken) < MAX_SENTENCES:
            self._broken[sentence] = None

    def _close_suite(self) -> None:
        suite = self._suites.pop()
        remark = suite.hold(self._tally())
        if remark is not None and len(self._remarks) < MAX_SENTENCES:
            self._remarks.append(remark)
        if self._suites:
            self._suites[-1].hold_inner(suite)

    def _tally(self) -> Tally:
        """Cases, marks and skipped cases so far."""
        return sum(self._counts), self._marks, self._counts[SEVERITIES.index(Outcome.SKIPPED)]


def _local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def other_root(tag: str) -> str:
    """The sentence about a file of another kind."""
    return f"is not a JUnit report: its root is <{one_line(tag, 60)}>, not <testsuites> or <testsuite>"
