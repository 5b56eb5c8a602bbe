"""What these tests say to the fake GitHub, and what it heard."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from urllib.parse import urlencode

from gate.publish.model import CheckRequest, CommentRequest, Patience
from tests.fake_github import FakeGithub, Request, Status
from tests.fake_github.values import Answer

Conclusion = Literal["success", "failure", "neutral"]


HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
"""The head commit of the recorded pull request."""

HASTY = Patience(in_all=30, per_answer=5, attempts=4, first_pause=0.01)
MARKER = "<!-- module-coverage-gate: default -->"
BOT = "github-actions[bot]"
PAGE = "https://github.com/Codertocat/Hello-World"
"""Begins the addresses of what the fake makes."""

# Requests as `heard` writes them.
LIST = "GET issues/2/comments per_page=100"
WHO = "GET /user"
VIEWER = "POST /graphql"
CREATE = "POST issues/2/comments"
CHECK = "POST check-runs"
STATUS = f"POST statuses/{HEAD}"
FIND_CHECK = f"GET commits/{HEAD}/check-runs check_name=Module coverage&filter=all&per_page=100"


def comment(text: str = "87.50 %", *, create: bool = True) -> CommentRequest:
    return CommentRequest(marker=MARKER, body=f"{MARKER}\n{text}", create=create)


def check(
    conclusion: Conclusion = "success",
    kind: Literal["check-run", "status"] = "check-run",
    description: str = "2 of 2 modules evaluated",
) -> CheckRequest:
    return CheckRequest(
        kind=kind,
        name="Module coverage",
        conclusion=conclusion,
        title="passed: 2 of 2 modules evaluated",
        summary="| module | line |\n",
        description=description,
        external_id="default:7-1",
    )


class GithubWithViewer(FakeGithub):
    """The fake, which describes REST only, with the one GraphQL query that tells a token's own login."""

    def respond(self, request: Request) -> Answer | None:
        # An Enterprise Server has it beside the REST API's root, not below.
        request = replace(request, path=request.path.removeprefix("(outside /api/v3)"))
        if request.path not in {"/graphql", "/api/graphql"}:
            return super().respond(request)
        self.requests.append(request)
        if fault := self._faults.take(request.method, request.path):
            assert isinstance(fault, Status)
            return Answer(fault.code, fault.json())
        if request.body != {"query": "query { viewer { login } }", "variables": {}}:
            return Answer(400, {"message": "Problems parsing JSON"})
        return Answer(200, {"data": {"viewer": {"login": self.tokens[request.token].login}}})


def heard(server: FakeGithub) -> list[str]:
    """Every request in order: the method, the path within the repository, the decoded query."""
    return [
        " ".join(
            filter(
                None,
                (
                    one.method,
                    one.path.removeprefix("/repos/Codertocat/Hello-World/"),
                    urlencode(sorted(one.query.items())).replace("+", " "),
                ),
            )
        )
        for one in server.requests
    ]


def bodies(server: FakeGithub, author: str = BOT) -> list[str]:
    """The bodies of an author's comments."""
    return [one.body for one in server.comments if one.author.login == author]
