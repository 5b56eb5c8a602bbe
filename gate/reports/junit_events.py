"""JUnit XML's elements, taken one by one as the parser meets them."""

from __future__ import annotations

from typing import Any

from gate.errors import UnreadableArtifact
from gate.reports.junit_case import FAILED, MARKS, SEVERITIES, Case, number
from gate.reports.outcomes import Outcome, TestCase, TestReport, earliest
from gate.text import counted, one_line, quoted

MAX_DEPTH = 200
MAX_FAILURES = 1000

ROOTS = ("testsuites", "testsuite")
# How pytest (and Catch2) begin a suite's attributes. Their `tests` is no number of cases: the one adds passed
# subtests, the other counts assertions.
_COUNTS_OTHERWISE = ["name", "errors", "failures", "skipped", "tests"]


class _Suite:
    """An open `<testsuites>` or `<testsuite>`: what it states, and the reader's tally before it."""

    __slots__ = ("before", "counts_cases", "name", "stated")

    def __init__(self, attributes: dict[str, str], before: tuple[int, int, int]) -> None:
        self.name = attributes.get("name", "")
        self.stated = {
            count: number(attributes.get(count)) or 0
            for count in ("tests", "failures", "errors", "skipped", "disabled")
        }
        # A writer that does not state the skipped tests may leave them out of the cases (Mocha's does).
        self.counts_cases = "skipped" in attributes and list(attributes)[:5] != _COUNTS_OTHERWISE
        self.before = before

    def hold(self, now: tuple[int, int, int]) -> None:
        """Refuse a suite that states more failures, or more tests, than its elements account for."""
        cases, marks, skipped = (after - before for after, before in zip(now, self.before, strict=True))
        stated = self.stated
        where = f" in suite {quoted(self.name)}" if self.name else ""
        bad = stated["failures"] + stated["errors"]
        if bad > marks:
            raise UnreadableArtifact(
                f"states {counted(bad, 'failure')}{where} and shows {marks}: "
                "it is not whole, or something broke outside of the tests"
            )
        # What is no case may be a retry or a broken teardown, each with its mark, or an unwritten skip.
        unwritten = max(0, stated["skipped"] + stated["disabled"] - skipped)
        if self.counts_cases and stated["tests"] > cases + marks + unwritten:
            raise UnreadableArtifact(
                f"states {counted(stated['tests'], 'test')}{where} and shows {cases}: it is not whole"
            )


class JUnitEvents:
    """Takes the parser's events one by one and keeps no element, so memory stays flat."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._expat: Any = None
        self._counts = [0] * len(SEVERITIES)
        self._marks = 0
        self._failures: list[TestCase] = []
        self._timestamp: str | None = None
        self._suites: list[_Suite] = []
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
        return TestReport(total, passed, failed, broken, skipped, tuple(self._failures), self._timestamp)

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
            self._suites.append(_Suite(attributes, self._tally()))
            self._timestamp = earliest(self._timestamp, attributes.get("timestamp"))

    def _mark(self, tag: str, attributes: dict[str, str]) -> None:
        if self._case is None:
            if tag not in ("failure", "error"):
                return
            self._case = Case({"name": self._suites[-1].name}, self._depth)
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
        if severity >= FAILED and len(self._failures) < MAX_FAILURES:
            self._failures.append(case.failure(self._suites[-1].name))

    def _close_suite(self) -> None:
        suite = self._suites.pop()
        suite.hold(self._tally())
        if self._suites:
            self._suites[-1].counts_cases &= suite.counts_cases

    def _tally(self) -> tuple[int, int, int]:
        """Cases, marks and skipped cases so far."""
        return sum(self._counts), self._marks, self._counts[SEVERITIES.index(Outcome.SKIPPED)]


def _local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def other_root(tag: str) -> str:
    """The sentence about a file of another kind."""
    return f"is not a JUnit report: its root is <{one_line(tag, 60)}>, not <testsuites> or <testsuite>"
