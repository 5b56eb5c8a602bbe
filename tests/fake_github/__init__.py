"""A stateful fake of GitHub's REST API for tests, checked against GitHub's own OpenAPI description."""

from __future__ import annotations

from .faults import CutAnswer, Delay, DropConnection, LostAnswer, RawBody, Status, Trickle
from .server import FakeGithub
from .state import JOB_TOKEN, PERSONAL_TOKEN, event
from .values import ACTIONS_BOT, Actor, Request

__all__ = [
    "ACTIONS_BOT",
    "JOB_TOKEN",
    "PERSONAL_TOKEN",
    "Actor",
    "CutAnswer",
    "Delay",
    "DropConnection",
    "FakeGithub",
    "LostAnswer",
    "RawBody",
    "Request",
    "Status",
    "Trickle",
    "event",
]
