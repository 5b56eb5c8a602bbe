"""Which files a module's globs take in: gitignore's rules over repository paths with `/`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from gate.policy.resolved import Module

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_WILD = re.compile(r"[*?\[\\]")


def wrong_with(glob: str) -> str | None:
    """Why a glob cannot match anything, as a sentence's end; None where it can."""
    bare = glob.removeprefix("!")
    if not bare.strip():
        return "is blank and matches nothing"
    if glob.startswith("#"):
        return "is a comment by gitignore's rules; write '\\#' for a name that begins with '#'"
    if {".", ".."} & set(bare.rstrip().split("/")):
        return "matches nothing: globs begin at the repository's root, without './' and '../'"
    try:
        include = _compiled((glob,)).patterns[0].include
    except (ValueError, re.error):
        include = None
    return "is not a gitignore-style glob that can match anything" if include is None else None


class ModuleMatcher:
    """Finds the modules of a path without trying every module's globs on it.

    Globs are filed under the folder or name that they begin with, so that a path asks only the modules
    that can have it; their own globs decide, the last that matches winning.
    """

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = tuple(modules)
        self._anywhere: set[int] = set()
        self._by_name: dict[str, set[int]] = {}
        self._by_prefix: dict[str, set[int]] = {}
        for number, module in enumerate(self._modules):
            for glob in module.files:
                self._file_under(number, glob)
        self._depths = sorted({prefix.count("/") + 1 for prefix in self._by_prefix})

    def modules_of(self, path: str) -> tuple[Module, ...]:
        """The modules whose globs take the path in, in the order of the policy."""
        segments = path.split("/")
        candidates = set(self._anywhere)
        if not self._by_name.keys().isdisjoint(segments):
            candidates.update(*(self._by_name.get(segment, ()) for segment in segments))
        for depth in self._depths:
            if depth > len(segments):
                break
            candidates |= self._by_prefix.get("/".join(segments[:depth]), frozenset())
        if not candidates:
            return ()
        asked = (self._modules[number] for number in sorted(candidates))
        return tuple(module for module in asked if matches(module, path))

    def _file_under(self, number: int, glob: str) -> None:
        bare = glob.rstrip()
        if bare.startswith("!"):
            return
        segments = bare.rstrip("/").split("/")
        literal: list[str] = []
        for segment in segments:
            if _WILD.search(segment):
                break
            literal.append(segment)
        if len(segments) == 1:
            # A bare name matches at any depth.
            self._file(self._by_name, literal, number)
        else:
            self._file(self._by_prefix, ["/".join(literal).removeprefix("/")] if literal else [], number)

    def _file(self, files: dict[str, set[int]], names: list[str], number: int) -> None:
        for name in names:
            if name:
                files.setdefault(name, set()).add(number)
        if not any(names):
            self._anywhere.add(number)


def matches(module: Module, path: str) -> bool:
    """Whether the module's globs take in the file at a repository path."""
    return _compiled(module.files).match_file(path)


@cache
def _compiled(globs: tuple[str, ...]) -> GitIgnoreSpec:
    # The import is as slow as reading a policy; whoever only renders a verdict does without it.
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    # The other back ends are used where they happen to be installed, and differ in corner cases.
    return GitIgnoreSpec.from_lines(globs, backend="simple")
