"""A version's section of CHANGELOG.md, which becomes the release's notes."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from .errors import ReleaseError
from .version import Version

_HEADING = re.compile(r"^## (?P<version>\S+)(?: \((?P<when>[^()\n]*)\))?[ \t]*$", re.MULTILINE)
NOT_RELEASED = "not released"


class Section(msgspec.Struct, frozen=True):
    """What changed in one version, in Markdown; `released` is None while the heading says "not released"."""

    released: date | None
    notes: str


def find_section(changelog: str, version: Version) -> Section:
    """The section below `## MAJOR.MINOR.PATCH (YYYY-MM-DD)` or `## MAJOR.MINOR.PATCH (not released)`.

    Refused: no such section, two of them, one without text, a heading with neither a date nor those words.
    """
    headings = list(_HEADING.finditer(changelog))
    found = [number for number, heading in enumerate(headings) if heading["version"] == str(version)]
    if len(found) != 1:
        raise ReleaseError(f"CHANGELOG.md has {len(found)} sections `## {version} (…)`. Write one.")
    heading, following = headings[found[0]], headings[found[0] + 1 : found[0] + 2]
    notes = changelog[heading.end() : following[0].start() if following else None].strip()
    if not notes:
        raise ReleaseError(f"CHANGELOG.md says nothing of {version}. Write what changed for users.")
    return Section(_released(heading["when"], version), notes + "\n")


def release_notes(changelog: str, version: Version) -> str:
    """The notes of a version that is to be released: its section must have a date."""
    section = find_section(changelog, version)
    if section.released is None:
        raise ReleaseError(
            f"CHANGELOG.md says that {version} is {NOT_RELEASED}. "
            "Write the date in its heading, then tag that commit."
        )
    return section.notes


def _released(when: str | None, version: Version) -> date | None:
    if when == NOT_RELEASED:
        return None
    try:
        return date.fromisoformat(when or "")
    except ValueError:
        raise ReleaseError(
            f"CHANGELOG.md's heading of {version} needs a date, `## {version} (2026-01-31)`, "
            f"or ({NOT_RELEASED})."
        ) from None
