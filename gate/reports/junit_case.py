"""One JUnit test case: what its marks make of it."""

from __future__ import annotations

from gate.reports.outcomes import Outcome, TestCase

MAX_MESSAGE = 300
_MAX_TEXT = 4096  # how much of an element's text is searched for its first line
_MAX_DIGITS = 9

# How bad a case ended, as an index into SEVERITIES: plain integers, since every case is weighed.
SEVERITIES = (Outcome.PASSED, Outcome.SKIPPED, Outcome.FAILED, Outcome.ERROR)
_PASSED, _SKIPPED, FAILED, _ERROR = range(4)

MARKS = {
    "skipped": _SKIPPED,
    "failure": FAILED,
    "error": _ERROR,
    # Later tries, in vain: the first try is beside them as <failure> or <error>, and it decides.
    "rerunFailure": FAILED,
    "rerunError": FAILED,
    # Tries before the one that passed.
    "flakyFailure": _PASSED,
    "flakyError": _PASSED,
}
_STATUS = {
    "notrun": _SKIPPED,  # googletest and CTest; so is `disabled`
    "disabled": _SKIPPED,
    "fail": FAILED,
    "failed": FAILED,
    "error": _ERROR,
}


class Case:
    """An open `<testcase>`."""

    __slots__ = ("attributes", "depth", "expected", "marks", "message", "severity", "text")

    def __init__(self, attributes: dict[str, str], depth: int) -> None:
        self.attributes = attributes
        self.depth = depth
        status = attributes.get("status")
        self.severity = _PASSED if status is None else _STATUS.get(status.lower(), _PASSED)
        self.marks = 0
        self.expected = False  # to fail: Node's todo tests, Catch2's !mayfail
        self.message: str | None = None
        self.text = ""

    def mark(self, tag: str, attributes: dict[str, str]) -> bool:
        """Take a mark; true where its text is needed, since it decides and has no message."""
        message = attributes.get("message", "")
        severity = MARKS[tag]
        if severity == _SKIPPED:
            self.expected |= attributes.get("type") == "todo" or message.endswith("tagged with !mayfail")
            if self._never_started(message):
                severity = _ERROR
        else:
            self.marks += 1
        if self.message is not None and severity <= self.severity:
            return False
        self.severity = max(severity, self.severity)
        self.message = _first_line(message)
        self.text = ""
        return not self.message

    def hear(self, text: str) -> None:
        """Take some of a mark's text."""
        if len(self.text) < _MAX_TEXT:
            self.text += text

    def _never_started(self, message: str) -> bool:
        # CTest fails a test whose program or fixture is missing, and writes it like a skipped one.
        status = self.attributes.get("status")
        return status == "notrun" and "result" not in self.attributes and not message.startswith("SKIP_")

    def close(self) -> int:
        """How the case ended, now that it is complete."""
        if self.severity == _PASSED:
            if "name" not in self.attributes:
                # pytest, interrupted, leaves the test that was running like this.
                self.severity, self.message = _ERROR, "has neither a name nor a result: interrupted"
        elif self.severity >= FAILED:
            self.marks = self.marks or 1
            if self.expected:
                self.severity = _SKIPPED
        return self.severity

    @property
    def said(self) -> str:
        """The first line of what went wrong."""
        return self.message or _first_line(self.text)

    def failure(self, suite: str) -> TestCase:
        """The case as a value."""
        attributes = self.attributes
        return TestCase(
            suite,
            attributes.get("classname", ""),
            attributes.get("name", ""),
            SEVERITIES[self.severity],
            self.said,
            attributes.get("file"),
            number(attributes.get("line")),
        )


class SuiteMark(Case):
    """A mark outside of any case: what stands for one with the suite's name."""

    __slots__ = ()


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0].rstrip()[:MAX_MESSAGE]


def number(text: str | None) -> int | None:
    """A whole number, with spaces or a zero fraction where a writer is careless; None for anything else."""
    digits = "" if text is None else text.strip().removesuffix(".0")
    return int(digits) if digits.isdecimal() and len(digits) <= _MAX_DIGITS else None
