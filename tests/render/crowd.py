"""A verdict about a crowd of modules."""

from __future__ import annotations

from gate.verdict import Code, Hotspot, ModuleResult, Reason, Verdict

from .builders import file, metric, module, not_measured, verdict


def many(count: int = 300) -> Verdict:
    """Each 25th is 4 of 34 needed lines short, one of a hundred is not measured, the others pass."""
    return verdict("error", 3, *(_one_of_many(number) for number in range(count)))


def _one_of_many(number: int) -> ModuleResult:
    name = f"service-{number:03}"
    path = f"services/{name}/handlers.py"
    if number % 100 == 50:
        message = f"module '{name}': no coverage report names a file that matches 'services/{name}/**'"
        reasons = (Reason(Code.MODULE_NOT_MEASURED, message),)
        return module(name, "error", not_measured(85), not_measured(65), reasons=reasons)
    if number % 25 == 24:
        message = f"module '{name}': line coverage is 75.00 % (30 of 40), below 85 %: 4 more lines needed"
        return module(
            name,
            "failed",
            metric(30, 40, 85),
            metric(6, 8, 65),
            file(path, (30, 40), (6, 8), ((11, 15), (31, 33), (52, 52), (60, 60)), ((10, 11), (30, -8))),
            hotspots=(Hotspot(path, "handle", 8), Hotspot(path, "close", 2)),
            reasons=(Reason(Code.BELOW_LINE_THRESHOLD, message),),
        )
    covered, taken = 34 + number % 7, 6 + number % 3
    gap = ((60, 99 - covered),) if covered < 40 else ()
    arcs = ((59, 60), (70, -50))[: 8 - taken]
    return module(
        name,
        "passed",
        metric(covered, 40, 85),
        metric(taken, 8, 65),
        file(path, (covered, 40), (taken, 8), gap, arcs),
    )
