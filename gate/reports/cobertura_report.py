"""A Cobertura report put together from what was listed of its wanted files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gate.errors import UnreadableArtifact
from gate.reports.cobertura_lines import FileLines
from gate.reports.cobertura_totals import Totals
from gate.reports.model import FileCoverage, SourceName
from gate.text import quoted

ROOM = 1 << 26
"""Bytes of bit sets that a report may ask for, besides its own size."""

_MOST_FOR_FUNCTIONS = 1 << 22
"""Bytes of a file's bit sets; the functions of a file that would need more are left out."""


def put_together(
    listed: Mapping[SourceName, FileLines], totals: Totals, sources: Sequence[str], room: int
) -> tuple[dict[SourceName, FileCoverage], tuple[str, ...]]:
    """The wanted files as they were measured, and notes on the report.

    UnreadableArtifact where the report leaves something out, or asks for more than `room` bytes of memory.
    """
    if not listed:
        return {}, ()
    for file in listed.values():
        totals.listed.add(file.total, None if file.uncounted else file.branches.total)
    notes = [totals.hold_lines(sources)]
    lacking = []
    files = {}
    for name, file in listed.items():
        lists_all = totals.lists_all_branches(file)
        size = file.size
        with_functions = file.functions * size <= _MOST_FOR_FUNCTIONS
        room -= size * (2 + (file.functions if with_functions else 0))
        if room < 0:
            raise UnreadableArtifact(f"names very high lines in too many files, as in {quoted(file.name)}")
        files[name] = file.coverage(
            with_branches=lists_all and totals.measured_branches, with_functions=with_functions
        )
        if not lists_all:
            lacking.append(file)
    notes.append(totals.note_on_branches(lacking))
    return files, tuple(note for note in notes if note is not None)
