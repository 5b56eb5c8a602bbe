from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from release.changelog import find_section, release_notes
from release.errors import ReleaseError
from release.version import Version, declared_version

ROOT = Path(__file__).parents[2]
CHANGELOG = """\
# Changelog

Words.

## 1.10.0 (not released)

- Third.

## 1.1.0 (2026-11-30)

### Fixed

- Second: ## 1.0.0 is no heading here.

## 1.0.0 (2026-11-01)

- First.
"""


def test_a_versions_notes_are_its_section_without_heading_and_neighbours() -> None:
    section = find_section(CHANGELOG, Version(1, 1, 0))
    assert section.released == date(2026, 11, 30)
    assert section.notes == "### Fixed\n\n- Second: ## 1.0.0 is no heading here.\n"
    assert release_notes(CHANGELOG, Version(1, 0, 0)) == "- First.\n"


def test_a_section_that_is_not_released_yet_is_found_and_makes_no_release() -> None:
    assert find_section(CHANGELOG, Version(1, 10, 0)).released is None
    with pytest.raises(ReleaseError, match=r"says that 1\.10\.0 is not released. Write the date"):
        release_notes(CHANGELOG, Version(1, 10, 0))


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("## 1.0.1 (2026-11-01)\n\n- x\n", "has 0 sections"),
        ("### 1.0.0 (2026-11-01)\n\n- x\n", "has 0 sections"),
        ("## 1.0.0 (2026-11-01)\n- x\n## 1.0.0 (2026-11-02)\n- y\n", "has 2 sections"),
        ("## 1.0.0 (2026-11-01)\n\n \n## 0.9.0 (2026-10-01)\n- y\n", "says nothing"),
        ("## 1.0.0\n- x\n", "needs a date"),
        ("## 1.0.0 (2026-13-01)\n- x\n", "needs a date"),
        ("## 1.0.0 (soon)\n- x\n", "needs a date"),
    ],
)
def test_a_version_without_a_usable_section_is_refused(changelog: str, said: str) -> None:
    with pytest.raises(ReleaseError, match=said):
        find_section(changelog, Version(1, 0, 0))


@given(st.lists(st.text("ab#*- ", min_size=1).map("- x".__add__), min_size=1, max_size=6))
def test_each_of_many_sections_is_found_whole(texts: list[str]) -> None:
    sections = [f"## 1.{number}.0 (2026-11-01)\n\n{text}\n\n" for number, text in enumerate(texts)]
    changelog = "# Changelog\n\n" + "".join(sections)
    found = [find_section(changelog, Version(1, number, 0)).notes for number in range(len(texts))]
    assert found == [text.strip() + "\n" for text in texts]


def test_the_changelog_has_a_section_of_the_declared_version() -> None:
    assert find_section((ROOT / "CHANGELOG.md").read_text(), declared_version(ROOT)).notes
