"""The packages of requirements.txt that the image holds, as their metadata describes them here."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

from packaging.requirements import Requirement

from .errors import ReleaseError
from .python_packages import PythonPackage, read_metadata

LEFT_OUT = frozenset({"cryptography"})
"""What the Dockerfile takes out again: PyJWT asks for it where it is there, for keys that we do not have."""


def locked_packages(lock: Path) -> list[PythonPackage]:
    """The locked packages by name, but for those that a marker leaves out on Linux's CPython, or the image.

    Refused where another version is installed than is locked: the page would describe something else.
    """
    lines = re.findall(r"^([A-Za-z0-9][^\\\n]*?)[ \t]*\\?$", lock.read_text(), re.MULTILINE)
    wanted = [
        one
        for one in map(Requirement, lines)
        if one.name not in LEFT_OUT and (one.marker is None or one.marker.evaluate())
    ]
    return sorted((_installed(one) for one in wanted), key=lambda package: package.normalized)


def _installed(wanted: Requirement) -> PythonPackage:
    try:
        distribution = importlib.metadata.distribution(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        raise ReleaseError(f"{wanted} is locked and not installed. Run `make setup`.") from None
    if not wanted.specifier.contains(distribution.version):
        raise ReleaseError(f"{wanted} is locked, {distribution.version} is installed. Run `make setup`.")
    return read_metadata((distribution.read_text("METADATA") or "").encode())
