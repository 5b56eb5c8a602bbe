"""Durations as a policy writes them: `30m`, `90s`, `1h30m`, or a number of seconds."""

from __future__ import annotations

import re

LONGEST_SECONDS = 7 * 24 * 3600

_PARTS = re.compile(r"([0-9]+)([hms])")
_DURATION = re.compile(r"[0-9]{1,6}|(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?(?:[0-9]{1,6}s)?", re.ASCII)
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def seconds(duration: int | str) -> int:
    """The seconds of a duration that has the form the document's types ask for."""
    if isinstance(duration, int):
        return duration
    return sum(int(number) * _SECONDS[unit] for number, unit in _PARTS.findall(duration))


def parsed(text: str) -> int | None:
    """The seconds of a text: a number of them, or a duration; None where it is neither, or not in bounds."""
    text = text.strip()
    if not _DURATION.fullmatch(text):
        return None
    number = seconds(int(text) if text.isdecimal() else text)
    return number if 1 <= number <= LONGEST_SECONDS else None
