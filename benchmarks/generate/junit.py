"""A JUnit report of any number of test cases, as pytest writes it; most pass, some are skipped."""

from __future__ import annotations

import random
from pathlib import Path

_CASES_IN_MODULE = 40
_SKIPPED = 0.02
_MEASURED_AT = "2026-11-22T10:15:00.000000+00:00"


def write_junit(cases: int, path: Path, seed: int = 1) -> int:
    """Write the report; how many cases are skipped."""
    chance = random.Random(seed)  # noqa: S311 - numbers to repeat, no secrets
    skipped = sorted(chance.sample(range(cases), int(cases * _SKIPPED)))
    left = iter((*skipped, None))
    following = next(left)
    with path.open("w") as report:
        report.write(
            '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" '
            f'errors="0" failures="0" skipped="{len(skipped)}" tests="{cases}" time="812.402" '
            f'timestamp="{_MEASURED_AT}" hostname="runner">'
        )
        for number in range(cases):
            module = number // _CASES_IN_MODULE
            case = (
                f'<testcase classname="tests.area_{module % 50:02}.test_module_{module:04}" '
                f'name="test_behaves_as_said[{number % _CASES_IN_MODULE}-{chance.randrange(10**6)}]" '
                f'time="{chance.random() / 100:.3f}"'
            )
            if number == following:
                following = next(left)
                report.write(
                    f'{case}><skipped type="pytest.skip" message="needs a network">'
                    f"tests/area_{module % 50:02}/test_module_{module:04}.py:{number % 97}: needs a network"
                    "</skipped></testcase>"
                )
            else:
                report.write(f"{case} />")
        report.write("</testsuite></testsuites>")
    return len(skipped)
