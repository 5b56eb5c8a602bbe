"""Any change of any file of a run is damage."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import UsageError
from gate.runs.verify import damage, examine
from tests.project import Project

LISTED = ("coverage/coverage.json", "junit/junit.xml", "verdict.json", "summary.md")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Project(tmp_path_factory.mktemp("project"))
    assert project.gate("check", "--run-id", "r1").exit_code == 0
    return project.root / "artifacts/coverage-gate/r1"


@given(st.data())
def test_a_byte_that_is_changed_added_or_taken_away_is_noticed(run: Path, data: st.DataObject) -> None:
    path = run / data.draw(st.sampled_from(LISTED))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.binary(max_size=2).filter(lambda bytes_: bytes_ != content[at : at + 1]))
    path.write_bytes(content[:at] + other + content[at + 1 :])
    try:
        assert any(path.name in sentence for sentence in damage(run))
    finally:
        path.write_bytes(content)
    assert damage(run) == ()


@given(content=st.binary(max_size=400))
def test_whatever_stands_in_the_index_is_a_sentence_and_no_traceback(run: Path, content: bytes) -> None:
    index = (run / "index.json").read_bytes()
    (run / "index.json").write_bytes(content)
    try:
        assert damage(run)
    finally:
        (run / "index.json").write_bytes(index)


def test_what_was_found_as_listed_is_counted(run: Path) -> None:
    examined = examine(run)
    assert (examined.state, examined.files) == ("sound", len(LISTED))
    assert examined.bytes == sum((run / name).stat().st_size for name in LISTED)


def test_a_link_to_a_run_is_verified_as_the_run(run: Path, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(run)
    assert damage(tmp_path / "shortcut") == ()


def test_a_folder_that_may_not_be_looked_into_is_damage(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if str(path).rstrip("/").endswith("coverage"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert "folder 'coverage' cannot be looked into: Permission denied" in damage(run)


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        damage(tmp_path / "none")


def test_a_copy_in_its_own_name_elsewhere_is_sound(run: Path, tmp_path: Path) -> None:
    assert damage(Path(shutil.copytree(run, tmp_path / "r1"))) == ()
