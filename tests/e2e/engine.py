"""The container engine of this machine: docker where its daemon answers, else podman."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class EngineError(Exception):
    """A command of the engine failed; the message ends with what the engine said."""


@dataclass(frozen=True)
class Engine:
    """One engine: its command and the options that building, running and saving need with it.

    `can_import` tells podman, which can be handed a base image, from docker, which pulls its own.
    """

    name: str
    command: tuple[str, ...]
    build_options: tuple[str, ...] = ()
    run_options: tuple[str, ...] = ()
    read_only_options: tuple[str, ...] = ("--read-only",)
    oci_options: tuple[str, ...] = ()
    can_import: bool = False

    def run(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs one engine command, output captured; `environment` is added to this process's own."""
        return subprocess.run(
            [*self.command, *arguments],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )

    def must(self, *arguments: str) -> str:
        """The output of an engine command that has to succeed."""
        done = self.run(arguments)
        if done.returncode:
            raise EngineError(f"{self.name} {arguments[0]} exited {done.returncode}:\n{done.stderr[-4000:]}")
        return done.stdout

    def has_image(self, image: str) -> bool:
        """Whether the engine's own store holds the image."""
        return self.run(["image", "inspect", image]).returncode == 0

    def save(self, image: str, archive: Path) -> None:
        """Writes the image as an archive in OCI's layout, as docker does by itself since version 25."""
        self.must("save", *self.oci_options, "--output", str(archive), image)

    def build(self, context: Path, *options: str) -> None:
        """Builds the folder's Dockerfile."""
        self.must("build", *self.build_options, *options, str(context))


DOCKER = Engine("docker", ("docker",))

_LIMITS = ("--ulimit", "nofile=20000:20000", "--ulimit", "nproc=1000:1000")


def podman() -> Engine:
    """Podman with the options that also work inside a container or a sandbox.

    chroot isolation builds without creating name spaces. podman's own limits on open files and processes are
    higher than a sandbox may grant, which ends the container before it starts. Of the two runtimes runc also
    works with control groups of both versions mounted.
    """
    runtime = ("--runtime", "runc") if shutil.which("runc") else ()
    return Engine(
        "podman",
        ("podman", *runtime),
        build_options=("--isolation", "chroot", "--network", "host"),
        run_options=_LIMITS,
        # Without the second, podman keeps /tmp and /run writable, which docker does not.
        read_only_options=("--read-only", "--read-only-tmpfs=false"),
        oci_options=("--format", "oci-archive"),
        can_import=True,
    )


def find_engine() -> Engine | None:
    """Docker if its daemon answers (the command alone is no engine), else podman, else None."""
    if shutil.which("docker") and DOCKER.run(["version", "--format", "{{.Server.Version}}"]).returncode == 0:
        return DOCKER
    return podman() if shutil.which("podman") else None
