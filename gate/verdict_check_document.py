"""A verdict.json that somebody else has written, as a document: decoded by type, without a field too many.

What reads runs of our own forgives a field that a later version adds, and one that has a default. What a
pull request uploads gets neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from gate.errors import UnreadableArtifact
from gate.text import one_line, quoted
from gate.verdict import Verdict

MOST_BYTES = 8 << 20
"""Of the document."""

LONGEST_NAME = 4_096
LONGEST_MESSAGE = 16_384
"""Characters; a message lists all globs of a module."""

_NUMBERS = {"missing_lines", "missing_branches"}
"""Fields that are long and hold no text."""


def strictly_decoded(document: bytes) -> Verdict:
    """The verdict, of known fields only and of text that prints. Raises UnreadableArtifact."""
    if len(document) > MOST_BYTES:
        raise UnreadableArtifact(f"verdict.json is larger than {MOST_BYTES >> 20} MiB")
    try:
        verdict = msgspec.json.decode(document, type=Verdict)
        given = msgspec.json.decode(document)
        known = msgspec.json.decode(msgspec.json.encode(verdict))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableArtifact(f"verdict.json is not what a check writes: {one_line(str(error))}") from None
    if given != known:
        place = _difference(given, known, "$") or "$"
        raise UnreadableArtifact(
            f"verdict.json is not what this version of the gate writes: {quoted(place)} is unknown or lacking"
        )
    for place, text in _texts(given, "$"):
        if not text.isprintable():
            raise UnreadableArtifact(
                f"verdict.json holds a character that does not print, at {quoted(place)}: {quoted(text)}"
            )
        if len(text) > (LONGEST_MESSAGE if place.endswith(".message") else LONGEST_NAME):
            raise UnreadableArtifact(
                f"verdict.json holds a text of {len(text)} characters at {quoted(place)}"
            )
    return verdict


def _difference(given: object, known: Any, place: str) -> str | None:  # noqa: ANN401 - JSON as given
    """The place of a key that only one of them has; whatever else is in them is of the same types."""
    if isinstance(given, dict):
        for key in sorted(given.keys() ^ known.keys()):
            return f"{place}.{key}"
        pairs = [(given[key], known[key], f"{place}.{key}") for key in given]
    elif isinstance(given, list):
        pairs = [
            (one, other, f"{place}[{index}]")
            for index, (one, other) in enumerate(zip(given, known, strict=True))
        ]
    else:
        return None
    return next((found for pair in pairs if (found := _difference(*pair)) is not None), None)


def _texts(given: object, place: str) -> Iterator[tuple[str, str]]:
    """Each text and its place."""
    if isinstance(given, str):
        yield place, given
    elif isinstance(given, dict):
        for key, value in given.items():
            if key not in _NUMBERS:
                yield from _texts(value, f"{place}.{key}")
    elif isinstance(given, list):
        for index, value in enumerate(given):
            yield from _texts(value, f"{place}[{index}]")
