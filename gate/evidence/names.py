"""What the names in reports stand for in this workspace: resolved once each, and surveyed by report."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from functools import cache
from heapq import nsmallest

from gate.errors import UnreadableArtifact
from gate.evidence.files import MOST_SOURCE, read_from
from gate.evidence.model import Ambiguity, Survey
from gate.evidence.workspace import Workspace
from gate.reports.endings import Endings
from gate.reports.model import FileCoverage, SourceName
from gate.reports.paths import How, PathResolver, Prefixes, Resolution, plain_name
from gate.text import quoted

SAMPLE_NAMES = 3
MOST_GO_MODULES = 200


class Names:
    """The checked-out repository as a report's reader may ask about it (`gate.reports.model.Repository`)."""

    def __init__(
        self,
        workspace: Workspace,
        path_map: Prefixes,
        roots: tuple[str, ...],
        wanted: Callable[[str], bool],
    ) -> None:
        self._workspace = workspace
        self._wanted = wanted
        resolver = PathResolver(
            path_map,
            roots,
            workspace.on_disk,
            lambda: Endings(workspace.on_disk, workspace.admits),
            self._go_modules,
        )
        self.resolve: Callable[[SourceName], Resolution] = cache(resolver.resolve)
        self.wants: Callable[[SourceName], bool] = cache(self._wants)
        # Of all reports' names: shards repeat each other, and sets are counted without a loop over names.
        self._seen: set[SourceName] = set()
        self._by_way: dict[How, set[SourceName]] = defaultdict(set)
        self._by_suffix: dict[str, set[SourceName]] = defaultdict(set)
        self._resolved: set[SourceName] = set()

    def path_of(self, name: SourceName) -> str | None:
        """The repository path that a name stands for."""
        return self.resolve(name).path

    def read(self, path: str) -> bytes | None:
        """The content of a file of the repository; None where it is not there, or may not be read."""
        try:
            return read_from(self._workspace.root, path, MOST_SOURCE)
        except OSError:
            return None

    def by_path(
        self, files: Mapping[SourceName, FileCoverage]
    ) -> tuple[dict[str, FileCoverage], tuple[Ambiguity, ...]]:
        """A report's files by repository path, and the paths that several of its names may stand for.

        Spellings of one name (`./a.py`, `a.py`) are one file. Of different names the one that fits best has
        the path; where two fit alike, the path was measured by neither.
        """
        claims: dict[str, list[SourceName]] = defaultdict(list)
        for name in sorted(files):
            path = self.resolve(name).path
            if path is not None:
                claims[path].append(name)
        found: dict[str, FileCoverage] = {}
        ambiguous: list[Ambiguity] = []
        for path, names in claims.items():
            best = self._best(names)
            if len({(plain_name(name.text), name.under) for name in best}) > 1:
                ambiguous.append(Ambiguity(tuple(name.text for name in best), (path,)))
                continue
            for name in best:
                found[path] = found[path] | files[name] if path in found else files[name]
        return found, tuple(ambiguous)

    def ambiguous(self, names: Set[SourceName], measured: Iterable[str]) -> tuple[Ambiguity, ...]:
        """The names that may stand for several files, one of which is wanted and not measured otherwise."""
        already = frozenset(measured)
        return tuple(
            Ambiguity((name.text,), resolution.candidates, resolution.shared)
            for name in sorted(names & self._by_way[How.AMBIGUOUS])
            for resolution in [self.resolve(name)]
            if any(self._wanted(path) and path not in already for path in resolution.candidates)
        )

    def hold(self, survey: Survey, names: Set[SourceName]) -> None:
        """Refuse a report of which nothing resolves, though the repository has files of its kind."""
        if survey.resolved or not (names and survey.suffixes):
            return
        of_kind = [path for path in self._workspace.on_disk if path.endswith(tuple(survey.suffixes))]
        shown = nsmallest(
            SAMPLE_NAMES,
            filter(self._workspace.admits, of_kind),
            key=lambda path: (not self._wanted(path), path),
        )
        if not shown:
            return
        named = nsmallest(SAMPLE_NAMES, (name.text for name in names))
        line = f"{_folder(named) or '.'}={_folder(shown)}"
        raise UnreadableArtifact(
            f"names no file of the repository: it names {_listed(named)}, the repository has "
            f"{_listed(shown)}; if these are the same files, say so with a path-map line, as {quoted(line)}"
        )

    def foreign(self) -> tuple[str, ...]:
        """A few names, of all reports, that belong to no module."""
        return tuple(nsmallest(SAMPLE_NAMES, (name.text for name in self._seen if not self.wants(name))))

    def survey(self, names: Set[SourceName]) -> Survey:
        """What the names of a report stand for."""
        for name in names - self._seen:
            self._see(name)
        ways = {how: count for how in How if (count := len(names & self._by_way[how]))}
        example = min(names & self._by_way[How.BY_ENDING], default=None)
        return Survey(
            names=len(names),
            ways=ways,
            example=None if example is None else (example.text, self.path_of(example) or ""),
            resolved=len(names & self._resolved),
            suffixes=frozenset(suffix for suffix, having in self._by_suffix.items() if names & having),
        )

    def _see(self, name: SourceName) -> None:
        self._seen.add(name)
        resolution = self.resolve(name)
        self._by_way[resolution.how].add(name)
        text = name.text
        dot = text.rfind(".")
        if dot > text.rfind("/") + 1:
            self._by_suffix[text[dot:]].add(name)
        if self.wants(name) or resolution.path in self._workspace.on_disk or resolution.candidates:
            self._resolved.add(name)

    def _wants(self, name: SourceName) -> bool:
        path = self.resolve(name).path
        return path is not None and self._wanted(path)

    def _best(self, names: list[SourceName]) -> list[SourceName]:
        """Of names with one path, those that fit it best: exactly, else by the longest ending."""

        def fit(name: SourceName) -> tuple[bool, int]:
            resolution = self.resolve(name)
            return resolution.how is not How.BY_ENDING, resolution.shared

        best = max(map(fit, names))
        return [name for name in names if fit(name) == best]

    def _go_modules(self) -> Prefixes:
        """Module path and folder of each go.mod."""
        files = nsmallest(
            MOST_GO_MODULES,
            (path for path in self._workspace.on_disk if posixpath.basename(path) == "go.mod"),
        )
        return tuple(
            (words[1].decode("utf-8", "replace").strip('"`'), posixpath.dirname(path))
            for path in files
            for line in (self.read(path) or b"").splitlines()
            for words in [line.split()]
            if len(words) > 1 and words[0] == b"module"
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _folder(names: Iterable[str]) -> str:
    """The folder that all names lie in; empty where they share none."""
    folders = [posixpath.dirname(plain_name(name)) for name in names]
    try:
        return posixpath.commonpath(folders)
    except ValueError:  # absolute and relative names, or no name at all
        return ""
