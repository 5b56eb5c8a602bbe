"""A tier's suites as they are to be run: commands with the paths that each command sees. Pure."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter

import msgspec

from gate.errors import UsageError
from gate.policy.resolved import Policy, Suite
from gate.text import quoted

DEFAULT_TIMEOUT = 3600
"""Seconds: no suite hangs for ever."""

SHELL = "/bin/sh"

_BRACES = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A suite to be run.

    `seen_folder` is the run's evidence folder as the command sees it: relative to the suite's mount, or to
    where the command runs. `seen` has the path of each artifact likewise, by kind. `after` are those of the
    plan that end before it begins.
    """

    suite: Suite
    argv: tuple[str, ...]
    folder: str
    seen_folder: str
    seen: Mapping[str, str]
    timeout: int
    after: frozenset[str]

    @property
    def name(self) -> str:
        """The suite's name."""
        return self.suite.name

    @property
    def log(self) -> str:
        """Its log in the evidence folder."""
        return f"logs/{self.suite.name}.log"


def plan(
    policy: Policy, run_folder: str, only: Iterable[str] = (), timeout: int | None = None
) -> tuple[Planned, ...]:
    """The chosen tier's suites, each after those that it waits for, else in the tier's order.

    `run_folder` is relative to the workspace, or absolute where it lies elsewhere. `only` leaves the other
    suites out; `timeout` is for suites without one of their own. Raises UsageError.
    """
    suites = {suite.name: suite for suite in policy.suites}
    chosen = dict.fromkeys(policy.tier.suites)
    wanted = tuple(only)
    for name in wanted:
        if name not in chosen:
            known = ", ".join(chosen) or "none"
            raise UsageError(
                f"tier {quoted(policy.tier.name or '')} has no suite {quoted(name)} (it has: {known})"
            )
    names = tuple(name for name in chosen if not wanted or name in wanted)
    if not names:
        raise UsageError(f"tier {quoted(policy.tier.name or '')} names no suites: there is nothing to run")
    _hold_apart([suites[name] for name in names])
    planned = {name: _planned(suites[name], run_folder, frozenset(names), timeout) for name in names}
    return tuple(planned[name] for name in _ordered(planned))


def _hold_apart(suites: Iterable[Suite]) -> None:
    """See that no suite's artifact would be taken for another's. Raises UsageError."""
    owners: dict[str, str] = {}
    for suite in suites:
        for _, path in suite.artifacts:
            for other, owner in owners.items():
                if f"{path}/".startswith(f"{other}/") or f"{other}/".startswith(f"{path}/"):
                    raise UsageError(
                        f"suites {quoted(owner)} and {quoted(suite.name)} both leave {quoted(path)}: one's "
                        "evidence would replace the other's, or pass for it; give each a path of its own"
                    )
        owners |= {path: suite.name for _, path in suite.artifacts}


def _planned(suite: Suite, run_folder: str, among: frozenset[str], timeout: int | None) -> Planned:
    folder = suite.working_directory or "."
    seen_folder = _seen(run_folder, suite)
    seen = {kind: f"{seen_folder}/{path}" for kind, path in suite.artifacts}
    places = {**seen, "run_dir": seen_folder}
    return Planned(
        suite=suite,
        argv=_argv(suite, places),
        folder=folder,
        seen_folder=seen_folder,
        seen=seen,
        timeout=suite.timeout_seconds or timeout or DEFAULT_TIMEOUT,
        after=frozenset(suite.after) & among,
    )


def _seen(run_folder: str, suite: Suite) -> str:
    """A path of the workspace as the command sees it.

    Under a mount the container's working folder is taken for the mounted one, so that the path is the same
    there as it is in the workspace; elsewhere it is relative to where the command runs.
    """
    if suite.mount is not None or suite.working_directory is None or posixpath.isabs(run_folder):
        return run_folder
    return posixpath.relpath(run_folder, suite.working_directory)


def _argv(suite: Suite, places: Mapping[str, str]) -> tuple[str, ...]:
    if suite.shell and isinstance(suite.command, str):
        shell_quoted = {kind: shlex.quote(place) for kind, place in places.items()}
        return (SHELL, "-c", _filled(suite.command, shell_quoted))
    words = shlex.split(suite.command) if isinstance(suite.command, str) else suite.command
    return tuple(_filled(word, places) for word in words)


def _filled(text: str, places: Mapping[str, str]) -> str:
    """Text with the known words in braces replaced; others may mean something to the command."""
    return _BRACES.sub(lambda match: places.get(match[1], match[0]), text)


def _ordered(planned: Mapping[str, Planned]) -> Iterator[str]:
    """Names so that each comes after those that it waits for, else as they were."""
    sorter: TopologicalSorter[str] = TopologicalSorter({name: one.after for name, one in planned.items()})
    sorter.prepare()
    place = {name: number for number, name in enumerate(planned)}
    while sorter.is_active():
        for name in sorted(sorter.get_ready(), key=place.__getitem__):
            yield name
            sorter.done(name)
