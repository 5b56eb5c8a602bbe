from __future__ import annotations

from pathlib import Path

import pytest
from release.debian import DebianPackage
from release.errors import ReleaseError
from release.licence_page import debian_table, python_table, replace
from release.locked import locked_packages
from release.python_packages import PythonPackage

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.txt"
PAGE = (ROOT / "docs/licences.md").read_text()


def test_the_pages_python_part_is_what_the_lock_says() -> None:
    table = python_table(locked_packages(LOCK))
    assert replace(PAGE, "python", table) == PAGE, "docs/licences.md is older than the lock: make licences"


def test_every_locked_package_is_on_the_page_but_for_the_one_that_the_image_leaves_out() -> None:
    names = {
        line.partition("==")[0] for line in LOCK.read_text().splitlines() if "==" in line.partition(" ")[0]
    }
    assert len(names) > 10
    assert {package.normalized for package in locked_packages(LOCK)} == names - {"cryptography"}
    assert "cryptography" in names


def test_the_pages_debian_part_names_pythons_and_the_c_librarys_sources() -> None:
    assert "\n| glibc | " in PAGE
    assert "\n| python3.13 | " in PAGE


def test_a_lock_that_is_not_installed_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("click==0.0.1 \\\n    --hash=sha256:00\n    # via x\n")
    with pytest.raises(ReleaseError, match=r"click==0\.0\.1 is locked, .* is installed"):
        locked_packages(lock)
    lock.write_text("no-such-package==1 \\\n    --hash=sha256:00\n")
    with pytest.raises(ReleaseError, match="is locked and not installed"):
        locked_packages(lock)


def test_a_package_that_a_marker_leaves_out_is_left_out(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("colorama==0.4.6 ; sys_platform == 'nowhere' \\\n    --hash=sha256:00\n")
    assert locked_packages(lock) == []


def test_a_page_without_the_place_for_a_table_is_refused() -> None:
    with pytest.raises(ReleaseError, match="one pair of lines"):
        replace("# Licences\n", "python", "")


def test_binaries_of_one_source_are_one_row_with_all_their_licences() -> None:
    packages = [DebianPackage(name, "1", "amd64", "glibc", "1") for name in ("libc6", "libc-bin")]
    table = debian_table(packages, {"libc6": ["LGPL-2.1+", "GPL-2"], "libc-bin": ["GPL-2", "a|b"]})
    assert table.splitlines()[2:] == ["| glibc | libc-bin, libc6 | a\\|b, GPL-2, LGPL-2.1+ |"]


def test_a_package_without_licence_and_home_says_so() -> None:
    assert python_table([PythonPackage("x", "1")]).endswith("|---|---|---|\n| x | 1 | not told |\n")
