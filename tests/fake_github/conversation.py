"""Pull requests, their files and the comments of their conversation."""

from __future__ import annotations

from .calls import Call, does
from .limits import check_comment
from .state import Comment, now
from .values import Answer, ApiError

MOST_FILES = 3_000


@does("issues/list-comments", "since", pages=True)
def list_comments(call: Call) -> Answer:
    """A conversation's comments, oldest first."""
    number = _number(call, "issue_number")
    since = call.query.get("since", "")
    comments = [one for one in call.state.comments if one.number == number and one.updated_at >= since]
    return call.paged([call.shapes.comment(one) for one in comments])


@does("issues/create-comment")
def create_comment(call: Call) -> Answer:
    """Write a comment."""
    number = _number(call, "issue_number")
    check_comment(call.body["body"])
    comment = Comment(call.state.next_id(), number, call.actor, call.body["body"])
    call.state.comments.append(comment)
    return Answer(201, call.shapes.comment(comment))


@does("issues/get-comment")
def get_comment(call: Call) -> Answer:
    """One comment."""
    return Answer(200, call.shapes.comment(_comment(call)))


@does("issues/update-comment")
def update_comment(call: Call) -> Answer:
    """Replace a comment's text; its author stays."""
    comment = _comment(call)
    check_comment(call.body["body"])
    comment.body = call.body["body"]
    comment.updated_at = now()
    return Answer(200, call.shapes.comment(comment))


@does("issues/delete-comment")
def delete_comment(call: Call) -> Answer:
    """Remove a comment."""
    call.state.comments.remove(_comment(call))
    return Answer(204)


@does("issues/get")
def get_issue(call: Call) -> Answer:
    """A pull request seen as an issue."""
    return Answer(200, call.shapes.issue(_number(call, "issue_number")))


@does("pulls/get")
def get_pull(call: Call) -> Answer:
    """One pull request."""
    return Answer(200, call.shapes.pull(_number(call, "pull_number")))


@does("pulls/list", "state", "head", "base", pages=True)
def list_pulls(call: Call) -> Answer:
    """Pull requests, the newest first; `head` is `owner:branch`."""
    wanted = call.query.get("state", "open")
    pulls = [
        pull
        for number, pull in sorted(call.state.pulls.items(), reverse=True)
        if wanted in ("all", pull["state"])
        and call.query.get("head", pull["head"]["label"]) == pull["head"]["label"]
        and call.query.get("base", pull["base"]["ref"]) == pull["base"]["ref"]
    ]
    return call.paged([call.shapes.pull(pull["number"]) for pull in pulls])


@does("pulls/list-files", pages=True)
def list_files(call: Call) -> Answer:
    """The changed files of a pull request, no more than 3,000."""
    number = _number(call, "pull_number")
    sha = call.state.pulls[number]["head"]["sha"]
    return call.paged([call.shapes.file(entry, sha) for entry in call.state.pull_files[number][:MOST_FILES]])


@does("repos/list-pull-requests-associated-with-commit", pages=True)
def list_pulls_of_commit(call: Call) -> Answer:
    """The pull requests that hold a commit."""
    sha = call.commit(call.path["commit_sha"])
    numbers = [number for number, commits in call.state.pull_commits.items() if sha in commits]
    return call.paged([call.shapes.pull(number) for number in numbers])


def _number(call: Call, name: str) -> int:
    number = int(call.path[name])
    if number not in call.state.pulls:
        raise ApiError(404, "Not Found")
    return number


def _comment(call: Call) -> Comment:
    for comment in call.state.comments:
        if comment.id == int(call.path["comment_id"]):
            return comment
    raise ApiError(404, "Not Found")
