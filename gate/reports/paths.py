"""From a file's name in a report to its path in the repository.

Tests run in containers, in subfolders, on other machines: the name is rarely the path. `path-map` says
what a prefix stands for; a name below the workspace, as the runner or the container calls it, is taken
relative to it.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

HERE = "."
"""As FROM of a path-map line: every relative name."""

_DRIVE = re.compile(r"^[A-Za-z]:/")


class PathResolver(msgspec.Struct, frozen=True):
    """Resolves names by prefixes, the longest first. `roots` are absolute names of the workspace."""

    path_map: tuple[tuple[str, str], ...]
    roots: tuple[str, ...]

    def resolve(self, name: str) -> str | None:
        """The repository path of a report's name, with `/`; None where it is not in the repository."""
        name = plain_name(name)
        best = -1
        resolved: str | None = name
        for prefix, replacement in self._prefixes():
            rest = _below(name, prefix)
            if rest is not None and len(prefix) > best:
                best, resolved = len(prefix), posixpath.normpath(posixpath.join(replacement, rest))
        return resolved if resolved is not None and _is_repository_path(resolved) else None

    def _prefixes(self) -> tuple[tuple[str, str], ...]:
        # The user's lines come first, so that one for the workspace itself wins over the default.
        return (
            *((_prefix(source), target) for source, target in self.path_map),
            *((_prefix(root), "") for root in self.roots),
        )


def plain_name(name: str) -> str:
    """A name with `/`, and without `.`, `..` and doubled separators."""
    return posixpath.normpath(name.replace("\\", "/"))


def _prefix(text: str) -> str:
    normal = plain_name(text)
    return "" if normal == HERE else normal


def _below(name: str, prefix: str) -> str | None:
    if not prefix:
        return None if _is_absolute(name) else name
    if name == prefix:
        return ""
    start = prefix if prefix.endswith("/") else f"{prefix}/"
    return name.removeprefix(start) if name.startswith(start) else None


def _is_absolute(name: str) -> bool:
    return name.startswith("/") or _DRIVE.match(name) is not None


def _is_repository_path(path: str) -> bool:
    return not (_is_absolute(path) or path in ("..", HERE) or path.startswith("../"))
