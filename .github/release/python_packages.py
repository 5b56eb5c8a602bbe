"""Python's packages, by the metadata that each was installed with.

https://packaging.python.org/en/latest/specifications/core-metadata/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser

import msgspec

_CLASSIFIER = "License :: "
_HOMES = ("source", "source code", "repository", "github", "code", "homepage", "home")


class PythonPackage(msgspec.Struct, frozen=True, order=True):
    """One installed package; `licence` is an SPDX expression if the package gives one, else its own words."""

    name: str
    version: str
    licence: str | None = None
    home: str | None = None

    @property
    def normalized(self) -> str:
        """The name as indexes compare it."""
        return normalize(self.name)


def normalize(name: str) -> str:
    """A package's name as indexes compare it: `ruamel.yaml` and `ruamel_yaml` are `ruamel-yaml`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_metadata(path: str) -> bool:
    """Whether the file is the metadata of an installed package."""
    return re.search(r"[^/]+\.dist-info/METADATA$", path) is not None


def python_packages(content: Mapping[str, bytes]) -> list[PythonPackage]:
    """The packages by name; `content` are files by path."""
    found = {read_metadata(text) for path, text in content.items() if is_metadata(path)}
    return sorted(found, key=lambda package: package.normalized)


def read_metadata(content: bytes) -> PythonPackage:
    """The package that a METADATA file describes."""
    fields = BytesParser().parsebytes(content, headersonly=True)
    return PythonPackage(fields["Name"], fields["Version"], _licence(fields), _home(fields))


def _licence(fields: Message) -> str | None:
    # The expression is the field's meaning since 2.4; before, `License` held anything from a name to a text.
    if expression := fields["License-Expression"]:
        return str(expression)
    text = str(fields["License"] or "").strip()
    if text and "\n" not in text and text != "UNKNOWN":
        return text
    named = [
        one.rpartition(" :: ")[2] for one in fields.get_all("Classifier", []) if one.startswith(_CLASSIFIER)
    ]
    return ", ".join(named) or None


def _home(fields: Message) -> str | None:
    links = {label.strip().lower(): url.strip() for label, _, url in
             (str(one).partition(",") for one in fields.get_all("Project-URL", []))}  # fmt: skip
    return next((links[label] for label in _HOMES if label in links), fields["Home-page"])
