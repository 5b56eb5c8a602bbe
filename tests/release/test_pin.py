from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from release.errors import ReleaseError
from release.pin import check_pinned, check_schema, pin, reference

ROOT = Path(__file__).parents[2]
ACTION = (ROOT / "action.yml").read_bytes()
DIGEST = "sha256:" + "0123456789abcdef" * 4
PINNED = f"docker://ghcr.io/owner/name@{DIGEST}"


def test_one_line_of_action_yml_changes_and_no_other_byte() -> None:
    assert pin(ACTION, PINNED) == ACTION.replace(b"  image: Dockerfile\n", f"  image: {PINNED}\n".encode())


def test_the_pinned_action_fits_githubs_schema(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_bytes(pin(ACTION, PINNED))
    check_schema(tmp_path / "action.yml")


def test_a_file_that_breaks_githubs_schema_is_refused(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_bytes(ACTION.replace(b"using: docker", b"using: dockr"))
    with pytest.raises(ReleaseError, match="does not fit GitHub's schema"):
        check_schema(tmp_path / "action.yml")


def test_a_reference_is_in_lower_case_as_registries_have_it() -> None:
    assert reference("ghcr.io/Owner/Name", DIGEST) == PINNED


@pytest.mark.parametrize(
    ("image", "digest"),
    [
        ("ghcr.io/owner/name", "sha256:0123"),
        ("ghcr.io/owner/name", DIGEST.upper()),
        ("ghcr.io/owner/name:v1", DIGEST),
        ("name", DIGEST),
        ("ghcr.io/owner/name\n  x: y", DIGEST),
        ("", DIGEST),
    ],
)
def test_what_is_no_image_by_its_digest_is_refused(image: str, digest: str) -> None:
    with pytest.raises(ReleaseError, match="is no image by its digest"):
        reference(image, digest)


@pytest.mark.parametrize(
    "action",
    [
        ACTION.replace(b"image: Dockerfile", b"image: docker://ghcr.io/owner/name:v1"),
        ACTION + b"  image: Dockerfile\n",
        b"name: x\n",
    ],
)
def test_only_an_action_that_builds_the_dockerfile_is_pinned(action: bytes) -> None:
    with pytest.raises(ReleaseError, match="needs one line `image: Dockerfile`"):
        pin(action, PINNED)


def test_an_image_line_outside_of_runs_is_not_taken_for_the_actions() -> None:
    action = b"name: x\ninputs:\n  image: Dockerfile\nruns:\n  using: docker\n"
    with pytest.raises(ReleaseError, match=r"no `runs\.image`"):
        pin(action, PINNED)


@given(st.data())
def test_any_other_change_of_a_byte_is_seen(data: st.DataObject) -> None:
    result = pin(ACTION, PINNED)
    position = data.draw(st.integers(0, len(result) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != result[position]))
    with pytest.raises(ReleaseError):
        check_pinned(ACTION, result[:position] + bytes([byte]) + result[position + 1 :], PINNED)


@given(st.integers(0, len(ACTION)), st.binary(min_size=1, max_size=3))
def test_any_byte_that_was_added_is_seen(position: int, added: bytes) -> None:
    result = pin(ACTION, PINNED)
    with pytest.raises(ReleaseError):
        check_pinned(ACTION, result[:position] + added + result[position:], PINNED)
