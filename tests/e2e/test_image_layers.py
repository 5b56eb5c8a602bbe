"""The image's layers: small, and the same from every build of the same sources."""

from __future__ import annotations

import json
from pathlib import Path

from .engine import Engine
from .image import another_build
from .layers import digests, measure_layers

ROOT = Path(__file__).parents[2]
MB = 10**6

_TIMES = """
import json, os
folders = ("/app", "/etc/python3.13", "/usr", "/var", "/github/workspace")
print(json.dumps(sorted({os.lstat(os.path.join(parent, name)).st_mtime for folder in folders
                         for parent, folders, files in os.walk(folder) for name in [".", *folders, *files]})))
"""

_VERSIONS = """
import pathlib
print(*sorted(path.read_text() for path in pathlib.Path("/var/lib/dpkg/status.d").iterdir()))
"""


def test_a_pull_is_at_most_35_mb(engine: Engine, image: str) -> None:
    layers = measure_layers(engine, image)

    assert sum(layer.compressed for layer in layers) <= 35 * MB


def test_no_file_carries_the_time_of_the_build(engine: Engine, image: str) -> None:
    times = _print(engine, image, _TIMES)

    assert json.loads(times) == [0]


def test_another_build_of_the_same_sources_has_the_same_layers(engine: Engine, image: str) -> None:
    with another_build(engine, ROOT) as second:
        if _print(engine, second, _VERSIONS) == _print(engine, image, _VERSIONS):
            assert digests(engine, second) == digests(engine, image)
            return
        # Debian has newer packages than when the image was built.
        with another_build(engine, ROOT) as third:
            assert digests(engine, third) == digests(engine, second)


def _print(engine: Engine, image: str, code: str) -> str:
    return engine.must(
        *("run", "--rm", "--network", "none", "--entrypoint", "/usr/bin/python3"),
        *(*engine.run_options, image, "-I", "-c", code),
    )
