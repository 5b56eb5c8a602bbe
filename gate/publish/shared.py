"""One comment that several legs write at the same time, each its own part, so that none loses another's.

GitHub has no way to write a comment only if nobody else wrote it meanwhile. So each leg reads the comment
directly before it writes, and then watches it for longer than another leg takes from reading to writing.
Whatever part is missing then, its own or one that it has seen, it puts back.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import msgspec

from gate.publish.client import Connection, Failure
from gate.publish.model import CommentRequest, Patience, SharedPart
from gate.publish.sticky import Comment, ours, plain, read
from gate.render.marker import encoded
from gate.render.parts import Part, merged, part_of, read_parts

if TYPE_CHECKING:
    from github.Issue import Issue

MOST_MERGES = 30
LOOKS = 3
"""How often the comment is looked at while it is watched."""

NOT_FOUND = 404


class _Task(msgspec.Struct, frozen=True):
    """What is to be published as which part, on which pull request, and how long that may take."""

    pull_request: int
    request: CommentRequest
    part: SharedPart
    patience: Patience


def publish_part(
    connection: Connection, pull_request: int, request: CommentRequest, part: SharedPart, patience: Patience
) -> str | None:
    """Write our part, or leave the comment if it has it already. Returns the comment's page, None where there
    is none and none is to be created. Raises Failure."""
    task = _Task(pull_request, request, part, patience)
    issue = connection.repository.get_issue(pull_request)
    found = ours(connection, issue, request.marker)
    if found:
        leg = _Leg(connection, task, found[0])
        return found[0].url if leg.has_nothing_to_do(found[0].body) else leg.write([])
    if not request.create:
        return None
    body = merged(request.marker, {}, part_of(part.name, part.commit, request.body), part.cut)
    if body is None:
        raise _no_room()
    made = _create(connection, issue, request.marker, body)
    # Another leg may have created one at the same time: the oldest is kept, which both of us see.
    found = ours(connection, issue, request.marker) or [made]
    # Deleted is only what is ours by marker and by author, and holds what we have sent just now.
    younger = [one for one in found[1:] if one.id == made.id and plain(one.body) == plain(body)]
    return _Leg(connection, task, found[0]).write(younger)


def _create(connection: Connection, issue: Issue, marker: str, body: str) -> Comment:
    """Create the comment; after a lost answer it is the one with our text, or any that a leg has made."""

    def find() -> Comment | None:
        found = ours(connection, issue, marker)
        return next((one for one in found if plain(one.body) == plain(body)), next(iter(found), None))

    return connection.send(lambda: read(issue.create_comment(body)), find)


def _no_room() -> Failure:
    advice = "give some legs a `comment-key` of their own"
    return Failure(f"the parts of all legs are too long for one comment; {advice}")


class _Leg:
    """Our leg at one comment. `_seen` holds the parts of our commit that were ever in it."""

    def __init__(self, connection: Connection, task: _Task, comment: Comment) -> None:
        self._connection = connection
        self._task = task
        self._comment = comment
        self._ends = time.monotonic() + task.patience.in_all
        self._seen: dict[str, Part] = {}
        self._replaced: set[str] = set()
        self._name = encoded(task.part.name)
        earlier = read_parts(comment.body).get(self._name)
        text = task.request.body if earlier is None else task.request.beside(earlier.text)
        self._ours = part_of(task.part.name, task.part.commit, text)

    def has_nothing_to_do(self, body: str) -> bool:
        """Whether the comment has our part already, or shall not have it."""
        parts = read_parts(body)
        if self._name not in parts and not self._task.request.create:
            return True
        return plain(self._merged(parts)) == plain(body)

    def write(self, younger: list[Comment]) -> str:
        """Merge our part in until it stays, and delete `younger` comments that it makes superfluous."""
        for _ in range(MOST_MERGES):
            if not self._connection.repeat(self._merge):
                return self._comment.url
            while younger:
                self._delete(younger.pop())
            if self._stays():
                return self._comment.url
            time.sleep(random.uniform(0, self._task.patience.settle / LOOKS))  # noqa: S311 - only to get out of step
        raise Failure("other legs overwrote its part again and again")

    def _merge(self) -> bool:
        """Read and write, with as little as possible between. False where a later commit has the comment."""
        body = self._body()
        parts = self._note(body)
        if self._outdated(parts):
            return False
        there = parts.get(self._name)
        if there is not None and there.hash != self._ours.hash:
            self._replaced.add(there.hash)
        wanted = self._merged({**parts, **self._missing(parts)})
        if plain(wanted) != plain(body):
            self._comment.handle.edit(wanted)
        return True

    def _merged(self, parts: dict[str, Part]) -> str:
        body = merged(self._task.request.marker, parts, self._ours, self._task.part.cut)
        if body is None:
            raise _no_room()
        return body

    def _stays(self) -> bool:
        """Whether every part stays while we watch, or as long as there is time."""
        begun = time.monotonic()
        for look in range(1, LOOKS + 1):
            until = begun + self._task.patience.settle * look / LOOKS
            if until >= self._ends:
                return True
            time.sleep(max(until - time.monotonic(), 0))
            parts = self._note(self._connection.repeat(self._body))
            if self._missing(parts) or self._is_lost(parts.get(self._name)):
                return False
        return True

    def _is_lost(self, there: Part | None) -> bool:
        """A part under our name that was not there before is of another leg of that name: the last one
        stays, or the two would overwrite each other for ever."""
        if there is None or there.commit != self._ours.commit:
            return True
        return there.hash != self._ours.hash and there.hash in self._replaced

    def _note(self, body: str) -> dict[str, Part]:
        """The parts that there are, kept in mind as far as they are of our commit."""
        parts = read_parts(body)
        self._seen |= {name: part for name, part in parts.items() if part.commit == self._ours.commit}
        return parts

    def _missing(self, parts: dict[str, Part]) -> dict[str, Part]:
        """Parts of others that were there once."""
        return {
            name: part
            for name, part in self._seen.items()
            if name != self._name and (name not in parts or parts[name].commit != self._ours.commit)
        }

    def _outdated(self, parts: dict[str, Part]) -> bool:
        """Whether the pull request has moved on, and a leg of its new head was here."""
        others = {part.commit for part in parts.values() if part != part.remembered} - {self._ours.commit}
        if not others:
            return False
        head = self._connection.repository.get_pull(self._task.pull_request).head.sha
        return head != self._ours.commit and head in others

    def _body(self) -> str:
        """The comment as it is now, which its handle would not tell."""
        issue = self._connection.repository.get_issue(self._task.pull_request)
        return issue.get_comment(self._comment.id).body

    def _delete(self, comment: Comment) -> None:
        try:
            self._connection.repeat(comment.handle.delete)
        except Failure as failure:
            if failure.status != NOT_FOUND:  # after a lost answer it is gone already
                raise
