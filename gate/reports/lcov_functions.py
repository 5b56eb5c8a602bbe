"""The functions of an LCOV record whose ends it tells: FN with an end, and FNL with FNA of lcov 2.x."""

from __future__ import annotations

import re

from gate.reports.lcov_records import NUMBER, Fields
from gate.reports.model import Function

MOST_BITS = 1 << 29
"""Functions are only a help to show: where their lines would take more memory, they are left out."""

_FN = re.compile(rf"\nFN:({NUMBER}),({NUMBER}),([^\n]+?)(?=\r?\n)")
_FNL = re.compile(rf"\nFNL:([0-9]+),({NUMBER}),({NUMBER})(?=\r?\n)")
_FNA = re.compile(r"\nFNA:([0-9]+),[0-9]+,([^\n]+?)(?=\r?\n)")


def functions_of(fields: Fields, statements: int) -> tuple[Function, ...]:
    """Each function with its statements, but those of the functions within it. Empty ones are left out."""
    regions = _regions(fields)
    if len(regions) * statements.bit_length() > MOST_BITS:
        return ()
    lines: dict[str, int] = {}
    around: list[tuple[int, str]] = []
    for first, negative_last, name in sorted(regions):
        last = min(-negative_last, statements.bit_length())
        inside = statements >> first << first & (1 << last + 1) - 1
        while around and around[-1][0] < last:
            around.pop()
        if around:
            lines[around[-1][1]] &= ~inside
        lines[name] = lines.get(name, 0) | inside
        around.append((last, name))
    return tuple(Function(name, inside) for name, inside in lines.items() if inside)


def _regions(fields: Fields) -> set[tuple[int, int, str]]:
    """First line, last line negated, so that outer functions come first, and name."""
    names: dict[str, str] = {}
    for index, name in _FNA.findall(fields.text):
        names.setdefault(index, name)
    named = [
        (first, last, names[index]) for index, first, last in _FNL.findall(fields.text) if index in names
    ]
    return {(int(first), -int(last), name) for first, last, name in (*_FN.findall(fields.text), *named)}
