"""When a report says that it was written or its tests began, whichever way its writer puts that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""jest-junit and googletest write the epoch for what never ran, others a zero: neither says when."""

_MILLISECONDS_FROM = 100_000_000_000
"""As seconds this is the year 5138; what is larger counts milliseconds (coverage.py, Istanbul, JaCoCo)."""


class Moment(msgspec.Struct, frozen=True):
    """A point in time, aware; where the writer told no zone (`zoned` is false) it is read as UTC."""

    at: datetime
    zoned: bool = True


def from_iso(text: str | None) -> Moment | None:
    """An ISO 8601 text; None for anything else, and for times that stand for none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        at = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(at, moment.tzinfo is not None) if at >= _EARLIEST else None


def from_epoch(text: str | None) -> Moment | None:
    """Seconds or milliseconds since 1970 as digits, with or without a fraction; None for anything else."""
    whole = "" if text is None else text.strip().partition(".")[0]
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 15):  # noqa: PLR2004 - digits
        return None
    number = int(whole)
    unit = timedelta(milliseconds=1) if number >= _MILLISECONDS_FROM else timedelta(seconds=1)
    try:
        at = _EPOCH + number * unit
    except OverflowError:
        return None
    return Moment(at) if at >= _EARLIEST else None


def earliest(*moments: Moment | None) -> Moment | None:
    """The earliest of those that are known."""
    return min((moment for moment in moments if moment is not None), key=lambda one: one.at, default=None)
