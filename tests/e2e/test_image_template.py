"""A user's template in the image: drawn by a process of its own, wherever and as whomever the image runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_github import JOB_TOKEN, FakeGithub, event
from tests.project import Project
from tests.render.verdicts import failing

from .confinement import as_github_starts_it_and_confined
from .engine import Engine
from .runner import Runner

PAYLOAD = event("pull_request.opened")

DRAW = """
import sys
from gate.render.links import Links
from gate.render.user_template import BrokenTemplate, render_user_comment
from gate.verdict import Verdict
import msgspec
verdict = msgspec.json.decode(sys.argv[1], type=Verdict)
for template in sys.argv[2:]:
    try:
        print(render_user_comment(template, verdict, Links(), key="k").splitlines()[1])
    except BrokenTemplate as error:
        print(error)
"""


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with FakeGithub(PAYLOAD) as server:
        yield server
    assert server.violations == []


@as_github_starts_it_and_confined
@pytest.mark.parametrize(
    ("template", "comment", "warned"),
    [
        ("{{ verdict.summary_line }}", "\npassed: 2 of 2 modules evaluated", ""),
        ("\n{{ 'x' * 10 ** 9 }}", "2 of 2 modules evaluated", "needs more than 256 MiB of memory in line 2"),
    ],
)
def test_a_template_words_the_comment_or_ours_does_and_a_warning_says_why(
    runner: Runner, github: FakeGithub, template: str, comment: str, warned: str
) -> None:
    Project(runner.workspace).put("comment.md.j2", template)
    done = runner.run(
        {"comment-template": "comment.md.j2"},
        event="pull_request",
        payload=PAYLOAD,
        token=JOB_TOKEN,
        environment={"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": PAYLOAD["repository"]["full_name"]},
        read_only=True,
    )
    assert done.exit_code == 0, done.log
    assert comment in github.comments[0].body
    assert ("the comment template" in done.log) == bool(warned)
    assert warned in done.log


@pytest.mark.parametrize("user", ["0:0", "12345:12345"])
def test_it_is_drawn_without_capabilities_on_a_read_only_root_as_any_user(
    engine: Engine, image: str, user: str
) -> None:
    drawn = engine.must(
        *("run", "--rm", "--network", "none", "--user", user, "--cap-drop", "ALL"),
        *engine.read_only_options,
        *engine.run_options,
        *("--entrypoint", "/usr/bin/python3", image, "-I", "-B", "-c", DRAW, failing().to_json().decode()),
        *("{{ verdict.summary_line }}", "{{ verdict.__class__ }}", "{{ 'x' | center(10 ** 9) }}"),
    )
    assert drawn.splitlines() == [
        "failed: 3 of 3 modules evaluated, 1 not passed",
        "failed in line 1: access to attribute '__class__' of 'Verdict' object is unsafe.",
        "needs more than 256 MiB of memory in line 1",
    ]
