"""The list of what an image contains, as an SPDX document.

https://spdx.github.io/spdx-spec/v2.3/; addresses of packages: https://github.com/package-url/purl-spec
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from .debian import DebianPackage, debian_packages, is_record
from .errors import ReleaseError
from .files import read_files
from .layout import Descriptor
from .python_packages import PythonPackage, is_metadata, python_packages
from .version import Version

# What the workflow attests the document as.
PREDICATE_TYPE = "https://spdx.dev/Document/v2.3"
_OS_RELEASE = "usr/lib/os-release"


class Contents(msgspec.Struct, frozen=True):
    """What an image holds besides the gate itself; `distribution` is like `debian 13`, from os-release."""

    distribution: tuple[str, str]
    debian: list[DebianPackage]
    python: list[PythonPackage]


def read_contents(layout: Path, manifest: Descriptor) -> Contents:
    """What one platform's image holds. An image without any record of either kind is refused as misread."""
    files = read_files(
        layout, manifest, lambda path: path == _OS_RELEASE or is_record(path) or is_metadata(path)
    )
    contents = Contents(
        _distribution(files.content), debian_packages(files.content), python_packages(files.content)
    )
    if not contents.debian or not contents.python:
        raise ReleaseError(
            f"The image shows {len(contents.debian)} Debian and {len(contents.python)} Python packages: "
            "its records lie elsewhere, and a list without them would be wrong."
        )
    return contents


def document(
    contents: Contents, image: str, manifest: Descriptor, version: Version, created: datetime
) -> dict[str, Any]:
    """The SPDX document of one platform's image, which it names by the manifest's digest."""
    name, architecture = image.rpartition("/")[2], str(manifest.platform).rpartition("/")[2]
    digest = manifest.digest.removeprefix("sha256:")
    packages = [
        _package(
            "Image",
            image,
            manifest.digest,
            purl=f"pkg:oci/{name}@sha256%3A{digest}?arch={architecture}&repository_url={image}",
            primaryPackagePurpose="CONTAINER",
            checksums=[{"algorithm": "SHA256", "checksumValue": digest}],
        ),
        # The project has not chosen a licence yet, which is what NONE says.
        _package("Gate", "module-coverage-gate", str(version), licence="NONE"),
        _package("Distribution", *contents.distribution, primaryPackagePurpose="OPERATING-SYSTEM"),
        *(_debian(one, contents.distribution) for one in contents.debian),
        *(_python(one) for one in contents.python),
    ]
    within = [one["SPDXID"] for one in packages[1:]]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{name}-{version}-{architecture}",
        "documentNamespace": f"https://{image}/spdx/{version}/{digest}",
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: module-coverage-gate-release-{version}"],
        },
        "packages": packages,
        "relationships": [
            _relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image"),
            *(_relationship("SPDXRef-Image", "CONTAINS", one) for one in within),
        ],
    }


def validate(document: Mapping[str, Any]) -> None:
    """Holds the document against the specification, as the SPDX project's own tools read it."""
    from spdx_tools.spdx.parser.error import SPDXParsingError  # noqa: PLC0415 half a second
    from spdx_tools.spdx.parser.parse_anything import parse_file  # noqa: PLC0415
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "document.spdx.json"
        path.write_bytes(msgspec.json.encode(document))
        try:
            messages = validate_full_spdx_document(parse_file(str(path)))
        except SPDXParsingError as error:
            raise ReleaseError(f"The list of contents is no SPDX document: {error.messages}") from error
    if messages:
        said = "\n".join(message.validation_message for message in messages)
        raise ReleaseError(f"The list of contents breaks the SPDX specification:\n{said}")


def spdx_expression(licence: str | None) -> str | None:
    """The licence if it is an expression of licences that SPDX lists, else None."""
    from license_expression import ExpressionError, get_spdx_licensing  # noqa: PLC0415 half a second

    try:
        return str(get_spdx_licensing().parse(licence, validate=True)) if licence else None
    except ExpressionError:
        return None


def _debian(package: DebianPackage, distribution: tuple[str, str]) -> dict[str, Any]:
    source = f"{package.source}@{package.source_version}"
    qualifiers = (
        f"arch={package.architecture}&distro={'-'.join(distribution)}&upstream={quote(source, safe='')}"
    )
    return _package(
        f"deb-{package.name}",
        package.name,
        package.version,
        purl=f"pkg:deb/{distribution[0]}/{quote(package.name, safe='')}"
        f"@{quote(package.version, safe='')}?{qualifiers}",
        supplier="Organization: Debian",
        sourceInfo=f"built from Debian's source package {package.source} {package.source_version}",
        **({"homepage": package.homepage} if package.homepage else {}),
    )


def _python(package: PythonPackage) -> dict[str, Any]:
    declared = spdx_expression(package.licence)
    said = (
        {"licenseComments": f"The package says: {package.licence}"}
        if package.licence and not declared
        else {}
    )
    return _package(
        f"python-{package.normalized}",
        package.name,
        package.version,
        purl=f"pkg:pypi/{package.normalized}@{quote(package.version, safe='')}",
        licence=declared,
        **said,
    )


def _package(
    identity: str,
    name: str,
    version: str,
    *,
    purl: str | None = None,
    licence: str | None = None,
    **more: object,
) -> dict[str, Any]:
    reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
    return {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", lambda match: f"-{ord(match[0]):x}-", identity),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence or "NOASSERTION",
        "copyrightText": "NOASSERTION",
        **({"externalRefs": [reference]} if purl else {}),
        **more,
    }


def _relationship(element: str, kind: str, related: str) -> dict[str, str]:
    return {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": related}


def _distribution(content: Mapping[str, bytes]) -> tuple[str, str]:
    lines = content.get(_OS_RELEASE, b"").decode(errors="replace").splitlines()
    fields = {key: value.strip("\"'") for key, _, value in (line.partition("=") for line in lines)}
    return fields.get("ID", "debian"), fields.get("VERSION_ID", "unknown")
