"""Which lines of the readers a call reaches: what guides the fuzzing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import gate.reports

READERS = str(Path(gate.reports.__file__).parent)

Result = TypeVar("Result")
Step = tuple[str, int, int]


def reached(call: Callable[[], Result]) -> tuple[Result, set[Step]]:
    """What a call returns, and the steps from line to line that it took in the readers."""
    steps: set[Step] = set()
    last: dict[FrameType, int] = {}

    def follow(frame: FrameType, event: str, _: Any) -> Any:
        if event == "call" and not frame.f_code.co_filename.startswith(READERS):
            return None
        steps.add((frame.f_code.co_filename, last.get(frame, 0), frame.f_lineno))
        last[frame] = frame.f_lineno
        if event == "return":
            last.pop(frame, None)
        return follow

    sys.settrace(follow)
    try:
        return call(), steps
    finally:
        sys.settrace(None)
