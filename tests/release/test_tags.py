"""The release commit and its tags, in a repository and a remote of their own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from release.errors import ReleaseError
from release.pin import pin
from release.tags import publish_tags, release_commit
from release.version import Version

ROOT = Path(__file__).parents[2]
ACTION = (ROOT / "action.yml").read_bytes()
PINNED = "docker://ghcr.io/owner/name@sha256:" + "ab" * 32
OTHER = "docker://ghcr.io/owner/name@sha256:" + "cd" * 32
VERSION = Version(1, 2, 3)


class Repository:
    """A clone with two commits on main, and the bare repository that it was cloned from."""

    def __init__(self, folder: Path) -> None:
        self.remote, self.clone = folder / "remote.git", folder / "clone"
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.remote), folder=folder)
        self.git("clone", "--quiet", str(self.remote), str(self.clone), folder=folder)
        (self.clone / "action.yml").write_bytes(ACTION)
        (self.clone / "other").write_text("other\n")
        self.source = self.commit()

    def commit(self) -> str:
        self.git("add", "--all")
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        self.git(*identity, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message=Work")
        self.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return self.git("rev-parse", "HEAD")

    def tag(self, name: str, *options: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        self.git(*identity, "tag", "--force", *options, name)
        self.git("push", "--quiet", "--force", "origin", f"refs/tags/{name}")

    def release(self, version: Version = VERSION, pinned: str = PINNED) -> tuple[str, list[str]]:
        action = pin(ACTION, pinned)
        done = publish_tags(self.clone, "origin", version, source=self.source, action=action, pinned=pinned)
        return done.commit, done.tags

    def named(self, name: str) -> str:
        return self.git("rev-parse", f"{name}^{{commit}}", folder=self.remote)

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            ["git", "-C", str(folder or self.clone), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize("options", [(), ("--annotate", "--message=x")], ids=["lightweight", "annotated"])
def test_both_tags_name_a_commit_on_main_plus_one_pinned_line(
    repository: Repository, options: tuple[str, ...]
) -> None:
    repository.tag("v1.2.3", *options)

    commit, tags = repository.release()

    assert tags == ["v1.2.3", "v1"]
    assert {repository.named(tag) for tag in tags} == {commit}
    assert repository.named(f"{commit}~1") == repository.source == repository.named("main")
    assert repository.git("diff", "--numstat", "main", commit, folder=repository.remote) == "1\t1\taction.yml"
    assert f"image: {PINNED}" in repository.git("show", "v1:action.yml", folder=repository.remote)


def test_nothing_in_the_working_tree_or_its_index_changes(repository: Repository) -> None:
    repository.tag("v1.2.3")
    repository.release()
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("rev-parse", "HEAD") == repository.source


def test_the_same_release_is_the_same_commit(repository: Repository) -> None:
    commits = [
        release_commit(repository.clone, VERSION, repository.source, pin(ACTION, pinned), pinned)
        for pinned in (PINNED, PINNED, OTHER)
    ]
    assert commits[0] == commits[1] != commits[2]


def test_a_version_is_released_once(repository: Repository) -> None:
    repository.tag("v1.2.3")
    commit, _ = repository.release()
    with pytest.raises(ReleaseError, match=r"v1\.2\.3 does not name \w+\. A version is released once"):
        repository.release(pinned=OTHER)
    assert repository.named("v1.2.3") == repository.named("v1") == commit


def test_a_release_that_is_made_again_changes_nothing(repository: Repository) -> None:
    repository.tag("v1.2.3")
    assert repository.release() == repository.release()


def test_a_tag_that_was_moved_or_removed_meanwhile_stops_the_release(repository: Repository) -> None:
    with pytest.raises(ReleaseError, match="does not name"):
        repository.release()
    repository.commit()
    repository.tag("v1.2.3")  # on the commit after the one that was built
    with pytest.raises(ReleaseError, match="does not name"):
        repository.release()


def test_the_major_tag_moves_to_the_next_version_and_never_back(repository: Repository) -> None:
    repository.tag("v1.2.3")
    repository.release()
    repository.tag("v1.3.0")
    newest, tags = repository.release(Version(1, 3, 0), OTHER)
    assert tags == ["v1.3.0", "v1"]

    repository.tag("v1.2.4")
    patch, tags = repository.release(Version(1, 2, 4))
    assert tags == ["v1.2.4"]
    assert (repository.named("v1.2.4"), repository.named("v1")) == (patch, newest)


def test_all_tags_are_set_or_none(repository: Repository) -> None:
    repository.tag("v1.2.3")
    hook = repository.remote / "hooks/update"
    hook.write_text('#!/bin/sh\ntest "$1" != refs/tags/v1\n')
    hook.chmod(0o755)
    with pytest.raises(ReleaseError, match="git push failed"):
        repository.release()
    assert repository.named("v1.2.3") == repository.source


def test_an_action_that_differs_from_the_tagged_one_is_refused(repository: Repository) -> None:
    repository.tag("v1.2.3")
    action = pin(ACTION, PINNED).replace(b"default: always", b"default: never ")
    with pytest.raises(ReleaseError, match="differs in more than its `image:` line"):
        publish_tags(
            repository.clone, "origin", VERSION, source=repository.source, action=action, pinned=PINNED
        )
