"""A small image that runs the example's tests: the base image with Python, pytest and coverage.py."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path

from .base_image import provide_base_image
from .engine import Engine
from .image import cache_folder
from .pip_settings import pip_mounts

REPOSITORY = "localhost/billing-backend-tests"

DOCKERFILE = """\
FROM debian:trixie-slim
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends python3 python3-pip \\
 && rm -rf /var/lib/apt/lists/*
COPY requirements-test.txt /
RUN python3 -m pip install --break-system-packages --no-cache-dir --root-user-action=ignore \\
      --requirement=/requirements-test.txt \\
 && ln -s python3 /usr/bin/python
"""


def provide_suite_image(engine: Engine, example: Path) -> str:
    """The name of the image for the example's own requirements, built if the engine does not hold it yet."""
    requirements = (example / "requirements-test.txt").read_bytes()
    digest = hashlib.sha256(DOCKERFILE.encode() + requirements).hexdigest()[:16]
    image = f"{REPOSITORY}:{digest}"
    with (
        tempfile.TemporaryDirectory(prefix="suite-image-") as scratch,
        (cache_folder() / "suite-image.lock").open("w") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not engine.has_image(image):
            provide_base_image(engine, cache_folder())
            context = Path(scratch) / "context"
            context.mkdir()
            (context / "Dockerfile").write_text(DOCKERFILE)
            (context / "requirements-test.txt").write_bytes(requirements)
            mounts = pip_mounts(os.environ, Path(scratch)) if engine.can_import else []
            engine.build(context, *mounts, "--tag", image)
    return image
