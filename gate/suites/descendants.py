"""The processes below a process, as /proc tells: also those that left its group or its session."""

from __future__ import annotations

import os

DEAD = frozenset("ZX")


def living_groups(ancestor: int) -> dict[int, int] | None:
    """The process groups of all living processes below this one, each with the number of those.

    A process that forks while this reads may be missed: ask again until nothing is left. None where there
    is no /proc (macOS).
    """
    try:
        names = os.listdir("/proc")  # noqa: PTH208 - the watcher loads as little as it can
    except OSError:
        return None
    known = {int(name): fields for name in names if name.isdigit() and (fields := _status(name))}
    if ancestor not in known:
        return None
    children: dict[int, list[int]] = {}
    for process, (_, parent, _) in known.items():
        children.setdefault(parent, []).append(process)
    groups: dict[int, int] = {}
    below = children.pop(ancestor, [])
    while below:
        process = below.pop()
        below += children.pop(process, [])
        state, _, group = known[process]
        if state not in DEAD:
            groups[group] = groups.get(group, 0) + 1
    return groups


def _status(process: str) -> tuple[str, int, int] | None:
    """State, parent and group; see proc(5). None for a process that is gone."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:  # noqa: PTH123
            # The program's name, in parentheses, may hold anything.
            state, parent, group, *_ = file.read().rpartition(b")")[2].split()
    except (OSError, ValueError):
        return None
    return state.decode("ascii"), int(parent), int(group)
