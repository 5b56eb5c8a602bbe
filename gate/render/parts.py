"""One comment out of the parts of several legs, each behind a hidden line of its own.

The hidden line tells a part's name, the commit that it is about, and a hash of its whole text, by which it
is known again where it was cut for want of room.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import unquote

import msgspec

from gate.render.escape import SEAM
from gate.render.marker import PRODUCT, encoded
from gate.render.past import read_state, state_line

COMMENT_LIMIT = 65_536
"""GitHub's, in characters; kept in bytes, the strictest reading."""

UNKNOWN = "-"
"""Stands for a commit that is not known."""

_LINE = re.compile(
    rf"^<!-- {PRODUCT}-part: ([A-Za-z0-9_.%~-]+) ([0-9a-f]{{7,64}}|-) ([0-9a-f]{{16}}) -->$", re.MULTILINE
)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class Part(msgspec.Struct, frozen=True):
    """A leg's part: its name as it stands in the hidden line, the commit, the hash of the whole text, and as
    much of the text as is shown."""

    name: str
    commit: str
    hash: str
    text: str

    @property
    def line(self) -> str:
        """The hidden line in front of the text."""
        return f"<!-- {PRODUCT}-part: {self.name} {self.commit} {self.hash} -->"

    @property
    def remembered(self) -> Part | None:
        """What is kept of a part that a later commit has made obsolete: the failure that it told of."""
        state = read_state(self.text)
        return None if state is None else msgspec.structs.replace(self, text=state_line(state))


def part_of(name: str, commit: str | None, text: str) -> Part:
    """A part with its whole text, in which nothing can be taken for a hidden line but its own state."""
    known = commit if commit is not None and _COMMIT.fullmatch(commit) else UNKNOWN
    state, rest = _divided(_plain(text))
    safe = state + rest.replace(f"<!-- {PRODUCT}", f"<!{SEAM}-- {PRODUCT}")
    return Part(encoded(name), known, hashlib.sha256(_encoded(safe)).hexdigest()[:16], safe)


def read_parts(body: str) -> dict[str, Part]:
    """The parts of a comment by name; of two with one name the last. A comment without parts has none."""
    pieces = _LINE.split(_plain(body))[1:]
    fields = zip(pieces[0::4], pieces[1::4], pieces[2::4], pieces[3::4], strict=True)
    return {name: Part(name, commit, whole, _plain(text)) for name, commit, whole, text in fields}


def merged(marker: str, earlier: dict[str, Part], ours: Part, cut: str) -> str | None:
    """The comment with our part among those of the same commit, by name; of other commits' parts nothing is
    shown. A part that has no room ends with the line `cut`. None where not even that fits.

    Where our part stands already, whole or cut as it had to be, it stays as it is.
    """
    parts = {name: kept for name, part in earlier.items() if (kept := _kept(part, ours.commit)) is not None}
    there = parts.get(ours.name)
    parts[ours.name] = ours if there is None or not _same(there, ours, cut) else there
    order = sorted(parts.values(), key=lambda part: (unquote(part.name), part.name))
    lines = _size(marker) + sum(_size(part.line) + len("\n\n\n") for part in order)
    shown = _fitted([part.text for part in order], COMMENT_LIMIT - lines, cut)
    if shown is None:
        return None
    pieces = (f"{part.line}\n{text}" for part, text in zip(order, shown, strict=True))
    return "\n\n".join((marker, *pieces)).rstrip("\n")


def _kept(part: Part, commit: str) -> Part | None:
    return part if part.commit == commit else part.remembered


def _same(there: Part, ours: Part, cut: str) -> bool:
    """Whether a part that was read is ours: all of it, or what cutting leaves of it."""
    if (there.commit, there.hash) != (ours.commit, ours.hash):
        return False
    return there.text in (ours.text, _cut(ours.text, _size(there.text), cut))


def _fitted(texts: list[str], room: int, cut: str) -> list[str] | None:
    """The texts, of which the longest are cut to one length where all together need more than `room`."""
    if sum(_size(_cut(text, 0, cut)) for text in texts) > room:
        return None
    share = _share([_size(text) for text in texts], room)
    shown = [_cut(text, share, cut) for text in texts]
    while (excess := sum(map(_size, shown)) - room) > 0:
        # A headline is never cut: what it is too long by, the others have to give.
        share -= max(1, excess // len(texts))
        shown = [_cut(text, share, cut) for text in texts]
    return shown


def _share(sizes: Iterable[int], room: int) -> int:
    """The largest length to which all longer ones are cut so that the sum is no more than `room`."""
    left, share = room, 0
    waiting = sorted(sizes)
    while waiting:
        share = left // len(waiting)
        if waiting[0] > share:
            return share
        left -= waiting.pop(0)
    return room


def _cut(text: str, room: int, cut: str) -> str:
    """The beginning of a text, in whole lines outside of every fold; its state and its headline always."""
    if _size(text) <= room:
        return text
    state, rest = _divided(text)
    lines = rest.split("\n")
    kept, depth, size = 1, 0, _size(state) + _size(lines[0])
    for number, line in enumerate(lines[1:], start=2):
        size += _size(line) + 1
        depth += line.startswith("<details>") - (line == "</details>")
        if size + _size(cut) + 2 > room:
            break
        if not depth:
            kept = number
    beginning = (state + "\n".join(lines[:kept])).rstrip("\n")
    return f"{beginning}\n\n{cut}" if _size(beginning) + _size(cut) + 2 <= room else beginning


def _divided(text: str) -> tuple[str, str]:
    """The state line with its line break, if there is one, and the rest."""
    if read_state(text) is None:
        return "", text
    line, _, rest = text.partition("\n")
    return f"{line}\n", rest


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").lstrip("\n").rstrip()


def _size(text: str) -> int:
    return len(_encoded(text))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
