from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from gate.evidence.files import Owner, copy_atomically, describe, make_folders, write_atomically


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    return Owner.of(tmp_path)


def test_what_was_written_is_described_by_size_and_hash(tmp_path: Path, owner: Owner) -> None:
    content = os.urandom(3 << 20)
    source = tmp_path / "source"
    source.write_bytes(content)
    written = copy_atomically(source, tmp_path / "new" / "folder" / "copy", owner)
    assert (tmp_path / "new" / "folder" / "copy").read_bytes() == content
    assert (written.bytes, written.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert describe(source) == written
    assert write_atomically(tmp_path / "again", content, owner) == written


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_copy_that_fails_half_way_leaves_the_old_file_and_no_other(tmp_path: Path, owner: Owner) -> None:
    target = tmp_path / "folder" / "verdict.json"
    write_atomically(target, b"old", owner)
    with pytest.raises(OSError, match="Input/output error"):
        copy_atomically(Path("/proc/self/mem"), target, owner)
    assert target.read_bytes() == b"old"
    assert [path.name for path in target.parent.iterdir()] == ["verdict.json"]


def test_a_link_in_the_way_is_replaced_and_not_written_through(tmp_path: Path, owner: Owner) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    (tmp_path / "verdict.json").symlink_to(victim)
    write_atomically(tmp_path / "verdict.json", b"new", owner)
    assert victim.read_bytes() == b"untouched"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_created_files_and_folders_belong_to_the_workspaces_owner(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    os.chown(workspace, 1001, 1002)
    owner = Owner.of(workspace)
    make_folders(workspace / "a" / "b", owner)
    write_atomically(workspace / "a" / "b" / "c" / "file", b"x", owner)
    for path in workspace.rglob("*"):
        assert (path.stat().st_uid, path.stat().st_gid) == (1001, 1002)
