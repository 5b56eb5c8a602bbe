"""What makes a test case the same test in another run."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

# What differs from run to run: addresses in the names of parametrised tests (Python's `<object at 0x7f…>`,
# Java's `Money@6d06d69c`), and the time that unittest-xml-reporting appends to a suite's name.
_ADDRESS = re.compile(r"(?<!\w)0[xX][0-9A-Fa-f]{6,16}(?!\w)|(?<=\w)@[0-9a-f]{6,8}(?!\w)")
_TIME = re.compile(r"-\d{14}$")


class TestId(msgspec.Struct, frozen=True, order=True):
    """A test's identity in the report's own words, untrusted; what the report does not tell is empty.

    Time, host, line and place in the file are no part of it. Several cases may share one: tests of one name,
    or tries of one test.
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    suite: str
    classname: str
    name: str
    file: str = ""

    @property
    def label(self) -> str:
        """How the test is called."""
        name = self.name or "(without a name)"
        return f"{self.classname}::{name}" if self.classname else name


def identity(suite: str, attributes: Mapping[str, str]) -> TestId:
    """The identity of a `<testcase>` by its attributes and its suite's name."""
    return TestId(
        _TIME.sub("", suite),
        _without_addresses(attributes.get("classname", "")),
        _without_addresses(attributes.get("name", "")),
        attributes.get("file", ""),
    )


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub("(address)", text) if "0x" in text or "0X" in text or "@" in text else text
