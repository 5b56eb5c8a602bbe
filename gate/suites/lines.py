"""Complete lines from an output that comes in pieces."""

from __future__ import annotations

from collections.abc import Iterator

from gate.text import ELLIPSIS

MOST_CHARACTERS = 2_000


class Lines:
    """Bytes go in, in pieces of any size; out come lines, decoded, without the line break, cut to 2,000
    characters (`…` ends one that was longer). What is not UTF-8 is replaced."""

    # A character has four bytes at most: what lies beyond would be cut all the same.
    _MOST_BYTES = 4 * (MOST_CHARACTERS + 1)

    def __init__(self) -> None:
        self._line = b""

    def add(self, piece: bytes) -> Iterator[str]:
        """The lines that are complete now."""
        first, *others = piece.split(b"\n")
        self._keep(first)
        for other in others:
            yield self._text()
            self._keep(other)

    def rest(self) -> Iterator[str]:
        """The last line, where no line break ends it."""
        if self._line:
            yield self._text()

    def _keep(self, part: bytes) -> None:
        self._line += part[: self._MOST_BYTES - len(self._line)]

    def _text(self) -> str:
        text = self._line.removesuffix(b"\r").decode("utf-8", "replace")
        self._line = b""
        return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + ELLIPSIS
