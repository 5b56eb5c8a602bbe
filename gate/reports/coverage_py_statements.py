"""The statements of a Python source, and those that an expression excludes, found by coverage.py's parser."""

from __future__ import annotations

import warnings

import msgspec
from coverage.parser import PythonParser

from gate.errors import UnreadableArtifact
from gate.reports.coverage_py_analysis import ANALYSER, source_text
from gate.reports.lines import line_set
from gate.text import one_line

_ONCE_EXCLUDED = "if (typing\\.)?TYPE_CHECKING:"
"""By default until 7.10 wherever it stands in a line (`elif TYPE_CHECKING:`); later at the beginning only."""


class Statements(msgspec.Struct, frozen=True):
    """Lines as bit sets. `every` holds the excluded statements too."""

    every: int
    excluded: int


def statements_of(path: str, content: bytes, exclude: str | None) -> Statements:
    """Parse a source. None, or nothing, excludes nothing.

    Raises UnreadableArtifact where it cannot be parsed here.
    """
    excluding = f"{exclude}|{_ONCE_EXCLUDED}" if exclude else None  # flags of the first one stay in front
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a syntax warning prints the source's line into the log
            parser = PythonParser(text=source_text(content), filename=path, exclude=excluding)
            parser.parse_source()
    except Exception as error:  # the parser, the compiler and the user's expressions raise what they like
        raise UnreadableArtifact(f"{ANALYSER} cannot parse it: {one_line(str(error), 160)}") from error
    found = parser.first_lines(parser.raw_statements - parser.raw_docstrings) - parser.raw_docstrings
    return Statements(line_set(found), line_set(parser.excluded))
