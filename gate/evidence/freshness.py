"""Whether evidence is of the commit under test: not older than it, and not recorded for another one.

Two accounts of a file's time are asked, its own (coverage.py's `meta`, Cobertura's and JUnit's timestamps)
and the file system's. A time without a zone may be that of any place on earth. In CI a file that is too old
is no evidence; at a desk that is worth a note, since people test before they commit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from gate.errors import StaleArtifact
from gate.reports.moments import Moment
from gate.text import quoted
from gate.verdict import Note

TOLERANCE = timedelta(minutes=2)
"""By how much clocks may differ: that of the machine that committed, and that of the tests."""

SAME_CLOCK = timedelta(seconds=2)
"""How coarse the times of files are; the suites are run on this machine's clock."""

ANY_ZONE = timedelta(hours=14)
"""No zone is further from UTC."""

SHORT_SHA = 12


class Head(msgspec.Struct, frozen=True):
    """The checked-out commit, and when it was made."""

    commit: str
    committed: datetime


class Freshness:
    """What holds for all artifacts of one check, and the notes that came of it.

    `strict` is whether evidence that is too old is an error; `since` is when the suites were started whose
    evidence it is, None where somebody else ran them. `told` are the artifacts, by path in the
    evidence folder, that tell their own time.
    """

    def __init__(
        self, head: Head | None, now: datetime, *, strict: bool, since: datetime | None = None
    ) -> None:
        self.head = head
        self._since = since
        self.notes: list[Note] = []
        self.told: set[str] = set()
        self._now = now
        self._strict = strict

    def hold_file(self, source: str, modified: datetime | None) -> None:
        """Hold a file's time against the commit's. Raises StaleArtifact."""
        if modified is None:
            return
        if self._since is not None and modified + SAME_CLOCK < self._since:
            self._stale(
                source, f"was last written at {_shown(modified)}, {_before_run(modified, self._since)}"
            )
        self._hold(source, "was last written", Moment(modified))

    def hold_content(self, source: str, path: str, told: Moment | None) -> None:
        """Hold the time that a report tells of itself against the commit's. Raises StaleArtifact."""
        if told is not None:
            self.told.add(path)
            grace = TOLERANCE if told.zoned else ANY_ZONE
            if self._since is not None and told.at + grace < self._since:
                shown = _shown(told.at, zoned=told.zoned)
                self._stale(
                    source, f"was made by its own account at {shown}, {_before_run(told.at, self._since)}"
                )
            self._hold(source, "was made by its own account", told)

    def hold_judged(self, source: str, judged: datetime) -> None:
        """A file that an earlier check under this run id has judged already. Raises StaleArtifact."""
        self._stale(
            source,
            f"was judged by an earlier check of this run id, at {_shown(judged)}: it is left over, or the "
            "same evidence once more. Run the tests again, or name the run anew with run-id",
        )

    def _hold(self, source: str, did: str, moment: Moment) -> None:
        if self.head is None:
            return
        sentence = out_of_time(moment, self.head, self._now)
        if sentence is not None:
            self._stale(source, f"{did} at {_shown(moment.at, zoned=moment.zoned)}, {sentence}")

    def _stale(self, source: str, sentence: str) -> None:
        if self._strict:
            raise StaleArtifact(sentence)
        self.notes.append(
            Note(
                "artifact-stale", f"{quoted(source)} {sentence}; in CI this is no evidence, at a desk a note"
            )
        )


def out_of_time(moment: Moment, head: Head, now: datetime) -> str | None:
    """Why a time cannot be that of evidence for a commit, as a sentence's end; None where it can."""
    grace = TOLERANCE if moment.zoned else ANY_ZONE
    zone = "" if moment.zoned else " (it tells no zone: 14 h were allowed)"
    if moment.at + grace < head.committed:
        return (
            f"{_lasting(head.committed - moment.at)} before commit {head.commit[:SHORT_SHA]} was made{zone}: "
            "it is of an earlier state; run the tests on this commit"
        )
    if moment.at - grace > now:
        return (
            f"{_lasting(moment.at - now)} from now{zone}: clocks differ, so nothing shows that it is not of "
            "an earlier commit; set the clock of the machine that wrote it"
        )
    return None


def _before_run(moment: datetime, since: datetime) -> str:
    return (
        f"{_lasting(since - moment)} before this run began: none of its suites wrote it; see that one writes "
        "to this very path"
    )


def _shown(moment: datetime, *, zoned: bool = True) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}{' UTC' if zoned else ''}"


def _lasting(span: timedelta) -> str:
    """A span in its two largest units, rounded down."""
    seconds = int(span.total_seconds())
    units = (
        ("d", seconds // 86_400),
        ("h", seconds // 3600 % 24),
        ("min", seconds // 60 % 60),
        ("s", seconds % 60),
    )
    told = [f"{number} {unit}" for unit, number in units if number]
    return " ".join(told[:2]) or "0 s"
