"""Debian's packages in an image, by dpkg's own records.

An ordinary image has one file of records; a distroless one has no dpkg, and a file for each package.
https://www.debian.org/doc/debian-policy/ch-controlfields.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

STATUS = "var/lib/dpkg/status"
STATUS_FOLDER = "var/lib/dpkg/status.d/"
PROSE = "what its copyright file says in prose"

_COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])")


class DebianPackage(msgspec.Struct, frozen=True, order=True):
    """One installed binary package, the source package that it is built from, and the version of each."""

    name: str
    version: str
    architecture: str
    source: str
    source_version: str
    homepage: str | None = None


def is_record(path: str) -> bool:
    """Whether the file holds records of packages; a distroless image keeps checksums beside them."""
    return path == STATUS or (path.startswith(STATUS_FOLDER) and not path.endswith(".md5sums"))


def debian_packages(content: Mapping[str, bytes]) -> list[DebianPackage]:
    """The packages that are installed, by name; `content` are the image's files by path."""
    records = [text.decode(errors="replace") for path, text in content.items() if is_record(path)]
    return sorted(
        {_package(fields) for text in records for fields in _paragraphs(text) if _is_installed(fields)}
    )


def licences(copyright_file: str) -> list[str]:
    """The short names of the licences in a package's copyright file, in the order of their first mention.

    The machine-readable form names each. Of the older, free form only those are known that Debian keeps the
    texts of: PROSE says that there may be others.
    https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
    """
    if not re.match(r"Format:[ \t]", copyright_file):
        return list(dict.fromkeys([*_COMMON.findall(copyright_file), PROSE]))
    lines = re.findall(r"^License:[ \t]*(\S.*)$", copyright_file, re.MULTILINE)
    named = [name.strip() for line in lines for name in re.split(r",?\s+(?:and|or)\s+", line)]
    return list(dict.fromkeys(named)) or [PROSE]


def _paragraphs(text: str) -> Iterator[dict[str, str]]:
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields = (
            line.partition(":") for line in paragraph.splitlines() if line[:1] not in ("", " ", "\t", "#")
        )
        yield {name.lower(): value.strip() for name, _, value in fields}


def _is_installed(fields: Mapping[str, str]) -> bool:
    # A record of its own file (distroless) tells no status: what is not installed has no such file.
    return "package" in fields and fields.get("status", "install ok installed").split()[-1] == "installed"


def _package(fields: Mapping[str, str]) -> DebianPackage:
    name, version = fields["package"], fields.get("version", "")
    source = re.fullmatch(r"(\S+)(?:\s+\((.+)\))?", fields.get("source", "")) or re.fullmatch(
        r"(\S+)()", name
    )
    assert source is not None  # noqa: S101 a record has a name
    return DebianPackage(
        name,
        version,
        fields.get("architecture", "all"),
        source[1],
        source[2] or version,
        fields.get("homepage"),
    )
