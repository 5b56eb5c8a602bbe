from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reports.endings import Endings
from gate.reports.model import SourceName
from gate.reports.paths import How, PathResolver, Resolution

WORKSPACE = "/github/workspace"
HOST = "/home/runner/work/app/app"


def resolve(name: str, *path_map: tuple[str, str]) -> str | None:
    return PathResolver(path_map, (WORKSPACE, HOST)).resolve(SourceName(name)).path


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


# Without a prefix that fits: the end of the path decides.


def among(*files: str, **options: Any) -> PathResolver:
    return PathResolver((), (WORKSPACE,), frozenset(files), lambda: Endings(files, lambda _: True), **options)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("/app/open_webui/routers/billing.py", "backend/open_webui/routers/billing.py"),
        ("D:\\a\\app\\backend\\open_webui\\main.py", "backend/open_webui/main.py"),
        ("open_webui/main.py", "backend/open_webui/main.py"),
        ("main.py", "backend/open_webui/main.py"),
        ("/builds/shop/setup.py", "setup.py"),
        ("github.com/acme/shop/setup.py", "setup.py"),
        ("src/open_webui/main.py", "backend/open_webui/main.py"),
    ],
)
def test_the_longest_ending_that_only_one_file_has_is_that_file(name: str, path: str) -> None:
    files = ("backend/open_webui/routers/billing.py", "backend/open_webui/main.py", "setup.py")
    found = among(*files).resolve(SourceName(name))
    assert (found.how, found.path) == (How.BY_ENDING, path)


def test_an_ending_begins_at_a_path_boundary() -> None:
    assert among("backend/xbilling.py").resolve(SourceName("/app/billing.py")) == Resolution(How.FOREIGN)


def test_two_files_with_the_same_ending_are_ambiguous() -> None:
    found = among("a/utils.py", "b/utils.py").resolve(SourceName("/app/utils.py"))
    assert (found.how, found.candidates) == (How.AMBIGUOUS, ("a/utils.py", "b/utils.py"))


def test_a_file_that_is_there_by_its_very_name_is_no_other() -> None:
    found = among("utils.py", "a/utils.py").resolve(SourceName("utils.py"))
    assert (found.how, found.path) == (How.AS_NAMED, "utils.py")


@pytest.mark.parametrize(
    "name",
    [
        "/usr/lib/python3/dist-packages/click/utils.py",
        "/usr/include/c++/12/utils.py",
        "/opt/venv/lib/python3.12/site-packages/utils.py",
        "node_modules/x/backend/utils.py",
        "lib/utils.py",
    ],
)
def test_installed_software_and_a_mere_file_name_in_another_folder_are_not_the_repositorys(name: str) -> None:
    assert among("backend/utils.py").resolve(SourceName(name)).path != "backend/utils.py"


def test_a_relative_name_without_a_source_is_kept_as_it_is() -> None:
    assert among("other.py").resolve(SourceName("gen/made.py")) == Resolution(How.ABSENT, "gen/made.py")


def test_what_git_ignores_is_no_candidate() -> None:
    files = ("backend/a/x.py", "build/lib/a/x.py")
    resolver = PathResolver(
        (), (), frozenset(files), lambda: Endings(files, lambda path: not path.startswith("build/"))
    )
    assert resolver.resolve(SourceName("/app/a/x.py")).path == "backend/a/x.py"


# Folders that the report itself says a name lies below.


def test_a_source_folder_of_the_report_is_put_before_the_name() -> None:
    resolver = among("backend/a.py", "other/a.py")
    assert resolver.resolve(SourceName("a.py", (f"{WORKSPACE}/backend",))).path == "backend/a.py"
    assert resolver.resolve(SourceName("a.py", ("/app/other",))).path == "other/a.py"


def test_of_several_source_folders_the_one_that_has_the_file_counts() -> None:
    folders = (f"{WORKSPACE}/backend", f"{WORKSPACE}/lib")
    assert among("lib/a.py", "x/a.py").resolve(SourceName("a.py", folders)).path == "lib/a.py"
    both = among("lib/a.py", "backend/a.py").resolve(SourceName("a.py", folders))
    assert both.candidates == ("backend/a.py", "lib/a.py")


def test_a_group_of_the_report_tells_equal_packages_apart() -> None:
    files = ("core/src/main/java/com/acme/W.java", "web/src/main/java/com/acme/W.java")
    resolver = among(*files)
    assert resolver.resolve(SourceName("com/acme/W.java", ("web",))).path == files[1]
    assert resolver.resolve(SourceName("com/acme/W.java", ("shop", "core"))).path == files[0]
    assert resolver.resolve(SourceName("com/acme/W.java", ("shop",))).candidates == files


def test_a_group_holds_for_a_file_without_a_package_too() -> None:
    files = ("core/src/main/java/Shop.java", "web/src/main/java/Shop.java")
    assert among(*files).resolve(SourceName("Shop.java", ("web",))).path == files[1]


def test_a_go_import_path_is_below_the_folder_of_its_module() -> None:
    files = ("svc/wallet.go", "svc/internal/wallet.go")
    resolver = among(*files, go_modules=lambda: (("github.com/acme/shop", "svc"),))
    assert resolver.resolve(SourceName("github.com/acme/shop/wallet.go")).path == "svc/wallet.go"


parts = st.sampled_from(["a", "b", "c.py", "d.py"])
some_paths = st.lists(parts, min_size=1, max_size=5).map("/".join)


@given(st.lists(some_paths, min_size=1, max_size=12, unique=True), some_paths)
def test_endings_are_what_comparing_with_every_file_finds(files: list[str], name: str) -> None:
    def shared(path: str) -> int:
        pairs = zip(reversed(path.split("/")), reversed(name.split("/")), strict=False)
        return len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))

    most = max(map(shared, files))
    expected = tuple(sorted(path for path in files if shared(path) == most)) if most else ()
    assert Endings(files, lambda _: True).longest(name) == (most, expected)
