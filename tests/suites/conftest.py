"""A place to run commands in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.suites.running import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Whatever a test does with it, no process and no descriptor is left."""
    before = descriptors()
    bench = Bench(tmp_path)
    yield bench
    assert bench.processes() == []
    # What tests before this one left to the garbage collector may go meanwhile.
    assert {fd: what for fd, what in descriptors().items() if before.get(fd) != what} == {}


def descriptors() -> dict[str, str]:
    """What is open, but for the descriptor that tells it."""
    found = {}
    for link in Path("/proc/self/fd").iterdir():
        try:
            found[link.name] = str(link.readlink())
        except OSError:
            continue
    return found
