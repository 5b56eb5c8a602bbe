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


class _Comment(msgspec.Struct, frozen=True):
    """A comment as it was listed. `handle` is what edits it."""

    author: str
    body: str
    url: str
    handle: IssueComment


def publish_comment(connection: Connection, pull_request: int, request: CommentRequest) -> str | None:
    """Create or update the comment, or leave it if it says the same already. Returns its page, None where
    there is none and none is to be created. Raises Failure."""
    issue = connection.repository.get_issue(pull_request)
    comment = _ours(connection, issue, request.marker)
    if comment is None:
        if not request.create:
            return None
        comment = connection.send(
            lambda: _read(issue.create_comment(request.body)),
            lambda: _ours(connection, issue, request.marker),
        )
    if _plain(comment.body) != _plain(request.body):
        edit = comment.handle.edit
        connection.repeat(lambda: edit(request.body))
    return comment.url


def _ours(connection: Connection, issue: Issue, marker: str) -> _Comment | None:
    """The oldest comment that has our marker and was written by us: anyone can write the marker."""
    marked = connection.repeat(lambda: _marked(connection, issue, marker))
    if not marked:
        return None
    login = own_login(connection, [comment.author for comment in marked])
    return next((comment for comment in marked if comment.author == login), None)


def _marked(connection: Connection, issue: Issue, marker: str) -> list[_Comment]:
    # A fresh list each time: PyGithub's takes a page that it could not read for the last one.
    return [
        _read(comment)
        for comment in connection.in_time(issue.get_comments())
        if comment.user is not None and _plain(comment.body or "").startswith(marker)
    ]


def _read(comment: IssueComment) -> _Comment:
    return _Comment(comment.user.login, comment.body, comment.html_url, comment)


def _plain(body: str) -> str:
    """A body without what GitHub may change in it: line ends, and space around it."""
    return body.replace("\r\n", "\n").strip()
