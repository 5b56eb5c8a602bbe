"""The one way in which a release is refused."""

from __future__ import annotations


class ReleaseError(Exception):
    """The release cannot be made; the message says what is wrong and what to do next."""
