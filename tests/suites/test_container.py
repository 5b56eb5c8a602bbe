"""The part of a command that starts a container, told from the part that runs in it."""

from __future__ import annotations

import shlex

import pytest

from gate.suites.container import started_by

SCRIPT = ("-c", "cat x")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "docker compose run --rm backend pytest -m critical --junitxml=x",
            "docker compose run --rm --entrypoint /bin/sh backend -c 'cat x'",
        ),
        (
            "docker compose -f c.yml --profile ci run --rm -e A=b -v /a:/b -u 1000 -T backend pytest -q",
            "docker compose -f c.yml --profile ci run --rm --entrypoint /bin/sh -e A=b -v /a:/b -u 1000 -T "
            "backend -c 'cat x'",
        ),
        (
            "docker-compose run --entrypoint tini backend pytest",
            "docker-compose run --rm --entrypoint /bin/sh backend -c 'cat x'",
        ),
        (
            "/usr/bin/podman --runtime runc run --rm --network=none -v ./backend:/app -w /app image pytest",
            "/usr/bin/podman --runtime runc run --rm --entrypoint /bin/sh --network=none -v ./backend:/app "
            "-w /app image -c 'cat x'",
        ),
        (
            # A container of the suite's own name, or one that stays, would be in its way.
            "docker run -d --name tests --cidfile id --restart=always -itv ./a:/a -P image pytest",
            "docker run --rm --entrypoint /bin/sh -itv ./a:/a -P image -c 'cat x'",
        ),
        ("docker exec -i -eA=b backend pytest", "docker exec -i -eA=b backend /bin/sh -c 'cat x'"),
        (
            "docker container run image pytest",
            "docker container run --rm --entrypoint /bin/sh image -c 'cat x'",
        ),
        ("docker compose exec backend pytest", "docker compose exec backend /bin/sh -c 'cat x'"),
    ],
)
def test_another_program_is_started_in_the_same_container(command: str, expected: str) -> None:
    assert started_by(shlex.split(command), SCRIPT) == tuple(shlex.split(expected))


@pytest.mark.parametrize(
    "command",
    [
        "pytest",
        "make test",
        "docker build .",
        "docker compose up",
        "docker run",
        "docker",
        "sh -c 'docker run x'",
        "",
    ],
)
def test_what_starts_no_container_is_not_tried(command: str) -> None:
    assert started_by(shlex.split(command), SCRIPT) is None
