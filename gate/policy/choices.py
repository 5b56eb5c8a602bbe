"""The types that a place of the document allows, and the words that name them in a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect


class Choice(msgspec.Struct, frozen=True):
    """One type that a place allows, with the JSON Schema and the `form` that its annotations add."""

    type: inspect.Type
    form: str | None
    schema: dict[str, Any]


def choices(shape: inspect.Type) -> tuple[Choice, ...]:
    """The alternatives of a type, annotations and unions dissolved."""
    return tuple(_choices(shape, None, {}))


def wanted(options: tuple[Choice, ...]) -> str:
    """`text, a list or a mapping`: completes the sentence "must be …"."""
    forms = list(dict.fromkeys(_form(option) for option in options))
    return forms[0] if len(forms) == 1 else f"{', '.join(forms[:-1])} or {forms[-1]}"


def known_words(options: tuple[Choice, ...]) -> tuple[str, ...]:
    """The words of which one must stand here; empty where any text or none may."""
    literals = (option.type for option in options if isinstance(option.type, inspect.LiteralType))
    return tuple(value for literal in literals for value in literal.values if isinstance(value, str))


def _choices(shape: inspect.Type, form: str | None, schema: dict[str, Any]) -> Iterator[Choice]:
    match shape:
        case inspect.Metadata():
            form = (shape.extra or {}).get("form", form)
            yield from _choices(shape.type, form, {**schema, **(shape.extra_json_schema or {})})
        case inspect.UnionType():
            for alternative in shape.types:
                yield from _choices(alternative, form, schema)
        case _:
            yield Choice(shape, form, schema)


def _form(option: Choice) -> str:
    if option.form is not None:
        return option.form
    match option.type:
        case inspect.StrType():
            form = "text"
        case inspect.BoolType():
            form = "true or false"
        case inspect.ListType():
            form = "a list"
        case inspect.LiteralType() as literal:
            form = " or ".join(str(value) for value in literal.values)
        case inspect.IntType() as whole:
            form = f"a whole number from {whole.ge} to {whole.le}"
        case inspect.CustomType():
            form = f"a number from {option.schema['minimum']} to {option.schema['maximum']}"
        case _:
            form = "a mapping"
    return form
