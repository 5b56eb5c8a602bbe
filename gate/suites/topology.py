"""The run's folders as the suites see them: made before the first one starts, and checked where a container
sees a part of the repository only.

A suite with a mount writes below that folder, whatever its container calls it. Whether the container still
sees the folder is tried with a probe, a file that it has to read and to answer, so that a changed compose
file is told at once and not after the suites have run.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from gate.errors import UsageError
from gate.evidence.files import Owner, make_folders
from gate.evidence.globs import real
from gate.evidence.locate import Place
from gate.suites.container import started_by
from gate.suites.plan import Planned
from gate.text import quoted

OPEN_TO_ALL = 0o777
"""Containers run as users of their own, and have to write below the mount."""

PROBE_SCRIPT = 'cat "$1" && cp "$1" "$1.back"'
PROBE_SECONDS = 120

Try = Callable[[Planned, tuple[str, ...]], tuple[bool, str]]
"""Run a command in a suite's place: whether it ended well, and the last line that it printed."""


def clear(place: Place) -> None:
    """Remove this run's folder, here and below each mount: what is left of an earlier run proves nothing.

    Raises UsageError where a folder is a link out of the workspace, or cannot be removed.
    """
    for folder in place.run_folders:
        if folder.is_symlink() or not _lies_in(folder, place):
            raise UsageError(
                f"evidence folder {quoted(str(folder))} is a link, or leads out of the workspace"
            )
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise UsageError(
                f"what an earlier run left in {quoted(str(folder))} cannot be removed: "
                f"{error.strerror or error}; remove it, or name the run anew"
            ) from error


def prepare(plan: Iterable[Planned], place: Place, owner: Owner) -> None:
    """Make the folders that the suites write to."""
    for one in plan:
        mounted = place.under(one.suite.mount)
        base = place.run_folder if mounted is None else mounted
        for _, path in (*one.suite.artifacts, ("", "file")):
            folder = (base / path).parent
            make_folders(folder, owner)
            if mounted is not None:
                for part in (folder, *folder.parents):
                    if part.is_relative_to(mounted):
                        part.chmod(OPEN_TO_ALL)


def check_mounts(plan: Iterable[Planned], place: Place, attempt: Try) -> tuple[str, ...]:
    """Have each suite's container read and answer a probe below its mount.

    Returns sentences about suites of which that cannot be tried. Raises UsageError with the reason where a
    container sees something else.
    """
    untried = []
    tried: set[tuple[str, ...]] = set()
    for one in plan:
        mounted = place.under(one.suite.mount)
        if one.suite.mount is None:
            continue
        if mounted is None:
            raise UsageError(
                f"suite {quoted(one.name)} sees {quoted(one.suite.mount)} only, and could write nothing to "
                f"artifacts-dir {quoted(str(place.artifacts_dir))}, which lies outside of the workspace"
            )
        name = f".probe-{secrets.token_hex(8)}"
        seen = f"{one.seen_folder}/{name}"
        command = started_by(one.argv, ("-c", PROBE_SCRIPT, "probe", seen))
        if command is None:
            untried.append(
                f"suite {quoted(one.name)}: its command is not known to start a container, so its mount "
                f"{quoted(one.suite.mount)} was not tried beforehand"
            )
        elif command[:-1] not in tried:
            _probe(one, command, mounted / name, attempt)
            tried.add(command[:-1])
    return tuple(untried)


def _probe(one: Planned, command: tuple[str, ...], probe: Path, attempt: Try) -> None:
    word = secrets.token_hex(16)
    back = probe.with_name(f"{probe.name}.back")
    try:
        probe.write_text(word)
        probe.chmod(0o644)
        well, said = attempt(one, command)
        answered = back.is_file() and back.read_text() == word
    finally:
        probe.unlink(missing_ok=True)
        back.unlink(missing_ok=True)
    if well and answered:
        return
    what = "does not see" if not well else "sees, and does not write to,"
    raise UsageError(
        f"suite {quoted(one.name)}: its container {what} the mount {quoted(one.suite.mount or '')}: a file "
        f"laid at {quoted(str(probe))} had to be {quoted(command[-1])} in it, and it said "
        f"{quoted(said, 200) if said else 'nothing'}; see what the container mounts, and the suite's `mount`"
    )


def _lies_in(folder: Path, place: Place) -> bool:
    workspace = place.workspace
    return not folder.is_relative_to(workspace) or real(folder).is_relative_to(real(workspace))
