"""Foreign text made safe to show in GitHub's Markdown.

Everything that a pull request can name (modules, files, functions, tests) may hold table pipes, HTML,
links, images, mentions, issue references, math or a marker of ours. Three rules make all of them text:

- names stand in code, where GitHub looks for no mention, reference, emoji or link;
- sentences have Markdown's and HTML's own characters escaped;
- a zero-width space parts what would otherwise mean something as a whole ("@" from a name, "#" from a
  number, "<!" from "--"). `one_line` leaves no zero-width space of the text's own, so taking them out
  gives back exactly what it returned.
"""

from __future__ import annotations

import html
import re

from gate.text import ELLIPSIS, one_line, without_commands

SEAM = "\u200b"

NAME_LIMIT = 120
SENTENCE_LIMIT = 1500

# `$` begins mathematics on GitHub, which has no escape for it but an element of its own.
_MARKS = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "\\*_[]~!"},
        "`": "&#96;",
        "|": "&#124;",
        "<": "&lt;",
        ">": "&gt;",
        "&": "&amp;",
        "$": "<span>$</span>",
    }
)
# What GitHub turns into something on its own: @name and mail addresses, #1, GH-1, :emoji:, scheme://, www.
# Found before the escaping, in which it would be hidden behind backslashes.
_REFERENCE = re.compile(
    r"""
    (?<=[@\#:]) (?=\S)
    | (?<=gh-) (?=\d)
    | (?<=www) (?=\.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A commit's hash is linked from seven digits on.
_HASH = re.compile(r"[0-9a-f]{7,}", re.IGNORECASE)
_BLOCK_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[#+=-]))")
_QUOTED = re.compile(r"(?<![\w'])'([^']+)'(?![\w'])")


def code(text: str, limit: int = NAME_LIMIT) -> str:
    """Foreign text as inline code, for a table's cell as well as for a paragraph.

    A pipe would have to be escaped in a table and must not be outside of one, so text that holds one is
    written as an element instead.
    """
    shown = _apart(one_line(text, limit)) or '""'
    if "|" in shown:
        return f"<code>{_escaped(shown)}</code>"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    padding = " " if _loses_its_edges(shown) else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def plain(text: str, limit: int = SENTENCE_LIMIT) -> str:
    """Foreign text as text, for a table's cell as well as for a paragraph."""
    return _escaped(_apart(one_line(text, limit)))


def sentence(text: str, limit: int = SENTENCE_LIMIT) -> str:
    """A message as a sentence: its parts in single quotes as code, a capital in front, a full stop behind."""
    shown = one_line(text, limit).strip(" ")
    pieces = _QUOTED.split(shown[:1].upper() + shown[1:])
    return "".join(
        code(piece, limit) if index % 2 else _escaped(_apart(piece)) for index, piece in enumerate(pieces)
    ) + ("" if shown.endswith((".", "!", "?", ELLIPSIS)) else ".")


def html_code(text: str, limit: int = NAME_LIMIT) -> str:
    """Foreign text as inline code where Markdown is not read: inside a line that begins with an element."""
    return f"<code>{html.escape(_apart(one_line(text, limit)), quote=False)}</code>"


def unbroken(markdown: str) -> str:
    """Markdown in which no line breaks at a space, so that a figure stays whole in a narrow column."""
    return markdown.replace(" ", "\u00a0")


def _apart(shown: str) -> str:
    return without_commands(shown.replace("<!--", f"<!{SEAM}--"))


def _escaped(shown: str) -> str:
    parted = _HASH.sub(lambda match: SEAM.join(re.findall(".{1,6}", match[0])), _REFERENCE.sub(SEAM, shown))
    return _BLOCK_START.sub(r"\1\\", parted.translate(_MARKS))


def _loses_its_edges(shown: str) -> bool:
    """Whether code cannot be told from its fence, or loses a space on either side."""
    return "`" in (shown[0], shown[-1]) or (shown[0] == shown[-1] == " " and bool(shown.strip(" ")))
