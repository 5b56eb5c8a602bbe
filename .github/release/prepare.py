"""What a release publishes, made from the layouts that the builders left; the rehearsal does the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from .errors import ReleaseError
from .layout import Descriptor, merge, read_platforms
from .pin import check_schema, pin, reference
from .spdx import document, read_contents, validate
from .version import Version


class Prepared(msgspec.Struct, frozen=True):
    """The image of all platforms and its parts by platform, as they lie in the release's folder."""

    image: Descriptor
    platforms: list[Descriptor]
    pinned: str

    def outputs(self) -> dict[str, str]:
        """What the workflow's later steps need: `digest`, `pinned`, and a digest for each architecture."""
        parts = {part.platform.architecture: part.digest for part in self.platforms if part.platform}
        return {"digest": self.image.digest, "pinned": self.pinned, **parts}


def prepare(
    action: bytes, version: Version, image: str, layouts: list[Path], *, created: datetime, folder: Path
) -> Prepared:
    """Fills the folder: `image/` (a layout), `action.yml`, `sbom-ARCHITECTURE.spdx.json`, all of it checked.

    `image` is the name in the registry, without tag: `ghcr.io/owner/name`. `created` is in UTC.
    """
    if not layouts:
        raise ReleaseError("No image layout was given.")
    image = image.lower()
    whole = merge(layouts, folder / "image")
    platforms = read_platforms(folder / "image", whole)
    for part in platforms:
        listed = document(read_contents(folder / "image", part), image, part, version, created)
        validate(listed)
        architecture = str(part.platform).rpartition("/")[2]
        (folder / f"sbom-{architecture}.spdx.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(listed))
        )
    pinned = reference(image, whole.digest)
    (folder / "action.yml").write_bytes(pin(action, pinned))
    check_schema(folder / "action.yml")
    return Prepared(whole, platforms, pinned)
