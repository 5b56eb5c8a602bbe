"""What is wrong with a policy: every mistake with its place, and the one error that carries them all."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from gate.errors import UsageError
from gate.text import ELLIPSIS, counted, one_line, quoted

Path: TypeAlias = tuple[str | int, ...]
"""A place in the document: keys of mappings, 0-based positions in lists."""

SHOWN_MISTAKES = 100
_SHOWN_KNOWN = 12
_LONGEST_PATH = 200
_LONGEST_SOURCE = 200
# Beyond these, looking for a similar word costs more than it helps.
_LONGEST_WORD = 100
_MOST_CANDIDATES = 500

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Mark(msgspec.Struct, frozen=True):
    """A place in a text, both numbers from 1, columns in characters."""

    line: int
    column: int


class Mistake(msgspec.Struct, frozen=True):
    """One mistake. Source, path and message may hold foreign text; `str()` of it is safe to show.

    `source` is the file or the input, `mark` is None for an input that is no document. For a word that is
    not among those `known`, `word` is that word.
    """

    source: str
    message: str
    path: Path = ()
    mark: Mark | None = None
    word: str | None = None
    known: tuple[str, ...] = ()

    @property
    def nearest(self) -> str | None:
        """The known word that is most like the unknown one; None where none is like it."""
        return None if self.word is None else nearest(self.word, self.known)

    def __str__(self) -> str:
        """One line: source, line and column, path in the document, what is wrong, what may be meant."""
        place = one_line(self.source, _LONGEST_SOURCE)
        if self.mark is not None:
            place += f":{self.mark.line}:{self.mark.column}"
        path = f"{path_text(self.path)}: " if self.path else ""
        return f"{place}: {path}{self.message}{self._suggestion()}"

    def _suggestion(self) -> str:
        similar = self.nearest
        hint = "" if similar is None else f"; did you mean {quoted(similar)}?"
        if not self.known:
            return hint
        names = [one_line(name, 40) for name in self.known[:_SHOWN_KNOWN]]
        more = [ELLIPSIS] if len(self.known) > _SHOWN_KNOWN else []
        return f"{hint} (known: {', '.join(names + more)})"


class PolicyError(UsageError):
    """The policy cannot be used; nothing was evaluated. `mistakes` holds all of them, in document order."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes

    def __str__(self) -> str:
        """One line a mistake (the first hundred), then a line with their number."""
        lines = [str(mistake) for mistake in self.mistakes[:SHOWN_MISTAKES]]
        hidden = len(self.mistakes) - len(lines)
        if hidden:
            lines.append(f"{ELLIPSIS} and {hidden} more")
        number = counted(len(self.mistakes), "mistake")
        return "\n".join([*lines, f"The policy has {number}; nothing was evaluated."])


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The one of `known` that is most like `word`, letter case and `_` for `-` aside; None if none is."""
    # A correct policy never comes here, and the import is not free.
    from difflib import get_close_matches  # noqa: PLC0415

    if len(word) > _LONGEST_WORD:
        return None
    folded = {_folded(name): name for name in reversed(known[:_MOST_CANDIDATES])}
    similar = get_close_matches(_folded(word), folded, n=1)
    return folded[similar[0]] if similar else None


def path_text(path: Path) -> str:
    """`modules.wallet.files[1]`: keys joined by dots, quoted where they are not plain words."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if _is_plain(step) else quoted(step, 80))
    return text if len(text) <= _LONGEST_PATH else text[: _LONGEST_PATH - 1] + ELLIPSIS


def _is_plain(key: str) -> bool:
    return len(key) <= _LONGEST_WORD and _PLAIN_KEY.fullmatch(key) is not None


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-")
