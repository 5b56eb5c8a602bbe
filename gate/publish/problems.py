"""Failures as sentences: what could not be published, why, and what to do."""

from __future__ import annotations

import msgspec

from gate.publish.failure import FORBIDDEN, SERVER_ERRORS, TOO_MANY_REQUESTS, Failure

_LATER = "Run the job again later."
_SUMMARY = "The job summary has the same text."


class Subject(msgspec.Struct, frozen=True):
    """What is published (`name`), to which thing of GitHub's (`place`), and the permission it takes."""

    name: str
    place: str
    permission: str


def sentence(subject: Subject, failure: Failure) -> str:
    """One failure, in two or three sentences on a line."""
    return f"{subject.name} could not be published: {_why(subject, failure)}"


def _why(subject: Subject, failure: Failure) -> str:
    status, cause = failure.status, failure.cause
    said = f" (GitHub says: {cause})" if cause else ""
    if status is None or status == TOO_MANY_REQUESTS:
        return f"{cause}. {failure.advice or _LATER}"
    if status in SERVER_ERRORS:
        return f"GitHub is out of order and answered {status} again and again{said}. {_LATER}"
    if status == FORBIDDEN:
        return _forbidden(subject, cause, said)
    not_found = (
        f"there is no {subject.place} that this token can see{said}. If it was not deleted, {_give(subject)}."
    )
    known = {
        401: f"GitHub does not accept the token{said}. Pass a valid one as `github-token`.",
        404: not_found,
        407: f"the proxy on the way does not let us through{said}. Check the credentials in HTTPS_PROXY.",
        409: f"GitHub is at another change of the same thing{said}. {_LATER}",
        410: not_found,
        422: f"GitHub finds it invalid{said}. {_SUMMARY}",
    }
    return known.get(status, f"GitHub answered {status}{said}. {_SUMMARY}")


def _forbidden(subject: Subject, cause: str, said: str) -> str:
    if "locked" in cause.lower():
        return f"the conversation of {subject.place} is locked{said}. Unlock it, or set `comment: never`."
    if "via a github app" in cause.lower():
        return f"only an app may{said}. Use the job's own token, or set `check: status`."
    if "not accessible" in cause.lower():
        return (
            f"the token may not do that{said}. {_give(subject).capitalize()}. For a pull request from a fork "
            "or by Dependabot the token is read-only all the same; the job summary has the same text."
        )
    return f"GitHub forbids it{said}. If that is for want of a permission, {_give(subject)}."


def _give(subject: Subject) -> str:
    return f"give the job `permissions:` with `{subject.permission}`"
