"""Which suite leaves an artifact, by what the policy says of each suite."""

from __future__ import annotations

from gate.policy.resolved import Suite


def blocks(suites: tuple[Suite, ...], kind: str, source: str) -> bool:
    """Whether what is wrong with an artifact blocks: it does, unless the suite that leaves it says otherwise.

    A suite's artifact is the path's end, or a folder on the way; the longest that fits is the file's. Where
    suites share it, one that blocks decides.
    """
    fitting = [
        (len(path), suite.blocking)
        for suite in suites
        for own, path in suite.artifacts
        if own == kind and f"/{path}/" in f"/{source}/"
    ]
    return max(fitting, default=(0, True))[1]
