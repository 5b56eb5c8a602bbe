"""Which finished runs go and which stay; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

import msgspec

from gate.policy.resolved import Keep


class FinishedRun(msgspec.Struct, frozen=True):
    """A run that may go. `created` is aware; `passed` is whether its verdict is `passed`."""

    run_id: str
    created: datetime
    passed: bool


class Why(Enum):
    """Why a run goes or stays."""

    CURRENT = "latest/ repeats it"
    LATEST = "among the latest"
    NEWEST = "the newest, and latest/ does not say which run it repeats"
    OLDER = "older than the latest"


class Decision(msgspec.Struct, frozen=True):
    """What becomes of a run."""

    run: FinishedRun
    why: Why

    @property
    def goes(self) -> bool:
        """Whether the run is to be removed."""
        return self.why is Why.OLDER


def decide(runs: Iterable[FinishedRun], keep: Keep, current: str | None) -> tuple[Decision, ...]:
    """What becomes of each run, the newest first (of one time, by name, the last first).

    The latest `keep.passed` that passed stay and the latest `keep.failed` that did not, and always the run
    that `latest/` repeats: it counts among these too. Where that is not known, the newest of all stays.
    """
    newest_first = sorted(runs, key=lambda run: (run.created, run.run_id), reverse=True)
    room = {True: keep.passed, False: keep.failed}
    decisions = []
    for at, run in enumerate(newest_first):
        if run.run_id == current:
            why = Why.CURRENT
        elif room[run.passed] > 0:
            why = Why.LATEST
        elif current is None and at == 0:
            why = Why.NEWEST
        else:
            why = Why.OLDER
        room[run.passed] -= 1
        decisions.append(Decision(run, why))
    return tuple(decisions)
