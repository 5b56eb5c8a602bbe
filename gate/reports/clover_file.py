"""A file of a Clover report: its lines and branches, held against its own metrics."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple, NoReturn

from gate.errors import UnreadableArtifact
from gate.reports.branches import WHOLE_FILE, Branches
from gate.reports.clover_writers import Writer
from gate.reports.line_units import Unit, blocks_of, lines_of, ratio_of
from gate.reports.lines import MAX_LINE, Blocks, Lines, Ratio
from gate.reports.model import FileCoverage, SourceName
from gate.reports.xml_attributes import line_number, whole_number
from gate.text import quoted

_NOTHING = Ratio(0, 0)


class _Condition(NamedTuple):
    line: int
    executed: bool
    true: int
    false: int


class CloverFile:
    """A wanted `<file>`, to be told its child elements and then asked for its coverage."""

    def __init__(self, name: SourceName, report_line: int) -> None:
        self.name = name
        self._place = f"at {quoted(name.text)} (line {report_line} of the report)"
        self._statements: list[Unit] = []
        self._methods: list[Unit] = []
        self._conditions: list[_Condition] = []
        self._metrics: dict[str, str] | None = None
        self._metrics_come_first = False

    def take(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a child element. Raises UnreadableArtifact where it holds no counts."""
        if tag == "line":
            self._take_line(attributes)
        elif tag == "metrics":
            self._metrics = attributes
            self._metrics_come_first = not (self._statements or self._methods)

    def coverage(self, writer: Writer, *, measures_branches: bool) -> FileCoverage:
        """What the elements add up to; `measures_branches` is what the whole report says of that.

        Raises UnreadableArtifact where they contradict the metrics.
        """
        stated = self._stated_lines(writer)
        if writer is Writer.OPEN_CLOVER and stated is not None and self._has_an_element_per_line(stated):
            writer = Writer.REPORT_GENERATOR
        lines, blocks = self._lines(writer, stated)
        return FileCoverage(lines, self._branches(writer, lines, measures=measures_branches), blocks=blocks)

    def _take_line(self, attributes: dict[str, str]) -> None:
        line = line_number(attributes, "num", self._place)
        place = f"{self._place}, its line {line}"
        kind = attributes.get("type", "")
        unit = (line, whole_number(attributes, "count", place) > 0)
        if kind == "stmt":
            self._statements.append(unit)
        elif kind == "method":
            self._methods.append(unit)
        elif kind == "cond":
            true, false = (whole_number(attributes, count, place) for count in ("truecount", "falsecount"))
            self._conditions.append(_Condition(*unit, true, false))
        else:
            raise UnreadableArtifact(f"has a line of the unknown type {quoted(kind)} {place}")

    def _stated(self, what: str) -> Ratio | None:
        """Covered of all by the metrics."""
        if self._metrics is None or what not in self._metrics:
            return None
        ratio = Ratio(*(whole_number(self._metrics, name, self._place) for name in (f"covered{what}", what)))
        if ratio.covered > ratio.total:
            raise UnreadableArtifact(
                f"contradicts itself {self._place}: {ratio.covered} of {ratio.total} {what} are covered"
            )
        return ratio

    def _stated_lines(self, writer: Writer) -> Ratio | None:
        stated = self._stated("statements")
        return self._stated("elements") if writer is Writer.GCOVR and stated == _NOTHING else stated

    def _has_an_element_per_line(self, stated: Ratio) -> bool:
        """Whether conditions and methods are lines too, each listed once, so that no OpenClover wrote it."""
        listed = [line for line, *_ in (*self._statements, *self._methods, *self._conditions)]
        return len(self._statements) < stated.total == len(listed) == len(set(listed))

    def _lines(self, writer: Writer, stated: Ratio | None) -> tuple[Lines, Blocks | None]:
        if writer is Writer.PHPUNIT:
            return self._lines_and_methods(stated), None
        units = self._statements
        if writer is Writer.ISTANBUL:
            units = units + [(condition.line, condition.executed) for condition in self._conditions]
        elif writer is Writer.REPORT_GENERATOR:
            taken = [(condition.line, condition.true > 0) for condition in self._conditions]
            units = units + self._methods + taken
        lines, found = lines_of(units), ratio_of(units)
        if stated is None or stated == found:
            by_line = writer in (Writer.ISTANBUL, Writer.REPORT_GENERATOR)
            if by_line and lines.declared != found.total:
                raise UnreadableArtifact(f"names a line twice {self._place}")
            return lines, None if by_line else blocks_of(units)
        if writer not in (Writer.OPEN_CLOVER, Writer.DEVEL_COVER):
            self._refuse_to_choose("statements", found, stated)
        return self._with_unlisted(lines, found, stated), None

    def _with_unlisted(self, lines: Lines, found: Ratio, stated: Ratio) -> Lines:
        """Lines by number, and in the counts what is in the metrics only."""
        if not found.total:
            raise UnreadableArtifact(
                f"counts {stated.total} statements and names no line of them {self._place}"
            )
        rest = Ratio(stated.covered - found.covered, stated.total - found.total)
        if not 0 <= rest.covered <= rest.total:
            self._refuse_to_choose("statements", found, stated)
        missing = stated.total - stated.covered
        return Lines(lines.executed, lines.statements, stated.total, missing - lines.missing.bit_count())

    def _lines_and_methods(self, stated: Ratio | None) -> Lines:
        lines, found = lines_of(self._statements), ratio_of(self._statements)
        if lines.declared != found.total:
            raise UnreadableArtifact(f"names a line twice {self._place}")
        by_nette = self._metrics_come_first and not self._methods and stated is not None
        if stated is None or stated == found or (by_nette and found.total > stated.total):
            return lines
        hidden = Ratio(stated.covered - found.covered, stated.total - found.total)
        placed = self._hidden_statements(hidden)
        units = [*self._statements, *placed]
        if hidden.total > len(self._methods):
            self._refuse_to_choose("statements", found, stated)
        return self._with_unlisted(lines_of(units), ratio_of(units), stated)

    def _hidden_statements(self, hidden: Ratio) -> list[Unit]:
        """The methods whose element hides a statement on its line, as far as that is sure.

        Only methods that hold statements are listed: one that nothing follows has its only one there.
        """
        sure = self._methods
        if hidden.total != len(sure):
            lines = sorted({line for line, _ in (*self._statements, *sure)} | {MAX_LINE + 1})
            next_line = dict(pairwise(lines))
            methods = {line for line, _ in sure} | {MAX_LINE + 1}
            sure = [unit for unit in sure if next_line[unit[0]] in methods]
        found = ratio_of(sure)
        fits = (
            found.covered <= hidden.covered and found.total - found.covered <= hidden.total - hidden.covered
        )
        return sure if fits else []

    def _branches(self, writer: Writer, lines: Lines, *, measures: bool) -> Branches | None:
        stated = self._stated("conditionals")
        if writer is Writer.GCOVR or stated is None:
            return None
        counts = self._counts_by_line(writer)
        found = sum(counts.values(), _NOTHING)
        rest = Ratio(stated.covered - found.covered, stated.total - found.total)
        if not 0 <= rest.covered <= rest.total:
            self._refuse_to_choose("conditionals", found, stated)
        if rest.total:
            counts[WHOLE_FILE] = rest
        never_loaded = writer is Writer.PHPUNIT and lines.declared > 0
        return Branches(counts=counts) if counts or (measures and not never_loaded) else None

    def _counts_by_line(self, writer: Writer) -> dict[int, Ratio]:
        counts: dict[int, Ratio] = {}
        if writer in (Writer.DEVEL_COVER, Writer.PHPUNIT):
            return counts
        for line, _, true, false in self._conditions:
            ratio = Ratio(true, true + false)
            if writer is Writer.OPEN_CLOVER:
                ratio = Ratio((true > 0) + (false > 0), 2)
            counts[line] = counts.get(line, _NOTHING) + ratio
        return counts

    def _refuse_to_choose(self, what: str, found: Ratio, stated: Ratio) -> NoReturn:
        raise UnreadableArtifact(
            f"contradicts itself {self._place}: {found.covered} of {found.total} {what} are covered "
            f"line by line, {stated.covered} of {stated.total} by its metrics"
        )
