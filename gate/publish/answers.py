"""Answers that PyGithub would take for success and that are none."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import requests

from gate.publish.failure import Failure
from gate.text import quoted

ACCEPTED = 202
NO_CONTENT = 204
MOVED = range(300, 400)
ERRORS = range(400, 600)


def must_be_whole(response: requests.Response, verb: str, host: str, masked: Callable[[str], str]) -> None:
    """Raises Failure for what PyGithub would take for success and is none."""
    status = response.status_code
    if status in MOVED and not _leads_to_an_archive(verb, response.url):
        location = quoted(masked(response.headers.get("location", "")), 200)
        raise Failure(
            f"{host} answered {status} and leads to another address, {location}, which is not followed",
            advice="If the repository was renamed or moved, run the job again; else check GITHUB_API_URL.",
        )
    if status == ACCEPTED and verb == "GET":  # PyGithub would ask again and again
        raise Failure(f"{host} is still preparing the answer", passing=True)
    if status in MOVED or status in ERRORS or status == NO_CONTENT:
        return
    try:
        content = msgspec.json.decode(response.content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Failure(f"the answer of {host} cannot be read: it is not JSON", passing=True) from None
    if verb == "GET":
        told = bool(content) or content == []  # an empty object would be an empty list to PyGithub
    else:
        # What was written has a number; GraphQL's answer has data or errors.
        told = isinstance(content, dict) and not content.keys().isdisjoint(("id", "data", "errors"))
    if not told:
        raise Failure(f"the answer of {host} says nothing of what was asked", passing=True)


def _leads_to_an_archive(verb: str, url: str) -> bool:
    """The one call whose answer is a redirect; whoever makes it fetches the archive without the token."""
    return verb == "GET" and url.endswith("/zip")
