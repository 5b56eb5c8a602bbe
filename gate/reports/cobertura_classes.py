"""The elements within a `<class>` of a Cobertura report."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from gate.errors import UnreadableArtifact
from gate.reports.cobertura_lines import FileLines
from gate.reports.cobertura_tally import plain_content, plain_lines
from gate.reports.cobertura_writers import Writer
from gate.text import quoted

_SECTION, _LINE, _LINE_OF_METHOD, _CONDITION = 1, 2, 4, 4
"""Depths below the class: methods/method/lines/line and lines/line/conditions/condition."""

_PARTS = re.compile(r"[./\\:]")


class Unparsed:
    """Content of a class that need not reach the parser: of no use, or taken as it stands.

    `file` is what the lines are of, None for the class of a file that is not wanted.
    """

    def __init__(self) -> None:
        self.file: FileLines | None = None

    def match(self, piece: bytes, position: int, /) -> re.Match[bytes] | None:
        """A match that begins at this position; the lines of a wanted file are taken with it."""
        if self.file is None:
            return plain_content().match(piece, position)
        lines = plain_lines().match(piece, position)
        return lines if lines is not None and self.file.takes(lines[0]) else None


class OpenClass:
    """Takes what is in a class of a wanted file, and adds its lines to those of the file.

    `depth` is 1 for the class's children, 0 for its own end.
    """

    def __init__(
        self, file: FileLines, attributes: dict[str, str], writer: Writer, here: Callable[[], str]
    ) -> None:
        self._file = file
        file.branch_rate = attributes.get("branch-rate", "")
        self._here = here
        self._prefix = _prefix(attributes.get("name", ""), file.name)
        self._tells_functions = writer.tells_functions(attributes.get("name", ""), file.name)
        self._has_own_lines = False
        self._has_lines_of_methods = False
        self._section = ""
        self._function = ""
        self._line: dict[str, str] | None = None
        self._conditions: list[str] = []

    def started(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        """An element within begins."""
        if depth == _SECTION:
            self._section = tag
            self._has_own_lines |= tag == "lines"
        elif self._section == "lines":
            if depth == _LINE and tag == "line":
                self._line = attributes
            elif depth == _CONDITION and tag == "condition" and self._line is not None:
                self._conditions.append(attributes.get("coverage", ""))
        elif self._section == "methods":
            if depth == _LINE and tag == "method":
                self._function = self._prefix + attributes.get("name", "")
            elif depth == _LINE_OF_METHOD and tag == "line":
                self._has_lines_of_methods = True
                if self._tells_functions:
                    self._file.add_function(self._function, attributes)

    def ended(self, depth: int) -> None:
        """One ends."""
        if depth == _LINE and self._line is not None:
            self._file.add(self._line, self._conditions)
            self._line, self._conditions = None, []
        elif depth == 0 and self._has_lines_of_methods and not self._has_own_lines:
            raise UnreadableArtifact(
                f"lists lines of methods only, of {quoted(self._file.name)} {self._here()}"
            )


def _prefix(class_name: str, file: str) -> str:
    """What stands before the functions of a class, unless it is what the file is named after."""
    own = _PARTS.split(class_name)[-1]
    path = PurePosixPath(file.replace("\\", "/"))
    is_the_file = own in ("", "-", path.stem, path.suffix[1:], path.name.replace(".", "_"))
    return "" if is_the_file else f"{own}."
