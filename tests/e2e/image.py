"""The action's image, built once for each content of what goes into it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .base_image import provide_base_image
from .engine import Engine
from .pip_settings import pip_mounts

REPOSITORY = "localhost/module-coverage-gate"
KEPT_IMAGES = 5

_ANOTHER_TIME = 1_000_000_000

_INGREDIENTS = ("Dockerfile", ".dockerignore", "requirements.txt", "entrypoint.py", "gate")


def cache_folder() -> Path:
    """Where the base image's archive and the build's lock live between sessions."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "module-coverage-gate"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def provide_image(engine: Engine, root: Path) -> str:
    """The name of the image of the sources under `root`, built if the engine does not hold it yet.

    Builds from a copy of the sources, so that an edit during the build cannot end up under the wrong name.
    Sessions that run at the same time wait for each other.
    """
    with _sources(root) as context, _lock(cache_folder()):
        image = f"{REPOSITORY}:{_digest(context)}"
        if not engine.has_image(image):
            _build(engine, context, "--tag", image)
            _forget_old_images(engine)
        return image


@contextmanager
def another_build(engine: Engine, root: Path) -> Iterator[str]:
    """The name of an image of the same sources that shares nothing with other builds, there for a while.

    Its sources have other times and modes than those under `root`, as another clone may have them.
    """
    image = f"{REPOSITORY}-again:{uuid.uuid4().hex[:12]}"
    with _sources(root) as context:
        for path in context.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
            os.utime(path, (_ANOTHER_TIME, _ANOTHER_TIME))
        with _lock(cache_folder()):
            _build(engine, context, "--no-cache", "--tag", image)
    try:
        yield image
    finally:
        engine.run(["image", "rm", image])


def _build(engine: Engine, context: Path, *options: str) -> None:
    provide_base_image(engine, cache_folder())
    with tempfile.TemporaryDirectory(prefix="pip-") as settings:
        mounts = pip_mounts(os.environ, Path(settings)) if engine.can_import else []
        engine.build(context, *mounts, *options)


@contextmanager
def _sources(root: Path) -> Iterator[Path]:
    """A copy of what goes into the image."""
    with tempfile.TemporaryDirectory(prefix="image-") as scratch:
        context = Path(scratch) / "context"
        _copy_ingredients(root, context)
        yield context


def _copy_ingredients(root: Path, context: Path) -> None:
    context.mkdir()
    for name in _INGREDIENTS:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, context / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, context / name)


def _digest(folder: Path) -> str:
    """Sixteen hex digits that change with any file's name or content under the folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _forget_old_images(engine: Engine) -> None:
    """Removes all but the newest images of ours: each edit of the sources makes another."""
    listed = engine.must("image", "ls", "--format", "{{.Tag}}", REPOSITORY).split()  # newest first
    for tag in listed[KEPT_IMAGES:]:
        engine.run(["image", "rm", f"{REPOSITORY}:{tag}"])


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    with (folder / "build.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
