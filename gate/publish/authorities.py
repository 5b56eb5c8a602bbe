"""Whose certificates are trusted: the files that the usual variables name."""

from __future__ import annotations

import os

from gate.publish.failure import Failure
from gate.text import quoted

FOR_REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
FOR_OPENSSL = "SSL_CERT_FILE"


def trusted_authorities() -> str | bool:
    """The file that OpenSSL's own variable names, which requests does not heed; True to leave the choice to
    requests."""
    return True if any(map(os.environ.get, FOR_REQUESTS)) else os.environ.get(FOR_OPENSSL) or True


def without_authorities() -> Failure:
    """The failure where the file cannot be read."""
    name = next((name for name in (*FOR_REQUESTS, FOR_OPENSSL) if os.environ.get(name)), None)
    if name is None:
        return Failure("the file of trusted authorities cannot be read")
    return Failure(
        f"{name} names {quoted(os.environ[name])}, which cannot be read here",
        advice="In a container, name a file that the container sees too, such as one in the workspace.",
    )
