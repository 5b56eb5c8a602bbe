"""Writes the samples beside it: data files of older releases of coverage.py.

    python tests/data/coverage_py_data/make_coverage_py_data.py

`coverage-<version>.sqlite` is the data file that the release left when it measured
`../coverage_py/program.py` in the folder `/src/shop`, which this script makes and removes. `expected.json`
holds the counts that the release's own `coverage report` printed. Needs pip, and the right to write into
`/src`. The files differ from run to run in the time that they record.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = HERE.parent / "coverage_py" / "program.py"
PLACE = Path("/src/shop")
VERSIONS = ("5.5", "6.5.0")
_ROW = re.compile(r"^program\.py\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s", re.MULTILINE)


def main() -> None:
    """Measure the program with every release."""
    expected = {}
    for version in VERSIONS:
        PLACE.mkdir(parents=True)
        try:
            with tempfile.TemporaryDirectory() as library:
                pip = (sys.executable, "-m", "pip", "install", "-q", "--target", library)
                subprocess.run([*pip, f"coverage=={version}"], check=True)
                shutil.copy(PROGRAM, PLACE)
                _coverage(library, "run", "--branch", "program.py")
                expected[version] = _printed(_coverage(library, "report"))
            shutil.copy(PLACE / ".coverage", HERE / f"coverage-{version}.sqlite")
        finally:
            shutil.rmtree(PLACE)
            if not any(PLACE.parent.iterdir()):
                PLACE.parent.rmdir()
    (HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


def _coverage(library: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "coverage", *arguments],
        cwd=PLACE,
        env={**os.environ, "PYTHONPATH": library},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _printed(report: str) -> dict[str, int]:
    row = _ROW.search(report)
    if row is None:
        raise SystemExit("coverage report printed no row for program.py")
    return dict(zip(("statements", "missed", "branches", "partial"), map(int, row.groups()), strict=True))


if __name__ == "__main__":
    main()
