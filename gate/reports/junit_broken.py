"""Why the run behind a JUnit report is not whole, where a case says so.

A run that ended half-way, or without some of its files, also measured half of what it covers: its coverage
cannot be lent. Ordinary failures and errors of tests are no such case, nor those of their fixtures and
hooks. What is looked for was written by the tool itself, unless another source is named.
"""

from __future__ import annotations

import re

from gate.reports.junit_case import Case, SuiteMark
from gate.text import quoted

_LOST_WORKER = re.compile(r"failed on setup with \"worker '[^']*' crashed while running '(.*)")
_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
_UNBUILT = ("[build failed]", "[setup failed]")
"""How go-junit-report calls a package's only case, in Go's own words."""

_FORK_DIED = "The forked VM terminated without"
"""Surefire's words, which went through "saying properly" to "properly saying goodbye"; its own reports leave
such a class out."""


def why_broken(case: Case, suite: str) -> str | None:
    """A sentence about a closed case that did not pass; None for one that tells of nothing but itself.

    `suite` is its suite's name.
    """
    attributes, message = case.attributes, case.said
    if isinstance(case, SuiteMark):
        what = f": {quoted(message)}" if message else ""
        return f"an error in suite {quoted(suite)}, outside of its test cases{what}"
    name, classname = attributes.get("name"), attributes.get("classname", "")
    if name is None:
        return None if case.marks else "pytest was interrupted while a test ran"
    return (
        _by_pytest(name, classname, message)
        or _by_javascript(name, classname, suite, message)
        or _by_go(name, classname or suite, message)
        or _by_others(name, classname, message)
    )


def _by_pytest(name: str, classname: str, message: str) -> str | None:
    if message == "collection failure":
        return f"pytest could not collect {quoted(name)}"
    if message == "internal error" and (classname, name) == ("pytest", "internal"):
        return "pytest ended with an internal error"
    lost = _LOST_WORKER.match(message)
    if lost is None:
        return None
    test = lost[1].removesuffix('"').removesuffix("'")
    return f"a pytest-xdist worker was lost while it ran {quoted(test)}"


def _by_javascript(name: str, classname: str, suite: str, message: str) -> str | None:
    if classname == "Test suite failed to run":
        return f"Jest could not run {quoted(name)}"
    if not _SCRIPT.search(name):
        return None
    if name == classname == suite:
        return f"Vitest could not load {quoted(name)}"
    if classname == "test" and message == "test failed":
        return f"Node could not run {quoted(name)} to its end"
    return None


def _by_go(name: str, package: str, message: str) -> str | None:
    if name in _UNBUILT:
        return f"Go could not build package {quoted(package)}"
    # gotestsum's name for what failed in a package without a failed test, and go-junit-report's.
    if (name, message) in (("TestMain", "Failed"), ("Failure", "Runtime error")):
        return f"Go package {quoted(package)} failed outside of its tests"
    if message == "No test result found":  # go-junit-report, of a test that began and did not end
        return f"Go package {quoted(package)} ended while {quoted(name)} ran"
    return None


def _by_others(name: str, classname: str, message: str) -> str | None:
    if classname.startswith("unittest.loader._FailedTest"):
        return f"unittest could not load {quoted(name)}"
    if message.startswith(_FORK_DIED):
        return f"the virtual machine died that ran {quoted(classname or name)}"
    return None
