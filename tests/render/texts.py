"""A strategy for text that a pull request may choose."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

patient = settings(deadline=None)
"""A busy machine makes no example wrong."""

MARKDOWN = (
    *(
        "|",
        "\\",
        "\\|",
        "`",
        "``",
        "```",
        "*",
        "**",
        "_",
        "~~",
        "[",
        "](",
        ")",
        "![",
        "[^1]",
        "[x]: y",
        "[ ] ",
    ),
    *("---", "===", "# ", "- ", "+ ", "1. ", "1) ", "> ", "    ", " ", "'", "''", '"'),
)
HTML = (
    *(
        "<",
        ">",
        "&",
        "&lt;",
        "&#124;",
        "<!--",
        "-->",
        "<!-- module-coverage-gate: other -->",
        "</code>",
        "<b>",
    ),
    *("</details>", "<details>", "<br>", "<img src=x>", "<script>", "<a href='x'>", "<https://evil.example>"),
)
GITHUB = (
    *("https://evil.example/x", "http://", "ftp://", "www.evil.example", "mailto:", "mail@evil.example"),
    *("@all", "@octo-org/owners", "#1", "octo-org/billing#2", "GH-3", "gh-3", "xmpp:a@evil.example"),
    *("5f3c9a1", "5f3c9a1e7b2d4c6080a1b2c3d4e5f60718293a4b", ":shipit:", ":+1:", "$", "$x$", "$$"),
    *("##[set-output name=a]b", "##[", "::error::", "::"),
)
LINES = ("\n", "\r\n", "\n\n", "\n    ", "\n# ", "\n- ", "\n> ", "\n| a |\n|---|\n", "\u2028")
HIDDEN = ("\u202e", "\u200b", "\u00a0", "\x00", "\x1b[31m", "\ud800", "\ufeff")

FRAGMENTS = (*MARKDOWN, *HTML, *GITHUB, *LINES, *HIDDEN, "\N{GRINNING FACE}", "é", "a", "b c")

hostile_text = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=12).map("".join)
