"""XML reports, parsed event by event by expat, refusing what an XML file can do beyond holding data.

No document type's declarations, no entities but XML's own five, no other files, no deep nesting, no huge
tokens. Real reports do carry a document type that only names its definition (JaCoCo, Cobertura): that one
is blanked before the parser sees it, so that every other is refused as defusedxml does with `forbid_dtd`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn, Protocol, TypeAlias
from xml.parsers import expat
from xml.parsers.expat import errors

from gate.errors import UnreadableArtifact
from gate.reports.file import PIECE, ReportFile
from gate.text import one_line, quoted

Parser: TypeAlias = expat.XMLParserType

MAX_DEPTH = 200
MAX_TOKEN = 8 * PIECE
"""A tag or a comment beyond this is no report's. (expat 2.5 scans a growing token again for every piece.)"""

_SPACE = rb"[ \t\r\n]"
_LITERAL = rb"(?:\"[^\"<>\[\]]*+\"|'[^'<>\[\]]*+')"
_COMMENT = rb"<!--(?:[^-]++|-[^-])*+-->"
_INSTRUCTION = rb"<\?(?:[^?]++|\?(?!>))*+\?>"
# Possessive throughout: what does not match is found out in one pass.
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:%(space)b++|%(comment)b|%(instruction)b)*+"
    rb"(<!DOCTYPE%(space)b++[A-Za-z_][\w.-]*+"
    rb"(?:%(space)b++(?:SYSTEM|PUBLIC%(space)b++%(literal)b)%(space)b++%(literal)b)?+"
    rb"%(space)b*+(?:\[%(space)b*+\]%(space)b*+)?+>)"
    % {b"space": _SPACE, b"comment": _COMMENT, b"instruction": _INSTRUCTION, b"literal": _LITERAL}
)
CUT_OFF = {
    errors.codes[name]
    for name in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
"""expat\'s codes for a file that ends too early."""


class Content(Protocol):
    """What `Skippable` takes for a pattern; re.Pattern is one."""

    def match(self, piece: bytes, position: int, /) -> re.Match[bytes] | None:
        """A match that begins at this position."""
        ...


class Skippable(NamedTuple):
    """Elements whose content need not reach the parser: nobody asks for it, or it is read as it stands.

    `begin` is how their start tag begins; `entered` tells the byte index (the parser's) of the last start
    tag whose content is such, -1 for none. `content` matches what may then be left out, and `skipped`
    is told. Every match must be well-formed content by itself: whole elements of no great depth, in ASCII,
    no reference but to XML's own five entities, no attribute twice. So the rest is well-formed exactly when
    the whole is. It must match in one pass (possessive).
    """

    begin: bytes
    content: Content
    entered: Callable[[], int]
    skipped: Callable[[re.Match[bytes]], None]


def parse_xml(file: ReportFile, listen: Callable[[Parser], None], skippable: Skippable | None = None) -> None:
    """Parse a file from its beginning to its end; `listen` sets the element handlers on the parser.

    Handlers get a tag and a list of attribute names and values in turn, and may set others on the parser
    while it runs. They bound the depth themselves: `too_deep` is what they raise.
    Raises UnreadableArtifact with a sentence that continues "the file …".
    """
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_reference
    listen(parser)
    feed = _Feed(parser, skippable)
    try:
        for number, piece in enumerate(file.pieces()):
            feed.take(piece if number else _without_document_type(piece))
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableArtifact(_malformed(error, file)) from error
    except (ValueError, LookupError) as error:
        raise UnreadableArtifact(f"cannot be decoded: {one_line(str(error))}") from error
    finally:
        # The handlers hold the reader, which holds the parser: without them, both are freed at once.
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


class _Feed:
    """Gives a file to the parser, but for what may be skipped; in its place come as many line breaks."""

    def __init__(self, parser: Parser, skippable: Skippable | None) -> None:
        self._parser = parser
        self._skippable = skippable
        self._fed = 0

    def take(self, piece: bytes) -> None:
        rest = piece if self._skippable is None else self._without(piece, self._skippable)
        self._parse(rest)
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise UnreadableArtifact(
                f"holds a token of more than {MAX_TOKEN >> 20} MiB in line {self._parser.CurrentLineNumber}"
            )

    def _without(self, piece: bytes, skippable: Skippable) -> bytes:
        """Parse a piece up to its last skippable content; the rest of it."""
        begin, content, entered, skipped = skippable
        done, breaks = 0, b""
        while (start := piece.find(begin, done)) >= 0 and (end := piece.find(b">", start) + 1):
            index = self._fed + len(breaks) + start - done
            self._parse(breaks + piece[done:end])
            done, breaks = end, b""
            if self._parser.CurrentByteIndex != self._fed:
                break  # inside of a larger token, which the parser would scan again and again
            if entered() == index and (match := content.match(piece, end)):
                skipped(match)
                done = match.end()
                breaks = b"\n" * piece.count(b"\n", end, done)
        return breaks + piece[done:]

    def _parse(self, data: bytes) -> None:
        self._fed += len(data)
        self._parser.Parse(data, False)


def too_deep(parser: Parser) -> UnreadableArtifact:
    """The refusal of elements nested deeper than MAX_DEPTH."""
    return UnreadableArtifact(
        f"is nested more than {MAX_DEPTH} elements deep in line {parser.CurrentLineNumber}"
    )


def _without_document_type(piece: bytes) -> bytes:
    """The first piece, with spaces where a document type stands that declares nothing."""
    prolog = _PROLOG.match(piece)
    if prolog is None:
        return piece
    start, end = prolog.span(1)
    blank = re.sub(rb"[^\r\n]", b" ", prolog[1])
    return piece[:start] + blank + piece[end:]


def _malformed(error: expat.ExpatError, file: ReportFile) -> str:
    if error.code in CUT_OFF:
        # Where the file ends; the parser's own position is that of the last whole token.
        return f"is cut off in line {sum(piece.count(10) for piece in file.pieces()) + 1}"
    if error.lineno == 1 and not file.sample.lstrip().startswith(b"<"):
        return f"is not XML: it begins with {quoted(file.sample[:40].decode('utf-8', 'replace'))}"
    return f"is malformed XML: {one_line(str(error))}"


def _refuse_document_type(*_: object) -> NoReturn:
    raise UnreadableArtifact("has a document type with declarations of its own: write it without")


def _refuse_entity(*_: object) -> NoReturn:
    raise UnreadableArtifact("declares an entity: write it without")


def _refuse_reference(*_: object) -> NoReturn:
    raise UnreadableArtifact("refers to another file: write it without")
