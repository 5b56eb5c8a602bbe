"""Looking for a secret in everything that a check leaves behind."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms(secret: str) -> set[str]:
    """The secret as it is, in a URL, and in base64: alone, as a password, after a scheme."""
    raw = [secret, f"x-access-token:{secret}", f"token {secret}", f"Bearer {secret}"]
    encoded = {encode(text.encode()).decode().rstrip("=") for text in raw for encode in _ENCODINGS}
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)} | encoded


_ENCODINGS = (b64encode, urlsafe_b64encode)


def found_in(secret: str, texts: Iterable[str], places: Iterable[Path]) -> list[str]:
    """Where any form of the secret is: a text's beginning, or a file (folders are searched)."""
    files = [
        file
        for place in places
        for file in ([place] if place.is_file() else sorted(place.rglob("*")))
        if file.is_file()
    ]
    everything = [(text[:60], text) for text in texts]
    everything += [(str(file), file.read_bytes().decode("latin-1")) for file in files]
    return [name for name, text in everything if any(form in text for form in forms(secret))]
