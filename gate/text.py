"""Foreign text made safe to show: one line, no control or direction marks, no runner commands.

Everything that a pull request can touch (file names, test names, messages of a parser) may hold a line
break, a terminal escape, a right-to-left mark or a workflow command.
"""

from __future__ import annotations

import re

ELLIPSIS = "…"

# The runner obeys `::name …::` where a line begins, and `##[name …]` anywhere in it.
_LINE_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_INLINE_COMMAND = re.compile(r"##(?=\[)")


def one_line(text: str, limit: int = 300) -> str:
    """Text with every character that does not print (controls, direction marks) escaped, cut at `limit`."""
    shown = "".join(
        character if character.isprintable() else _escape(character) for character in text[: limit + 1]
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + ELLIPSIS


def quoted(text: str, limit: int = 120) -> str:
    """Foreign text in single quotes, safe to put into a sentence."""
    return f"'{one_line(text, limit)}'"


def without_commands(text: str) -> str:
    """Text that the runner's log reads as text: no workflow command survives in it."""
    return _INLINE_COMMAND.sub("#\u200b#", _LINE_COMMAND.sub("\\1:\u200b", text))


def _escape(character: str) -> str:
    return character.encode("unicode-escape", "surrogatepass").decode("ascii")


def as_utf8(name: str) -> str:
    """A file's name that any document can hold: bytes that are not UTF-8 are written as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: 1 module, 2 modules."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


_FIRST = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(number: int) -> str:
    """A place in an order, from 1 on: first, second; 11. after the tenth."""
    return _FIRST[number - 1] if number <= len(_FIRST) else f"{number}."
