"""Listening to an XML report on two levels: the outer elements all, and of some the children or nothing.

Where nothing is looked at, runs of elements that are written plainly do not reach the parser at all.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable

from gate.reports.file import ReportFile
from gate.reports.xml_attributes import MOST_DIGITS, mapped
from gate.reports.xml_events import MAX_DEPTH, Parser, Skippable, parse_xml, too_deep

SPACE = rb"[ \t\r\n]*+"
COUNT = rb"[0-9]{1,%d}+" % MOST_DIGITS
TEXT = rb"(?:[ !#-%'-;=-~]++|&(?:lt|gt|amp|quot|apos);)*+"
"""Parts of a pattern for plain elements: possessive, and TEXT is what stands between quotes."""

Take = Callable[[str, dict[str, str]], None]
"""Takes a child element: its tag and its attributes."""


_NOWHERE = -1


class XmlLevels(ABC):
    """Base of a reader: `started` and `ended` get the outer elements, until one of them is entered."""

    def __init__(self) -> None:
        self.depth = 0
        self._outer_depth = 0
        self._idle_at = _NOWHERE
        self._take: Take | None = None
        self._leave: Callable[[], None] | None = None

    @abstractmethod
    def started(self, tag: str, attributes: list[str]) -> None:
        """An outer element begins; `depth` is 1 for the root."""

    def ended(self, tag: str) -> None:  # noqa: B027 - who needs no ends leaves it out
        """An outer element ends."""

    def read(self, file: ReportFile, plain: re.Pattern[bytes]) -> None:
        """Read a whole file. `plain` matches what may be left out where nothing is looked at (Skippable)."""
        parse_xml(file, self._listen_to, Skippable(b"<", plain, lambda: self._idle_at, self.skipped))

    def skipped(self, content: re.Match[bytes]) -> None:  # noqa: B027 - likewise
        """Content was left out."""

    def idle(self) -> None:
        """Plain content right behind the start tag at hand is of no use."""
        self._idle_at = self.parser.CurrentByteIndex

    def _listen_to(self, parser: Parser) -> None:
        self.parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def enter(self, take: Take | None, leave: Callable[[], None] | None = None) -> None:
        """Give the children of the element that just began to `take`, and call `leave` at its end.

        Without `take`, nothing in the element is looked at.
        """
        self._outer_depth = self.depth - 1
        self._take, self._leave = take, leave
        if take is None:
            self.idle()
        self.parser.StartElementHandler = self._skip if take is None else self._start_inside
        self.parser.EndElementHandler = self._end_inside

    def _start(self, tag: str, attributes: list[str]) -> None:
        self._deeper()
        self.started(tag, attributes)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self._idle_at = _NOWHERE
        self.ended(tag)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(self.parser)

    def _skip(self, _tag: str, _attributes: list[str]) -> None:
        self._deeper()
        self.idle()

    def _start_inside(self, tag: str, attributes: list[str]) -> None:
        self._deeper()
        if self._take is not None and self.depth == self._outer_depth + 2:
            self._take(tag, mapped(attributes))

    def _end_inside(self, _tag: str) -> None:
        self.depth -= 1
        if self.depth > self._outer_depth:
            return
        self._idle_at = _NOWHERE
        self._listen_to(self.parser)
        if self._leave is not None:
            self._leave()
