from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reports.paths import PathResolver

WORKSPACE = "/github/workspace"
HOST = "/home/runner/work/app/app"


def resolve(name: str, *path_map: tuple[str, str]) -> str | None:
    return PathResolver(path_map, (WORKSPACE, HOST)).resolve(name)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("backend/wallet.py", "backend/wallet.py"),
        ("./backend/wallet.py", "backend/wallet.py"),
        ("backend//x/../wallet.py", "backend/wallet.py"),
        ("backend\\wallet.py", "backend/wallet.py"),
        (f"{WORKSPACE}/backend/wallet.py", "backend/wallet.py"),
        (f"{HOST}/backend/wallet.py", "backend/wallet.py"),
        ("/usr/lib/python3/json.py", None),
        ("C:\\app\\wallet.py", None),
        ("../elsewhere.py", None),
        (f"{WORKSPACE}-other/wallet.py", None),
        (".", None),
    ],
)
def test_a_name_becomes_a_repository_path_or_nothing(name: str, path: str | None) -> None:
    assert resolve(name) == path


def test_a_container_prefix_is_mapped_at_a_path_boundary_only() -> None:
    path_map = ("/app/backend", "backend")
    assert resolve("/app/backend/wallet.py", path_map) == "backend/wallet.py"
    assert resolve("/app/backend2/wallet.py", path_map) is None


def test_an_empty_target_is_the_repositorys_root() -> None:
    assert resolve("/app/wallet.py", ("/app", "")) == "wallet.py"


def test_the_longest_prefix_wins_in_whatever_order_they_are_given() -> None:
    short, long = ("/app", "elsewhere"), ("/app/backend/", "backend")
    assert resolve("/app/backend/a.py", short, long) == "backend/a.py"
    assert resolve("/app/backend/a.py", long, short) == "backend/a.py"
    assert resolve("/app/a.py", long, short) == "elsewhere/a.py"


def test_a_dot_maps_every_relative_name_and_no_absolute_one() -> None:
    assert resolve("billing/wallet.py", (".", "backend")) == "backend/billing/wallet.py"
    assert resolve("/billing/wallet.py", (".", "backend")) is None


def test_windows_drives_can_be_mapped() -> None:
    assert resolve("C:\\app\\src\\a.py", ("C:\\app", "")) == "src/a.py"


def test_a_line_for_the_workspace_itself_wins_over_the_default() -> None:
    assert resolve(f"{WORKSPACE}/a.py", (WORKSPACE, "backend")) == "backend/a.py"


def test_a_map_cannot_lead_out_of_the_repository() -> None:
    assert resolve("/app/a.py", ("/app", "../..")) is None


@given(st.text(), st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=3))
def test_what_comes_out_is_always_relative_and_inside(name: str, path_map: list[tuple[str, str]]) -> None:
    path = resolve(name, *path_map)
    assert path is None or not (path.startswith(("/", "../")) or path in ("", ".", ".."))
