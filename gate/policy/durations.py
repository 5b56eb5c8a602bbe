"""Durations as a policy writes them: `30m`, `90s`, `1h30m`, or a number of seconds."""

from __future__ import annotations

import re

LONGEST_SECONDS = 7 * 24 * 3600

_PARTS = re.compile(r"([0-9]+)([hms])")
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def seconds(duration: int | str) -> int:
    """The seconds of a duration that has the form the document's types ask for."""
    if isinstance(duration, int):
        return duration
    return sum(int(number) * _SECONDS[unit] for number, unit in _PARTS.findall(duration))
