"""YAML text to nodes with their places, refusing what a policy has no use for.

Built from ruamel.yaml's events rather than its nodes, so that depth and size are bounded while parsing
and a plain scalar can be told from a quoted one. Scalars are resolved by `scalars`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from gate.policy.mistakes import Mark, Mistake, PolicyError
from gate.text import counted, one_line, quoted

MOST_BYTES = 256 << 10
"""More is no policy; the parser takes seconds on a megabyte made for that."""
MOST_DEPTH = 32
MOST_NODES = 100_000
"""Also how many nodes may be visited, an alias counting as often as it is used."""


class Scalar(msgspec.Struct):
    """A piece of text as written; `plain` is False where it stood in quotes or in a block."""

    mark: Mark
    tag: str | None
    text: str
    plain: bool


class Sequence(msgspec.Struct):
    """A list."""

    mark: Mark
    tag: str | None
    children: list[Node]


class Mapping(msgspec.Struct):
    """A mapping; `children` holds key, value, key, value."""

    mark: Mark
    tag: str | None
    children: list[Node]

    def entries(self) -> Iterator[tuple[Node, Node]]:
        """Keys with their values in the order of the text, repeated keys included."""
        return zip(self.children[::2], self.children[1::2], strict=True)


Node: TypeAlias = Scalar | Sequence | Mapping


def read_document(source: str, text: bytes, most_nodes: int = MOST_NODES) -> Node:
    """The root node of the only document in the text.

    Raises PolicyError with one mistake for anything else: not UTF-8, not YAML, empty, several documents,
    an alias to nothing or to something around it, more than MOST_BYTES, MOST_DEPTH or
    `most_nodes`.
    """
    if len(text) > MOST_BYTES:
        raise _refused(source, f"is larger than {MOST_BYTES >> 10} KiB")
    decoded = _decoded(source, text)
    builder = _Builder(source, most_nodes)
    try:
        for event in YAML(typ="safe", pure=True).parse(decoded):
            builder.take(event)
    except PolicyError:
        raise
    except ReaderError as error:
        message = f"holds the character U+{error.character:04X}, which YAML does not allow"
        raise _refused(source, message, _mark_at(decoded, error.position)) from None
    except MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        mark = builder.mark if place is None else _mark(place)
        raise _refused(source, f"is not valid YAML: {_what(error)}", mark) from None
    except Exception as error:
        # The parser lets other exceptions out on some texts, such as OverflowError on "\UFFFFFFFF".
        raise _refused(source, f"is not valid YAML: {one_line(str(error), 120)}", builder.mark) from error
    if builder.root is None:
        raise _refused(source, "is empty; a policy names at least its version and its modules", Mark(1, 1))
    return builder.root


class _Builder:
    """Takes the parser's events one by one and grows the tree."""

    def __init__(self, source: str, most_nodes: int) -> None:
        self.root: Node | None = None
        self.mark = Mark(1, 1)
        self._source = source
        self._most_nodes = most_nodes
        self._open: list[Sequence | Mapping] = []
        self._anchors: dict[str, Node] = {}
        self._count = 0

    def take(self, event: Event) -> None:
        self.mark = _mark(event.start_mark)
        match event:
            case DocumentStartEvent():
                if self.root is not None:
                    raise self._stop("a second document begins here; a policy is one document")
            case ScalarEvent():
                plain = event.style is None
                self._add(Scalar(self.mark, _tag(event), event.value, plain), event.anchor)
            case AliasEvent():
                self._attach(self._anchored(event.anchor))
            case MappingStartEvent():
                self._enter(Mapping(self.mark, _tag(event), []), event.anchor)
            case SequenceStartEvent():
                self._enter(Sequence(self.mark, _tag(event), []), event.anchor)
            case CollectionEndEvent():
                self._open.pop()

    def _enter(self, node: Sequence | Mapping, anchor: str | None) -> None:
        self._add(node, anchor)
        self._open.append(node)
        if len(self._open) > MOST_DEPTH:
            raise self._stop(f"is nested deeper than {MOST_DEPTH} levels")

    def _add(self, node: Node, anchor: str | None) -> None:
        self._attach(node)
        if anchor is not None:
            self._anchors[anchor] = node

    def _attach(self, node: Node) -> None:
        self._count += 1
        if self._count > self._most_nodes:
            raise self._stop(f"holds more than {counted(self._most_nodes, 'value')}")
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def _anchored(self, name: str) -> Node:
        node = self._anchors.get(name)
        if node is None:
            raise self._stop(f"the alias {quoted('*' + name)} names no anchor before it")
        if any(node is around for around in self._open):
            raise self._stop(f"the alias {quoted('*' + name)} refers to what it is part of")
        return node

    def _stop(self, message: str) -> PolicyError:
        return _refused(self._source, message, self.mark)


def _decoded(source: str, text: bytes) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8-sig", "replace")
        raise _refused(source, "is not UTF-8 text", _mark_at(before, len(before))) from None


def _what(error: MarkedYAMLError) -> str:
    parts = (one_line(str(part), 160) for part in (error.context, error.problem) if part)
    return ", ".join(parts) or "the parser gives no reason"


def _tag(event: ScalarEvent | CollectionStartEvent) -> str | None:
    tag = event.ctag
    return None if tag is None else f"{tag.handle or ''}{tag.suffix}"


def _mark(place: object) -> Mark:
    return Mark(getattr(place, "line", 0) + 1, getattr(place, "column", 0) + 1)


def _mark_at(text: str, position: int) -> Mark:
    before = text[:position]
    return Mark(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _refused(source: str, message: str, mark: Mark | None = None) -> PolicyError:
    return PolicyError((Mistake(source, message, mark=mark),))
