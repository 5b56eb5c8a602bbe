"""What two Markdown parsers make of a document: its elements, its links, its text."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

from cmarkgfm import github_flavored_markdown_to_html  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

_MARKDOWN_IT = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])


def github_html(markdown: str) -> str:
    """GitHub's own parser, set as for a comment: raw HTML let through (cleaned later), line breaks kept."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS | Options.CMARK_OPT_FOOTNOTES
    return str(github_flavored_markdown_to_html(markdown, options))


def markdown_it_html(markdown: str) -> str:
    """A second opinion, from a parser of another family."""
    return str(_MARKDOWN_IT.render(markdown))


PARSERS: dict[str, Callable[[str], str]] = {"cmark-gfm": github_html, "markdown-it": markdown_it_html}

VOID = frozenset({"br", "hr", "img", "input"})


class Parsed(HTMLParser):
    """Elements in order, addresses of links, and the text of each table cell and of all prose.

    `prose` is the text outside of code, in which GitHub looks for mentions, references and emoji.
    `unbalanced` names elements that were closed without having been opened, or never were.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.prose = ""
        self.comments: list[str] = []
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag not in VOID:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self._open or "th" in self._open:
            self.rows[-1][-1] += data
        self.prose += "\0" if "code" in self._open else data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
