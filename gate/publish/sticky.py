"""One comment per marker on a pull request: found again on any page, updated in place, never doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gate.publish.client import Connection
from gate.publish.identity import own_login
from gate.publish.model import CommentRequest

if TYPE_CHECKING:
    from github.Issue import Issue
    from github.IssueComment import IssueComment


class Comment(msgspec.Struct, frozen=True):
    """A comment as it was listed. `handle` is what edits it."""

    id: int
    author: str
    body: str
    url: str
    handle: IssueComment


def publish_comment(connection: Connection, pull_request: int, request: CommentRequest) -> str | None:
    """Create or update the comment, or leave it if it says the same already. Returns its page, None where
    there is none and none is to be created. Raises Failure."""
    issue = connection.repository.get_issue(pull_request)
    comment = _oldest(connection, issue, request.marker)
    if comment is None:
        if not request.create:
            return None
        comment = connection.send(
            lambda: read(issue.create_comment(request.body)),
            lambda: _oldest(connection, issue, request.marker),
        )
        body = request.body
    else:
        body = request.beside(behind(request.marker, comment.body))
    if plain(comment.body) != plain(body):
        edit = comment.handle.edit
        connection.repeat(lambda: edit(body))
    return comment.url


def _oldest(connection: Connection, issue: Issue, marker: str) -> Comment | None:
    return next(iter(ours(connection, issue, marker)), None)


def ours(connection: Connection, issue: Issue, marker: str) -> list[Comment]:
    """The comments that have our marker and were written by us, the oldest first: anyone can write the
    marker. Raises Failure."""
    marked = connection.repeat(lambda: _marked(connection, issue, marker))
    if not marked:
        return []
    login = own_login(connection, [comment.author for comment in marked])
    return [comment for comment in marked if comment.author == login]


def _marked(connection: Connection, issue: Issue, marker: str) -> list[Comment]:
    # A fresh list each time: PyGithub's takes a page that it could not read for the last one.
    return [
        read(comment)
        for comment in connection.in_time(issue.get_comments())
        if comment.user is not None and plain(comment.body or "").startswith(marker)
    ]


def read(comment: IssueComment) -> Comment:
    """A comment out of an answer."""
    return Comment(comment.id, comment.user.login, comment.body, comment.html_url, comment)


def behind(marker: str, body: str) -> str:
    """What a comment of ours says behind its marker."""
    return plain(body).removeprefix(marker).lstrip("\n")


def plain(body: str) -> str:
    """A body without what GitHub may change in it: line ends, and space around it."""
    return body.replace("\r\n", "\n").strip()
