"""The wanted files of an LCOV report, put together from their records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from gate.reports.lcov_branches import is_numbered, measured_branches
from gate.reports.lcov_coverage_py import loses_ways_out
from gate.reports.lcov_functions import functions_of
from gate.reports.lcov_gcovr import excluded_lines, hold_exclusions
from gate.reports.lcov_lines import measured_lines
from gate.reports.lcov_records import Fields, Record
from gate.reports.lcov_writers import Writer, writer_of
from gate.reports.model import FileCoverage, Repository, SourceName
from gate.text import quoted

NEVER_LOADED = ",(empty-report)\n"
"""The function that c8 and jest make of a file that the tests never loaded."""

MOST_BITS = 1 << 31
"""The highest lines of all wanted records together, as bits: a small file could take minutes with more."""


class WantedFiles:
    """What the records of the wanted files say, and what is to be said about it."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._parts: dict[SourceName, list[tuple[int, FileCoverage]]] = {}
        self._excluded: dict[SourceName, int] = {}
        self._lossy: dict[SourceName, None] = {}
        self._bits = 0

    def add(self, record: Record) -> None:
        """Decode a record. Raises UnreadableArtifact where it is malformed or contradicts itself."""
        fields = Fields(record)
        writer = writer_of(fields)
        found = self._file_coverage(fields, writer)
        self._bits += found.lines.statements.bit_length() * (1 + len(found.functions))
        if self._bits > MOST_BITS:
            raise record.refused("names more lines than any report does, up to the one")
        if loses_ways_out(found.branches):
            self._lossy[record.name] = None
        # Two parts of as many records become one, so that many records are not merged into one ever larger.
        parts, count = self._parts.setdefault(record.name, []), 1
        while parts and parts[-1][0] == count:
            found |= parts.pop()[1]
            count *= 2
        parts.append((count, found))

    def files(self) -> dict[SourceName, FileCoverage]:
        """Each file, the union of its records."""
        files = {}
        for name, parts in self._parts.items():
            _, whole = parts[-1]
            for _, part in reversed(parts[:-1]):
                whole |= part
            files[name] = whole
        return files

    def notes(self, files: Mapping[SourceName, FileCoverage]) -> Iterator[str]:
        """Sentences that continue "the report …"."""
        summed = _those(files, lambda found: found.lines.unlisted != 0)
        if summed:
            yield (
                f"sums up lines of {_named(summed)} otherwise than it lists them: by functions, so that each "
                "instance of a template or generic, and each closure, counts with its own lines"
            )
        numbered = _those(files, lambda found: is_numbered(found.branches))
        if numbered:
            yield (
                f"sums up branches of {_named(numbered)} otherwise than it lists them: merged with other "
                "reports, the larger number holds"
            )
        if self._lossy:
            yield (
                f"does not tell the ways out of some lines of {_named(self._lossy)} apart (coverage.py "
                "before 7.6): merged with other reports, one may count as missed that was taken"
            )

    def _file_coverage(self, fields: Fields, writer: Writer) -> FileCoverage:
        lines, units = measured_lines(fields, writer)
        if writer is Writer.GCOVR:
            name = fields.record.name
            if name not in self._excluded:
                self._excluded[name] = excluded_lines(name, self._repository)
            hold_exclusions(fields, lines, self._excluded[name])
        return FileCoverage(
            lines,
            measured_branches(fields, writer, lines),
            functions_of(fields, lines.statements),
            units,
            loaded=NEVER_LOADED not in fields.text,
        )


def _those(
    files: Mapping[SourceName, FileCoverage], which: Callable[[FileCoverage], bool]
) -> list[SourceName]:
    return [name for name, found in files.items() if which(found)]


def _named(names: Collection[SourceName]) -> str:
    first = quoted(next(iter(names)).text)
    return first if len(names) == 1 else f"{first} and {len(names) - 1} more"
