"""Under which name we comment, asked only where a comment might be ours."""

from __future__ import annotations

from collections.abc import Collection

from gate.publish.client import Connection, Failure

JOB_LOGIN = "github-actions[bot]"
"""Who comments with the token that a job is given."""

_BOT = "[bot]"


def own_login(connection: Connection, authors: Collection[str]) -> str:
    """The login that belongs to the token, as far as it matters for comments of `authors`. Raises Failure.

    A personal token may read its own user. An installation token may not (403): it is the job's own, or
    that of an app, and only GraphQL tells which.
    """
    try:
        return connection.repeat(lambda: connection.github.get_user().login)
    except Failure as failure:
        if failure.passing:
            raise
    if all(author == JOB_LOGIN or not author.endswith(_BOT) for author in authors):
        return JOB_LOGIN
    try:
        return connection.repeat(lambda: _viewer(connection))
    except Failure as failure:
        if failure.passing:
            raise
        return JOB_LOGIN


def _viewer(connection: Connection) -> str:
    _, answer = connection.github.requester.graphql_query("query { viewer { login } }", {})
    return str(answer["data"]["viewer"]["login"])
