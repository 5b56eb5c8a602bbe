"""The step's outputs, by the names that action.yml documents."""

from __future__ import annotations

import msgspec

from gate.verdict import Verdict

OUTPUTS = (
    "verdict",
    "failed-modules",
    "modules",
    "evidence-dir",
    "verdict-file",
    "comment-url",
    "check-url",
)


def outputs_of(verdict: Verdict | None, **others: str | None) -> dict[str, str]:
    """All outputs, by name; `others` have underscores for dashes. What there is none of is empty."""
    given = {name.replace("_", "-"): value or "" for name, value in others.items()}
    return dict.fromkeys(OUTPUTS, "") | _told(verdict) | given


def _told(verdict: Verdict | None) -> dict[str, str]:
    if verdict is None:
        return {}
    modules = {
        module.name: {"line": module.line.percent, "branch": module.branch.percent}
        for module in verdict.modules
    }
    return {
        "verdict": verdict.verdict,
        "failed-modules": _json([module.name for module in verdict.failed_modules]),
        "modules": _json(modules),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
