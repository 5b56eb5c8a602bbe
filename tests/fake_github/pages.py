"""Pages of a list and the Link header (RFC 8288) that leads to the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from .values import Answer

DEFAULT_PER_PAGE = 30
MOST_PER_PAGE = 100


def paged(items: Sequence[Any], url: str, query: dict[str, str], key: str | None = None) -> Answer:
    """One page of `items`, as a bare list or, with `key`, in an object that also says how many there are."""
    per_page = min(max(int(query.get("per_page", DEFAULT_PER_PAGE)), 1), MOST_PER_PAGE)
    page = max(int(query.get("page", 1)), 1)
    last = max(-(-len(items) // per_page), 1)
    chosen = list(items[(page - 1) * per_page : page * per_page])
    relations = {}
    if page > 1:
        relations["prev"] = min(page - 1, last)
    if page < last:
        relations |= {"next": page + 1, "last": last}
    if page > 1:
        relations["first"] = 1
    links = [
        f'<{url}?{urlencode(query | {"page": str(number)})}>; rel="{name}"'
        for name, number in relations.items()
    ]
    headers = {"Link": ", ".join(links)} if links else {}
    return Answer(200, chosen if key is None else {"total_count": len(items), key: chosen}, headers)
