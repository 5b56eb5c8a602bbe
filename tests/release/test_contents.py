"""What an image contains, from dpkg's records of both kinds and from Python's metadata."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from release.debian import PROSE, DebianPackage, debian_packages, licences
from release.errors import ReleaseError
from release.layout import Descriptor, Platform, read_image, read_platforms
from release.python_packages import PythonPackage, python_packages, read_metadata
from release.spdx import Contents, document, read_contents, spdx_expression, validate
from release.version import Version

from .layouts import layer, write_layout

LIBC = "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc\nVersion: 2.41-12\n"
PYTHON = """\
Package: python3-minimal
Status: install ok installed
Architecture: amd64
Source: python3-defaults (3.13.5-1~src)
Version: 3.13.5-1
Description: minimal subset
 Version: 9 is a line of the description
Homepage: https://www.python.org/
"""
REMOVED = "Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n"
OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n'
CLICK = "Metadata-Version: 2.4\nName: click\nVersion: 8.5.1\nLicense-Expression: BSD-3-Clause\n\nText\n"

MANIFEST = Descriptor(
    "application/vnd.oci.image.manifest.v1+json", "sha256:00", 1, Platform("amd64", "linux")
)

FOUND = [
    DebianPackage("libc6", "2.41-12", "amd64", "glibc", "2.41-12"),
    DebianPackage(
        "python3-minimal", "3.13.5-1", "amd64", "python3-defaults", "3.13.5-1~src", "https://www.python.org/"
    ),
]
ORDINARY = {"var/lib/dpkg/status": f"{LIBC}\n{REMOVED}\n{PYTHON}"}
DISTROLESS = {
    "var/lib/dpkg/status.d/libc6": LIBC.replace("Status: install ok installed\n", ""),
    "var/lib/dpkg/status.d/libc6.md5sums": "0123  usr/lib/x86_64-linux-gnu/libc.so.6\nPackage: no\n",
    "var/lib/dpkg/status.d/python3-minimal": PYTHON.replace("Status: install ok installed\n", ""),
}
PACKAGES = {"usr/lib/os-release": OS_RELEASE, "app/lib/click-8.5.1.dist-info/METADATA": CLICK}


def listed(folder: Path, files: dict[str, str]) -> dict[str, Any]:
    layout = write_layout(folder, [layer(files)], "arm64")
    (manifest,) = read_platforms(layout, read_image(layout))
    created = datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC)
    contents = read_contents(layout, manifest)
    return document(contents, "ghcr.io/owner/name", manifest, Version(1, 2, 3), created)


@pytest.mark.parametrize("records", [ORDINARY, DISTROLESS], ids=["ordinary", "distroless"])
def test_both_kinds_of_dpkgs_records_give_the_same_packages(records: dict[str, str]) -> None:
    assert debian_packages({path: text.encode() for path, text in records.items()}) == FOUND


@given(st.binary(max_size=200))
def test_any_record_is_read_to_an_end(text: bytes) -> None:
    assert isinstance(debian_packages({"var/lib/dpkg/status": text}), list)


@pytest.mark.parametrize("records", [ORDINARY, DISTROLESS], ids=["ordinary", "distroless"])
def test_the_list_of_an_image_is_valid_and_complete(tmp_path: Path, records: dict[str, str]) -> None:
    found = listed(tmp_path, records | PACKAGES)
    validate(found)
    locators = [
        one["externalRefs"][0]["referenceLocator"] for one in found["packages"] if "externalRefs" in one
    ]
    digest = read_image(tmp_path).digest.removeprefix("sha256:")
    assert locators == [
        f"pkg:oci/name@sha256%3A{digest}?arch=arm64&repository_url=ghcr.io/owner/name",
        "pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc%402.41-12",
        "pkg:deb/debian/python3-minimal@3.13.5-1?arch=amd64&distro=debian-13"
        "&upstream=python3-defaults%403.13.5-1~src",
        "pkg:pypi/click@8.5.1",
    ]
    contained = {one["relatedSpdxElement"] for one in found["relationships"][1:]}
    assert contained == {one["SPDXID"] for one in found["packages"][1:]}
    assert found["creationInfo"]["created"] == "2026-11-30T12:00:01Z"


def test_the_validation_can_fail(tmp_path: Path) -> None:
    found = listed(tmp_path, ORDINARY | PACKAGES)
    with pytest.raises(ReleaseError, match="breaks the SPDX specification"):
        validate(found | {"documentNamespace": "not an address"})
    with pytest.raises(ReleaseError, match="is no SPDX document"):
        validate({key: value for key, value in found.items() if key != "spdxVersion"})


@pytest.mark.parametrize("files", [ORDINARY, {"app/lib/click-8.5.1.dist-info/METADATA": CLICK}, {"a": "b"}])
def test_an_image_whose_records_are_not_found_gives_no_list(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(ReleaseError, match=r"\d Debian and \d Python packages"):
        listed(tmp_path, files)


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        (
            "License-Expression: MIT\nLicense: other\nClassifier: License :: OSI Approved :: BSD License",
            "MIT",
        ),
        ("License: Apache-2.0\nClassifier: License :: OSI Approved :: Apache Software License", "Apache-2.0"),
        (
            "License: A text\n        of two lines\nClassifier: License :: OSI Approved :: MIT License",
            "MIT License",
        ),
        ("License: UNKNOWN", None),
        ("Summary: none", None),
    ],
)
def test_a_licence_is_the_most_exact_that_the_metadata_tells(fields: str, licence: str | None) -> None:
    metadata = f"Metadata-Version: 2.1\nName: x\nVersion: 1\n{fields}\n\nLicense: in the text\n"
    assert read_metadata(metadata.encode()) == PythonPackage("x", "1", licence)


def test_packages_are_sorted_as_indexes_compare_their_names() -> None:
    names = ["PyNaCl", "ruamel.yaml", "pygithub", "Ruamel_Clib"]
    content = {
        f"app/lib/{name}-1.dist-info/METADATA": f"Name: {name}\nVersion: 1\n".encode() for name in names
    }
    assert [package.normalized for package in python_packages(content)] == [
        "pygithub", "pynacl", "ruamel-clib", "ruamel-yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expression"),
    [
        ("Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause"),
        ("MIT License", None),
        ("PSFL", None),
        ("", None),
        (None, None),
        ("(MIT", None),
    ],
)
def test_only_what_spdx_lists_is_declared(said: str | None, expression: str | None) -> None:
    assert spdx_expression(said) == expression


def test_a_machine_readable_copyright_file_names_its_licences() -> None:
    text = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2026 Somebody
License: GPL-2+ or Artistic
 See /usr/share/common-licenses/GPL-2.

Files: lib/*
License: Expat

License: GPL-2+
"""
    assert licences(text) == ["GPL-2+", "Artistic", "Expat"]


def test_a_free_copyright_file_names_the_texts_that_debian_keeps() -> None:
    text = (
        "License: as follows, permission\nSee /usr/share/common-licenses/LGPL-2.1. Or common-licenses/GPL-3."
    )
    assert licences(text) == ["LGPL-2.1", PROSE]
    assert licences("Nothing known") == licences("Format: x\n") == [PROSE]


@given(st.text(max_size=60))
def test_an_identifier_has_only_what_spdx_allows(name: str) -> None:
    contents = Contents(("debian", "13"), [DebianPackage(name, "1", "all", "s", "1")], [])
    found = document(contents, "ghcr.io/o/n", MANIFEST, Version(1, 2, 3), datetime(2026, 11, 30, tzinfo=UTC))
    assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]*", found["packages"][-1]["SPDXID"])
