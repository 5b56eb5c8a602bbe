"""Where gcovr's LCOV differs from gcovr's own table.

- Before 8.3 it lists lines that the source excludes, with a count of 0.
- From 8.5 on it gives the first line of a function the count of the function, so that a lambda that is
  never called makes an executed line look missed. LF and LH are right.
- From 8.5 on it counts the lines of each instance of a template (LF) but lists them, and counts their
  branches, as one. What its table says of the branches cannot be known from that, unless it is run with
  `--merge-lines`.
"""

from __future__ import annotations

import re

from gate.reports.lcov_records import NUMBER, Fields
from gate.reports.lines import MAX_LINE, Lines, Ratio, line_set
from gate.reports.model import Repository, SourceName

_FN = re.compile(rf"\nFN:({NUMBER}),")
_MARK = re.compile(rb"[GL]COVR?_EXCL_(LINE|FUNCTION|START|STOP)")


def gcovr_lines(fields: Fields, lines: Lines, stated: Ratio) -> Lines | None:
    """The lines with what is stated of them; None where that contradicts them."""
    if stated.total > lines.declared:
        raise fields.refused(
            f"counts {stated.total} lines (LF) but lists {lines.declared} (DA)",
            fields.at("LF"),
            advice="it counts each instance of a template, so run gcovr with --merge-lines",
        )
    beginnings = lines.missing & line_set(
        number for number in map(int, _FN.findall(fields.text)) if 0 < number <= MAX_LINE
    )
    surely = lines.missing & ~beginnings
    unlisted = stated.total - stated.covered - surely.bit_count()
    if not 0 <= unlisted <= beginnings.bit_count():
        return None
    if unlisted:
        executed, statements = lines.executed, lines.statements & ~beginnings
    else:
        executed, statements = lines.executed | beginnings, lines.statements
    if statements.bit_count() > stated.total:
        statements = surely
    return Lines(executed, statements, stated.total, unlisted)


def excluded_lines(name: SourceName, repository: Repository) -> int:
    """The lines that a source excludes by gcovr's marks, as a bit set; none where the source is not there."""
    path = repository.path_of(name)
    source = None if path is None else repository.read(path)
    return line_set(_excluded(source or b""))


def hold_exclusions(fields: Fields, lines: Lines, excluded: int) -> None:
    """Refuse a record that counts a line which its source excludes."""
    counted = lines.missing & excluded
    if counted:
        first = (counted & -counted).bit_length() - 1
        raise fields.refused(
            f"counts line {first} as missed, which the source excludes,",
            fields.at("DA"),
            advice="gcovr before 8.3 does so in LCOV; use a newer one, or --cobertura",
        )


def _excluded(source: bytes) -> list[int]:
    """The lines that a source excludes."""
    numbers = []
    within = False
    for number, line in enumerate(source.split(b"\n", MAX_LINE)[:MAX_LINE], 1):
        marks = set(_MARK.findall(line))
        within |= b"START" in marks
        if within or marks & {b"LINE", b"FUNCTION"}:
            numbers.append(number)
        within &= b"STOP" not in marks
    return numbers
