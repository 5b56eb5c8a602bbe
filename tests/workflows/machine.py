"""A workflow's jobs, each in a checkout of its own, with the artifacts that they hand to each other.

`run:` steps are run by the shell that GitHub uses, and the gate's own step by the container's door, with the
variables that the runner makes of it. Artifacts are folders.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.e2e.action_inputs import input_variables
from tests.e2e.file_commands import parse_outputs

from .expressions import filled, holds

ROOT = Path(__file__).parents[2]
LEFT_OUT = {
    "Install the test tools": "they are installed: the tests run on them",
    "Install the test tools and the gate": "so is the gate, from this checkout",
}


@dataclass(frozen=True)
class Done:
    """What became of a job: exit codes by the step's name, its job summary, and all that was printed."""

    codes: Mapping[str, int]
    summary: str
    log: str

    @property
    def passed(self) -> bool:
        """Whether the job is green."""
        return not any(self.codes.values())


@dataclass
class Machine:
    """What all jobs of one workflow run share. `context` has the values of expressions by name."""

    repository: Path
    workflow: Path
    rooms: Path
    context: Mapping[str, str]
    environ: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.document: Any = YAML(typ="safe").load(self.workflow.read_text(encoding="utf-8"))
        self.artifacts = self.rooms / "artifacts-of-the-run"
        self.rooms.mkdir(parents=True)

    def wanted(self) -> list[str]:
        """The jobs that this event runs, as their `if:` have it."""
        jobs = self.document["jobs"].items()
        return [name for name, job in jobs if holds(job.get("if", ""), self.context, failed=False)]

    def run(self, name: str, leg: str = "", **more: str) -> Done:
        """Run a job in a fresh checkout; `more` are further values of its matrix."""
        room = self.rooms / f"{name}{leg}"
        subprocess.run(["git", "clone", "-q", self.repository, room], check=True, capture_output=True)
        return _Job(
            self, self.document["jobs"][name], room, {**self.context, "matrix.leg": leg, **more}
        ).run()


class _Job:
    def __init__(self, machine: Machine, job: Any, room: Path, context: Mapping[str, str]) -> None:
        self._machine = machine
        self._steps = job["steps"]
        self._room = room
        self._context = dict(context)
        self._files = room.with_name(f"{room.name}-files")
        self._files.mkdir()
        (self._files / "event.json").write_text(json.dumps(machine.payload), encoding="utf-8")
        self._log: list[str] = []
        self._env: dict[str, str] = {}
        self._env = self._environ({**machine.document.get("env", {}), **job.get("env", {})})
        self._context |= {f"env.{key}": value for key, value in self._env.items()}

    def run(self) -> Done:
        codes: dict[str, int] = {}
        for step in self._steps:
            name = step.get("name", step.get("uses", "").partition("@")[0])
            if name not in LEFT_OUT and holds(step.get("if", ""), self._context, failed=any(codes.values())):
                codes[name] = self._step(step)
        summary = self._files / "summary.md"
        return Done(
            codes, summary.read_text(encoding="utf-8") if summary.exists() else "", "".join(self._log)
        )

    def _step(self, step: Any) -> int:
        env = self._environ(step.get("env", {}))
        if "run" in step:
            return self._process(["bash", "-e", "-c", filled(step["run"], self._context)], env)
        inputs = {key: filled(_plain(value), self._context) for key, value in step.get("with", {}).items()}
        match step["uses"].partition("@")[0]:
            case "actions/checkout":
                assert inputs["persist-credentials"] == "false"
            case "actions/setup-python":
                pass
            case "actions/upload-artifact":
                return self._upload(inputs)
            case "actions/download-artifact":
                return self._download(inputs)
            case "module-coverage-gate/module-coverage-gate":
                return self._gate(step.get("id", ""), inputs, env)
            case other:
                raise AssertionError(f"{other} is not known here")
        return 0

    def _gate(self, identity: str, inputs: Mapping[str, str], env: Mapping[str, str]) -> int:
        github = {
            name.removeprefix("github."): value
            for name, value in self._context.items()
            if name.startswith("github.")
        }
        variables = input_variables(ROOT / "action.yml", inputs, {"token": "", **github})
        output = self._files / "output"
        output.write_text("", encoding="utf-8")
        code = self._process(
            [sys.executable, str(ROOT / "entrypoint.py")],
            {**self._machine.environ, **env, **variables, "GITHUB_OUTPUT": str(output)},
        )
        for key, value in parse_outputs(output.read_text(encoding="utf-8")).items():
            self._context[f"steps.{identity}.outputs.{key}"] = value
        return code

    def _upload(self, inputs: Mapping[str, str]) -> int:
        target, source = self._machine.artifacts / inputs["name"], self._room / inputs["path"]
        if not source.is_dir():
            return 1
        hidden = inputs.get("include-hidden-files") == "true"
        shutil.copytree(source, target, ignore=None if hidden else shutil.ignore_patterns(".*"))
        return 0

    def _download(self, inputs: Mapping[str, str]) -> int:
        pattern = inputs.get("name") or inputs["pattern"]
        assert "name" in inputs or inputs["merge-multiple"] == "true"
        artifacts = self._machine.artifacts
        found = sorted(artifacts.iterdir()) if artifacts.is_dir() else []
        fitting = [one for one in found if fnmatch.fnmatchcase(one.name, pattern)]
        for one in fitting:
            shutil.copytree(one, self._room / inputs["path"], dirs_exist_ok=True)
        return 0 if fitting or "pattern" in inputs else 1

    def _process(self, command: list[str], env: Mapping[str, str]) -> int:
        done = subprocess.run(command, cwd=self._room, env=env, capture_output=True, text=True, check=False)
        self._log.append(done.stdout + done.stderr)
        return done.returncode

    def _environ(self, own: Mapping[str, object]) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GITHUB_", "INPUT_", "COV")) and name != "CI"
        }
        return {
            **inherited,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self._context["github.event_name"],
            "GITHUB_EVENT_PATH": str(self._files / "event.json"),
            "GITHUB_SHA": self._context["github.sha"],
            "GITHUB_STEP_SUMMARY": str(self._files / "summary.md"),
            **self._env,
            **{key: filled(_plain(value), self._context) for key, value in own.items()},
        }


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
