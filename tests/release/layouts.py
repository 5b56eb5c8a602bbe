"""Image layouts of a few files, written as the image specification says, by other code than reads them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def layer(files: Mapping[str, str | None], links: Mapping[str, str] | None = None) -> bytes:
    """A compressed layer: text by path (None: an empty folder), and targets of symbolic links by path."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.type = tarfile.REGTYPE if text is not None else tarfile.DIRTYPE
            member.size = len((text or "").encode())
            archive.addfile(member, io.BytesIO((text or "").encode()))
        for path, target in (links or {}).items():
            member = tarfile.TarInfo(path)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return gzip.compress(raw.getvalue(), mtime=0)


def write_layout(
    folder: Path, layers: Sequence[bytes], architecture: str = "amd64", *, attached: bool = False
) -> Path:
    """A layout of one platform; `attached`: below an index, beside an attestation, as BuildKit has it."""
    config = _blob(folder, CONFIG, _json({"architecture": architecture, "os": "linux", "rootfs": {}}))
    manifest = _manifest(folder, config, [_blob(folder, LAYER, content) for content in layers])
    if attached:
        claim = _manifest(folder, config, [])
        claim["annotations"] = {
            "vnd.docker.reference.digest": manifest["digest"],
            "vnd.docker.reference.type": "attestation-manifest",
        }
        claim["platform"] = {"architecture": "unknown", "os": "unknown"}
        manifest["platform"] = {"architecture": architecture, "os": "linux"}
        manifest = _blob(
            folder, INDEX, _json({"schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest, claim]})
        )
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    write_index(folder, [manifest])
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


def write_index(folder: Path, manifests: list[dict[str, Any]]) -> None:
    (folder / "index.json").write_bytes(_json({"schemaVersion": 2, "manifests": manifests}))


def _manifest(folder: Path, config: dict[str, Any], layers: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
    return _blob(folder, MANIFEST, _json(content))


def _blob(folder: Path, kind: str, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    path = folder / "blobs/sha256" / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}


def _json(document: object) -> bytes:
    return json.dumps(document).encode()
