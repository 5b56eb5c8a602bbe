"""A project whose suites are small commands, for tests that run a whole tier as a process."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.project import JUNIT, Project

MODULES = {"wallet": {"files": "src/wallet/**", "line": 80, "branch": 50}}
LEAVES = {"junit": "junit/unit.xml", "coverage": "coverage/unit.json"}
COPIES = {
    "command": "cp made/junit.xml {junit} && cp made/coverage.json {coverage}",
    "shell": True,
    "artifacts": LEAVES,
}
"""A suite that passes: it leaves a JUnit and a coverage report."""
ENOUGH = 60.0
"""Seconds that nothing here takes, however busy the machine is."""


def other(command: str | list[str], **more: Any) -> dict[str, Any]:
    """A suite that leaves nothing that is expected of it; a text is run by a shell."""
    return {"command": command, "shell": isinstance(command, str), **more}


class RunProject(Project):
    """The reports that suites copy lie in `made/`. All that a suite starts has a mark in its environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.put("src/wallet/core.py", "x = 1\n" * 10)
        self.put("made/junit.xml", JUNIT)
        self.measure({"src/wallet/core.py": (9, 10, (1, 2))}, name="made/coverage.json")
        self.mark = f"gate-test-{secrets.token_hex(8)}"

    def policy(self, suites: Mapping[str, Any], *, modules: Any = MODULES, **tier: Any) -> None:
        """A policy with one tier, `t`, of all the suites; JSON is YAML."""
        tiers = {"t": {"suites": list(suites), **tier}}
        document = {"version": 1, "modules": modules, "tiers": tiers, "suites": suites}
        self.put(".github/coverage-gate.yml", json.dumps(document))

    def run(self, *arguments: str, **environ: str) -> Any:
        """`gate run --tier t`, as a process; the outcome."""
        return self.gate("run", "--tier", "t", "--run-id", "r", *arguments, **environ)

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        """The same, not waited for, in a process group of its own."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GITHUB_", "INPUT_")) and name != "CI"
        }
        return subprocess.Popen(
            [sys.executable, "-m", "gate", "run", "--tier", "t", "--run-id", "r", *arguments],
            cwd=self.root,
            env={**inherited, "MARK": self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
            **more,
        )

    @property
    def folder(self) -> Path:
        return self.root / "artifacts/coverage-gate/r"

    @property
    def verdict(self) -> Any:
        return self.evidence("r", "verdict.json")

    @property
    def codes(self) -> list[str]:
        return [reason["code"] for reason in self.verdict["reasons"]]

    def verified(self, run_id: str = "r") -> str:
        """What `gate verify` finds of a run: sound, unfinished, or all that it says."""
        outcome = self.gate("verify", f"artifacts/coverage-gate/{run_id}")
        if outcome.exit_code == 0:
            return "sound"
        return "unfinished" if "unfinished" in outcome.output else outcome.output

    def processes(self) -> list[int]:
        """Who carries the mark and is alive (a zombie's environment is empty)."""
        return marked(self.mark)


def marked(mark: str) -> list[int]:
    """The processes that have a mark in their environment and are alive (a zombie's is empty)."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def signalled(process: subprocess.Popen[str], number: signal.Signals, *, whole_group: bool) -> None:
    """Send a signal to a process, or to its group as a terminal does."""
    (os.killpg if whole_group else os.kill)(process.pid, number)


def until(true: Callable[[], object]) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + ENOUGH
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
