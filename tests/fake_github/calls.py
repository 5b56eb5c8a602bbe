"""From an operation's name to the function that does it, with what every operation has in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .answers import Shapes
from .contract import Operation
from .pages import paged
from .state import State
from .values import Actor, Answer, ApiError, Request


@dataclass(frozen=True)
class Call:
    """One allowed request, ready to be done. `path` holds the path's parameters."""

    request: Request
    path: dict[str, str]
    actor: Actor
    state: State
    shapes: Shapes

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters."""
        return self.request.query

    @property
    def body(self) -> Any:
        """The decoded JSON body."""
        return self.request.body

    def paged(self, items: Sequence[Any], key: str | None = None) -> Answer:
        """The asked-for page of `items`."""
        return paged(items, self.shapes.url + self.request.path, self.query, key)

    def commit(self, ref: str) -> str:
        """The sha that `ref` (a sha or a branch of a pull request) stands for; refused if there is none."""
        if ref in self.state.commits:
            return ref
        for pull in self.state.pulls.values():
            for side in ("head", "base"):
                if ref in (pull[side]["ref"], pull[side]["label"]):
                    return str(pull[side]["sha"])
        raise ApiError(422, f"No commit found for SHA: {ref}")


Handler = Callable[[Call], Answer]
_HANDLERS: dict[str, tuple[Handler, frozenset[str]]] = {}


def does(operation_id: str, *query: str, pages: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler, with the query parameters that it heeds."""
    heeded = frozenset(query) | ({"page", "per_page"} if pages else set())

    def register(handler: Handler) -> Handler:
        _HANDLERS[operation_id] = (handler, heeded)
        return handler

    return register


def missing(request: Request, operation: Operation) -> list[str]:
    """What GitHub would do for this request and the fake would not: better said than answered wrongly."""
    if operation.id not in _HANDLERS:
        return [f"the fake does not know the operation {operation.id}"]
    unheeded = sorted(set(request.query) - _HANDLERS[operation.id][1])
    return [f"the fake does not heed the query parameter {name}" for name in unheeded]


def perform(request: Request, operation: Operation, state: State, shapes: Shapes) -> Answer:
    """Do what was asked, or answer why not."""
    try:
        actor = _authenticated(request, state)
        _check_access(request, operation.path_parameters, actor, state)
        call = Call(request, operation.path_parameters, actor, state, shapes)
        return _HANDLERS[operation.id][0](call)
    except ApiError as refusal:
        return refusal.answer()


def _authenticated(request: Request, state: State) -> Actor:
    if not request.authorized:
        raise ApiError(401, "Requires authentication")
    if request.token not in state.tokens:
        raise ApiError(401, "Bad credentials")
    return state.tokens[request.token]


def _check_access(request: Request, path: dict[str, str], actor: Actor, state: State) -> None:
    if "owner" in path:
        asked_for = f"{path['owner']}/{path['repo']}"
        if asked_for.lower() != state.repository["full_name"].lower():
            raise ApiError(404, "Not Found")
    if request.method != "GET" and not actor.writes:
        raise ApiError(403, "Resource not accessible by integration")
