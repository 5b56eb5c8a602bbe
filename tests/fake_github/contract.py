"""Requests and answers against GitHub's own OpenAPI description (trimmed: tests/data/github)."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from .values import Answer, Request

_DESCRIPTION = Path(__file__).parents[1] / "data" / "github" / "openapi.json"
# GitHub gives these to any operation, whether its description lists them or not.
_COMMON_ERRORS = {"401": "basic-error", "403": "basic-error", "404": "basic-error", "422": "validation-error"}


@dataclass(frozen=True)
class Operation:
    """An operation of the description, and what the path said."""

    id: str
    path_parameters: dict[str, str]
    query_parameters: frozenset[str]


@dataclass(frozen=True)
class _Described:
    method: str
    path: re.Pattern[str]
    operation_id: str
    query_parameters: frozenset[str]


class Contract:
    """Checks in-process; says in words what is wrong, or nothing."""

    def __init__(self, description: dict[str, Any]) -> None:
        _add_common_errors(description)
        _take_limits_out(description)
        _let_nullable_enums_be_null(description)
        self._server: str = description["servers"][0]["url"]
        self._operations = list(_operations(description))
        # A request's body may hold only what is described: GitHub ignores a misspelt name without a word.
        strict = Config(spec_validator_cls=None, additional_properties_default_policy="forbid")
        self._requests = OpenAPI.from_dict(description, config=strict)
        self._answers = OpenAPI.from_dict(description, config=Config(spec_validator_cls=None))
        self._lock = threading.Lock()

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that a request is for; None if the trimmed description has none."""
        for described in self._operations:
            matched = described.path.fullmatch(path)
            if matched and described.method == method:
                parameters = {name: unquote(value) for name, value in matched.groupdict().items()}
                return Operation(described.operation_id, parameters, described.query_parameters)
        return None

    def faults_of_request(self, request: Request, operation: Operation) -> list[str]:
        """What is wrong with a request's parameters and body."""
        unknown = sorted(set(request.query) - operation.query_parameters)
        faults = [f"query parameter {name} is not described" for name in unknown]
        with self._lock:
            errors = list(self._requests.iter_request_errors(self._mocked(request)))
        return faults + [text for error in errors for text in _explained(error)]

    def faults_of_answer(self, request: Request, answer: Answer) -> list[str]:
        """What is wrong with an answer's status, headers and body."""
        data = b"" if answer.body is None else json.dumps(answer.body).encode()
        mocked = MockResponse(data, answer.status, answer.headers, answer.content_type)
        with self._lock:
            errors = list(self._answers.iter_response_errors(self._mocked(request), mocked))
        return [text for error in errors for text in _explained(error)]

    def _mocked(self, request: Request) -> MockRequest:
        return MockRequest(
            self._server,
            request.method,
            request.path,
            args=request.query,
            data=request.raw_body,
            content_type=request.content_type,
        )


@cache
def contract() -> Contract:
    """The contract, read once per process. Where the fake listens does not matter to it."""
    return Contract(json.loads(_DESCRIPTION.read_text(encoding="utf-8")))


def _add_common_errors(description: dict[str, Any]) -> None:
    for methods in description["paths"].values():
        for operation in methods.values():
            for status, schema in _COMMON_ERRORS.items():
                content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
                operation["responses"].setdefault(status, {"description": "", "content": content})


def _take_limits_out(description: dict[str, Any]) -> None:
    """Leave a check run's lengths to the fake: GitHub answers 422 to them, and so must we."""
    for methods in description["paths"].values():
        for operation in methods.values():
            if operation["operationId"] in ("checks/create", "checks/update"):
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                output = schema["properties"]["output"]["properties"]
                for name, keyword in (
                    ("summary", "maxLength"),
                    ("text", "maxLength"),
                    ("annotations", "maxItems"),
                ):
                    del output[name][keyword]


def _let_nullable_enums_be_null(node: Any) -> None:
    """GitHub means null by `nullable` also where an enum does not list it: a check run that still goes on."""
    if isinstance(node, dict):
        if node.get("nullable") is True and isinstance(node.get("enum"), list) and None not in node["enum"]:
            node["enum"] = [*node["enum"], None]
        for value in node.values():
            _let_nullable_enums_be_null(value)
    elif isinstance(node, list):
        for value in node:
            _let_nullable_enums_be_null(value)


def _operations(description: dict[str, Any]) -> Iterable[_Described]:
    shared = description["components"]["parameters"]
    for path, methods in description["paths"].items():
        pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))
        for method, operation in methods.items():
            parameters = [
                shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
                for parameter in operation.get("parameters", [])
            ]
            query = frozenset(parameter["name"] for parameter in parameters if parameter["in"] == "query")
            yield _Described(method.upper(), pattern, operation["operationId"], query)


def _explained(error: Exception) -> list[str]:
    """openapi-core's outer message repeats the whole value; the schema errors under it say what and where."""
    causes = getattr(error.__cause__, "schema_errors", None)
    if not causes:
        return [str(error)]
    return [" or ".join(_words(branch) for branch in cause.context or [cause]) for cause in causes]


def _words(cause: Any) -> str:
    place = "/".join(map(str, cause.absolute_path)) or "body"
    return f"{place}: {cause.message[-300:]}"
