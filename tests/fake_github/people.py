"""JSON shapes of who acts: users, bots and the apps behind them."""

from __future__ import annotations

import base64
from typing import Any

from .values import Actor

MOMENT = "2019-05-15T15:19:25Z"
_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def user(url: str, actor: Actor) -> dict[str, Any]:
    """A user as others see it; `url` is the API's root."""
    own = f"{url}/users/{actor.login}"
    return {
        "login": actor.login,
        "id": actor.id,
        "node_id": node_id("User", actor.id),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{actor.id}?v=4",
        "gravatar_id": "",
        "url": own,
        "html_url": f"https://github.com/{actor.login}",
        **{name: own + path for name, path in _LINKS.items()},
        "type": actor.kind,
        "site_admin": False,
    }


def own_user(url: str, actor: Actor) -> dict[str, Any]:
    """The user that a token belongs to."""
    unknown = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    return (
        user(url, actor)
        | unknown
        | counts
        | {
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "user_view_type": "public",
        }
    )


def app(url: str, actor: Actor) -> dict[str, Any]:
    """The app whose bot `actor` is."""
    slug = actor.login.removesuffix("[bot]")
    return {
        "id": 15368 if slug == "github-actions" else actor.id,
        "slug": slug,
        "node_id": node_id("App", slug),
        "owner": user(url, Actor("github")),
        "name": slug,
        "description": "",
        "external_url": f"https://github.com/apps/{slug}",
        "html_url": f"https://github.com/apps/{slug}",
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "permissions": {"checks": "write", "statuses": "write"},
        "events": [],
    }


def node_id(kind: str, key: object) -> str:
    """An opaque identifier of GitHub's kind."""
    return base64.b64encode(f"{len(kind)}:{kind}{key}".encode()).decode()
