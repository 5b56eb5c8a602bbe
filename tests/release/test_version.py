from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from release.errors import ReleaseError
from release.version import Version, check_declared, declared_version, moves_major_tag, parse_tag

import gate

ROOT = Path(__file__).parents[2]
NUMBERS = st.integers(0, 10**6)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_tag_of_three_numbers_is_its_version(major: int, minor: int, patch: int) -> None:
    version = parse_tag(f"v{major}.{minor}.{patch}")
    assert version == Version(major, minor, patch)
    assert version.tag == f"v{major}.{minor}.{patch}"


@pytest.mark.parametrize(
    "tag",
    ["", "1.2.3", "v1", "v1.2", "v1.2.3.4", "v01.2.3", "v1.2.3-rc.1", "v1.2.3+b", "V1.2.3",
     "v1.2.3\n", "v1.2.٣"],
)  # fmt: skip
def test_any_other_tag_is_refused(tag: str) -> None:
    with pytest.raises(ReleaseError, match=r"is not of the form vMAJOR\.MINOR\.PATCH"):
        parse_tag(tag)


def test_the_sources_declare_one_version() -> None:
    assert str(declared_version(ROOT)) == gate.__version__


def sources(folder: Path, *, project: str, package: str) -> Path:
    (folder / "gate").mkdir()
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{project}"\n')
    (folder / "gate/__init__.py").write_text(f'"""Text."""\n\n__version__ = "{package}"\n')
    return folder


def test_sources_that_disagree_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"pyproject\.toml says 1\.2\.3, gate/__init__\.py 1\.2\.4"):
        declared_version(sources(tmp_path, project="1.2.3", package="1.2.4"))


def test_a_tag_of_another_version_than_the_sources_declare_is_refused(tmp_path: Path) -> None:
    root = sources(tmp_path, project="1.2.3", package="1.2.3")
    check_declared(Version(1, 2, 3), root)
    with pytest.raises(ReleaseError, match=r"The tag says 1\.2\.4, pyproject\.toml says 1\.2\.3"):
        check_declared(Version(1, 2, 4), root)


@pytest.mark.parametrize(
    ("tags", "moves"),
    [
        ([], True),
        (["v1.2.3", "v1"], True),
        (["v1.2.2", "v1.1.9"], True),
        (["v1.10.0"], False),
        (["v2.0.0", "v0.9.0"], True),
        (["v1.3.0-rc.1", "v1.3.0^{}", "other"], True),
    ],
)
def test_the_major_tag_never_goes_back(tags: list[str], moves: bool) -> None:
    assert moves_major_tag(Version(1, 2, 3), tags) is moves
