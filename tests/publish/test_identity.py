from __future__ import annotations

from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Target
from gate.runner import Secret
from tests.fake_github import PERSONAL_TOKEN, Actor, FakeGithub, Status

from .talk import BOT, CREATE, HASTY, LIST, MARKER, VIEWER, WHO, GithubWithViewer, bodies, comment, heard

APP = Actor("coverage-app[bot]", "Bot")


def app(server: FakeGithub, target: Target) -> Target:
    server.tokens["ghs_of-an-app"] = APP
    return replace(target, token=Secret("ghs_of-an-app"))


def test_a_personal_tokens_own_comment_is_updated(server: FakeGithub, target: Target) -> None:
    person = replace(target, token=Secret(PERSONAL_TOKEN))
    bots = server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nof the job's token")
    ours = server.add_comment(author="octocat", body=f"{MARKER}\nold")
    publish(person, comment("new"), None, HASTY)
    assert heard(server) == [LIST, WHO, f"PATCH issues/comments/{ours.id}"]
    assert (bots.body, ours.body) == (f"{MARKER}\nof the job's token", f"{MARKER}\nnew")


def test_an_app_finds_its_own_comment_among_other_bots(server: FakeGithub, target: Target) -> None:
    jobs = server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nof the job's token")
    ours = server.add_comment(author=APP.login, kind="Bot", body=f"{MARKER}\nold")
    publish(app(server, target), comment("new"), None, HASTY)
    assert heard(server) == [LIST, WHO, VIEWER, f"PATCH issues/comments/{ours.id}"]
    assert (jobs.body, ours.body) == (f"{MARKER}\nof the job's token", f"{MARKER}\nnew")


def test_the_jobs_token_leaves_an_apps_comment_alone(server: FakeGithub, target: Target) -> None:
    theirs = server.add_comment(author=APP.login, kind="Bot", body=f"{MARKER}\nof an app")
    publish(target, comment("new"), None, HASTY)
    assert heard(server) == [LIST, WHO, VIEWER, CREATE]
    assert theirs.body == f"{MARKER}\nof an app"
    assert bodies(server) == [f"{MARKER}\nnew"]


def test_an_app_on_an_enterprise_server_asks_at_that_servers_address(target: Target) -> None:
    with GithubWithViewer(prefix="/api/v3") as enterprise:
        ours = enterprise.add_comment(author=APP.login, kind="Bot", body=f"{MARKER}\nold")
        publish(app(enterprise, replace(target, api_url=enterprise.url)), comment("new"), None, HASTY)
        assert heard(enterprise) == [LIST, WHO, "POST /api/graphql", f"PATCH issues/comments/{ours.id}"]


def test_without_graphql_a_bot_is_taken_for_the_job(server: FakeGithub, target: Target) -> None:
    theirs = server.add_comment(author=APP.login, kind="Bot", body=f"{MARKER}\nof an app")
    ours = server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nold")
    server.fail(with_=Status(404), path_regex="graphql")
    publish(target, comment("new"), None, HASTY)
    assert heard(server) == [LIST, WHO, VIEWER, f"PATCH issues/comments/{ours.id}"]
    assert theirs.body == f"{MARKER}\nof an app"


def test_while_graphql_is_out_of_order_nothing_is_written(server: FakeGithub, target: Target) -> None:
    server.add_comment(author=APP.login, kind="Bot", body=f"{MARKER}\nof an app")
    server.fail(with_=Status(502), path_regex="graphql", times=4)
    assert len(publish(target, comment("new"), None, HASTY).problems) == 1
    assert heard(server) == [LIST, WHO, VIEWER, VIEWER, VIEWER, VIEWER]


def test_without_an_answer_to_who_we_are_nothing_is_written(server: FakeGithub, target: Target) -> None:
    server.add_comment(author=BOT, kind="Bot", body=f"{MARKER}\nold")
    server.fail(with_=Status(500), path_regex="/user$", times=4)
    published = publish(target, comment("new"), None, HASTY)
    assert heard(server) == [LIST, WHO, WHO, WHO, WHO]
    assert bodies(server) == [f"{MARKER}\nold"]
    assert len(published.problems) == 1


def test_a_comment_without_an_author_is_nobodys(server: FakeGithub, target: Target) -> None:
    orphan = {
        "id": 7,
        "url": f"{server.url}/repos/Codertocat/Hello-World/issues/comments/7",
        "html_url": "https://github.com/Codertocat/Hello-World/pull/2#issuecomment-7",
        "body": f"{MARKER}\nleft behind by a deleted account",
        "user": None,
    }
    server.fail(with_=Status(200, [orphan]), method="GET")
    assert publish(target, comment("new"), None, HASTY).problems == ()
    assert heard(server) == [LIST, CREATE]
