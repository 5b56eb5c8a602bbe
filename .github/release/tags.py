"""The release commit, and the tags that name it.

The commit is on no branch. Its parent is the tagged commit of main, its one difference the pinned action.yml.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from .errors import ReleaseError
from .pin import check_pinned
from .version import Version, moves_major_tag

_BOT = {"NAME": "github-actions[bot]", "EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}


class Released(msgspec.Struct, frozen=True):
    """The release commit and the tags that were set on it."""

    commit: str
    tags: list[str]


def publish_tags(
    repository: Path, remote: str, version: Version, *, source: str, action: bytes, pinned: str
) -> Released:
    """Makes the release commit and sets its tags in the remote: all of them, or none.

    `source` is the commit that was tested and built. The version's tag names it still, or, where this is done
    again, the release commit. Refused where it names another one: this version is out already, or somebody
    moved the tag meanwhile.
    """
    known = remote_tags(repository, remote)
    commit = release_commit(repository, version, source, action, pinned)
    if known.get(version.tag + "^{}", known.get(version.tag)) not in (source, commit):
        raise ReleaseError(
            f"{version.tag} does not name {source}. A version is released once: take the next."
        )
    tags = [version.tag, *([version.major_tag] if moves_major_tag(version, known) else [])]
    # A lease: the push fails where a tag is not what it was when we looked. Empty: it must not be there.
    leases = [f"--force-with-lease=refs/tags/{tag}:{known.get(tag, '')}" for tag in tags]
    moves = [f"{commit}:refs/tags/{tag}" for tag in tags]
    _git(repository, "push", "--quiet", "--atomic", *leases, remote, *moves)
    return Released(commit, tags)


def remote_tags(repository: Path, remote: str) -> dict[str, str]:
    """What each tag of the remote names; `NAME^{}` is the commit below an annotated one."""
    lines = _git(repository, "ls-remote", "--tags", remote).splitlines()
    return {
        name.removeprefix("refs/tags/"): digest
        for digest, _, name in (line.partition("\t") for line in lines)
    }


def release_commit(repository: Path, version: Version, source: str, action: bytes, pinned: str) -> str:
    """Makes the release commit's objects; no branch, index or file of the repository changes.

    Its dates are its parent's, so that the same release made again is the same commit.
    """
    check_pinned(_git_bytes(repository, "cat-file", "blob", f"{source}:action.yml"), action, pinned)
    when = _git(repository, "show", "--no-patch", "--format=%cI", source)
    people = {f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in _BOT.items()}
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        blob = _git(repository, "hash-object", "-w", "--stdin", stdin=action)
        _git(repository, "read-tree", source, environment=index)
        _git(repository, "update-index", "--cacheinfo", f"100644,{blob},action.yml", environment=index)
        tree = _git(repository, "write-tree", environment=index)
    message = f"Release {version}: action.yml names the image by its digest\n".encode()
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    commit = _git(repository, "commit-tree", tree, "-p", source, environment=people | dates, stdin=message)
    changed = _git(repository, "diff-tree", "--no-commit-id", "--name-status", "-r", commit)
    if changed != "M\taction.yml":
        raise ReleaseError(f"The release commit changes more than action.yml:\n{changed}")
    return commit


def _git(
    repository: Path, *arguments: str, environment: Mapping[str, str] | None = None, stdin: bytes = b""
) -> str:
    return _git_bytes(repository, *arguments, environment=environment, stdin=stdin).decode().strip()


def _git_bytes(
    repository: Path, *arguments: str, environment: Mapping[str, str] | None = None, stdin: bytes = b""
) -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    done = subprocess.run(  # noqa: S603 our own arguments
        command, env={**os.environ, **(environment or {})}, input=stdin, capture_output=True, check=False
    )
    if done.returncode:
        raise ReleaseError(f"git {arguments[0]} failed:\n{done.stderr.decode(errors='replace').strip()}")
    return done.stdout
