"""The last lines of an output of any length, in little memory."""

from __future__ import annotations

from gate.text import ELLIPSIS

MOST_LINES = 50
MOST_BYTES = 16 << 10


class Tail:
    """Bytes go in, in pieces of any size; out come their last lines."""

    def __init__(self) -> None:
        self._kept = b""

    def add(self, piece: bytes) -> None:
        """Add what the command wrote next."""
        # One byte more is kept: it tells whether the first line that is kept is whole.
        self._kept = (self._kept + piece[-MOST_BYTES - 1 :])[-MOST_BYTES - 1 :]

    def lines(self) -> tuple[str, ...]:
        """At most 50 lines from the last 16 KiB, without line breaks; `…` begins one whose start is cut off.

        What is not UTF-8 is replaced.
        """
        before, last = self._kept[:-MOST_BYTES], self._kept[-MOST_BYTES:]
        whole = before in (b"", b"\n")
        lines = last.split(b"\n")
        if not lines[-1]:
            lines.pop()
        texts = [line.removesuffix(b"\r").decode("utf-8", "replace") for line in lines]
        if texts and not whole:
            texts[0] = ELLIPSIS + texts[0]
        return tuple(texts[-MOST_LINES:])
