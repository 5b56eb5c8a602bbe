"""A document cut on whole rows until it fits where it is to be shown."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from gate.render.page import Caps

LEAST_NEEDED_FIRST = ("notes", "passing", "files", "steps", "failing")

FULL_ENOUGH = 0.97
"""The share of the limit from which on no more rows are looked for: each look draws the whole document."""


def fitted(draw: Callable[[Caps], str], caps: Caps, limit: int) -> str:
    """Draw with as many rows as fit into `limit` bytes of UTF-8.

    The parts that are needed least give way first. Bytes are the strictest reading of the limits that GitHub
    gives in characters: no way of counting them comes to more. A document of no rows at all is returned
    whatever its size.
    """
    document = draw(caps)
    for part in LEAST_NEEDED_FIRST:
        if _size(document) <= limit:
            break
        emptied = msgspec.structs.replace(caps, **{part: 0})
        shorter = draw(emptied)
        if _size(shorter) <= limit:
            return _filled(draw, caps, part, (shorter, document), limit)
        caps, document = emptied, shorter
    return document


def _filled(
    draw: Callable[[Caps], str], caps: Caps, part: str, documents: tuple[str, str], limit: int
) -> str:
    """Add rows of one part, of which none fit and all are too many, until the document is full enough.

    Rows are about equally long, so their number is first estimated from the two documents' sizes; halving
    the rest in turns with that brings it to an end where they are not.
    """
    fits, too_many = 0, getattr(caps, part)
    document, too_long = documents
    estimate = True
    while too_many - fits > 1 and _size(document) < limit * FULL_ENOUGH:
        share = (limit - _size(document)) / (_size(too_long) - _size(document)) if estimate else 0.5
        rows = min(max(fits + int((too_many - fits) * share), fits + 1), too_many - 1)
        drawn = draw(msgspec.structs.replace(caps, **{part: rows}))
        if _size(drawn) <= limit:
            fits, document = rows, drawn
        else:
            too_many, too_long = rows, drawn
        estimate = not estimate
    return document


def _size(document: str) -> int:
    return len(document.encode())
