"""What can be said of the Dockerfile without an engine."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"

    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_final_stage_runs_nothing() -> None:
    # A RUN there would leave the mount points of the build's settings in the published image.
    _, _, final_stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")

    assert "\nRUN " not in final_stage


def test_no_architecture_is_named() -> None:
    # linux/amd64 and linux/arm64 are built from the one file.
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert re.findall(r"amd64|x86[-_]64|arm64|aarch64|--platform", text) == []


def test_it_builds_without_arguments() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert re.findall(r"^(?:ARG|ONBUILD)\b.*", text, re.MULTILINE) == []
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["debian:trixie-slim", "scratch"]
