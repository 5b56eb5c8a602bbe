"""Running a tier: its suites, each in its place, then the check of what they left."""

from __future__ import annotations

import contextlib
import shlex
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from gate.check import Checked, check, place_of, read_policy
from gate.errors import UsageError
from gate.evidence.files import Owner
from gate.evidence.locate import Place
from gate.evidence.workspace import Workspace
from gate.inputs import Inputs
from gate.policy.matching import ModuleMatcher
from gate.policy.resolved import ONLY_SOME, Policy
from gate.suites.attempts import Attempts, not_begun
from gate.suites.clearing import clear
from gate.suites.environment import for_suites
from gate.suites.plan import plan
from gate.suites.progress import Progress
from gate.suites.results import Ran, SuiteResult
from gate.suites.schedule import run_all
from gate.suites.topology import check_mounts, hold_mounts, prepare
from gate.text import quoted
from gate.verdict import Note


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """How a tier is run. `timeout` is in seconds, for suites without one of their own."""

    only: tuple[str, ...] = ()
    jobs: int = 1
    timeout: int | None = None
    fail_fast: bool = False


class Tier:
    """A tier of one policy, ready to be run."""

    def __init__(self, inputs: Inputs, request: Request, environ: Mapping[str, str]) -> None:
        """Raises UsageError where there is nothing to run, or it cannot be."""
        self._inputs = inputs
        self._request = request
        self.policy: Policy = read_policy(inputs)
        self.place: Place = place_of(inputs, self.policy)
        folder = self.place.run_folder
        inside = folder.is_relative_to(inputs.workspace)
        seen = folder.relative_to(inputs.workspace).as_posix() if inside else str(folder)
        self.plan = plan(self.policy, seen, request.only, request.timeout)
        self._environ = for_suites(environ)
        self._owner = Owner.of(inputs.workspace)

    def run(self, progress: Progress, stop: threading.Event) -> Checked:
        """Run the suites and check what they left. `stop` is set where the run was interrupted."""
        since = datetime.now(UTC)
        hold_mounts(self.plan, self.place)
        clear(self.place, self._holds_sources)
        prepare(self.plan, self.place, self._owner)
        attempts = Attempts(place=self.place, environ=self._environ, owner=self._owner, stop=stop)
        try:
            untried = check_mounts(self.plan, self.place, attempts.probe)
        except UsageError:
            with contextlib.suppress(UsageError):  # empty folders that look like an unfinished run
                clear(self.place, lambda folder: False)  # noqa: ARG005 - all in them is ours
            raise
        with progress:
            results, left = run_all(
                self.plan,
                partial(attempts.run, progress),
                stop,
                jobs=self._request.jobs,
                fail_fast=self._request.fail_fast,
            )
        ran = Ran(
            since=since,
            finished=datetime.now(UTC),
            suites=self._with_those_left(results, left, interrupted=stop.is_set()),
            only=tuple(one.name for one in self.plan) if self._left_out() else (),
            notes=tuple(self._notes(untried)),
            interrupted=stop.is_set(),
        )
        # The policy as it was read before: a suite could have changed the file.
        return check(self._inputs, since, ran, self.policy)

    def shown(self) -> list[str]:
        """The plan, a suite a line or more."""
        lines = []
        for one in self.plan:
            waits = f", after {', '.join(sorted(one.after))}" if one.after else ""
            blocks = "" if one.suite.blocking else ", does not block"
            lines.append(
                f"{one.name} (in {one.folder}, {one.timeout} s at most{waits}{blocks}): "
                f"{shlex.join(one.argv)}"
            )
            lines.extend(f"    leaves {kind}: {path}" for kind, path in one.seen.items())
        return lines

    def _holds_sources(self, folder: Path) -> bool:
        """Whether git tracks files of a folder; without git, whether modules have Python sources there."""
        workspace = self._inputs.workspace
        if not folder.is_relative_to(workspace):
            return False
        checkout = Workspace(workspace)
        if checkout.commit is not None:
            return checkout.tracks(folder.relative_to(workspace).as_posix())
        matcher = ModuleMatcher(self.policy.modules)
        return any(
            path.suffix == ".py" and matcher.modules_of(path.relative_to(workspace).as_posix())
            for path in folder.rglob("*")
        )

    def _with_those_left(
        self, results: tuple[SuiteResult, ...], left: tuple[str, ...], *, interrupted: bool
    ) -> tuple[SuiteResult, ...]:
        """The results in the plan's order, with one for each suite that was not begun."""
        why = "the run was interrupted" if interrupted else "a blocking suite had failed (--fail-fast)"
        known = {result.name: result for result in results}
        return tuple(known[one.name] if one.name not in left else not_begun(one, why) for one in self.plan)

    def _left_out(self) -> list[str]:
        planned = {one.name for one in self.plan}
        return [name for name in self.policy.tier.suites if name not in planned]

    def _notes(self, untried: tuple[str, ...]) -> list[Note]:
        notes = [Note("mount-not-tried", sentence) for sentence in untried]
        if left_out := self._left_out():
            names = ", ".join(map(quoted, left_out))
            notes.append(Note(ONLY_SOME, f"--only left out {names}: this is no run of the whole tier"))
        return notes
