"""A tier run several times on one commit: the runs' names, and the verdict of all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from gate.check import Checked
from gate.comparison import Comparison
from gate.errors import GateError, UsageError
from gate.evaluate import amended
from gate.inputs import RUN_ID, Inputs
from gate.render.markdown import render_summary
from gate.text import quoted
from gate.verdict import BELOW, Code, Reason, Verdict

NAMED = 5


def repeated(inputs: Inputs, times: int) -> tuple[Inputs, ...]:
    """The inputs of each of several runs: with folders of their own where there is more than one.

    Raises UsageError where a run's name becomes too long.
    """
    if times == 1:
        return (inputs,)
    run_ids = [f"{inputs.run_id}-{number}" for number in range(1, times + 1)]
    for run_id in run_ids:
        if not RUN_ID.fullmatch(run_id):
            raise UsageError(
                f"run-id {quoted(run_id)} of a repeated run is too long: give a shorter --run-id"
            )
    return tuple(msgspec.structs.replace(inputs, run_id=run_id) for run_id in run_ids)


def together(finished: Sequence[Checked], comparison: Comparison | GateError) -> Checked:
    """The last run with what the others add: that is what is published and decides the exit code.

    Each run's own evidence stays as it is. `comparison` is the error where the runs cannot be compared.
    """
    last = finished[-1]
    reasons = [reason for checked in finished[:-1] for reason in _failures(checked.verdict)]
    if isinstance(comparison, UsageError):
        reasons.append(Reason(Code.UNSTABLE, f"the runs cannot be compared: {comparison}"))
    elif isinstance(comparison, GateError):
        reasons.append(Reason(Code.ARTIFACT_UNREADABLE, f"the runs cannot be compared: {comparison}"))
    elif comparison.result == "unstable":
        reasons.append(Reason(Code.UNSTABLE, _differences(comparison)))
    if not reasons:
        return last
    verdict = amended(last.verdict, tuple(reasons), ())
    summary = render_summary(verdict, last.links, last.suites)
    return msgspec.structs.replace(last, verdict=verdict, summary=summary)


def _failures(verdict: Verdict) -> Iterator[Reason]:
    """Why an earlier run fails them all. That it was the first of several to be stable is no failure."""
    forgiven = {Code.UNSTABLE, *(BELOW if verdict.coverage == "report" else ())}
    for reason in verdict.reasons:
        if reason.code not in forgiven:
            # A module's own reasons stand beside its figures, and these are another run's.
            code = Code.UNSTABLE if reason.code in BELOW else reason.code
            yield Reason(code, f"in run {quoted(verdict.run_id)}: {reason.message}")


def _differences(comparison: Comparison) -> str:
    from gate.compare_text import sentences  # noqa: PLC0415 - runs that differ only

    found = list(sentences(comparison))
    more = f" and {len(found) - NAMED} more (gate compare)" if len(found) > NAMED else ""
    return f"the runs differ: {'; '.join(found[:NAMED])}{more}"
