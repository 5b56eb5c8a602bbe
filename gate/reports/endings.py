"""Files of the repository by how their paths end, to find the one that a foreign name stands for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable

MOST_CANDIDATES = 50


class Endings:
    """Repository paths, sorted by their parts from the last to the first: equal endings are neighbours."""

    def __init__(self, paths: Iterable[str], admitted: Callable[[str], bool]) -> None:
        self._reversed = sorted(_reversed(path) for path in paths)
        self._admitted = admitted

    def longest(self, name: str) -> tuple[int, tuple[str, ...]]:
        """How many of a name's last parts any admitted path ends with at most, and which paths do so.

        At most MOST_CANDIDATES of them; `(0, ())` where not even the file's name is known.
        """
        if not self._reversed:
            return 0, ()
        backwards = _reversed(name)
        most = self._most_shared(backwards)
        ends = [position + 1 for position, letter in enumerate(backwards) if letter == "/"]
        for shared in range(most, 0, -1):
            found = self._beginning_with(backwards[: ends[shared - 1]])
            if found:
                return shared, found
        return 0, ()

    def _most_shared(self, backwards: str) -> int:
        """The longest ending shared with any path is shared with a neighbour in the sorted list."""
        at = bisect_left(self._reversed, backwards)
        return max((_shared(backwards, near) for near in self._reversed[max(0, at - 1) : at + 1]), default=0)

    def _beginning_with(self, prefix: str) -> tuple[str, ...]:
        found: list[str] = []
        at = bisect_left(self._reversed, prefix)
        last = min(len(self._reversed), at + MOST_CANDIDATES)
        while at < last and self._reversed[at].startswith(prefix):
            path = _reversed(self._reversed[at][:-1])[:-1]
            if self._admitted(path):
                found.append(path)
            at += 1
        return tuple(sorted(found))


def _reversed(path: str) -> str:
    return "/".join(reversed(path.split("/"))) + "/"


def _shared(one: str, other: str) -> int:
    """How many parts, each ended by `/`, two strings begin with in common."""
    count = 0
    for mine, others in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != others:
            break
        count += 1
    return count
