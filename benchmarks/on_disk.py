"""A generated project on disk: a workspace with sources, policy and reports; the same as a git checkout."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from benchmarks.generate.model import Counts
from benchmarks.generate.project import SourceFile, gated, source_files
from benchmarks.reports import Report, write_reports

THRESHOLDS = "thresholds.json"
BASE = "base"
_POLICY = ".github/coverage-gate.yml"
_COVERAGERC = "[run]\nbranch = true\nrelative_files = true\n"
_IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false")


class Project:
    """A project of so many source files below a folder; each part is written when it is asked for."""

    def __init__(self, folder: Path, size: int, seed: int = 1) -> None:
        self.size = size
        self.workspace = folder / "workspace"
        self._checkout = folder / "checkout"
        self._seed = seed

    @cached_property
    def modules(self) -> dict[str, tuple[str, Counts]]:
        """The gated modules: of each its file, and the counts that every tool must find."""
        numbers = frozenset(gated(self.size))
        files = (file for number, file in enumerate(self._files()) if number in numbers)
        return {
            f"module-{at:02}": (file.path, Counts.of(file.measured().outcome))
            for at, file in enumerate(files, 1)
        }

    @property
    def counts(self) -> dict[str, Counts]:
        """The gated files' counts, by path."""
        return dict(self.modules.values())

    def write(self, reports: Iterable[Report]) -> None:
        """Write the sources, the settings of each tool, and these reports, where they are not there yet."""
        if not (self.workspace / THRESHOLDS).exists():
            self._write_sources()
            self._write_settings()
        write_reports(reports, self.workspace, self.size, self._seed)

    def bytes_of(self, report: Report) -> int:
        """The size of all of a report's files."""
        return sum((self.workspace / name).stat().st_size for name in report.files)

    @property
    def checkout(self) -> Path:
        """The sources as a git repository, in which a last commit changed each gated file."""
        if not self._checkout.exists():
            self._write_checkout()
        return self._checkout

    def _write_sources(self) -> None:
        for file in self._files():
            path = self.workspace / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.source)

    def _write_settings(self) -> None:
        limits = {path: (_floor(*one[:2]), _floor(*one[2:])) for path, one in self.counts.items()}
        modules = (
            f"  {name}: {{files: {path}, line: {limits[path][0]}, branch: {limits[path][1]}}}\n"
            for name, (path, _) in self.modules.items()
        )
        policy = self.workspace / _POLICY
        policy.parent.mkdir()
        policy.write_text("version: 1\nmodules:\n" + "".join(modules))
        (self.workspace / ".coveragerc").write_text(_COVERAGERC)
        (self.workspace / THRESHOLDS).write_text(json.dumps(limits))

    def _write_checkout(self) -> None:
        self._checkout.mkdir()
        for name in ("src", ".github"):
            subprocess.run(["cp", "-al", self.workspace / name, self._checkout / name], check=True)
        self._git("init", "-q")
        self._git("add", ".")
        self._git("commit", "-qm", "before")
        self._git("branch", BASE)
        for path in self.counts:
            file = self._checkout / path
            changed = file.read_text().replace("RETRIES = 3\n", "RETRIES = 5\n")
            file.unlink()  # the workspace has this file by another name
            file.write_text(changed)
        self._git("commit", "-qam", "after")

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *_IDENTITY, *arguments], cwd=self._checkout, check=True)

    def _files(self) -> Iterable[SourceFile]:
        return source_files(self.size, self._seed)


def _floor(covered: int, total: int) -> int:
    return 100 * covered // total if total else 100
