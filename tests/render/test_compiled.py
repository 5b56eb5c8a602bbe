from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.render import compiled
from gate.render.environment import _environment, compile_all, markdown_template

TEMPLATES = Path(compiled.__file__).parent / "templates"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "kept")
    _environment.cache_clear()
    yield tmp_path / "kept"
    _environment.cache_clear()


def test_every_template_is_compiled_once_and_found_again(folder: Path) -> None:
    compile_all()
    kept = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(kept) == len(list(TEMPLATES.glob("*.j2")))
    _environment.cache_clear()
    compile_all()
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == kept


def test_a_folder_that_cannot_be_made_or_written_to_costs_only_time(folder: Path) -> None:
    folder.write_text("in the way")
    assert markdown_template("comment.md.j2").name == "comment.md.j2"


def test_a_damaged_compiled_template_is_compiled_anew(folder: Path) -> None:
    compile_all()
    for path in folder.iterdir():
        os.truncate(path, path.stat().st_size // 2)
    _environment.cache_clear()
    assert markdown_template("comment.md.j2").name == "comment.md.j2"


def test_what_is_kept_holds_nothing_that_the_escaping_made() -> None:
    source = _environment(markdown=True).compile("{{ 'a*b' }}{{ 'c*d' | code }}", raw=True)
    assert "'a*b'" in source
    assert "'c*d'" in source
    assert "`" not in source
