"""The lines of an LCOV record (DA), held against the record's own sums (LF, LH).

By geninfo's manual the sums count the DA records, so that a line is a line; and where they do, nothing is
left to decide. Writers whose sums differ for a reason that is known come out as their own totals say:

- gcovr 8.4 and Coverlet repeat a line for each instance of a template, or each method that it is part of,
  and count every one: such lines become units of their own (`line_units`), as in gcovr's Cobertura.
- llvm-cov (also under cargo-llvm-cov and Swift) sums up functions: closures once more than the lines around
  them, and of the instances of a template or generic only the best covered one. Its DA records are those of
  the file, so that more is missing than they show, or less: `Lines.unlisted`.
- coverage.py before 7.6 lists every executed line first, then the missing ones, each with a checksum. The
  executed ones include docstrings and, before 7.4, excluded lines; before 7.2 LH counts them all and so may
  exceed LF. LF and the missing ones are always right.
- gcovr: see `lcov_gcovr`.
- simplecov-lcov counts the lines within `:nocov:` into LF, but lists them as little as SimpleCov counts them.

Everything else that contradicts itself is refused.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gate.errors import UnreadableArtifact
from gate.reports.lcov_gcovr import gcovr_lines
from gate.reports.lcov_records import NUMBER, Fields
from gate.reports.lcov_writers import Writer
from gate.reports.line_units import blocks_of
from gate.reports.lines import Blocks, Lines, Ratio, line_set

_EXECUTED = re.compile(rf"\nDA:({NUMBER}),0*+[1-9][0-9]*+(?=[,\r\n])")
_MISSED = re.compile(rf"\nDA:({NUMBER}),0++(?=[,\r\n])")

AGAIN = "`lcov --add-tracefile` counts them again"


class Measured(NamedTuple):
    """The lines of a record; `units` are there where it counts some of them more than once."""

    lines: Lines
    units: Blocks | None = None


def measured_lines(fields: Fields, writer: Writer) -> Measured:
    """What was executed. Raises UnreadableArtifact where the record contradicts itself."""
    executed, missed = (list(map(int, lines)) for lines in fields.found("DA", _EXECUTED, _MISSED))
    lines = _lines(fields, executed, missed)
    listed = lines.ratio
    total, covered = fields.total("LF"), fields.total("LH")
    stated = Ratio(listed.covered if covered is None else covered, listed.total if total is None else total)
    if stated == listed:
        return Measured(lines)
    if stated == Ratio(len(executed), len(executed) + len(missed)):
        units = [*((line, True) for line in executed), *((line, False) for line in missed)]
        return Measured(lines, blocks_of(units))
    explained = _RULES.get(writer, _none)(fields, lines, stated)
    if explained is None:
        raise _contradiction(fields, stated, listed)
    return Measured(explained)


def _lines(fields: Fields, executed: list[int], missed: list[int]) -> Lines:
    try:
        covered = line_set(executed)
        statements = covered | line_set(missed)
    except UnreadableArtifact as error:
        raise fields.refused(str(error), fields.at("DA")) from error
    return Lines(covered, statements, statements.bit_count())


def _coverage_py(_: Fields, lines: Lines, stated: Ratio) -> Lines | None:
    missing, executed = lines.missing.bit_count(), lines.executed.bit_count()
    covered = stated.total - missing
    if not (0 <= covered <= executed and stated.covered in (covered, executed)):
        return None
    return Lines(lines.executed, lines.missing, stated.total)


def _llvm(_: Fields, lines: Lines, stated: Ratio) -> Lines | None:
    missing = lines.missing.bit_count()
    unlisted = stated.total - stated.covered - missing
    # Less can be missing only where lines are listed that no function has, and so are not summed up.
    least = min(0, stated.total - lines.declared)
    if not (
        lines.declared and stated.covered <= stated.total and missing <= stated.total and unlisted >= least
    ):
        return None
    statements = lines.statements if lines.declared <= stated.total else lines.missing
    return Lines(lines.executed, statements, stated.total, unlisted)


def _simplecov(_: Fields, lines: Lines, stated: Ratio) -> Lines | None:
    listed = lines.ratio
    return lines if stated.covered == listed.covered and stated.total > listed.total else None


def _none(_: Fields, __: Lines, ___: Ratio) -> None:
    return None


_RULES = {
    Writer.COVERAGE_PY_BEFORE_7_6: _coverage_py,
    Writer.GCOVR: gcovr_lines,
    Writer.LLVM_COV: _llvm,
    Writer.SIMPLECOV: _simplecov,
}


def _contradiction(fields: Fields, stated: Ratio, listed: Ratio) -> UnreadableArtifact:
    if not listed.total:
        return fields.refused(
            f"counts {stated.total} lines (LF) without listing them (DA)",
            fields.at("LF"),
            advice="write it whole, with llvm-cov without -summary-only",
        )
    return fields.refused(
        f"counts {stated.covered} covered of {stated.total} lines (LH, LF) but lists {listed.covered} of "
        f"{listed.total} (DA)",
        max(fields.at("LF"), fields.at("LH")),
        advice=AGAIN,
    )
