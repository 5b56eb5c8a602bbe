"""action.yml with its image pinned: one line replaced, every other byte as it was."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from .errors import ReleaseError

# As on main: `uses: ./` builds the Dockerfile.
_SOURCE_LINE = re.compile(rb"^(?P<key>[ ]+image:[ ])Dockerfile(?P<end>\r?)$", re.MULTILINE)

# A registry, a repository of two parts or more, a digest, no tag: what always names the same bytes.
_REFERENCE = re.compile(
    r"docker://[a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*){2,}@sha256:[0-9a-f]{64}"
)


def reference(image: str, digest: str) -> str:
    """What `runs.image` says of an image in a registry: `docker://ghcr.io/owner/name@sha256:…`.

    Registries know lower-case names alone, GitHub's owners and repositories may have capitals.
    """
    pinned = f"docker://{image.lower()}@{digest}"
    if not _REFERENCE.fullmatch(pinned):
        raise ReleaseError(
            f"{pinned!r} is no image by its digest, such as docker://ghcr.io/owner/name@sha256:…."
        )
    return pinned


def pin(action: bytes, pinned: str) -> bytes:
    """action.yml with `image: Dockerfile` replaced by the pinned reference; checked before it is returned."""
    if len(_SOURCE_LINE.findall(action)) != 1:
        raise ReleaseError("action.yml needs one line `image: Dockerfile`, as on main.")
    result = _SOURCE_LINE.sub(lambda line: line["key"] + pinned.encode() + line["end"], action)
    check_pinned(action, result, pinned)
    return result


def check_pinned(action: bytes, result: bytes, pinned: str) -> None:
    """Refuses a result that differs from its source in anything but the value of `runs.image`.

    Told in two ways that know nothing of how the line was replaced: by lines, and by what YAML reads.
    """
    if not _REFERENCE.fullmatch(pinned):
        raise ReleaseError(f"{pinned!r} is no image by its digest.")
    before, after = action.split(b"\n"), result.split(b"\n")
    changed = [one for one, other in zip(before, after, strict=False) if one != other]
    if len(before) != len(after) or [line.split()[:1] for line in changed] != [[b"image:"]]:
        raise ReleaseError("The pinned action.yml differs in more than its `image:` line.")
    source, document = _document(action), _document(result)
    if document["runs"].pop("image") != pinned:
        raise ReleaseError("The pinned action.yml has another image than it was given.")
    del source["runs"]["image"]
    if source != document:
        raise ReleaseError("The pinned action.yml means something else than its source.")


def check_schema(path: Path) -> None:
    """Holds a file against GitHub's schema of an action's metadata."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-actions",
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own file
    if done.returncode:
        raise ReleaseError(f"{path} does not fit GitHub's schema of an action:\n{done.stdout}{done.stderr}")


def _document(action: bytes) -> dict[str, Any]:
    try:
        document = YAML(typ="safe").load(action)
    except YAMLError as error:
        raise ReleaseError(f"The pinned action.yml is no YAML: {error}") from error
    if (
        not isinstance(document, dict)
        or not isinstance(document.get("runs"), dict)
        or "image" not in document["runs"]
    ):
        raise ReleaseError("The pinned action.yml has no `runs.image`.")
    return document
