"""Whose an LCOV record is, where a writer needs rules of its own: by the order of its sums, and checksums."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import PurePosixPath

from gate.reports.lcov_records import Fields

_KINDS = ("FNF", "DA", "LF", "LH", "BRF")
_RUBY = frozenset({".rb", ".rake", ".ru", ".gemspec", ".erb"})

_BASE64_MD5 = re.compile(r"\nDA:(?![0-9]+,[01],[A-Za-z0-9+/]{22}\r?\n)")
"""A line that coverage.py before 7.6 did not write: it gave each a checksum and counted to one."""
_HEXADECIMAL_MD5 = re.compile(r"\nDA:[0-9]+,[0-9]+,[0-9a-f]{32}\r?\n")
"""A line that only gcovr writes."""


class Writer(Enum):
    """The writers whose records need a rule of their own."""

    COVERAGE_PY = auto()
    COVERAGE_PY_BEFORE_7_6 = auto()
    GCOVR = auto()
    LLVM_COV = auto()
    SIMPLECOV = auto()
    ANOTHER = auto()


def writer_of(fields: Fields) -> Writer:
    """The writer of a record."""
    places = sorted((fields.at(kind), kind) for kind in _KINDS)
    order = " ".join(kind for place, kind in places if place > 0)
    for writer, form in _ORDERS:
        if form.fullmatch(order) and _bears_out(writer, fields):
            return writer
    return Writer.ANOTHER


_ORDERS = (
    (Writer.LLVM_COV, re.compile(r"FNF DA (?:BRF )?LF LH")),
    (Writer.GCOVR, re.compile(r"FNF (?:BRF )?DA LH LF")),
    (Writer.COVERAGE_PY_BEFORE_7_6, re.compile(r"DA LF LH(?: BRF)?")),
    (Writer.SIMPLECOV, re.compile(r"DA LF LH(?: BRF)?")),
    (Writer.COVERAGE_PY, re.compile(r"DA LF LH(?: FNF)? BRF")),
)


def _bears_out(writer: Writer, fields: Fields) -> bool:
    """What else than the order of its sums a writer's record must have."""
    record = fields.record
    match writer:
        case Writer.GCOVR:
            return _HEXADECIMAL_MD5.search(fields.text) is not None
        case Writer.COVERAGE_PY_BEFORE_7_6:
            return record.test is not None and not record.test.strip() and not _BASE64_MD5.search(fields.text)
        case Writer.SIMPLECOV:
            return PurePosixPath(record.name.text).suffix in _RUBY
        case _:
            return record.test is None
