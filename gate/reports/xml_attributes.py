"""What the readers of XML reports take from an element: its attributes, its counts, the root's tag."""

from __future__ import annotations

import codecs
import re

from gate.errors import UnreadableArtifact
from gate.reports.lines import MAX_LINE
from gate.text import quoted

MOST_DIGITS = 20
"""No counter of 64 bits has more."""

_ROOT = re.compile(
    rb"(?>\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?+>)*+(<([A-Za-z_][\w.:-]*+)[^<>]*+>?)",
    re.DOTALL,
)


def root_tag(sample: bytes) -> tuple[bytes, bytes]:
    """The name of a document's first element and its whole tag; empty where the sample is no XML."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as PowerShell redirects output
        sample = sample.decode("utf-16", "ignore").encode()
    root = _ROOT.match(sample)
    return (root[2], root[1]) if root else (b"", b"")


def mapped(attributes: list[str]) -> dict[str, str]:
    """Attributes as expat orders them, names and values in turn, by name."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def whole_number(attributes: dict[str, str], name: str, place: str) -> int:
    """An attribute that counts something, 0 where it is missing.

    `place` ends the sentence of the refusal: anything but digits raises UnreadableArtifact.
    """
    text = attributes.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise UnreadableArtifact(f"has {name}={quoted(text)} {place}, which is no count")
    return int(text)


def line_number(attributes: dict[str, str], name: str, place: str) -> int:
    """An attribute that names a line of a source file; refused like what is no count."""
    line = whole_number(attributes, name, place)
    if not 1 <= line <= MAX_LINE:
        raise UnreadableArtifact(f"names line {line} {place}, which no source file has")
    return line
