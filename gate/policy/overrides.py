"""What the inputs put in place of the policy's own words."""

from __future__ import annotations

import re
from fractions import Fraction

import msgspec

from gate.policy.fitting import plain_number
from gate.policy.mistakes import Mistake
from gate.policy.scalars import exact_number
from gate.text import quoted

_DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_MOST_PERCENT = 100
_LINE = "input line-threshold"
_BRANCH = "input branch-threshold"


class Overrides(msgspec.Struct, frozen=True):
    """The inputs' values; None and empty leave the policy's. `mistakes` are those of the inputs."""

    line: Fraction | None
    branch: Fraction | None
    tier: str | None
    coverage_files: tuple[str, ...]
    junit_files: tuple[str, ...]
    path_map: tuple[tuple[str, str], ...]
    mistakes: tuple[Mistake, ...]

    @property
    def threshold_refused(self) -> bool:
        """Whether a threshold was given that is none."""
        return any(mistake.source in (_LINE, _BRANCH) for mistake in self.mistakes)


def read_overrides(
    *,
    line_threshold: str | None,
    branch_threshold: str | None,
    tier: str | None,
    coverage_files: tuple[str, ...],
    junit_files: tuple[str, ...],
    path_map: tuple[str, ...],
) -> Overrides:
    """The inputs as values; an input that is blank counts as not given."""
    mistakes: list[Mistake] = []
    return Overrides(
        line=_percent(_LINE, line_threshold, mistakes),
        branch=_percent(_BRANCH, branch_threshold, mistakes),
        tier=(tier or "").strip() or None,
        coverage_files=_given(coverage_files),
        junit_files=_given(junit_files),
        path_map=_path_map(_given(path_map), mistakes),
        mistakes=tuple(mistakes),
    )


def _percent(source: str, text: str | None, mistakes: list[Mistake]) -> Fraction | None:
    bare = (text or "").strip()
    if not bare:
        return None
    number = exact_number(bare) if _DECIMAL.fullmatch(bare) else None
    if number is None or number > _MOST_PERCENT:
        instead = plain_number(bare)
        hint = f"; write {instead}" if number is None and instead is not None else ""
        message = f"must be a number from 0 to 100 such as 85 or 85.5, not {quoted(bare)}{hint}"
        mistakes.append(Mistake(source, message))
        return None
    return number


def _path_map(lines: tuple[str, ...], mistakes: list[Mistake]) -> tuple[tuple[str, str], ...]:
    targets: dict[str, str] = {}
    for line in lines:
        prefix, equals, target = (part.strip() for part in line.partition("="))
        message = _wrong_line(prefix, equals, target, targets)
        if message is not None:
            mistakes.append(Mistake("input path-map", f"{quoted(line.strip())} {message}"))
            continue
        targets[prefix] = target
    return tuple(targets.items())


def _wrong_line(prefix: str, equals: str, target: str, earlier: dict[str, str]) -> str | None:
    if not equals:
        return "has no '='; write FROM=TO, the prefix in the report and the path in the repository"
    if not prefix:
        return "has nothing before '='; write the prefix that the report's names begin with"
    if target.startswith("/") or "\\" in target or ".." in target.split("/"):
        return "must lead to a path relative to the repository's root, with '/' and without '..'"
    if earlier.get(prefix, target) != target:
        return f"contradicts {quoted(f'{prefix}={earlier[prefix]}')}"
    return None


def _given(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())
