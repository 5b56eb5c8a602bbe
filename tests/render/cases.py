"""The verdicts whose documents are compared as text, by the name of the expected document."""

from __future__ import annotations

from collections.abc import Callable

from gate.verdict import Verdict

from . import crowd, hostile, verdicts

CASES: dict[str, Callable[[], Verdict]] = {
    "pass": verdicts.passing,
    "fail": verdicts.failing,
    "report-only": verdicts.reporting,
    "error": verdicts.without_report,
    "nothing-to-compare": verdicts.nothing_to_compare,
    "every-reason": verdicts.every_reason,
    "300-modules": crowd.many,
    "hostile": hostile.hostile,
}
