"""What the branches that an LCOV record lists (BRDA) are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from gate.reports.branches import Branch


class Listed(NamedTuple):
    """A branch as a record lists it."""

    line: int
    block: str
    branch: str
    taken: bool


def identities(listed: Iterable[Listed]) -> list[Branch]:
    """The branches by line, block and branch; those that share all three are one."""
    return [(branch.line, f"lcov:{branch.block},{branch.branch}") for branch in listed]


def numbered(listed: Iterable[Listed]) -> list[Branch]:
    """The branches by line, block and branch; those that share all three are told apart by their order."""
    seen: Counter[Branch] = Counter()
    apart = []
    for line, name in identities(listed):
        seen[line, name] += 1
        again = seen[line, name]
        apart.append((line, name if again == 1 else f"{name}#{again}"))
    return apart


def taken(names: Iterable[Branch], listed: Iterable[Listed]) -> frozenset[Branch]:
    """The names of the branches that were taken."""
    return frozenset(name for name, branch in zip(names, listed, strict=True) if branch.taken)
