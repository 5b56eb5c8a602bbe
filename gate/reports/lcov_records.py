"""The records of an LCOV report, found in place: where each begins and ends, and of which file it is.

A report is searched once, for the lines that begin with `SF:`. The record before each must end right there:
its `end_of_record` is looked for backwards. Nothing else is looked at in a record that nobody wants.
"""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from gate.errors import UnreadableArtifact
from gate.reports.model import SourceName
from gate.text import as_utf8, quoted

_NAME = b"\nSF:"
_END = b"\nend_of_record"
_WINDOW = 1 << 20

# What may stand between two records: test names, comments and blank lines.
_GAP = rb"(?:(?:TN:([^\n]*)|#[^\n]*|[ \t\r]*)\n)*+"
_HEAD = re.compile(_GAP + rb"SF:([^\r\n][^\n]*)")
_LAST = re.compile(_GAP + rb"(?:TN:[^\n]*|#[^\n]*|[ \t\r]*)\Z")

NUMBER = "[0-9]{1,9}+"
"""A line's number. A count may have any number of digits, since only zero matters."""

_NO_RECORD = re.compile(r"\n(?![A-Z]{2,8}:|[ \t\r]*(?:\Z|[#\n]))([^\n]*)")
_SUM = re.compile(r"[0-9]{1,15}")
_NEGATIVE = re.compile(r",-[0-9]")


class Found(NamedTuple):
    """Where a record is: `start` and `end` are the offsets of the lines between `SF:` and `end_of_record`.

    `test` is the test's name that stands before it; None where none does.
    """

    name: SourceName
    test: bytes | None
    start: int
    end: int


class Record:
    """What a report says of one file, or a part of it: a file may have several records."""

    def __init__(self, data: mmap.mmap, found: Found) -> None:
        self._data = data
        self.name, self.test, self.start, self.end = found

    def text(self) -> str:
        """The lines, each with a line break before it and after it."""
        return self._data[self.start : self.end].decode("utf-8", "backslashreplace") + "\n"

    def refused(self, sentence: str, line: int = 0, *, advice: str = "") -> UnreadableArtifact:
        """An error at one of the record's lines; without a number, at its name."""
        number = line_number(self._data, self.start) + line
        place = f"in line {number}, in the record of {quoted(self.name.text)}"
        return UnreadableArtifact(f"{sentence} {place}" + (f": {advice}" if advice else ""))


class Fields:
    """A record's lines by kind, each held against the form that its kind has."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.text = record.text()
        odd = _NO_RECORD.search(self.text)
        if odd is not None:
            raise self.refused(f"holds {_shown(odd[1])}, which is no record of LCOV", odd.end())

    def found(self, kind: str, *forms: re.Pattern[str]) -> list[list[Any]]:
        """What `findall` gives of each form, of which every line of a kind must have one.

        A form begins with a line break and ends before one. A line of no form is refused.
        """
        lines = [form.findall(self.text) for form in forms]
        if sum(map(len, lines)) != self.text.count(f"\n{kind}:"):
            self._refuse(kind, forms)
        return lines

    def total(self, kind: str) -> int | None:
        """A sum that the record states; None where it does not."""
        stated = {value.strip() for value in self._values(kind)}
        if not stated:
            return None
        value = stated.pop()
        if stated or not _SUM.fullmatch(value):
            raise self.refused(f"states {_shown(f'{kind}:{value}')}", self.at(kind))
        return int(value)

    def at(self, kind: str) -> int:
        """Where the first line of a kind begins in the text; 0 where there is none."""
        return self.text.find(f"\n{kind}:") + 1

    def refused(self, sentence: str, offset: int, *, advice: str = "") -> UnreadableArtifact:
        """An error at a place in the text."""
        return self.record.refused(sentence, self.text.count("\n", 0, offset), advice=advice)

    def _values(self, kind: str) -> Iterator[str]:
        mark = f"\n{kind}:"
        place = self.text.find(mark)
        while place >= 0:
            end = self.text.index("\n", place + 1)
            yield self.text[place + len(mark) : end]
            place = self.text.find(mark, end)

    def _refuse(self, kind: str, forms: Iterable[re.Pattern[str]]) -> None:
        for line in re.finditer(rf"\n{kind}:[^\n]*(?=\n)", self.text):
            if not any(form.match(self.text, line.start()) for form in forms):
                why = "a negative count" if _NEGATIVE.search(line[0]) else "of a form that LCOV does not have"
                raise self.refused(f"states {_shown(line[0][1:])}, {why}", line.end())


def records(data: mmap.mmap) -> Iterator[Found]:
    """The records of a report, in its order.

    Raises UnreadableArtifact where one is not ended, or where something else stands between them.
    """
    position, size = (len(codecs.BOM_UTF8) if data[:3] == codecs.BOM_UTF8 else 0), len(data)
    find, rfind, match = data.find, data.rfind, _HEAD.match
    while head := match(data, position):
        test, name = head.groups()
        start = head.end()
        following = find(_NAME, start)
        end = rfind(_END, start, size if following < 0 else following)
        found = Found(SourceName(_decoded(name)), test, start, end)
        if end < 0:
            raise _not_ended(data, found, following)
        yield found
        position = end + len(_END)
    if not _LAST.match(data, position):
        raise _between(data, position)


def _not_ended(data: mmap.mmap, found: Found, following: int) -> UnreadableArtifact:
    record = Record(data, found)
    if following < 0:
        return record.refused(f"is cut off after {len(data)} bytes")
    number = line_number(data, following + 1)
    return record.refused(f"begins another record in line {number} before the one is ended that begins")


def _between(data: mmap.mmap, position: int) -> UnreadableArtifact:
    gap = re.compile(_GAP).match(data, position)
    start = data.rfind(b"\n", 0, gap.end() if gap else position) + 1
    line = data[start : start + _WINDOW].partition(b"\n")[0]
    return UnreadableArtifact(
        f"holds {_shown(_decoded(line))} outside any record in line {line_number(data, start)}"
    )


def line_number(data: mmap.mmap, offset: int) -> int:
    """The number of the line that an offset lies in."""
    return 1 + sum(
        data[start : min(start + _WINDOW, offset)].count(b"\n") for start in range(0, offset, _WINDOW)
    )


def _shown(line: str) -> str:
    return quoted(line[:200].removesuffix("\r"))


def _decoded(name: bytes) -> str:
    try:
        return name.decode().removesuffix("\r")
    except UnicodeDecodeError:
        return as_utf8(name.decode("utf-8", "surrogateescape")).removesuffix("\r")
