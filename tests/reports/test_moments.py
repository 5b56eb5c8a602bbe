from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reports.moments import Moment, earliest, from_epoch, from_iso

SINCE = datetime(2000, 1, 1)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
local = st.datetimes(min_value=SINCE + timedelta(days=1), max_value=datetime(9999, 12, 30))
aware = st.datetimes(min_value=SINCE + timedelta(days=1), max_value=datetime(9999, 12, 30), timezones=zones)
until_milliseconds_of_1973 = datetime(5138, 1, 1)


@given(aware)
def test_iso_texts_with_a_zone_are_that_moment(moment: datetime) -> None:
    assert from_iso(moment.isoformat()) == Moment(moment.astimezone(UTC))


@given(local, st.sampled_from("T "))
def test_iso_texts_without_a_zone_are_read_as_utc_and_say_so(moment: datetime, separator: str) -> None:
    assert from_iso(moment.isoformat(separator)) == Moment(moment.replace(tzinfo=UTC), zoned=False)


@given(st.datetimes(min_value=SINCE, max_value=until_milliseconds_of_1973))
def test_seconds_since_the_epoch_are_that_moment(moment: datetime) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    seconds = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    assert from_epoch(str(seconds)) == from_epoch(f" {seconds}.987 ") == Moment(whole)


@given(st.datetimes(min_value=SINCE, max_value=datetime(9999, 12, 31)))
def test_milliseconds_since_the_epoch_are_that_moment(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    milliseconds = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert from_epoch(str(milliseconds)) == Moment(whole)


@pytest.mark.parametrize("text", [None, "", " ", "0", "0.0", "-1", "1e9", "+1795379765", "nan", "inf", "²"])
def test_what_is_no_time_since_the_epoch_is_none(text: str | None) -> None:
    assert from_epoch(text) is None


@pytest.mark.parametrize("digits", range(1, 40))
def test_any_number_of_digits_is_a_moment_or_none(digits: int) -> None:
    moment = from_epoch("9" * digits)
    assert moment is None or moment.at >= SINCE.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "1970-01-01T00:00:00",  # jest-junit and googletest, of what never ran
        "0001-01-01T00:00:00",  # unittest-xml-reporting
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-13-01T00:00:00",
        "2026-11-22T10:00:00+99:00",
        "9" * 5000,
    ],
)
def test_what_is_no_iso_time_is_none(text: str | None) -> None:
    assert from_iso(text) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for moment in (from_iso(text), from_epoch(text)):
        assert moment is None or moment.at.tzinfo is UTC


@given(st.lists(st.none() | st.builds(Moment, aware, st.booleans())))
def test_the_earliest_is_the_first_of_the_known(moments: list[Moment | None]) -> None:
    known = [moment.at for moment in moments if moment is not None]
    found = earliest(*moments)
    assert (found is None) == (not known)
    assert found is None or (found in moments and found.at == min(known))
