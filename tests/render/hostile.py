"""A verdict whose every name is out to be read as something else."""

from __future__ import annotations

from gate.verdict import Code, Hotspot, ModuleResult, Note, Reason, TestCounts, Verdict

from .builders import file, metric, module, verdict

HOSTILE_NAMES = (
    "pipe|tick`tick``|end\\|",
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "@all @octo-org/owners #1 GH-1 octo-org/billing#2 5f3c9a1e7b2d4c6080a1b2c3d4e5f60718293a4b",
    "</details><!-- module-coverage-gate: other --><h1>passed</h1>",
    "##[set-output name=verdict]passed",
    "::error file=a.py::forged",
    "[click](javascript:alert(1)) ![see](https://evil.example/p.png) <https://evil.example>",
    "line\nbreak\r\n# heading\n| a | b |\n::error::x",
    "\u202egnp.exe\u202c \u2066mirrored\u2069 \u200bhidden",
    ":shipit: $x^2$ ~~gone~~ **bold** _it_ https://evil.example www.evil.example mail@evil.example",
    "very-long-" + "0123456789" * 19,
)
"""What a pull request may name its modules, files, functions and tests to be read as something else."""


def hostile() -> Verdict:
    """Every name and every message is out to be read as something else."""
    return verdict(
        "failed",
        1,
        *(_hostile_module(name) for name in HOSTILE_NAMES),
        tier=HOSTILE_NAMES[1],
        tests=TestCounts(total=len(HOSTILE_NAMES), failed=len(HOSTILE_NAMES)),
        reasons=tuple(
            Reason(Code.TESTS_FAILED, f"1 of 1 test failed: '{name}' {name}") for name in HOSTILE_NAMES
        ),
        notes=tuple(Note(name, f"'{name}' {name}") for name in HOSTILE_NAMES),
    )


def _hostile_module(name: str) -> ModuleResult:
    path = f"src/{name}/../a.py" if "line" in name else f"src/{name}"
    return module(
        name,
        "failed",
        metric(1, 3, 66.7),
        metric(0, 2, 50),
        file(path, (1, 3), (0, 2), ((2, 3),), ((1, 2), (-1, -1))),
        hotspots=(Hotspot(path, name, 2),),
        reasons=(Reason(Code.BELOW_LINE_THRESHOLD, name), Reason(Code.BELOW_BRANCH_THRESHOLD, name)),
    )
