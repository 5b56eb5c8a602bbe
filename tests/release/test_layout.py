from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from release.errors import ReleaseError
from release.files import read_files
from release.layout import merge, read_image, read_platforms

from .layouts import layer, write_index, write_layout


def blob(layout: Path, digest: str) -> bytes:
    return (layout / "blobs/sha256" / digest.removeprefix("sha256:")).read_bytes()


def test_a_merged_image_is_an_index_of_every_platform_named_by_its_own_hash(tmp_path: Path) -> None:
    arm = write_layout(tmp_path / "arm", [layer({"a": "arm"})], "arm64")
    amd = write_layout(tmp_path / "amd", [layer({"a": "amd"})], "amd64")

    image = merge([arm, amd], tmp_path / "both")

    (listed,) = json.loads((tmp_path / "both/index.json").read_text())["manifests"]
    index = json.loads(blob(tmp_path / "both", image.digest))
    assert listed["digest"] == image.digest
    assert image.digest == "sha256:" + hashlib.sha256(blob(tmp_path / "both", image.digest)).hexdigest()
    assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"
    assert [one["platform"] for one in index["manifests"]] == [
        {"architecture": "amd64", "os": "linux"},
        {"architecture": "arm64", "os": "linux"},
    ]
    assert [one["digest"] for one in index["manifests"]] == [
        read_image(amd).digest, read_image(arm).digest,
    ]  # fmt: skip


def test_the_order_of_the_layouts_does_not_change_the_digest(tmp_path: Path) -> None:
    layouts = [write_layout(tmp_path / name, [layer({"a": name})], name) for name in ("arm64", "amd64")]
    digests = {
        merge(order, tmp_path / f"{index}").digest for index, order in enumerate((layouts, layouts[::-1]))
    }
    assert len(digests) == 1


def test_what_a_builder_attached_to_its_image_is_left_out(tmp_path: Path) -> None:
    plain = write_layout(tmp_path / "plain", [layer({"a": "x"})])
    attached = write_layout(tmp_path / "attached", [layer({"a": "x"})], attached=True)
    assert merge([attached], tmp_path / "one").digest == merge([plain], tmp_path / "two").digest


def test_two_images_of_one_platform_are_refused(tmp_path: Path) -> None:
    layouts = [write_layout(tmp_path / name, [layer({"a": name})]) for name in ("one", "two")]
    with pytest.raises(ReleaseError, match="Two images of one platform: linux/amd64, linux/amd64"):
        merge(layouts, tmp_path / "both")


def test_a_layout_of_several_images_is_refused(tmp_path: Path) -> None:
    layout = write_layout(tmp_path, [layer({})])
    write_index(layout, json.loads((layout / "index.json").read_text())["manifests"] * 2)
    with pytest.raises(ReleaseError, match="lists 2 images"):
        read_image(layout)


def test_every_part_is_held_against_its_digest(tmp_path: Path) -> None:
    names = [
        path.name
        for path in (write_layout(tmp_path / "sound", [layer({"a": "x"})]) / "blobs/sha256").iterdir()
    ]
    assert len(names) == 3  # manifest, configuration, layer
    for name in names:
        layout = write_layout(tmp_path / name, [layer({"a": "x"})])
        content = (layout / "blobs/sha256" / name).read_bytes()
        (layout / "blobs/sha256" / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(ReleaseError, match="is not what its name says"):
            read_image(layout)
        (layout / "blobs/sha256" / name).unlink()
        with pytest.raises(ReleaseError, match="cannot be read: No such file"):
            read_image(layout)


def test_a_digest_cannot_lead_out_of_the_layout(tmp_path: Path) -> None:
    layout = write_layout(tmp_path, [layer({})])
    (listed,) = json.loads((layout / "index.json").read_text())["manifests"]
    write_index(layout, [listed | {"digest": "sha256:" + "../" * 21 + "x"}])
    with pytest.raises(ReleaseError, match="is no SHA-256 digest"):
        read_image(layout)


def test_an_index_that_is_none_is_refused(tmp_path: Path) -> None:
    layout = write_layout(tmp_path, [layer({})])
    (layout / "index.json").write_text("[]")
    with pytest.raises(ReleaseError, match=r"index\.json of the image layout is unreadable"):
        read_image(layout)


def files(layout: Path) -> dict[str, str]:
    (manifest,) = read_platforms(layout, read_image(layout))
    found = read_files(layout, manifest, lambda path: path != "unwanted")
    return {path: text.decode() for path, text in found.content.items()} | found.links


def test_the_topmost_layer_says_what_a_file_holds(tmp_path: Path) -> None:
    layers = [layer({"./a": "low", "b": "low", "unwanted": "x"}), layer({"a": "high"}, {"b": "a"})]
    assert files(write_layout(tmp_path, layers)) == {"a": "high", "b": "a"}


@pytest.mark.parametrize(
    ("upper", "left"),
    [
        ({"etc/.wh.a": ""}, {"etc/b/c"}),
        ({".wh.etc": ""}, set()),
        ({"etc/.wh..wh..opq": "", "etc/d": "x"}, {"etc/d"}),
        ({"etc/d": "x", "etc/.wh..wh..opq": ""}, {"etc/d"}),
        ({"etc/b": "a file now"}, {"etc/a", "etc/b"}),
        ({"etc": None}, {"etc/a", "etc/b/c"}),
    ],
)
def test_what_an_upper_layer_removes_is_gone(tmp_path: Path, upper: dict[str, str], left: set[str]) -> None:
    lower = layer({"etc/a": "x", "etc/b/c": "x"})
    assert set(files(write_layout(tmp_path, [lower, layer(upper)]))) == left
