"""The run's folders as the suites see them: made before the first one starts, and checked where a container
sees a part of the repository only.

A suite with a mount writes below that folder, whatever its container calls it. Whether the container still
sees the folder is tried with a probe, a file that it has to read and to answer, so that a changed compose
file is told at once and not after the suites have run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from gate.errors import UsageError
from gate.evidence.files import Owner, make_folders
from gate.evidence.locate import Place
from gate.suites.container import started_by
from gate.suites.model import Ended
from gate.suites.plan import SHELL, Planned
from gate.text import quoted

OPEN_TO_ALL = 0o777
"""Containers run as users of their own, and have to write below the mount."""

PROBE_SCRIPT = 'read -r word < "$1" && echo "$word" && echo "$word" > "$1.back"'
"""Nothing but the shell's own words: a small image has no other program."""
PROBE_SECONDS = 300
"""An image may have to be pulled first."""
NOT_THERE = (126, 127)
"""What engines exit with where a program cannot be executed or is not there, and also where the working
folder is not: then they do not name the program."""

Try = Callable[[Planned, tuple[str, ...]], Ended]
"""Run a command in a suite's place."""


def hold_mounts(plan: Iterable[Planned], place: Place) -> None:
    """See that each mount is there, and that evidence below it can be evidence of this run.

    Raises UsageError.
    """
    for one in plan:
        mount = one.suite.mount
        if mount is None:
            continue
        if not (place.workspace / mount).is_dir():
            raise UsageError(
                f"suite {quoted(one.name)}: its mount {quoted(mount)} is no folder here; correct it"
            )
        if place.under(mount) is None:
            raise UsageError(
                f"suite {quoted(one.name)} sees {quoted(mount)} only, and could write nothing to "
                f"artifacts-dir {quoted(str(place.artifacts_dir))}, which lies outside of the workspace"
            )


def prepare(plan: Iterable[Planned], place: Place, owner: Owner) -> None:
    """Make the folders that the suites write to. Raises UsageError where one cannot be made."""
    for one in plan:
        mounted = place.under(one.suite.mount)
        base = place.run_folder if mounted is None else mounted
        for _, path in (*one.suite.artifacts, ("", "file")):
            folder = (base / path).parent
            try:
                make_folders(folder, owner)
                if mounted is not None:
                    _open(folder, mounted)
            except OSError as error:
                raise UsageError(
                    f"suite {quoted(one.name)} is to write to {quoted(str(folder))}, which cannot be made: "
                    f"{error.strerror or error}; see who owns the folders above it"
                ) from error


def check_mounts(plan: Iterable[Planned], place: Place, attempt: Try) -> tuple[str, ...]:
    """Have each suite's container read and answer a probe below its mount.

    Returns sentences about suites of which that cannot be tried. Raises UsageError with the reason where a
    container sees something else.
    """
    untried = []
    tried: set[tuple[object, ...]] = set()
    for one in plan:
        mounted = place.under(one.suite.mount)
        if mounted is None:
            continue
        name = f".probe-{secrets.token_hex(8)}"
        command = started_by(one.argv, ("-c", PROBE_SCRIPT, "probe", f"{one.seen_folder}/{name}"))
        why: str | None = "its command is not known to start a container"
        if command is not None:
            # The same container, started in the same place, with the same mount to be seen in it.
            key = (one.suite.mount, one.folder, one.suite.env, command[:-1])
            why = None if key in tried else _probe(one, command, mounted / name, attempt)
            tried.add(key)
        if why is not None:
            mount = quoted(one.suite.mount or "")
            untried.append(f"suite {quoted(one.name)}: {why}, so its mount {mount} was not tried beforehand")
    return tuple(untried)


def _open(folder: Path, mounted: Path) -> None:
    """Let anybody write to a folder, as far up as it is this run's."""
    for part in (folder, *folder.parents):
        if part.is_relative_to(mounted):
            part.chmod(OPEN_TO_ALL)


def _probe(one: Planned, command: tuple[str, ...], probe: Path, attempt: Try) -> str | None:
    """Why the container cannot be tried, None where it answered. Raises UsageError."""
    word = secrets.token_hex(16)
    back = probe.with_name(f"{probe.name}.back")
    try:
        probe.write_text(f"{word}\n")
        probe.chmod(0o644)
        ended = attempt(one, command)
        answered = _answer(back, len(word)) == word
    finally:
        probe.unlink(missing_ok=True)
        back.unlink(missing_ok=True)
    if answered or ended.how == "interrupted":
        return None
    if ended.exit_code in NOT_THERE and any(SHELL in line for line in ended.tail):
        return "its container has no /bin/sh"
    said = next((line for line in reversed(ended.tail) if line.strip() and line.strip() != word), "")
    raise UsageError(
        f"suite {quoted(one.name)}: its container {_fault(ended, word)} the mount "
        f"{quoted(one.suite.mount or '')}: a file laid at {quoted(str(probe))} had to be "
        f"{quoted(command[-1])} in it, to be read and answered; it said "
        f"{quoted(said, 300) if said else 'nothing'}. See what the container mounts, where it starts, and "
        "the suite's `mount`"
    )


def _fault(ended: Ended, word: str) -> str:
    if ended.how == "timeout":
        return f"did not answer within {PROBE_SECONDS} s from"
    if any(line.strip() == word for line in ended.tail):
        return "sees, and cannot write to," if ended.how != "passed" else "sees, and writes to a copy of,"
    return "does not see"


def _answer(back: Path, length: int) -> str:
    """What the container wrote, if that is a plain file: it could lay anything there."""
    if back.is_symlink() or not back.is_file():
        return ""
    with back.open(encoding="ascii", errors="replace") as file:
        return file.read(length)
