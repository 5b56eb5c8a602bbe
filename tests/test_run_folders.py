"""What `gate run` removes before it begins, and what it refuses to touch or cannot write to."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import COPIES, RunProject, other

NOBODY = 65534
DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP of linux/prctl.h
CAPABILITIES = (1, 2, 3)  # to write, to read and to change what another user owns: linux/capability.h
BELOW = "artifacts/coverage-gate/r"
MOUNTED = {**COPIES, "mount": "backend"}


@pytest.fixture
def project(tmp_path: Path) -> RunProject:
    project = RunProject(tmp_path)
    project.policy({"unit": COPIES})
    return project


def test_folders_of_other_runs_and_of_suites_without_mounts_stay(project: RunProject) -> None:
    for name in ("artifacts/coverage-gate/s/x", f"frontend/{BELOW}/x", "backend/artifacts/coverage-gate/s/x"):
        project.put(name, "kept")
    gone = [project.put(name, "gone") for name in (f"{BELOW}/x", f"backend/{BELOW}/deep/x")]
    project.policy({"unit": {**MOUNTED, "command": "true", "blocking": False}})
    assert project.run().exit_code == 3
    assert (project.root / "artifacts/coverage-gate/s/x").exists()
    assert (project.root / f"frontend/{BELOW}/x").exists()
    assert (project.root / "backend/artifacts/coverage-gate/s/x").exists()
    assert not any(path.exists() for path in gone)


def test_a_link_in_a_folder_that_goes_is_not_followed(project: RunProject) -> None:
    precious = project.put("precious/x", "precious")
    (project.root / "artifacts/coverage-gate/r").mkdir(parents=True)
    (project.root / "artifacts/coverage-gate/r/link").symlink_to(precious.parent)
    assert project.run().exit_code == 0
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("link", [BELOW, "artifacts", f"backend/{BELOW}", "backend/artifacts"])
def test_what_lies_behind_a_link_is_refused(project: RunProject, link: str) -> None:
    precious = project.put("precious/coverage-gate/r/x", "precious")
    project.put("backend/x", "")
    path = project.root / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(precious.parent if link.endswith("r") else project.root / "precious")
    project.policy({"unit": MOUNTED})
    outcome = project.run()
    assert outcome.exit_code == 2
    assert "nothing is removed or made through links" in outcome.output
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("link", ["backend", "backend/artifacts"])
def test_nothing_is_made_behind_a_link_out_of_the_workspace(project: RunProject, link: str) -> None:
    outside = project.root.parent / f"{project.root.name}-outside"
    outside.mkdir()
    if link != "backend":
        (project.root / "backend").mkdir()
    (project.root / link).symlink_to(outside)
    project.policy({"unit": MOUNTED})
    outcome = project.run()
    assert outcome.exit_code == 2
    assert "nothing is removed or made through links" in outcome.output
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("with_git", [True, False])
def test_sources_are_never_taken_for_an_earlier_run(project: RunProject, with_git: bool) -> None:
    if with_git:
        project.commit()
    outcome = project.gate("run", "--tier", "t", "--artifacts-dir", ".", "--run-id", "src")
    assert outcome.exit_code == 2
    assert "holds files of the repository" in outcome.output
    assert (project.root / "src/wallet/core.py").exists()


def test_a_mount_is_no_way_to_have_sources_removed(project: RunProject) -> None:
    project.put("backend/src/main.py", "x = 1\n")
    project.policy({"unit": MOUNTED})
    project.commit()
    outcome = project.gate("run", "--tier", "t", "--artifacts-dir", ".", "--run-id", "src")
    assert outcome.exit_code == 2
    assert (project.root / "backend/src/main.py").exists()
    assert (project.root / "src/wallet/core.py").exists()


def test_a_suite_with_a_mount_cannot_write_out_of_the_workspace(project: RunProject) -> None:
    project.put("backend/x", "")
    project.policy({"unit": MOUNTED})
    outside = project.root.parent / f"{project.root.name}-outside"
    outcome = project.run("--artifacts-dir", str(outside))
    assert outcome.exit_code == 2
    assert "lies outside of the workspace" in outcome.output
    assert not outside.exists()


def test_an_artifacts_dir_that_cannot_be_made_is_told(project: RunProject) -> None:
    project.put("artifacts", "a file")
    outcome = project.run()
    assert outcome.exit_code == 2
    assert "Not a directory" in outcome.output or "File exists" in outcome.output
    assert "Traceback" not in outcome.output


def test_a_full_disk_is_told_and_nothing_passes(project: RunProject) -> None:
    # No file may grow beyond a kilobyte: as on a full disk, writing fails.
    project.policy({"unit": COPIES, "loud": other("head -c 100000 /dev/zero")})
    limited = f"ulimit -f 1; exec {sys.executable} -m gate run --tier t --run-id r"
    done = subprocess.run(
        ["/bin/sh", "-c", f"trap '' XFSZ; {limited}"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CI": ""},
    )
    assert done.returncode == 2, done
    assert "File too large" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert project.verified() == "unfinished"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave files of another user")
def test_what_a_container_left_as_another_user_is_told(project: RunProject) -> None:
    left = project.put(f"{BELOW}/traces/x", "left by a container")
    for path in (left, left.parent):
        os.chown(path, NOBODY, NOBODY)

    def give_up_roots_rights() -> None:
        for capability in CAPABILITIES:
            ctypes.CDLL(None).prctl(DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)

    done = subprocess.run(
        [sys.executable, "-m", "gate", "run", "--tier", "t", "--run-id", "r"],
        cwd=project.root,
        preexec_fn=give_up_roots_rights,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CI": ""},
    )
    assert done.returncode == 2, done
    assert (
        f"what an earlier run left in '{project.folder}' cannot be removed: Permission denied" in done.stdout
    )
    assert "A container that runs as root leaves files of root" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert left.exists()
