"""Loads policies from text, and the policy that the documentation publishes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from gate.policy.load import Source, load_policy
from gate.policy.mistakes import PolicyError
from gate.policy.resolved import Policy

FILE = ".github/coverage-gate.yml"

PUBLISHED = Path(__file__).with_name("published.yml").read_text(encoding="utf-8")


def load(text: str | bytes | None, modules: str | None = None, **inputs: Any) -> Policy:
    """The policy of a file's text (common indentation is dropped), a `modules` input and other inputs."""
    return load_policy(
        None if text is None else Source(FILE, text if isinstance(text, bytes) else dedent(text).encode()),
        None if modules is None else Source("input modules", dedent(modules).encode()),
        **{"line_threshold": None, "branch_threshold": None, "tier": None, **_NO_LISTS, **inputs},
    )


def mistakes(text: str | bytes | None, modules: str | None = None, **inputs: Any) -> list[str]:
    """The lines of the error that the same gives, without the one that counts them."""
    with pytest.raises(PolicyError) as caught:
        load(text, modules, **inputs)
    assert caught.value.exit_code == 2
    return str(caught.value).splitlines()[:-1]


def one_mistake(text: str | bytes | None, modules: str | None = None, **inputs: Any) -> str:
    """The only mistake that the same gives."""
    (only,) = mistakes(text, modules, **inputs)
    return only


_NO_LISTS: dict[str, Any] = {"coverage_files": (), "junit_files": (), "path_map": ()}
