from __future__ import annotations

import os
from pathlib import Path

import pytest

from gate.evidence.locate import Place, locate


@pytest.fixture
def place(tmp_path: Path) -> Place:
    workspace = tmp_path / "workspace"
    artifacts = workspace / "artifacts"
    workspace.mkdir()
    return Place(workspace, artifacts, artifacts / "this-run")


def put(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def sources(pattern: str, place: Place) -> list[str]:
    return [one.source for one in locate(pattern, place)]


def test_a_glob_finds_files_in_the_order_of_their_names(place: Place) -> None:
    for name in ("b/2.json", "b/1.json", "a/3.json", "a/4.xml"):
        put(place.workspace / "out" / name)
    assert sources("out/*/*.json", place) == ["out/a/3.json", "out/b/1.json", "out/b/2.json"]
    assert sources("out/**/*.xml", place) == ["out/a/4.xml"]


def test_a_path_with_glob_characters_is_found_by_its_own_name(place: Place) -> None:
    put(place.workspace / "cov[1].json")
    assert sources("cov[1].json", place) == ["cov[1].json"]


def test_nothing_is_found_where_nothing_is(place: Place) -> None:
    assert locate("out/*.json", place) == ()
    assert locate("absent.json", place) == ()
    assert locate("\0", place) == ()


def test_other_runs_evidence_is_never_looked_into(place: Place) -> None:
    put(place.artifacts_dir / "earlier-run" / "coverage" / "a.json")
    put(place.artifacts_dir / "latest" / "coverage" / "a.json")
    put(place.run_folder / "coverage" / "a.json")
    assert sources("artifacts/*/coverage/*.json", place) == ["artifacts/this-run/coverage/a.json"]
    assert locate("artifacts/earlier-run/coverage/a.json", place) == ()
    assert locate("other/../artifacts/earlier-run/coverage/a.json", place) == ()


def test_an_absolute_path_outside_the_workspace_is_allowed(place: Place, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside.json")
    (found,) = locate(str(outside), place)
    assert (found.source, found.problem) == (str(outside), None)


@pytest.mark.parametrize("pattern", ["link.json", "folder/secret.json", "../outside/secret.json", "*.json"])
def test_a_relative_path_that_leads_out_of_the_workspace_is_refused(
    place: Place, tmp_path: Path, pattern: str
) -> None:
    secret = put(tmp_path / "outside" / "secret.json")
    (place.workspace / "link.json").symlink_to(secret)
    (place.workspace / "folder").symlink_to(secret.parent)
    (found,) = locate(pattern, place)
    assert found.problem is not None
    assert "out of the workspace" in found.problem


def test_a_link_inside_the_workspace_is_followed(place: Place) -> None:
    put(place.workspace / "real.json")
    (place.workspace / "link.json").symlink_to("real.json")
    (found,) = locate("link.json", place)
    assert found.problem is None


def test_a_dead_link_and_a_loop_are_named(place: Place) -> None:
    (place.workspace / "dead.json").symlink_to("nowhere")
    (place.workspace / "loop.json").symlink_to("loop.json")
    for pattern in ("dead.json", "loop.json"):
        (found,) = locate(pattern, place)
        assert found.problem is not None


def test_a_name_that_is_not_utf8_is_refused_by_a_name_that_is(place: Place) -> None:
    (place.workspace / os.fsdecode(b"cov\xff.json")).write_text("x")
    (found,) = locate("*.json", place)
    assert found.source == r"cov\udcff.json"
    assert found.problem is not None
    assert "not UTF-8" in found.problem


def test_links_in_a_circle_come_to_an_end_and_a_file_is_found_once(place: Place) -> None:
    put(place.workspace / "sub" / "cov.json")
    for name in ("one", "two", "sub/three"):
        (place.workspace / name).symlink_to(place.workspace)
    assert sources("**/cov.json", place) == ["sub/cov.json"]
    assert sources("**/" * 60 + "cov.json", place) == ["sub/cov.json"]


def test_names_with_a_dot_in_front_are_found_only_where_the_pattern_has_one(place: Place) -> None:
    put(place.workspace / ".coverage.json")
    put(place.workspace / ".hidden" / "a.json")
    assert locate("**/*.json", place) == ()
    assert sources(".cov*.json", place) == [".coverage.json"]


def test_a_link_into_another_runs_evidence_is_no_way_around_the_rule(place: Place) -> None:
    put(place.artifacts_dir / "earlier-run" / "coverage" / "a.json")
    (place.workspace / "old").symlink_to(place.artifacts_dir / "earlier-run")
    assert locate("old/coverage/*.json", place) == ()


def test_what_belongs_to_the_system_is_never_read(place: Place) -> None:
    (found,) = locate("/proc/self/environ", place)
    assert found.problem == "belongs to the operating system"


def test_dots_in_a_pattern_are_resolved_as_text(place: Place) -> None:
    put(place.workspace / "out" / "a.json")
    found = [one.path for one in locate("x/../out/../out/*.json", place)]
    assert found == [place.workspace / "out" / "a.json"]


def test_a_fifo_is_refused_without_being_opened(place: Place) -> None:
    os.mkfifo(place.workspace / "cov.json")
    (found,) = locate("cov.json", place)
    assert found.problem == "is not a regular file"


def test_a_folder_is_a_mistake_when_named_and_passed_over_by_a_glob(place: Place) -> None:
    put(place.workspace / "out" / "cov" / "a.json")
    (found,) = locate("out/cov", place)
    assert found.problem == "is a folder; name the files in it"
    assert locate("out/*", place) == ()
