"""What a Cobertura report states of itself, held against what its classes list.

A writer may leave something out, or somebody may have edited the report. Where it is known how that comes
about and gated files could be concerned, their lines are refused, and their branches count as not measured,
so that a threshold on them fails with the note that is made here. Else there is only the note.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gate.errors import UnreadableArtifact
from gate.reports.cobertura_lines import FileLines, rate_fits
from gate.reports.cobertura_tally import Tally
from gate.reports.cobertura_writers import Writer
from gate.reports.lines import Ratio
from gate.text import counted, quoted

_MOST_DIGITS = 18
_OTHERWISE = "it was changed after it was written, or its writer counts otherwise"
_LEFT_OUT = {
    Writer.COVERAGE_PY: (
        "coverage.py leaves out those of lines that are never compiled; write `coverage json` instead"
    ),
    Writer.ISTANBUL: (
        "Istanbul leaves out those on lines where no statement begins; its reporters `json` and `lcov` do not"
    ),
    Writer.PHPUNIT: "PHPUnit lists none in this format",
}


class Totals(NamedTuple):
    """The root's totals, None where it does not tell them in whole numbers, and what all classes list."""

    writer: Writer
    lines: int | None
    branches: int | None
    branch_rate: str
    listed: Tally

    @classmethod
    def of(cls, writer: Writer, root: dict[str, str], listed: Tally) -> Totals:
        """By the root's attributes."""
        lines, branches = _count(root.get("lines-valid", "")), _count(root.get("branches-valid", ""))
        return cls(writer, lines, branches, root.get("branch-rate", ""), listed)

    @property
    def lacks_branches(self) -> bool:
        """Whether more branches are stated than listed."""
        stated, listed = self.branches, self.listed.branches
        return stated is not None and listed is not None and stated > listed

    @property
    def measured_branches(self) -> bool:
        """Whether the writer looked for branches, found or not."""
        if self.branches or self.listed.branches != 0 or self.writer.always_measures_branches:
            return True
        return self.writer is Writer.COVERAGE_PY and rate_fits(self.branch_rate, Ratio(0, 0))

    def hold_lines(self, sources: Sequence[str]) -> str | None:
        """A note on the number of lines. UnreadableArtifact where gated files may lack some."""
        stated, listed = self.lines, self.listed.lines
        if not stated or stated == listed:
            return None
        numbers = f"states {counted(stated, 'line')} and lists {listed}"
        if stated > listed and self.writer is Writer.PHPUNIT:
            raise UnreadableArtifact(
                f"{numbers}: PHPUnit leaves out of this format what stands outside of classes and functions; "
                "write --coverage-clover instead"
            )
        if stated > listed and self.writer is Writer.COVERAGE_PY and len(sources) > 1:
            raise UnreadableArtifact(f"{numbers}: {one_of_a_name(sources)}")
        return f"{numbers} in all: {_OTHERWISE}"

    def lists_all_branches(self, file: FileLines) -> bool:
        """Whether no branch of a file is known to be left out."""
        if file.uncounted:
            return False
        if not self.lacks_branches or self.writer not in _LEFT_OUT:
            return True
        return self.writer is Writer.COVERAGE_PY and rate_fits(file.branch_rate, file.branches)

    def note_on_branches(self, lacking: Sequence[FileLines]) -> str | None:
        """A note on the number of branches, and on files of which not all are listed."""
        stated, listed = self.branches, self.listed.branches
        uncounted = next((file for file in lacking if file.uncounted), None)
        if uncounted is not None:
            said = (
                f"does not say how many branches line {uncounted.uncounted} of {quoted(uncounted.name)} has"
            )
        elif stated and listed is not None and stated != listed:
            said = f"states {counted(stated, 'branch', 'branches')} and lists {listed} in all"
        else:
            return None
        concerned = f"; those of {counted(len(lacking), 'file')} count as not measured" if lacking else ""
        why = _LEFT_OUT.get(self.writer, _OTHERWISE) if uncounted is None else ""
        return f"{said}{concerned}{why and ': '}{why}"


def one_of_a_name(sources: Sequence[str]) -> str:
    """What coverage.py does to two files of one name."""
    below = f"below {quoted(sources[0])} and {quoted(sources[1])}" if len(sources) > 1 else "in one report"
    return (
        f"two files of one name {below} cannot be told apart in coverage.py's XML, which writes only one; "
        "write `coverage json` instead"
    )


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
