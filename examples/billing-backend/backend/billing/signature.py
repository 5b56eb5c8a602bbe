"""Webhook signatures: HMAC-SHA256 over time and body, as `t=<unix seconds>,v1=<hex>`."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from billing.errors import SignatureError

#: How far the provider's clock and ours may differ, delivery time included.
TOLERANCE_SECONDS: Final = 300

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def sign(body: bytes, secret: bytes, timestamp: int) -> str:
    """The hex digest for a body sent at `timestamp`. The time is signed too, so it cannot be renewed."""
    return hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str, secret: bytes, *, now: int) -> None:
    """Return if one of the header's `v1` signatures fits the body and the time is within tolerance.

    Several `v1` come while the provider rotates its key; other schemes are ignored. Raises
    SignatureError in every other case.
    """
    timestamp, signatures = _parse(header)
    expected = sign(body, secret, timestamp)
    # All are compared, in constant time: how long a refusal takes tells nothing about the digest.
    if not sum(hmac.compare_digest(expected, signature) for signature in signatures):
        raise SignatureError("the signature does not fit the body")
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        raise SignatureError(f"the signature is more than {TOLERANCE_SECONDS} seconds away from now")


def _parse(header: str) -> tuple[int, list[str]]:
    timestamp = None
    signatures = []
    for item in header.split(","):
        name, _, value = item.strip().partition("=")
        if name == "t" and _TIMESTAMP.fullmatch(value):
            timestamp = int(value)
        elif name == "v1" and _DIGEST.fullmatch(value):
            signatures.append(value)
    if timestamp is None or not signatures:
        raise SignatureError("the signature header must read t=<unix seconds>,v1=<hex digest>")
    return timestamp, signatures
