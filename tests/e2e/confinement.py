"""What a container may not do: nothing as GitHub's runner starts it, or all that can be forbidden."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

# The uid of the hosted runner's user, who owns the workspace. The image does not know it.
RUNNER_UID = 1001

_OPTIONS = (
    *("--user", f"{RUNNER_UID}:{RUNNER_UID}", "--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges"),
)


@dataclass(frozen=True)
class Confinement:
    """How a container is started.

    `confined` is a read-only root, no capability and no new privilege, as the workspace's owner. Without
    `network` there is not even the host's loopback address.
    """

    confined: bool = False
    network: bool = True

    def options(self, read_only: tuple[str, ...]) -> tuple[str, ...]:
        """The engine's options, given those that make the root read-only."""
        return (
            *("--network", "host" if self.network else "none"),
            *((*read_only, *_OPTIONS) if self.confined else ()),
        )


AS_GITHUB_STARTS_IT = Confinement()
CONFINED = Confinement(confined=True)
ALONE = Confinement(confined=True, network=False)

as_github_starts_it_and_confined = pytest.mark.parametrize(
    "runner", [AS_GITHUB_STARTS_IT, CONFINED], ids=["as-github-starts-it", "confined"], indirect=True
)
as_github_starts_it_and_alone = pytest.mark.parametrize(
    "runner", [AS_GITHUB_STARTS_IT, ALONE], ids=["as-github-starts-it", "alone"], indirect=True
)
alone = pytest.mark.parametrize("runner", [ALONE], ids=["alone"], indirect=True)
