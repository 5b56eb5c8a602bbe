"""One JUnit suite: what it states, held against the cases in it.

Some writers' `tests` is no number of cases, and some leave cases out; each is told by how it begins a suite:

- pytest adds passed subtests, which have no case of their own. Nothing in the report tells their number: not
  the other counts, and the test that holds them may have any number of them. So a surplus is remarked on. A
  subtest needs its test, so that without any case there is none.
- Catch2 and doctest count assertions.
- Mocha's reporter neither writes nor states pending tests, and none that a failed `before` hook kept from
  running. Newman writes assertions of one name as one case.
"""

from __future__ import annotations

import enum

from gate.errors import UnreadableArtifact
from gate.reports.junit_case import number
from gate.text import counted, quoted

_PYTEST = ["name", "errors", "failures", "skipped", "tests"]
_DOCTEST = ["name", "errors", "failures", "tests"]
_MOCHA = ["name", "timestamp", "tests"]
_NEWMAN = ["name", "id", "timestamp", "tests"]

Tally = tuple[int, int, int]
"""Cases, marks and skipped cases."""


class Counting(enum.Enum):
    """What a suite's `tests` counts."""

    CASES = enum.auto()
    AND_SUBTESTS = enum.auto()
    OTHERWISE = enum.auto()


class Suite:
    """An open `<testsuites>` or `<testsuite>`: what it states, and the reader's tally before it."""

    __slots__ = ("before", "counting", "name", "stated")

    def __init__(self, attributes: dict[str, str], before: Tally) -> None:
        self.name = attributes.get("name", "")
        self.stated = {
            count: number(attributes.get(count)) or 0
            for count in ("tests", "failures", "errors", "skipped", "disabled")
        }
        self.counting = _counting(attributes)
        self.before = before

    def hold(self, now: Tally) -> str | None:
        """What is to be remarked on a closed suite that states more than its elements account for.

        Raises UnreadableArtifact where that proves that some are lost.
        """
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
        if self.counting is Counting.OTHERWISE or stated["tests"] <= cases + marks + unwritten:
            return None
        sentence = f"states {counted(stated['tests'], 'test')}{where} and shows {cases}"
        if self.counting is Counting.CASES or not cases:
            raise UnreadableArtifact(f"{sentence}: it is not whole")
        return f"{sentence}: passed subtests are counted so, lost cases would be too"

    def hold_inner(self, inner: Suite) -> None:
        """A suite within it, whose `tests` may be part of its own."""
        if inner.counting is not Counting.CASES and self.counting is not Counting.OTHERWISE:
            self.counting = inner.counting


def _counting(attributes: dict[str, str]) -> Counting:
    order = list(attributes)
    by_catch2 = attributes.get("hostname") == "tbd"
    if order[:5] == _PYTEST:
        return Counting.OTHERWISE if by_catch2 else Counting.AND_SUBTESTS
    if order[:4] == _DOCTEST and (by_catch2 or "doctest_version" in attributes):
        return Counting.OTHERWISE
    leaves_out = order[:4] == _NEWMAN or (order[:3] == _MOCHA and "skipped" not in attributes)
    return Counting.OTHERWISE if leaves_out else Counting.CASES
