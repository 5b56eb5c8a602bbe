"""From a file's name in a report to its path in the repository.

Tests run in containers, in subfolders, on other machines: the name is rarely the path. In this order:

1. `path-map` says what a prefix stands for.
2. A name below the workspace, as the runner or the container calls it, is taken relative to it; a Go import
   path likewise relative to the folder whose `go.mod` names the module.
3. A relative name of a file that is there is that file.
4. Else the longest ending of the name, at a path boundary, that exactly one file of the repository has. Where
   two have it, the name is ambiguous. What lies in a folder of installed software is not the repository's;
   of a relative name more than the file's own name must fit, unless that is all there is of either.
5. A relative name that nothing was found for is kept: its source may be absent.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container, Iterable
from enum import Enum
from functools import cached_property

import msgspec

from gate.reports.endings import Endings
from gate.reports.model import SourceName

HERE = "."
"""As FROM of a path-map line: every relative name."""

_DRIVE = re.compile(r"^[A-Za-z]:/")
_INSTALLED = re.compile(
    r"(^|/)(site-packages|dist-packages|node_modules|\.cargo/registry|pkg/mod|\.m2/repository)/"
    r"|^/usr/(local/)?(include|lib|lib64|share)/|^/opt/hostedtoolcache/|^/nix/store/"
)

Prefixes = tuple[tuple[str, str], ...]


class How(Enum):
    """By which rule a name was resolved."""

    MAPPED = "mapped"
    AS_NAMED = "as named"
    BY_ENDING = "by ending"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    FOREIGN = "foreign"


class Resolution(msgspec.Struct, frozen=True):
    """What a name stands for.

    `path` is None for AMBIGUOUS, whose `candidates` are two or more paths, and for FOREIGN. `shared` is how
    many parts of the path were recognised at least, where it was found BY_ENDING.
    """

    how: How
    path: str | None = None
    candidates: tuple[str, ...] = ()
    shared: int = 0


class PathResolver:
    """Resolves names; see the module's rules.

    `roots` are absolute names of the workspace, `files` all paths of the repository, `admitted` whether one
    of them counts (git may ignore it), `go_modules` gives pairs of module path and folder.
    """

    def __init__(
        self,
        path_map: Prefixes,
        roots: tuple[str, ...],
        files: Container[str] = (),
        endings: Callable[[], Endings] = lambda: Endings((), bool),
        go_modules: Callable[[], Prefixes] = lambda: (),
    ) -> None:
        # The user's lines come first, so that one for the workspace itself wins over the default.
        self._prefixes = _longest_first((*path_map, *((root, "") for root in roots)))
        self._mapped = frozenset(_longest_first(path_map))
        self._maps_relative = any(not _is_absolute(prefix) for prefix, _ in self._mapped)
        self._files = files
        self._make_endings = endings
        self._find_go_modules = go_modules

    def resolve(self, name: SourceName) -> Resolution:
        """What a report's name stands for."""
        if name.text in self._files and not (name.under or self._maps_relative):
            return Resolution(How.AS_NAMED, name.text)
        text = plain_name(name.text)
        names = [text] if _is_absolute(text) else [_joined(folder, text) for folder in name.under] or [text]
        found = self._exactly(names) or (self._exactly([text]) if name.under else None)
        best = found or self._by_ending(names, name.under, text.count("/") + 1)
        if best.how is How.FOREIGN and not _is_absolute(text) and _is_repository_path(text):
            return Resolution(How.ABSENT, text)
        return best

    def _exactly(self, names: list[str]) -> Resolution | None:
        """By a prefix, or as a file that is there. Of several folders, the one that has the file."""
        found = [resolution for name in names if (resolution := self._as_it_is(name)) is not None]
        there = [resolution for resolution in found if resolution.path in self._files] or found
        paths = {resolution.path for resolution in there if resolution.path is not None}
        if len(paths) > 1:
            return Resolution(How.AMBIGUOUS, candidates=tuple(sorted(paths)))
        return next((resolution for resolution in there if resolution.path in paths or not paths), None)

    def _as_it_is(self, name: str) -> Resolution | None:
        for pair in self._prefixes:
            if (path := _replaced(name, pair)) is not None:
                how = How.MAPPED if pair in self._mapped else How.AS_NAMED
                return Resolution(how, path) if _is_repository_path(path) else Resolution(How.FOREIGN)
        if name in self._files:
            return Resolution(How.AS_NAMED, name)
        for pair in self._go_modules if name.endswith(".go") else ():
            if (path := _replaced(name, pair)) is not None and path in self._files:
                return Resolution(How.AS_NAMED, path)
        return None

    def _by_ending(self, names: list[str], under: tuple[str, ...], parts_named: int) -> Resolution:
        found = [
            (parts, path)
            for name in names
            if not _INSTALLED.search(name)
            for parts, paths in [self._endings.longest(name.removeprefix("/"))]
            for path in paths
            if parts >= parts_named or _tells(name, path, parts)
        ]
        shared = max((parts for parts, _ in found), default=0)
        candidates = sorted({path for parts, path in found if parts == shared})
        if len(candidates) > 1:
            candidates = _below_most(candidates, shared, under)
        if not candidates:
            return Resolution(How.FOREIGN)
        if len(candidates) > 1:
            return Resolution(How.AMBIGUOUS, candidates=tuple(candidates), shared=shared)
        return Resolution(How.BY_ENDING, candidates[0], shared=shared)

    @cached_property
    def _endings(self) -> Endings:
        return self._make_endings()

    @cached_property
    def _go_modules(self) -> Prefixes:
        return _longest_first(self._find_go_modules())


def plain_name(name: str) -> str:
    """A name with `/`, and without `.`, `..` and doubled separators."""
    return posixpath.normpath(name.replace("\\", "/"))


def _joined(folder: str, name: str) -> str:
    return plain_name(f"{folder}/{name}") if folder else name


def _below_most(candidates: list[str], shared: int, under: tuple[str, ...]) -> list[str]:
    """The candidates whose folders have most of the names that the report says the file lies below."""
    said = {part for folder in under for part in plain_name(folder).split("/")}
    scores = [len(said & set(path.split("/")[:-shared])) for path in candidates]
    return [path for path, score in zip(candidates, scores, strict=True) if score == max(scores)]


def _tells(name: str, path: str, shared: int) -> bool:
    """Whether an ending that a name and a path share says that they are the same file."""
    return shared > 1 or _is_absolute(name) or "/" not in path


def _longest_first(prefixes: Iterable[tuple[str, str]]) -> Prefixes:
    plain = ((_prefix(source), target) for source, target in prefixes)
    return tuple(sorted(plain, key=lambda pair: -len(pair[0])))


def _prefix(text: str) -> str:
    normal = plain_name(text)
    return "" if normal == HERE else normal


def _replaced(name: str, pair: tuple[str, str]) -> str | None:
    prefix, replacement = pair
    rest = _below(name, prefix)
    return None if rest is None else posixpath.normpath(posixpath.join(replacement, rest))


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
