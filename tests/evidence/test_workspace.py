from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gate.evidence.workspace import Workspace

IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "init.defaultBranch=main"]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def put(path: Path, content: str = "x = 1\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    for name in ("backend/a.py", "backend/sub/b.py", "build/tracked.py", "other.py"):
        put(root / name)
    put(root / ".gitignore", "build/\n*.tmp.py\n/secret/*\n!/secret/kept.py\n")
    git(root, "add", "-f", ".")
    git(root, "commit", "-q", "-m", "first")
    for name in (
        "backend/new.py",
        "build/made.py",
        "backend/x.tmp.py",
        "secret/a.py",
        "secret/kept.py",
        "nested/c.py",
    ):
        put(root / name)
    git(root / "nested", "init", "-q")
    return root


def python_files(root: Path, excluded: str = "artifacts") -> list[str]:
    return sorted(Workspace(root, root / excluded).files(lambda path: path.endswith(".py")))


def gits_own_list(root: Path) -> list[str]:
    listed = git(root, "ls-files", "--cached", "--others", "--exclude-standard", "*.py")
    return sorted(listed.splitlines())


def test_files_are_those_that_git_itself_lists(repository: Path) -> None:
    assert python_files(repository) == gits_own_list(repository)
    assert "build/tracked.py" in python_files(repository)
    assert "build/made.py" not in python_files(repository)


def test_below_the_root_paths_are_relative_to_the_workspace(repository: Path) -> None:
    assert python_files(repository / "backend") == ["a.py", "new.py", "sub/b.py"]
    assert Workspace(repository / "backend").commit == git(repository, "rev-parse", "HEAD")


def test_without_git_metadata_all_files_on_disk_count(tmp_path: Path) -> None:
    put(tmp_path / "a.py")
    put(tmp_path / "sub" / "b.py")
    (tmp_path / "link.py").symlink_to("a.py")
    put(tmp_path / "artifacts" / "copy.py")
    assert python_files(tmp_path) == ["a.py", "sub/b.py"]
    assert Workspace(tmp_path).commit is None


def test_the_commit_is_head_detached_packed_or_in_a_worktree(repository: Path, tmp_path: Path) -> None:
    expected = git(repository, "rev-parse", "HEAD")
    git(repository, "gc", "-q")
    git(repository, "pack-refs", "--all")
    assert Workspace(repository).commit == expected
    git(repository, "checkout", "-q", "--detach")
    assert Workspace(repository).commit == expected
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert Workspace(tmp_path / "tree").commit == expected
    assert python_files(tmp_path / "tree") == gits_own_list(tmp_path / "tree")


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    put(tmp_path / "a.py")
    assert Workspace(tmp_path).commit is None
    assert python_files(tmp_path) == ["a.py"]


@pytest.mark.parametrize("damage", ["garbage", "split"])
def test_where_the_index_cannot_be_read_whole_every_file_on_disk_counts(
    repository: Path, damage: str
) -> None:
    if damage == "split":
        git(repository, "update-index", "--split-index")
    else:
        (repository / ".git" / "index").write_bytes(b"garbage")
    assert {"build/tracked.py", "build/made.py"} <= set(python_files(repository))


def test_a_link_to_a_file_outside_is_a_file_and_one_inside_is_not(repository: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside.py")
    (repository / "to_outside.py").symlink_to(tmp_path / "outside.py")
    (repository / "to_inside.py").symlink_to(repository / "other.py")
    os.mkfifo(repository / "fifo.py")
    found = python_files(repository)
    assert "to_outside.py" in found
    assert not {"to_inside.py", "fifo.py"} & set(found)


@pytest.mark.parametrize("broken", ["HEAD", "index", "config"])
def test_damaged_git_metadata_hides_no_file_of_the_disk(repository: Path, broken: str) -> None:
    (repository / ".git" / broken).write_bytes(b"\xff damaged")
    assert "backend/a.py" in python_files(repository)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_owners_repository_is_read_all_the_same(repository: Path) -> None:
    expected = git(repository, "rev-parse", "HEAD")
    for folder, folders, names in os.walk(repository):
        for name in (*folders, *names):
            os.chown(Path(folder, name), 1001, 1001)
    os.chown(repository, 1001, 1001)
    assert Workspace(repository).commit == expected


def committed(root: Path) -> tuple[str, int] | None:
    head = Workspace(root).head
    return None if head is None else (head.commit, int(head.committed.timestamp()))


def gits_own(root: Path) -> tuple[str, int]:
    commit, seconds = git(root, "log", "-1", "--format=%H %ct").split()
    return commit, int(seconds)


def test_the_commit_and_its_time_are_gits_own_also_packed_and_detached(repository: Path) -> None:
    assert committed(repository) == gits_own(repository)
    put(repository / "other.py", "x = 2\n")
    git(repository, "commit", "-q", "-am", "second", "--date", "2001-01-01T00:00:00Z")
    git(repository, "gc", "-q", "--aggressive")
    git(repository, "pack-refs", "--all")
    assert not (repository / ".git/refs/heads/main").exists()
    assert committed(repository) == gits_own(repository)
    git(repository, "checkout", "-q", "--detach", "HEAD~1")
    assert committed(repository) == gits_own(repository)


def test_a_shallow_clone_and_a_worktree_have_a_commit(repository: Path, tmp_path: Path) -> None:
    put(repository / "other.py", "x = 2\n")
    git(repository, "commit", "-q", "-am", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    assert committed(tmp_path / "shallow") == gits_own(repository)
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"), "HEAD~1")
    assert committed(tmp_path / "tree") == gits_own(tmp_path / "tree")
    assert committed(tmp_path / "tree") != gits_own(repository)


def test_an_annotated_tag_is_not_a_commit_and_a_merge_is(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "side")
    put(repository / "side.py")
    git(repository, "add", "side.py")
    git(repository, "commit", "-q", "-m", "side")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "--no-ff", "-m", "merge", "side")
    git(repository, "tag", "-a", "v1", "-m", "tagged")
    git(repository, "checkout", "-q", "v1")
    assert committed(repository) == gits_own(repository)


def test_a_commit_that_cannot_be_read_has_no_time(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    (repository / ".git/objects" / commit[:2] / commit[2:]).unlink()
    workspace = Workspace(repository)
    assert (workspace.commit, workspace.head) == (commit, None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_owner_is_read_all_the_same(repository: Path) -> None:
    expected = gits_own(repository)
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 1001, 1001, follow_symlinks=False)
    assert committed(repository) == expected
