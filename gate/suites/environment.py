"""What of the gate's own environment is a suite's."""

from __future__ import annotations

from collections.abc import Mapping

SECRETS = frozenset(
    {"GITHUB_TOKEN", "INPUT_GITHUB-TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"}
)
"""Tests are a pull request's code: no token of the job is theirs."""

RUNNERS_FILES = frozenset({"GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"})
"""By these a test could say the gate's outputs, or lead the steps after it."""

LEAST_TOKEN = 8
"""Characters; a shorter text may be a part of any value."""


def for_suites(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that a suite inherits: no token, by whatever name, and no file that leads the runner."""
    tokens = {value for name, value in environ.items() if name in SECRETS and len(value) >= LEAST_TOKEN}
    return {
        name: value
        for name, value in environ.items()
        if name not in SECRETS | RUNNERS_FILES and not any(token in value for token in tokens)
    }
