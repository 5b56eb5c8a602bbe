"""The version: its tag, its major tag, and where the sources declare it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from .errors import ReleaseError

_NUMBER = r"(0|[1-9][0-9]*)"
_TAG = re.compile(rf"v{_NUMBER}\.{_NUMBER}\.{_NUMBER}")


class Version(msgspec.Struct, frozen=True, order=True):
    """MAJOR.MINOR.PATCH, as integers, so that 1.10.0 comes after 1.9.0."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tag(self) -> str:
        """The tag that names this version alone."""
        return f"v{self}"

    @property
    def major_tag(self) -> str:
        """The tag that moves with each version of the same major."""
        return f"v{self.major}"


def parse_tag(tag: str) -> Version:
    """The version of a tag. There are no pre-releases: a tag of any other form is refused."""
    match = _TAG.fullmatch(tag)
    if match is None:
        raise ReleaseError(f"{tag!r} is not of the form vMAJOR.MINOR.PATCH. Push a tag that is.")
    return Version(*map(int, match.groups()))


def declared_version(root: Path) -> Version:
    """The version that pyproject.toml and gate/__init__.py declare, which must be the same."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    package = _dunder_version((root / "gate/__init__.py").read_text())
    if project != package:
        raise ReleaseError(f"pyproject.toml says {project}, gate/__init__.py {package}. Make them the same.")
    return parse_tag(f"v{project}")


def check_declared(version: Version, root: Path) -> None:
    """Refuses a tag whose version is not the one that the sources declare."""
    declared = declared_version(root)
    if declared != version:
        raise ReleaseError(
            f"The tag says {version}, pyproject.toml says {declared}. Tag the commit that declares {version}."
        )


def moves_major_tag(version: Version, tags: Iterable[str]) -> bool:
    """Whether the major tag goes to this version: not where a later one of the same major is out already."""
    others = (parse_tag(tag) for tag in tags if _TAG.fullmatch(tag))
    return all(other <= version for other in others if other.major == version.major)


def _dunder_version(source: str) -> str | None:
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__version__")], value=ast.Constant(value=str(text))):
                return text
    return None
