"""Why there was no answer."""

from __future__ import annotations

import requests

from gate.publish.authorities import FOR_OPENSSL, FOR_REQUESTS
from gate.publish.failure import Failure

_PRIVATE_AUTHORITY = (
    "If the certificate of the server, or of a proxy on the way, is of a private authority, name the "
    f"authority's file by `{FOR_REQUESTS[0]}` or `{FOR_OPENSSL}`."
)


def unreached(error: requests.RequestException, host: str) -> Failure:
    """What requests tripped over. The exception's own text is not shown: it may quote a header or a proxy."""
    if isinstance(error, requests.exceptions.ProxyError):
        cause = f"the proxy on the way to {host} cannot be used"
        return Failure(cause, passing=True, advice="Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
    if isinstance(error, requests.exceptions.SSLError):
        cause = f"there is no trustworthy TLS connection to {host}"
        return Failure(cause, passing=True, advice=_PRIVATE_AUTHORITY)
    cause = f"the connection to {host} failed or broke off ({type(error).__name__})"
    return Failure(cause, passing=True)
