"""What can be said of the Dockerfile without an engine."""

from __future__ import annotations

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
