"""What a document says, as far as it can be understood, and where each part of it stands."""

from __future__ import annotations

from msgspec import UNSET

from gate.policy.mistakes import Mark, Mistake, Path

# Comparing words is slow; whoever misspells more keys than this has another document in hand.
_MOST_MISSPELLINGS = 100


class Reading:
    """The value of a document with the places of its parts.

    `value` is UNSET where nothing of it fits. In it a required field that is missing or wrong is UNSET,
    and every other part that is wrong is left out. The value is whole if there are no `mistakes`.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.value: object = UNSET
        self.mistakes: list[Mistake] = []
        self._values: dict[Path, Mark] = {}
        self._keys: dict[Path, Mark] = {}
        self._wrong: set[Path] = set()
        self._unknown: dict[Path, list[Mistake]] = {}

    def place(self, path: Path, value: Mark) -> None:
        """Note where the value at `path` begins."""
        self._values[path] = value

    def place_key(self, path: Path, key: Mark) -> None:
        """Note where the key stands that `path` ends with."""
        self._keys[path] = key

    def add(self, mistake: Mistake) -> None:
        """Note a mistake, found while the document is read."""
        self.mistakes.append(mistake)
        self._wrong.update(mistake.path[:length] for length in range(len(mistake.path) + 1))

    def add_unknown_key(self, parent: Path, key: str, mark: Mark, known: tuple[str, ...]) -> None:
        """Note a key that the mapping at `parent` does not know."""
        mistake = Mistake(self.source, "unknown key", (*parent, key), mark, key, known)
        self.add(mistake)
        unknown = self._unknown.setdefault(parent, [])
        if len(unknown) < _MOST_MISSPELLINGS:
            unknown.append(mistake)

    def mistake(
        self, path: Path, message: str, known: tuple[str, ...] = (), word: str | None = None
    ) -> Mistake:
        """A mistake at the value of `path`, or at its key where that stands in another line."""
        mark, key = self._values.get(path), self._keys.get(path)
        if key is not None and (mark is None or mark.line != key.line):
            mark = key
        return Mistake(self.source, message, path, mark, word, known)

    def has(self, path: Path) -> bool:
        """Whether anything stands at `path`."""
        return path in self._values

    def is_wrong(self, path: Path) -> bool:
        """Whether the part at `path`, or something in it, has a mistake."""
        return path in self._wrong

    def lacks(self, parent: Path, key: str) -> bool:
        """Whether the mapping at `parent` has neither `key` nor a misspelling of it."""
        if (*parent, key) in self._keys:
            return False
        return all(mistake.nearest != key for mistake in self._unknown.get(parent, ()))

    def keys(self, parent: Path) -> tuple[str, ...]:
        """The keys of the mapping at `parent`, those with wrong values included."""
        depth = len(parent)
        return tuple(
            str(path[-1]) for path in self._keys if len(path) == depth + 1 and path[:depth] == parent
        )
