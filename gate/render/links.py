"""Addresses of files and commits on the GitHub server at hand."""

from __future__ import annotations

import re
from urllib.parse import quote

import msgspec

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_SERVER = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w./-]*)?", re.ASCII)
LONGEST_PATH = 500
"""Percent-encoded; links to longer ones would crowd out what they are about."""

_RUN_ID = re.compile(r"[0-9]{1,20}")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class Links(msgspec.Struct, frozen=True):
    """What links start with: `https://github.com`, `owner/name`, the commit that was measured, the id of the
    workflow run.

    Without a repository or a commit nothing is linked.
    """

    server_url: str = ""
    repository: str = ""
    commit: str | None = None
    run_id: str = ""

    def file(self, path: str, lines: tuple[int, int] | None = None) -> str | None:
        """Where a file of the repository, or lines of it, can be read as they were measured.

        None for a path that would lead out of the repository, as a browser resolves "..", and for a very
        long one.
        """
        root = self._root
        if root is None or not _is_commit(self.commit) or {"", ".", ".."} & set(path.split("/")):
            return None
        try:
            encoded = quote(path.encode("utf-8", "surrogateescape"))
        except UnicodeEncodeError:
            return None
        return (
            f"{root}/blob/{self.commit}/{encoded}{_fragment(lines)}" if len(encoded) <= LONGEST_PATH else None
        )

    def commit_page(self, commit: str) -> str | None:
        """The page of a commit."""
        root = self._root
        return f"{root}/commit/{commit}" if root and _is_commit(commit) else None

    @property
    def run_page(self) -> str | None:
        """The page of the workflow run, where its job summaries are."""
        root = self._root
        return f"{root}/actions/runs/{self.run_id}" if root and _RUN_ID.fullmatch(self.run_id) else None

    @property
    def _root(self) -> str | None:
        if not (_SERVER.fullmatch(self.server_url) and _REPOSITORY.fullmatch(self.repository)):
            return None
        return f"{self.server_url.rstrip('/')}/{self.repository}"


def _is_commit(commit: str | None) -> bool:
    return commit is not None and _COMMIT.fullmatch(commit) is not None


def _fragment(lines: tuple[int, int] | None) -> str:
    if lines is None or lines[0] < 1:
        return ""
    first, last = lines
    return f"#L{first}" if first == last else f"#L{first}-L{last}"
