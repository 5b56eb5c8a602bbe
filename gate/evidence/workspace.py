"""The checked-out repository: its commit and its source files, read without a git binary.

Git itself refuses a workspace of another owner ("dubious ownership"), which is the usual case in a
container action; dulwich reads the same files without asking.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gate.evidence.freshness import Head
from gate.evidence.globs import real

if TYPE_CHECKING:
    from dulwich.ignore import IgnoreFilterManager
    from dulwich.repo import Repo


_SPLIT_INDEX = b"link"
"""The extension of an index of which the greater part lies in another file."""


class Workspace:
    """A folder that may lie in (or below the root of) a git work tree.

    `commit` is the checked-out HEAD as 40 or 64 hexadecimal digits, None without readable git metadata;
    `head` has its committer's time too, and is None also where the commit itself cannot be read.
    """

    def __init__(self, root: Path, excluded: Path | None = None) -> None:
        self.root = root
        self._excluded = excluded
        self._repo = _repository(root)
        self.commit = _head(self._repo)
        committed = _committed(self._repo)
        self.head = Head(self.commit, committed) if self.commit and committed else None

    def files(self, wanted: Callable[[str], bool]) -> Iterator[str]:
        """Wanted paths (relative, with `/`) of files that git tracks or would not ignore, ascending.

        Without git metadata, all files on disk. What lies in the excluded folder is passed over, and so are
        links that lead to another place in the workspace: the target has a path of its own.
        """
        return iter(sorted(path for path in self.on_disk if wanted(path) and self.admits(path)))

    def admits(self, path: str) -> bool:
        """Whether a path of `on_disk` is a source file of the repository."""
        return self._is_source(self.root / path) and (self._git is None or path in self._git)

    def tracks(self, folder: str) -> bool:
        """Whether git tracks a file in a folder; False without git metadata."""
        return self._git is not None and self._git.tracks(folder)

    @cached_property
    def on_disk(self) -> frozenset[str]:
        """All paths but those in folders that hold no file of the repository; looked up once."""
        found: list[str] = []
        top = os.fspath(self.root)
        for folder, folders, names in os.walk(top):
            prefix = f"{folder[len(top) :]}/".removeprefix("/")
            folders[:] = [name for name in folders if name != ".git" and self._enters(f"{prefix}{name}")]
            found.extend(prefix + name for name in names)
        return frozenset(found)

    def _enters(self, folder: str) -> bool:
        return self.root / folder != self._excluded and (self._git is None or self._git.enters(folder))

    @cached_property
    def _git(self) -> _GitFiles | None:
        return None if self._repo is None else _GitFiles(self._repo, self.root)

    def _is_source(self, path: Path) -> bool:
        """Whether this is a regular file that no other path in the workspace stands for."""
        if path.is_symlink() and real(path).is_relative_to(real(self.root)):
            return False
        return path.is_file()


class _GitFiles:
    """Which of the work tree's files are tracked, or untracked and not ignored."""

    def __init__(self, repo: Repo, root: Path) -> None:
        from dulwich.ignore import IgnoreFilterManager  # noqa: PLC0415 - needed with git metadata only

        self._root = root
        top = Path(os.fsdecode(repo.path)).resolve()
        inside = root.resolve().relative_to(top)
        self._prefix = "" if inside == Path() else f"{inside.as_posix()}/"
        self._tracked = _tracked(repo)
        self._tracked_folders = {
            parent
            for path in self._tracked or ()
            for parent in _parents(path)
            if parent.startswith(self._prefix)
        }
        self._ignored: IgnoreFilterManager = IgnoreFilterManager.from_repo(repo)

    def __contains__(self, path: str) -> bool:
        full = self._prefix + path
        if self._tracked is None or full in self._tracked:
            return True
        try:
            return not self._ignored.is_ignored(full)
        except OSError:  # an ignore file that cannot be read hides nothing
            return True

    def tracks(self, folder: str) -> bool:
        """Whether a folder holds a tracked file."""
        return self._prefix + folder in self._tracked_folders

    def enters(self, folder: str) -> bool:
        """Whether a folder can hold files of this repository."""
        full = self._prefix + folder
        if self._tracked is None or full in self._tracked_folders:
            return True
        try:
            # Another repository, or a submodule, has files of its own.
            return not (
                (self._root / folder / ".git").exists() or self._ignored.may_prune_directory(f"{full}/")
            )
        except OSError:
            return True


def _repository(root: Path) -> Repo | None:
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return None
    from dulwich.repo import Repo  # noqa: PLC0415 - imported where git is read

    try:
        return Repo.discover(str(root))
    except Exception:  # no repository, or one with an extension that dulwich does not know
        return None


def _head(repo: Repo | None) -> str | None:
    if repo is None:
        return None
    try:
        return repo.head().decode("ascii")
    except (KeyError, ValueError, OSError, UnicodeDecodeError):
        return None


def _committed(repo: Repo | None) -> datetime | None:
    if repo is None:
        return None
    from dulwich.objects import Commit  # noqa: PLC0415 - imported where git is read

    try:
        commit = repo[repo.head()]
        return datetime.fromtimestamp(commit.commit_time, UTC) if isinstance(commit, Commit) else None
    except Exception:  # not fetched, damaged, in a pack that dulwich cannot read, in no year at all
        return None


def _tracked(repo: Repo) -> frozenset[str] | None:
    """The paths in git's index; None where it cannot be read whole, so that every file on disk counts."""
    try:
        index = repo.open_index()
        if any(extension.signature == _SPLIT_INDEX for extension in index._extensions):
            return None
        return frozenset(os.fsdecode(path) for path in index)
    except Exception:  # dulwich raises whatever its reading of a newer or damaged index trips over
        return None


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
