"""A secret taken out of text that others wrote: an error that repeats a header, a traceback."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

MASK = "***"
_SHORTEST = 6
"""Characters; a shorter form is found in text that has nothing to do with the secret."""


def masked(text: str, secret: str) -> str:
    """`text` without the secret as it is, in a URL's encoding, or anywhere within text in base64."""
    if not secret:
        return text
    raw = secret.encode("utf-8", "surrogatepass")
    forms = [form for form in (quote(raw, safe=""), *_in_base64(raw)) if len(form) >= _SHORTEST]
    for form in (secret, *forms, *(form.replace("+", "-").replace("/", "_") for form in forms)):
        text = text.replace(form, MASK)
    return text


def _in_base64(raw: bytes) -> list[str]:
    """The characters that the secret alone decides, for each of its places among groups of three bytes."""
    cores = []
    for before in range(3):
        encoded = b64encode(bytes(before) + raw).decode()
        cores.append(encoded[-(-8 * before // 6) : 8 * (before + len(raw)) // 6])
    return cores
