"""Nodes against the document's types: a value with the place of every part, and every mistake in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msgspec import UNSET, UnsetType, inspect

from gate.policy.choices import Choice, choices, wanted
from gate.policy.document import MOST_NODES, Mapping, Node, Scalar, Sequence
from gate.policy.fitting import Refused, fit
from gate.policy.mistakes import Mistake, Path
from gate.policy.reading import Reading
from gate.policy.scalars import resolve
from gate.text import counted, one_line, quoted

_Shape = TypeVar("_Shape", bound=inspect.Type)


def read(source: str, node: Node, document_type: object) -> Reading:
    """The document under `node` as a `document_type`, a msgspec type; all its mistakes are in the answer."""
    reading = Reading(source)
    try:
        reading.value = _Walk(reading).value(inspect.type_info(document_type), node, ())
    except _TooMuchError:
        most = counted(MOST_NODES, "value")
        reading.add(reading.mistake((), f"holds more than {most}, aliases counted as often as they are used"))
    return reading


class _TooMuchError(Exception):
    """More nodes were visited than any policy needs."""


class _Walk:
    """One pass over a document."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._visited = 0
        self._options: dict[int, tuple[Choice, ...]] = {}

    def value(self, shape: inspect.Type, node: Node, path: Path) -> object:
        """The node's value as the type's, or UNSET where it does not fit."""
        self._visited += 1
        if self._visited > MOST_NODES:
            raise _TooMuchError
        self._reading.place(path, node.mark)
        if node.tag is not None:
            return self._wrong(path, f"tags are not used here; remove {quoted(node.tag)}")
        options = self._choices(shape)
        match node:
            case Scalar():
                return self._scalar(options, node, path)
            case Sequence():
                shape_of_list = _first(options, inspect.ListType)
                if shape_of_list is not None:
                    return self._list(shape_of_list, node, path)
                actual = "a list"
            case Mapping():
                shape_of_struct = _first(options, inspect.StructType)
                if shape_of_struct is not None:
                    return self._struct(shape_of_struct, node, path)
                shape_of_dict = _first(options, inspect.DictType)
                if shape_of_dict is not None:
                    return self._dict(shape_of_dict, node, path)
                actual = "a mapping"
        return self._wrong(path, f"must be {wanted(options)}, not {actual}")

    def _choices(self, shape: inspect.Type) -> tuple[Choice, ...]:
        # Types are not hashable; they live as long as the walk, so that their identity is a good key.
        options = self._options.get(id(shape))
        if options is None:
            options = self._options[id(shape)] = choices(shape)
        return options

    def _scalar(self, options: tuple[Choice, ...], node: Scalar, path: Path) -> object:
        value = fit(options, resolve(node), node.text)
        if isinstance(value, Refused):
            return self._wrong(path, value.message, value.known, value.word)
        return value

    def _list(self, shape: inspect.ListType, node: Sequence, path: Path) -> list[object]:
        if len(node.children) < (shape.min_length or 0):
            self._wrong(path, "must not be an empty list")
        values = [self.value(shape.item_type, child, (*path, at)) for at, child in enumerate(node.children)]
        return [value for value in values if value is not UNSET]

    def _dict(self, shape: inspect.DictType, node: Mapping, path: Path) -> dict[str, object]:
        options = self._choices(shape.key_type)
        values: dict[str, object] = {}
        for key, key_node, child in self._entries(node, path):
            refused = fit(options, key, key)
            if isinstance(refused, Refused):
                self._wrong_key((*path, key), key_node, f"the key {refused.message}")
            value = self.value(shape.value_type, child, (*path, key))
            if value is not UNSET:
                values[key] = value
        return values

    def _struct(self, shape: inspect.StructType, node: Mapping, path: Path) -> object:
        fields = {field.encode_name: field for field in shape.fields}
        values: dict[str, object] = {}
        for key, key_node, child in self._entries(node, path):
            field = fields.get(key)
            if field is None:
                self._reading.add_unknown_key(path, key, key_node.mark, tuple(fields))
                continue
            value = self.value(field.type, child, (*path, key))
            if value is not UNSET or field.required:
                values[field.name] = value
        for key, field in fields.items():
            if field.required and field.name not in values:
                values[field.name] = UNSET
                if self._reading.lacks(path, key):
                    self._wrong(path, f"the key {quoted(key)} is missing")
        return shape.cls(**values)

    def _entries(self, node: Mapping, path: Path) -> Iterator[tuple[str, Scalar, Node]]:
        """The entries with a text as key, each key once; the others are mistakes."""
        first: dict[str, Scalar] = {}
        for key_node, child in node.entries():
            key = self._key(key_node, path)
            if key is None or not isinstance(key_node, Scalar):
                continue
            if key in first:
                message = f"this key is given twice, first in line {first[key].mark.line}"
                self._wrong_key((*path, key), key_node, message)
                continue
            first[key] = key_node
            self._reading.place_key((*path, key), key_node.mark)
            yield key, key_node, child

    def _key(self, node: Node, path: Path) -> str | None:
        if not isinstance(node, Scalar) or node.tag is not None:
            self._wrong_key(path, node, "a key must be plain text, without a tag")
            return None
        if node.plain and node.text == "<<":
            self._wrong_key(path, node, "merge keys ('<<') are not part of YAML 1.2; repeat the keys")
            return None
        value = resolve(node)
        if not isinstance(value, str):
            shown = one_line(node.text, 80)
            message = f"the key {shown or '(empty)'} is not text; put it in quotes: '{shown}'"
            self._wrong_key(path, node, message)
            return None
        return value

    def _wrong(
        self, path: Path, message: str, known: tuple[str, ...] = (), word: str | None = None
    ) -> UnsetType:
        self._reading.add(self._reading.mistake(path, message, known, word))
        return UNSET

    def _wrong_key(self, path: Path, key: Node, message: str) -> None:
        self._reading.add(Mistake(self._reading.source, message, path, key.mark))


def _first(options: tuple[Choice, ...], kind: type[_Shape]) -> _Shape | None:
    return next((option.type for option in options if isinstance(option.type, kind)), None)
