"""One step of a workflow job, run the way GitHub's runner runs a container action."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .action_inputs import input_variables
from .confinement import AS_GITHUB_STARTS_IT, RUNNER_UID, Confinement
from .engine import Engine
from .file_commands import parse_outputs

_FOLDERS = ("workspace", "home", "workflow", "file_commands", "runner_temp")
_FILE_COMMANDS = {
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_STEP_SUMMARY": "step_summary",
    "GITHUB_ENV": "set_env",
    "GITHUB_PATH": "add_path",
    "GITHUB_STATE": "save_state",
}


@dataclass(frozen=True)
class StepResult:
    """What a step leaves: exit code, both streams, outputs by name, the job summary's text."""

    exit_code: int
    stdout: str
    stderr: str
    outputs: Mapping[str, str]
    summary: str

    @property
    def log(self) -> str:
        """Both streams; the runner parses both for workflow commands."""
        return self.stdout + self.stderr


@dataclass(frozen=True)
class Runner:
    """A job's folders on the host, and the run line that mounts them under /github.

    The Docker socket, which the real runner mounts too, is left out: the action has no use for it. The
    network is the host's, so that a server on the loopback address can stand in for GitHub.
    """

    engine: Engine
    image: str
    root: Path
    action: Path
    confinement: Confinement = AS_GITHUB_STARTS_IT

    def __post_init__(self) -> None:
        for name in _FOLDERS:
            (self.root / name).mkdir(parents=True)

    @property
    def workspace(self) -> Path:
        """The checkout; /github/workspace inside."""
        return self.root / "workspace"

    @property
    def home(self) -> Path:
        """The home folder; /github/home inside."""
        return self.root / "home"

    def run(
        self,
        inputs: Mapping[str, str],
        *,
        event: str = "push",
        payload: Mapping[str, object] | None = None,
        token: str = "",
        environment: Mapping[str, str] | None = None,
        read_only: bool = False,
        name: str | None = None,
    ) -> StepResult:
        """Runs the action with the step's `with:`, the event and the job's `env:`, in a container `name`."""
        job = self._job_environment(event, payload or {}) | dict(environment or {})
        context = {name.removeprefix("GITHUB_").lower(): value for name, value in job.items()}
        job |= input_variables(self.action, inputs, context | {"token": token})
        return self._run_container(job, read_only=read_only, name=name)

    def python(
        self, *arguments: str, environment: Mapping[str, str] | None = None, read_only: bool = False
    ) -> StepResult:
        """Runs the image's interpreter instead of the action, with nothing but the given arguments."""
        job = self._job_environment("push", {}) | dict(environment or {})
        return self._run_container(job, ("/usr/bin/python3", *arguments), read_only=read_only)

    def _job_environment(self, event: str, payload: Mapping[str, object]) -> dict[str, str]:
        (self.root / "workflow/event.json").write_text(json.dumps(payload), encoding="utf-8")
        suffix = uuid.uuid4()
        files = {name: f"/github/file_commands/{prefix}_{suffix}" for name, prefix in _FILE_COMMANDS.items()}
        for path in files.values():
            self._on_host(path).touch()
        return {**_JOB, **files, "GITHUB_EVENT_NAME": event}

    def _on_host(self, path: str) -> Path:
        return self.root / Path(path).relative_to("/github")

    def _read(self, path: str) -> str:
        # Not read_text, which would turn carriage returns into line feeds.
        return self._on_host(path).read_bytes().decode(errors="replace")

    def _run_container(
        self, job: Mapping[str, str], program: Sequence[str] = (), *, read_only: bool, name: str | None = None
    ) -> StepResult:
        name = name or f"module-coverage-gate-{uuid.uuid4().hex[:12]}"
        # -e NAME takes the value from the engine's own environment, so no secret is in an argument list. HOME
        # is the exception, since the engine needs its own.
        variables = [option for key in job if key != "HOME" for option in ("-e", key)]
        volumes = [option for key in _FOLDERS for option in ("-v", f"{self.root / key}:/github/{key}")]
        entrypoint = ["--entrypoint", program[0]] if program else []
        arguments = [
            *("run", "--name", name, "--label", "module-coverage-gate-test"),
            *("--workdir", "/github/workspace", "--rm", "-e", f"HOME={job['HOME']}"),
            *(*variables, *entrypoint, *volumes),
            *self.engine.run_options,
            *(self.engine.read_only_options if read_only else ()),
            *self.confinement.options(self.engine.read_only_options),
            *(self.image, *program[1:]),
        ]
        self._hand_over()
        engine_environment = {key: value for key, value in job.items() if key != "HOME"}
        try:
            done = self.engine.run(arguments, environment=engine_environment, timeout=120)
        except subprocess.TimeoutExpired:
            self.engine.run(["rm", "--force", name])
            raise
        return StepResult(
            done.returncode,
            done.stdout,
            done.stderr,
            parse_outputs(self._read(job["GITHUB_OUTPUT"])),
            self._read(job["GITHUB_STEP_SUMMARY"]),
        )

    def _hand_over(self) -> None:
        """Gives the workspace to another user than the container's root, as on a hosted runner.

        Where the container is that user, it has the other folders too.
        """
        if os.geteuid() == 0:
            for folder, _, files in os.walk(self.root if self.confinement.confined else self.workspace):
                for path in (Path(folder), *(Path(folder, file) for file in files)):
                    os.chown(path, RUNNER_UID, RUNNER_UID, follow_symlinks=False)


_JOB = {
    "HOME": "/github/home",
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_ACTION": "__self",
    "GITHUB_ACTOR": "octocat",
    "GITHUB_API_URL": "https://api.github.com",
    "GITHUB_BASE_REF": "",
    "GITHUB_EVENT_PATH": "/github/workflow/event.json",
    "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql",
    "GITHUB_HEAD_REF": "",
    "GITHUB_JOB": "coverage",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REPOSITORY": "octo-org/octo-repo",
    "GITHUB_REPOSITORY_OWNER": "octo-org",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_RUN_ID": "1658821493",
    "GITHUB_RUN_NUMBER": "3",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_SHA": "ffac537e6cbbf934b08745a378932722df287a53",
    "GITHUB_WORKFLOW": "CI",
    "GITHUB_WORKFLOW_REF": "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main",
    "GITHUB_WORKSPACE": "/github/workspace",
    "RUNNER_ARCH": "X64",
    "RUNNER_ENVIRONMENT": "github-hosted",
    "RUNNER_OS": "Linux",
    "RUNNER_TEMP": "/github/runner_temp",
    "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
}
