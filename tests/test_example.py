"""The example's tests really run, and the gate's counts are coverage.py's own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import coverage
import pytest
from coverage.results import Numbers

from tests.project import Project

EXAMPLE = Path(__file__).parents[1] / "examples" / "billing-backend"
# The same commands as in the Makefile and the example's README.
MEASURE = [
    "-m",
    "pytest",
    "backend/tests",
    "--junitxml=artifacts/billing-confidence/local/junit/backend.xml",
    "--cov",
    "--cov-report=json:artifacts/billing-confidence/local/coverage/backend.json",
]
REPORT_ROW = re.compile(r"^(backend/\S+\.py)\s+(\d+)\s+(\d+)\s+(\d+)\s+\d+\s", re.MULTILINE)


class Example(Project):
    """A copy of the example with its evidence."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def python(self, *arguments: str) -> str:
        """Run Python in the example, as if no outer measurement were going on."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environ,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    root = tmp_path_factory.mktemp("example") / "billing-backend"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("artifacts", "__pycache__", ".pytest_cache"))
    measured = Example(root)
    measured.python(*MEASURE)
    return measured


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def own_counts(example: Example) -> dict[str, tuple[int, int, int, int]]:
    """File → covered lines, lines, covered branches, branches, of the module that has the whole package."""
    outcome = example.gate("check", "--json")
    assert outcome.exit_code == 0, outcome.output
    (package,) = (module for module in outcome.json["modules"] if module["name"] == "billing-package")
    return {
        file["path"]: (
            file["line"]["covered"],
            file["line"]["total"],
            file["branch"]["covered"],
            file["branch"]["total"],
        )
        for file in package["files"]
    }


def test_every_files_counts_are_those_of_coverages_numbers(example: Example) -> None:
    with inside(example.root):
        measured = coverage.Coverage()
        measured.load()
        numbers: dict[str, Numbers] = {
            Path(name).relative_to(example.root).as_posix(): measured._analyze(name).numbers
            for name in (str(example.root / path) for path in own_counts(example))
        }
    assert own_counts(example) == {
        path: (*one.ratio_statements, *one.ratio_branches) for path, one in numbers.items()
    }


def test_statements_misses_and_branches_are_those_that_coverage_report_prints(example: Example) -> None:
    printed = {
        path: (int(statements) - int(missed), int(statements), int(branches))
        for path, statements, missed, branches in REPORT_ROW.findall(
            example.python("-m", "coverage", "report")
        )
    }
    own = {path: (line, lines, branches) for path, (line, lines, _, branches) in own_counts(example).items()}
    assert len(printed) > 10
    assert own == printed


def test_the_modules_totals_are_the_sums_of_its_files(example: Example) -> None:
    totals = json.loads(
        (example.root / "artifacts/billing-confidence/local/coverage/backend.json").read_text()
    )["totals"]
    counts = own_counts(example).values()
    assert [sum(column) for column in zip(*counts, strict=True)] == [
        totals["covered_lines"],
        totals["num_statements"],
        totals["covered_branches"],
        totals["num_branches"],
    ]


def test_the_policy_passes_and_the_strict_one_fails_at_the_invoices(example: Example) -> None:
    assert example.gate("check").exit_code == 0
    strict = example.gate("check", "--json", "--policy", "strict.yml")
    assert strict.exit_code == 1
    failed = [module["name"] for module in strict.json["modules"] if module["status"] == "failed"]
    assert failed == ["billing-invoices"]


def test_the_report_deleted_is_exit_3(example: Example) -> None:
    report = example.root / "artifacts/billing-confidence/local/coverage/backend.json"
    kept = report.read_bytes()
    report.unlink()
    try:
        assert example.gate("check").exit_code == 3
    finally:
        report.write_bytes(kept)
