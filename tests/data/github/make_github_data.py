"""Write openapi.json and events/*.json anew from the two npm packages that publish GitHub's own descriptions.

Run `python tests/data/github/make_github_data.py`; it needs npm on the PATH. The tests do not: what this
writes is committed. To move to newer packages, change the two versions below and in README.md.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OPENAPI_PACKAGE = "@octokit/openapi@23.0.2"
EXAMPLES_PACKAGE = "@octokit/webhooks-examples@7.6.1"

_REPO = "/repos/{owner}/{repo}"
OPERATIONS: dict[str, tuple[str, ...]] = {
    "/rate_limit": ("get",),
    "/user": ("get",),
    _REPO: ("get",),
    f"{_REPO}/actions/artifacts": ("get",),
    f"{_REPO}/actions/artifacts/{{artifact_id}}": ("get",),
    f"{_REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}": ("get",),
    f"{_REPO}/actions/runs/{{run_id}}": ("get",),
    f"{_REPO}/actions/runs/{{run_id}}/artifacts": ("get",),
    f"{_REPO}/check-runs": ("post",),
    f"{_REPO}/check-runs/{{check_run_id}}": ("get", "patch"),
    f"{_REPO}/commits/{{commit_sha}}/pulls": ("get",),
    f"{_REPO}/commits/{{ref}}": ("get",),
    f"{_REPO}/commits/{{ref}}/check-runs": ("get",),
    f"{_REPO}/commits/{{ref}}/status": ("get",),
    f"{_REPO}/commits/{{ref}}/statuses": ("get",),
    f"{_REPO}/compare/{{basehead}}": ("get",),
    f"{_REPO}/issues/comments/{{comment_id}}": ("get", "patch", "delete"),
    f"{_REPO}/issues/{{issue_number}}": ("get",),
    f"{_REPO}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{_REPO}/pulls": ("get",),
    f"{_REPO}/pulls/{{pull_number}}": ("get",),
    f"{_REPO}/pulls/{{pull_number}}/files": ("get",),
    f"{_REPO}/statuses/{{sha}}": ("post",),
}

# File name -> event, action, and which of the event's examples with that action (0 = the first).
EVENTS: dict[str, tuple[str, str | None, int]] = {
    "pull_request.opened": ("pull_request", "opened", 0),
    "pull_request.synchronize": ("pull_request", "synchronize", 0),
    "push": ("push", None, 4),  # a branch; the others push tags
    "workflow_run.completed": ("workflow_run", "completed", 2),  # the one that lists a pull request
    "merge_group.checks_requested": ("merge_group", "checks_requested", 0),
}


# Their keys are names chosen by the API's authors: a property called `description` is not prose.
_MAPS_OF_NAMES = frozenset(
    {"properties", "patternProperties", "schemas", "parameters", "responses", "headers", "content", "paths"}
)
_PROSE = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "tags", "links"}
)
# Here the keyword's value is data, to be kept as it stands.
_DATA = frozenset({"enum", "default", "required", "const"})


def packed_file(package: str, member: str) -> Any:
    """One JSON file out of an npm package, fetched by npm itself."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", package, "--pack-destination", folder, "--silent"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            content = packed.extractfile(f"package/{member}")
            if content is None:
                raise SystemExit(f"{package} holds no file {member}.")
            return json.load(content)


def chosen_event(catalogue: list[dict[str, Any]], event: str, action: str | None, index: int) -> Any:
    """The wanted one of an event's examples, as published."""
    (entry,) = (entry for entry in catalogue if entry["name"] == event)
    return [example for example in entry["examples"] if example.get("action") == action][index]


def trimmed(description: Mapping[str, Any], operations: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The part of `description` that the operations (path -> methods) need.

    Raises KeyError where an operation is not described.
    """
    paths = {
        path: {method: without_prose(description["paths"][path][method]) for method in methods}
        for path, methods in operations.items()
    }
    return {
        "openapi": description["openapi"],
        "info": {key: description["info"][key] for key in ("title", "version", "license")},
        "servers": description["servers"],
        "paths": paths,
        "components": _reachable(paths, description["components"]),
    }


def without_prose(node: Any) -> Any:
    """A copy without the keywords that only people and generators read."""
    if isinstance(node, list):
        return [without_prose(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key in _PROSE or key.startswith("x-"):
            continue
        if key in _DATA:
            kept[key] = value
        elif key in _MAPS_OF_NAMES and isinstance(value, dict):
            kept[key] = {name: without_prose(entry) for name, entry in value.items()}
        else:
            kept[key] = without_prose(value)
    for response in kept.get("responses", {}).values():
        if "$ref" not in response:
            response["description"] = ""  # OpenAPI requires the keyword
    return kept


def _reachable(paths: Any, components: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    waiting = list(_references(paths))
    while waiting:
        kind, name = waiting.pop()
        if name in found.setdefault(kind, {}):
            continue
        component = without_prose(components[kind][name])
        if kind == "responses":
            component["description"] = ""
        found[kind][name] = component
        waiting.extend(_references(component))
    return {kind: dict(sorted(named.items())) for kind, named in sorted(found.items())}


def _references(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for entry in node:
            yield from _references(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                _, _, kind, name = value.split("/")
                yield kind, name
            else:
                yield from _references(value)


def lines(value: Any, depth: int) -> Iterator[str]:
    """Compact JSON with a line per entry down to `depth`, so that a refresh shows what changed."""
    if depth == 0 or not isinstance(value, dict) or not value:
        yield json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        return
    yield "{\n"
    for position, (key, entry) in enumerate(value.items()):
        yield ",\n" if position else ""
        yield json.dumps(key) + ":"
        yield from lines(entry, depth - 1)
    yield "\n}"


def main() -> None:
    """Fetch both packages and write the files beside this one."""
    description = trimmed(packed_file(OPENAPI_PACKAGE, "generated/api.github.com.json"), OPERATIONS)
    (HERE / "openapi.json").write_text("".join(lines(description, 3)) + "\n", encoding="utf-8")
    catalogue = packed_file(EXAMPLES_PACKAGE, "api.github.com/index.json")
    (HERE / "events").mkdir(exist_ok=True)
    for name, (event, action, index) in EVENTS.items():
        payload = chosen_event(catalogue, event, action, index)
        text = json.dumps(payload, indent=2, ensure_ascii=False) + "\n"
        (HERE / "events" / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
