"""What may happen to a finished run, by accident or on purpose, and what is to be said of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Change = Callable[[Path], object]


def edit_json(path: Path, change: Callable[[Any], object]) -> None:
    """Change a document in place."""
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def artifact(index: Any, name: str) -> Any:
    """The entry of the file at a path."""
    return next(one for one in index["artifacts"] if one["path"] == name)


def list_at(path: str) -> Change:
    """List the coverage report at another path."""

    def change(run: Path) -> None:
        edit_json(
            run / "index.json", lambda index: artifact(index, "coverage/coverage.json").update(path=path)
        )

    return change


def edit_index(change: Callable[[Any], object]) -> Change:
    """Change the index alone."""
    return lambda run: edit_json(run / "index.json", change)


def flip_a_byte(run: Path) -> None:
    """Change content without changing its size."""
    path = run / "coverage/coverage.json"
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)


def swap(run: Path) -> None:
    """Exchange two files."""
    verdict, report = run / "verdict.json", run / "coverage/coverage.json"
    content = verdict.read_bytes()
    verdict.write_bytes(report.read_bytes())
    report.write_bytes(content)


def truncate(run: Path) -> None:
    """Cut a file off."""
    os.truncate(run / "junit/junit.xml", 20)


def replace_by_link(run: Path) -> None:
    """Put a link to the same content in a file's place."""
    path = run / "coverage/coverage.json"
    elsewhere = run.parent.parent / "elsewhere.json"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def replace_folder_by_link(run: Path) -> None:
    """Put a link to the same files in a folder's place."""
    elsewhere = run.parent.parent / "elsewhere"
    (run / "coverage").rename(elsewhere)
    (run / "coverage").symlink_to(elsewhere)


def replace_by_fifo(name: str) -> Change:
    """Put something in a file's place that blocks who opens it."""

    def change(run: Path) -> None:
        (run / name).unlink()
        os.mkfifo(run / name)

    return change


def replace_by_folder(run: Path) -> None:
    """Put a folder in a file's place."""
    (run / "junit/junit.xml").unlink()
    (run / "junit/junit.xml").mkdir()


def huge_index(run: Path) -> None:
    """An index of 1 GiB, nearly all of it a hole."""
    os.truncate(run / "index.json", 1 << 30)


def link_index(run: Path) -> None:
    """A link to a good index."""
    (run / "index.json").rename(run.parent.parent / "good.json")
    (run / "index.json").symlink_to(run.parent.parent / "good.json")


def forge_verdict(run: Path) -> None:
    """The verdict of another run, with an index that fits it."""
    edit_json(run / "verdict.json", lambda verdict: verdict.update(run_id="r0"))


TAMPERING: dict[str, tuple[Change, str]] = {
    "edited byte": (flip_a_byte, "'coverage/coverage.json' has changed: its SHA-256 is"),
    "swapped files": (swap, "'coverage/coverage.json' has changed: it holds"),
    "truncated": (truncate, "'junit/junit.xml' has changed: it holds 20 bytes"),
    "added": (
        lambda run: (run / "coverage/more.json").write_text("{}"),
        "'coverage/more.json' is not listed",
    ),
    "added link": (
        lambda run: (run / "x").symlink_to("junit"),
        "'x' is not listed in index.json, and is a link",
    ),
    "removed": (lambda run: (run / "summary.md").unlink(), "'summary.md' is missing"),
    "verdict removed": (lambda run: (run / "verdict.json").unlink(), "'verdict.json' is missing"),
    "link": (replace_by_link, "'coverage/coverage.json' is a link"),
    "folder link": (replace_folder_by_link, "cannot be there: 'coverage' is a link"),
    "fifo": (replace_by_fifo("coverage/coverage.json"), "'coverage/coverage.json' is no regular file"),
    "verdict is a fifo": (replace_by_fifo("verdict.json"), "'verdict.json' is no regular file"),
    "folder": (replace_by_folder, "'junit/junit.xml' is missing"),
    "index is a fifo": (replace_by_fifo("index.json"), "index.json' is no regular file"),
    "index is a link": (link_index, "index.json' is a link"),
    "index is huge": (huge_index, "index.json' is larger than 256 MiB"),
    "index is empty": (lambda run: (run / "index.json").write_text(""), "is not what a check writes"),
    "index is deep": (
        lambda run: (run / "index.json").write_text("[" * 100_000),
        "is not what a check writes",
    ),
    "index is of another schema": (edit_index(lambda index: index.update(schema=2)), "has schema 2"),
    "index forgets a file": (
        edit_index(lambda index: index["artifacts"].remove(artifact(index, "junit/junit.xml"))),
        "'junit/junit.xml' is not listed",
    ),
    "index forgets the verdict": (
        edit_index(lambda index: index["artifacts"].remove(artifact(index, "verdict.json"))),
        "index.json does not list verdict.json",
    ),
    "index forgets a hash": (
        edit_index(lambda index: artifact(index, "junit/junit.xml").update(sha256=None)),
        "'junit/junit.xml' is listed without all of its path, size and hash",
    ),
    "index forgets all but a name": (
        edit_index(
            lambda index: artifact(index, "junit/junit.xml").update(path=None, sha256=None, bytes=None)
        ),
        "'out/junit.xml' is listed as present, without a file",
    ),
    "index counts wrongly": (
        edit_index(lambda index: index.update(missing_count=1)),
        "counts 1 missing and lists 0",
    ),
    "index of another run": (
        edit_index(lambda index: index.update(run_id="r0")),
        "index.json is of run 'r0'",
    ),
    "index of another commit": (
        edit_index(lambda index: index.update(commit="c" * 40)),
        "verdict.json is of run",
    ),
    "verdict of another run": (forge_verdict, "verdict.json is of run 'r0'"),
    "path up": (list_at("../r1/coverage/coverage.json"), "'../r1/coverage/coverage.json' leads out"),
    "path up within": (
        list_at("junit/../coverage/coverage.json"),
        "leads out of the folder, or is no plain path",
    ),
    "absolute path": (list_at("/etc/passwd"), "'/etc/passwd' leads out of the folder"),
    "no path": (list_at(""), "leads out of the folder, or is no plain path"),
    "path through a file": (list_at("verdict.json/x"), "cannot be there: 'verdict.json' is no folder"),
    "index lists itself": (list_at("index.json"), "'index.json' is listed in itself"),
}


def rename(run: Path) -> Path:
    """Give a run's folder another name."""
    return run.rename(run.with_name("r2"))


def copy(run: Path) -> Path:
    """Copy a run under another name."""
    return Path(shutil.copytree(run, run.with_name("r2")))
