"""What an earlier comment tells of an earlier failure, in a hidden line of its own.

Whoever may write to the repository may edit the line. So nothing is taken from it but two commits and one of
two words; a line that is not exactly ours tells nothing.
"""

from __future__ import annotations

import re
from typing import Literal, cast

import msgspec

from gate.render.marker import PRODUCT
from gate.verdict import Verdict

_SHA = r"(?:[0-9a-f]{64}|[0-9a-f]{40})"
_STATE = re.compile(
    rf"<!-- {PRODUCT}-state: (?:passed (?P<since>{_SHA}) after )?"
    rf"(?P<failure>failed|error) (?P<failed>{_SHA}) -->"
)
_COMMIT = re.compile(_SHA)


class Past(msgspec.Struct, frozen=True):
    """The last failure: what it was, at which commit, and since which commit it passes again, if it does."""

    failure: Literal["failed", "error"]
    failed: str
    since: str | None = None


def past_of(verdict: Verdict, earlier: str | None) -> Past | None:
    """What this verdict's comment says and remembers, beside the `earlier` text (None: there was none).

    A run that repeats a result repeats this as well: the commit since which it passes stays the first one.
    """
    commit = verdict.head_sha or verdict.commit
    before = read_state(earlier or "")
    if commit is None or not _COMMIT.fullmatch(commit):
        return None
    if verdict.verdict != "passed":
        return Past(verdict.verdict, commit)
    if before is None or before.since is not None:
        return before
    # Without coverage there is nothing to pass again: the failure is remembered, and not spoken of.
    return before if verdict.coverage == "off" else msgspec.structs.replace(before, since=commit)


def state_line(past: Past) -> str:
    """The hidden line."""
    passed = "" if past.since is None else f"passed {past.since} after "
    return f"<!-- {PRODUCT}-state: {passed}{past.failure} {past.failed} -->"


def read_state(text: str) -> Past | None:
    """What the first line of a text tells, if it is a state line."""
    found = _STATE.fullmatch(text.partition("\n")[0].rstrip("\r"))
    if found is None:
        return None
    return Past(cast("Literal['failed', 'error']", found["failure"]), found["failed"], found["since"])
