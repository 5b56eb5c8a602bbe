"""The engine, the image and a runner; the image is built once for each content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .confinement import AS_GITHUB_STARTS_IT
from .engine import Engine, find_engine
from .image import provide_image
from .runner import Runner

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of this machine. Where REQUIRE_ENGINE is set, as in CI, its absence fails: a proof that was
    skipped must not look green."""
    found = find_engine()
    if found is None:
        reason = "no container engine: docker does not answer, podman is absent (see make system-tools)"
        if os.environ.get("REQUIRE_ENGINE"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """The name of the image of the sources as they are now."""
    return provide_image(engine, ROOT)


@pytest.fixture
def runner(request: pytest.FixtureRequest, engine: Engine, image: str, tmp_path: Path) -> Runner:
    """A new job with an empty workspace: as GitHub starts it, or as a test's parameter confines it."""
    confinement = getattr(request, "param", AS_GITHUB_STARTS_IT)
    return Runner(engine, image, tmp_path / "github", ROOT / "action.yml", confinement)
