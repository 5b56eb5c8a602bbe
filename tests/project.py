"""A small project on disk with its evidence, for tests that run a whole check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

Branches = Sequence[tuple[int, int]]

POLICY = """\
version: 1
coverage-files: [out/coverage.json]
junit-files: [out/junit.xml]
thresholds: {line: 80, branch: 50}
modules:
  wallet: src/wallet/**
  invoices: {files: src/invoices.py, line: 75}
tiers:
  pr-fast: {coverage: report, suites: [unit, flaky]}
  smoke: {coverage: "off", suites: [unit]}
suites:
  unit: {command: pytest, artifacts: {junit: out/junit.xml}}
  flaky: {command: pytest, artifacts: {junit: flaky.xml}, blocking: false}
"""

JUNIT = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="0" failures="0" skipped="0" tests="2" time="0.1">
<testcase classname="tests.test_wallet" name="test_a" time="0.1"/>
<testcase classname="tests.test_wallet" name="test_b" time="0.1"/>
</testsuite></testsuites>
"""

FAILED_JUNIT = JUNIT.replace('failures="0"', 'failures="1"').replace(
    'name="test_b" time="0.1"/>',
    'name="test_b" time="0.1"><failure message="assert 1 == 2">why</failure></testcase>',
)


# A container's owner may have the workspace by now.
GIT_SETTINGS = [
    option
    for setting in (
        "user.name=Test",
        "user.email=test@example.invalid",
        "init.defaultBranch=main",
        "safe.directory=*",
    )
    for option in ("-c", setting)
]


class Outcome(msgspec.Struct, frozen=True):
    """What a run of the gate printed and returned."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


class Project:
    """A workspace whose evidence passes, until a test changes something."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.put(".github/coverage-gate.yml", POLICY)
        self.put("src/wallet/__init__.py", "")
        self.put("src/wallet/core.py", "x = 1\n" * 10)
        self.put("src/invoices.py", "x = 1\n" * 4)
        self.put("out/junit.xml", JUNIT)
        self.measure({"src/wallet/core.py": (9, 10, (1, 2)), "src/invoices.py": (3, 4, (2, 2))})

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def measure(
        self,
        files: Mapping[str, tuple[int, int, tuple[int, int]]],
        *,
        branches: bool = True,
        name: str = "out/coverage.json",
    ) -> Path:
        """Write a coverage.py JSON: name → (covered lines, lines, (covered branches, branches))."""
        document = {
            "meta": {"format": 3, "version": "7.17.3", "branch_coverage": branches},
            "files": {path: _file(*counts) for path, counts in files.items()},
        }
        return self.put(name, json.dumps(document))

    def gate(self, *arguments: str, **environ: str) -> Outcome:
        """Run `python -m gate` in the workspace as a process of its own."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GITHUB_", "INPUT_")) and name != "CI"
        }
        process = subprocess.run(
            [sys.executable, "-m", "gate", *arguments],
            cwd=self.root,
            env={**inherited, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        return Outcome(process.returncode, process.stdout, process.stderr)

    def commit(self, *, when: datetime | None = None) -> str:
        """Commit all sources, as made at a time, and return the commit's name. Evidence stays untracked."""
        date = (
            {}
            if when is None
            else {"GIT_COMMITTER_DATE": when.isoformat(), "GIT_AUTHOR_DATE": when.isoformat()}
        )
        if not (self.root / ".git").exists():
            self.put(".gitignore", "/out/\n/artifacts/\n/backend/artifacts/\n")
            self._git("init", "-q")
        self._git("add", ".")
        self._git("commit", "-q", "--allow-empty", "-m", "state", **date)
        return self._git("rev-parse", "HEAD")

    def _git(self, *arguments: str, **environ: str) -> str:
        return subprocess.run(
            ["git", *GIT_SETTINGS, *arguments],
            cwd=self.root,
            env={**os.environ, **environ},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def evidence(self, run_id: str, name: str) -> Any:
        return json.loads((self.root / "artifacts" / "coverage-gate" / run_id / name).read_text())


def _file(covered: int, total: int, branches: tuple[int, int]) -> dict[str, Any]:
    arcs = [[1, target] for target in range(2, branches[1] + 2)]
    return {
        "executed_lines": list(range(1, covered + 1)),
        "missing_lines": list(range(covered + 1, total + 1)),
        "excluded_lines": [],
        "executed_branches": arcs[: branches[0]],
        "missing_branches": arcs[branches[0] :],
        "summary": {
            "covered_lines": covered,
            "num_statements": total,
            "missing_lines": total - covered,
            "num_branches": branches[1],
            "covered_branches": branches[0],
            "missing_branches": branches[1] - branches[0],
        },
    }
