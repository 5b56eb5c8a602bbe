from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import StaleArtifact
from gate.evidence.freshness import ANY_ZONE, TOLERANCE, Freshness, Head, out_of_time
from gate.reports.moments import Moment

COMMITTED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NOW = COMMITTED + timedelta(hours=3)
HEAD = Head("5f3c9a1e7b2d" + "0" * 28, COMMITTED)

spans = st.timedeltas(timedelta(days=-300), timedelta(days=300))


def freshness(*, strict: bool = True, head: Head | None = HEAD) -> Freshness:
    return Freshness(head, NOW, strict=strict)


@given(spans)
def test_a_time_is_stale_exactly_from_the_tolerance_before_the_commit(span: timedelta) -> None:
    moment = COMMITTED + span
    expected = moment < COMMITTED - TOLERANCE or moment > NOW + TOLERANCE
    assert (out_of_time(Moment(moment), HEAD, NOW) is not None) == expected


@given(spans, st.integers(-14, 14))
def test_a_time_without_a_zone_is_never_stale_if_it_is_fresh_anywhere_on_earth(
    span: timedelta, hours: int
) -> None:
    written = COMMITTED + span
    if not COMMITTED <= written <= NOW:
        return
    local = written.astimezone(timezone(timedelta(hours=hours))).replace(tzinfo=UTC)
    assert out_of_time(Moment(local, zoned=False), HEAD, NOW) is None


def test_a_time_without_a_zone_is_stale_beyond_every_zone() -> None:
    sentence = out_of_time(Moment(COMMITTED - ANY_ZONE - timedelta(minutes=1), zoned=False), HEAD, NOW)
    assert sentence is not None
    assert "14 h were allowed" in sentence


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (COMMITTED - timedelta(hours=1), "1 h before commit 5f3c9a1e7b2d was made"),
        (COMMITTED - timedelta(days=2, hours=1, minutes=9), "2 d 1 h before commit"),
        (COMMITTED - timedelta(minutes=2, seconds=5), "2 min 5 s before commit"),
        (NOW + timedelta(hours=1), "1 h from now: clocks differ"),
    ],
)
def test_the_sentence_says_by_how_much_and_of_which_commit(moment: datetime, words: str) -> None:
    with pytest.raises(StaleArtifact, match=words):
        freshness().hold_file("out/a.json", moment)


def test_at_a_desk_it_is_a_note() -> None:
    at_a_desk = freshness(strict=False)
    at_a_desk.hold_file("out/a.json", COMMITTED - timedelta(hours=1))
    (note,) = at_a_desk.notes
    assert note.code == "artifact-stale"
    assert note.message.startswith("'out/a.json' was last written at 2026-11-22 09:00:00 UTC, 1 h before")


def test_without_a_commit_nothing_is_too_old_and_what_tells_its_time_is_known() -> None:
    unknown = freshness(head=None)
    unknown.hold_file("out/a.json", datetime(1999, 1, 1, tzinfo=UTC))
    unknown.hold_content("out/a.json", "coverage/a.json", Moment(datetime(2001, 1, 1, tzinfo=UTC)))
    unknown.hold_content("out/b.info", "coverage/b.info", None)
    assert (unknown.notes, unknown.told) == ([], {"coverage/a.json"})
