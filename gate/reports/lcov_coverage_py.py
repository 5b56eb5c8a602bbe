"""Branches in coverage.py's LCOV, of which every missing one is listed, and BRF is what coverage.py counts.

- From 7.6 on a branch has block 0 and says in words where it goes. coverage.py counts the branches of a
  `# pragma: no branch` line without listing the untaken ones, and lists taken ones into excluded lines
  without counting them; those lead to lines that the record does not list.
- Before 7.6 the lines that branch are numbered, as blocks, and a branch has the line that it leads to, or 0
  for a way out; the line that it comes from is not told. Branches are listed as taken that are not counted
  (into excluded lines, by exceptions), so only the missing ones are used. Another Python may number the
  lines anew, and has another BRF then, so that BRF is part of the identity.
"""

from __future__ import annotations

import re
from collections import defaultdict

from gate.reports.branches import WHOLE_FILE, Branch, Branches
from gate.reports.lcov_identities import Listed, numbered, taken
from gate.reports.lcov_records import NUMBER
from gate.reports.lines import Lines, Ratio

_JUMP = re.compile(rf"jump to line ({NUMBER})")


def says_in_words(listed: list[Listed]) -> bool:
    """Whether these can be branches of coverage.py 7.6 or newer."""
    return not any(branch.branch.isdigit() for branch in listed)


def by_words(listed: list[Listed], stated: Ratio | None, lines: Lines) -> Branches | None:
    """Branches of coverage.py 7.6 or newer; None where they contradict the sums."""
    names = numbered(listed)
    executed = taken(names, listed)
    missing = frozenset(names) - executed
    if stated is None or stated.total - stated.covered != len(missing):
        return None
    known = missing | _leading_to(lines.statements, names, listed)
    return Branches(executed, known if len(known) <= stated.total else missing, stated.total)


def _leading_to(statements: int, names: list[Branch], listed: list[Listed]) -> frozenset[Branch]:
    """The branches that lead to one of these lines, or out."""
    bits = statements.to_bytes(statements.bit_length() // 8 + 1, "little")
    found = []
    for name, branch in zip(names, listed, strict=True):
        jump = _JUMP.fullmatch(branch.branch)
        target = int(jump[1]) if jump else None
        if target is None or (target >> 3 < len(bits) and bits[target >> 3] >> (target & 7) & 1):
            found.append(name)
    return frozenset(found)


def by_target(listed: list[Listed], stated: Ratio | None) -> Branches | None:
    """Branches of coverage.py before 7.6; None where they contradict the sums."""
    if stated is None:
        return None
    names = numbered(
        branch._replace(line=WHOLE_FILE, block=f"{stated.total},{branch.block}", branch=str(branch.line))
        for branch in listed
    )
    executed = taken(names, listed)
    missing = frozenset(names) - executed
    if stated.total - stated.covered != len(missing):
        return None
    return Branches(executed, missing, stated.total)


def loses_ways_out(branches: Branches | None) -> bool:
    """Whether a merge may take one way out of a line for another that the line has too.

    They have one name but for their order, in which the missing ones come first.
    """
    if branches is None:
        return False
    ways_out: defaultdict[str, int] = defaultdict(int)
    for line, name in branches.known | branches.executed:
        if line == WHOLE_FILE and str(name).partition("#")[0].endswith(",0"):
            ways_out[str(name).partition("#")[0]] += 1
    return any(ways_out[str(name)] > 1 for _, name in branches.missing if str(name) in ways_out)
