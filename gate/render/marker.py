"""The hidden line that tells one sticky comment from another."""

from __future__ import annotations

import hashlib
import re

PRODUCT = "module-coverage-gate"
"""Begins every hidden line of ours."""

LONGEST_KEY = 200

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]|-(?=-)")


def marker(key: str) -> str:
    """The first line of the comment that belongs to a key: an HTML comment, invisible on GitHub.

    No two keys share a marker, and none is the beginning of another's: the key is percent-encoded, the
    space that ends it included. `--`, which ends an HTML comment, and `>` never get in. Of a very long
    key only the hash is shown, behind a `~`, which no encoded key holds.
    """
    return f"<!-- {PRODUCT}: {encoded(key)} -->"


def encoded(key: str) -> str:
    """A key or a part's name as it stands in a marker: letters, digits, `_`, `.`, `%`, `-` and `~`."""
    text = _UNSAFE.sub(_percent, key)
    return text if len(text) <= LONGEST_KEY else f"~{hashlib.sha256(text.encode()).hexdigest()}"


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
