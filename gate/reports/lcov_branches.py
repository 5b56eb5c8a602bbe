"""The branches of an LCOV record (BRDA), held against the record's own sums (BRF, BRH).

A branch is its line, block and branch, as geninfo numbers them; one that is listed again is the same one,
as for lcov itself, unless the record's sum counts it again (gcovr 8.4 with templates, Coverlet). What `U`
marks is not counted: lcov 2.x lists unreachable branches beside its sums. Some writers differ:

- coverage.py: see `lcov_coverage_py`.
- c8, node and jest's v8 provider list the ranges that V8 counted in this run, which are others in another
  run: what is numbered 3 in one may be 4 in the next. They have no identity, only a line.
- llvm-cov sums up functions, of a template's instances only the best covered one, and lists them all: where
  the two differ, its sums are known for the file as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from gate.errors import UnreadableArtifact
from gate.reports.branches import WHOLE_FILE, Branches
from gate.reports.lcov_coverage_py import by_target, by_words, says_in_words
from gate.reports.lcov_identities import Listed, identities, numbered, taken
from gate.reports.lcov_lines import AGAIN
from gate.reports.lcov_records import NUMBER, Fields
from gate.reports.lcov_writers import Writer
from gate.reports.lines import MAX_LINE, Lines, Ratio

NUMBERED = "llvm-cov:"
"""Begins the ids of branches of which only the number is known."""

MOST_TIMES = 2
"""A record that counts more than so many times the branches that it lists is none of llvm-cov's."""

_BRDA = re.compile(rf"\nBRDA:({NUMBER}),([^,\n]*+),([^\n]*),(-|[0-9]++)(?=\r?\n)")
_UNREACHABLE = re.compile(r"[ef]*U[ef]*[0-9]")


class _Stated(NamedTuple):
    """A record's sums, each None where it states none."""

    covered: int | None
    total: int | None

    def agrees(self, covered: int, total: int) -> bool:
        return self.covered in (None, covered) and self.total in (None, total)

    def shown(self) -> str:
        sums = (("BRH", self.covered), ("BRF", self.total))
        return "states " + " and ".join(f"{kind}:{number}" for kind, number in sums if number is not None)

    @property
    def ratio(self) -> Ratio | None:
        """Both sums."""
        return None if self.covered is None or self.total is None else Ratio(self.covered, self.total)


def measured_branches(fields: Fields, writer: Writer, lines: Lines) -> Branches | None:
    """What was taken; None where the record does not say that branches were measured.

    Raises UnreadableArtifact where the record contradicts itself.
    """
    (found,) = fields.found("BRDA", _BRDA)
    listed = [
        Listed(int(line), block, branch, bool(count.strip("-0")))
        for line, block, branch, count in found
        if not ("U" in block and _UNREACHABLE.match(block))
    ]
    lowest = WHOLE_FILE if writer is Writer.COVERAGE_PY_BEFORE_7_6 else 1
    lines_named = {branch.line for branch in listed}
    if lines_named and not (lowest <= min(lines_named) and max(lines_named) <= MAX_LINE):
        raise fields.refused("names a branch of a line that no source file has", fields.at("BRDA"))
    stated = _stated(fields)
    if not (listed or stated.total):
        return _of_none(fields, writer)
    branches = _held(fields, writer, listed, stated, lines)
    if branches is None:
        raise _contradiction(fields, listed, stated)
    return branches


def is_numbered(branches: Branches | None) -> bool:
    """Whether of branches only the number is known."""
    return branches is not None and (WHOLE_FILE, f"{NUMBERED}0") in branches.known


def _stated(fields: Fields) -> _Stated:
    stated = _Stated(fields.total("BRH"), fields.total("BRF"))
    if stated.covered is not None and stated.total is not None and stated.covered > stated.total:
        raise fields.refused(f"counts {stated.covered} taken of {stated.total} branches", fields.at("BRH"))
    return stated


def _of_none(fields: Fields, writer: Writer) -> Branches | None:
    """Without any branch: BRF:0 says that there are none, from those that write it only when they measure.

    They write it after LF (Istanbul's reporter, coverage.py, SimpleCov, Coverlet), or are gcovr, which
    always measures branches. llvm-cov and grcov write it in any case.
    """
    known = 0 < fields.at("LF") < fields.at("BRF") or (writer is Writer.GCOVR and fields.at("BRF") > 0)
    return Branches() if known else None


def _held(
    fields: Fields, writer: Writer, listed: list[Listed], stated: _Stated, lines: Lines
) -> Branches | None:
    """The branches that agree with the sums; None where they contradict each other."""
    if writer is Writer.COVERAGE_PY_BEFORE_7_6:
        return by_target(listed, stated.ratio)
    if writer is Writer.COVERAGE_PY and says_in_words(listed):
        return by_words(listed, stated.ratio, lines)
    if _are_v8_ranges(fields, listed):
        return _by_line(listed, stated)
    for named in identities, numbered:
        names = named(listed)
        executed, known = taken(names, listed), frozenset(names)
        if stated.agrees(len(executed), len(known)):
            return Branches(executed, known, len(known))
    if writer is Writer.LLVM_COV and stated.ratio and stated.ratio.total <= MOST_TIMES * len(listed):
        return _of_numbers(stated.ratio)
    return None


def _of_numbers(ratio: Ratio) -> Branches:
    """Branches of which only the numbers are known, so that a union has the larger number of each."""
    known = [(WHOLE_FILE, f"{NUMBERED}{number}") for number in range(ratio.total)]
    return Branches(frozenset(known[: ratio.covered]), frozenset(known), ratio.total)


def _by_line(listed: list[Listed], stated: _Stated) -> Branches | None:
    total = Counter(branch.line for branch in listed)
    covered = Counter(branch.line for branch in listed if branch.taken)
    if not stated.agrees(covered.total(), total.total()):
        return None
    return Branches(counts={line: Ratio(covered[line], count) for line, count in total.items()})


def _are_v8_ranges(fields: Fields, listed: list[Listed]) -> bool:
    """Whether every branch is a block of its own, numbered from 0: an `if` of any other tool's has two."""
    return bool(listed and fields.at("FNF") > 0) and all(
        branch.branch == "0" and branch.block == str(number) for number, branch in enumerate(listed)
    )


def _contradiction(fields: Fields, listed: list[Listed], stated: _Stated) -> UnreadableArtifact:
    hit = sum(branch.taken for branch in listed)
    return fields.refused(
        f"{stated.shown()} but lists {hit} taken of {len(listed)} branches (BRDA)",
        max(fields.at("BRF"), fields.at("BRH")),
        advice=AGAIN,
    )
