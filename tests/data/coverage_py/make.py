"""Writes the samples beside it: one program measured by several releases of coverage.py.

    python tests/data/coverage_py/make.py

For each release `<version>.json` is its JSON report, and `expected.json` holds what its own
`coverage report` printed: statements, missed, branches (partial ones are not missed branches, so the
missed branches are taken from its `coverage xml`, which counts them by condition).
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
VERSIONS = ("6.5.0", "7.2.7", "7.4.4", "7.6.12", "7.10.7", "7.17.3")
_ROW = re.compile(r"^program\.py\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s", re.MULTILINE)
_CONDITION = re.compile(r'condition-coverage="\d+% \((\d+)/(\d+)\)"')


def main() -> None:
    """Measure the program with every release."""
    expected = {}
    for version in VERSIONS:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            library = place / "library"
            subprocess.run(
                [sys.executable, "-m", "pip", "install", "-q", "--target", library, f"coverage=={version}"],
                check=True,
            )
            shutil.copy(HERE / "program.py", place)
            expected[version] = _measure(place, library)
            shutil.copy(place / "coverage.json", HERE / f"{version}.json")
    (HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


def _measure(place: Path, library: Path) -> dict[str, int]:
    def coverage(*arguments: str) -> str:
        command = [sys.executable, "-m", "coverage", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(library)}
        return subprocess.run(
            command, cwd=place, env=environment, check=True, capture_output=True, text=True
        ).stdout

    coverage("run", "--branch", "--include=program.py", "program.py")
    coverage("json", "-q", "-o", "coverage.json")
    coverage("xml", "-q", "-o", "coverage.xml")
    row = _ROW.search(coverage("report"))
    if row is None:
        raise SystemExit("coverage report printed no row for program.py")
    statements, missed, branches, _ = map(int, row.groups())
    conditions = _CONDITION.findall((place / "coverage.xml").read_text())
    return {
        "statements": statements,
        "missed": missed,
        "branches": branches,
        "covered_in_xml": sum(int(covered) for covered, _ in conditions),
        "branches_in_xml": sum(int(total) for _, total in conditions),
    }


if __name__ == "__main__":
    main()
