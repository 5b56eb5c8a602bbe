"""Reports of every format through the whole check: one run told in several formats, shards, mixtures."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.project import JUNIT, Outcome, Project

PROGRAM = (Path(__file__).parent / "data" / "coverage_py" / "program.py").read_text()
SHOP = """
import sys

def price(kind, count):
    if kind == "book":
        total = count * 12
    elif kind == "pen":
        total = count * 2 if count < 10 else count
    else:
        raise ValueError(kind)
    for _ in range(count):
        if total > 100:
            break
    return total

if __name__ == "__main__":
    for word in sys.argv[1:]:
        try:
            price(word, len(sys.argv) ** 2)
        except ValueError:
            pass
"""
SHARDS: tuple[list[str], ...] = (
    ["book"],
    ["pen"],
    ["pen"] * 4,
    ["ink"],
    [],
    ["book", "ink"],
    ["pen", "pen"],
    ["book"] * 3,
)
FORMATS = {"json": "json", "xml": "xml", "lcov": "lcov"}


def coverage(folder: Path, *arguments: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-m", "coverage", *arguments]
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight runs of a program and all of them together, each as data, JSON, XML and LCOV in `out/`."""
    folder = tmp_path_factory.mktemp("measured")
    project = Project(folder)
    project.put("src/shop.py", SHOP)
    project.put("src/program.py", PROGRAM)
    project.put("out/junit.xml", JUNIT)
    project.put(
        ".github/coverage-gate.yml",
        "version: 1\nthresholds: {line: 1, branch: 1}\nmodules: {shop: src/shop.py, all: 'src/*.py'}\n",
    )
    (folder / "src/invoices.py").unlink()
    for number, words in enumerate(SHARDS):
        data = f"--data-file=out/data/shard-{number}"
        (folder / "out/data").mkdir(exist_ok=True)
        coverage(folder, "run", "--branch", "--source=src", data, "src/shop.py", *words)
        write_reports(folder, data, f"shard-{number}")
    shards = sorted(str(path) for path in (folder / "out/data").iterdir())
    coverage(folder, "combine", "-q", "--keep", "--data-file=out/data/whole", *shards)
    write_reports(folder, "--data-file=out/data/whole", "whole")
    return folder


def write_reports(folder: Path, data: str, name: str) -> None:
    for kind, suffix in FORMATS.items():
        coverage(folder, kind, "-q", data, "-o", f"out/{name}.{suffix}")


def counts(folder: Path, *patterns: str) -> dict[str, Any]:
    outcome = check(folder, *patterns)
    assert outcome.json["reasons"] == [], outcome.output
    return {
        module["name"]: [
            (module[metric]["covered"], module[metric]["total"]) for metric in ("line", "branch")
        ]
        for module in outcome.json["modules"]
    }


def check(folder: Path, *patterns: str) -> Outcome:
    project = Project.__new__(Project)
    project.root = folder
    shutil.rmtree(folder / "artifacts", ignore_errors=True)
    return project.gate("check", "--json", "--publish", "off", "--coverage-files", "\n".join(patterns))


def truth(folder: Path) -> dict[str, Any]:
    """What coverage.py's own JSON says of all executions together."""
    files = json.loads((folder / "out/whole.json").read_text())["files"]

    def summed(*paths: str) -> list[tuple[int, int]]:
        summaries = [files[path]["summary"] for path in paths]
        return [
            (sum(one[covered] for one in summaries), sum(one[total] for one in summaries))
            for covered, total in (("covered_lines", "num_statements"), ("covered_branches", "num_branches"))
        ]

    return {"shop": summed("src/shop.py"), "all": summed(*(path for path in files if "wallet" not in path))}


def test_one_run_has_the_same_counts_in_every_format_that_tells_of_it(measured: Path) -> None:
    expected = truth(measured)
    assert expected["shop"][1][0] < expected["shop"][1][1]
    for name in ("out/whole.json", "out/whole.xml", "out/whole.lcov", "out/data/whole"):
        assert counts(measured, name) == expected, name


@pytest.mark.parametrize(
    "pattern", ["out/shard-*.json", "out/shard-*.xml", "out/shard-*.lcov", "out/data/shard-*"]
)
def test_eight_shards_merge_to_the_whole(measured: Path, pattern: str) -> None:
    assert counts(measured, pattern) == truth(measured)


def test_shards_of_several_formats_merge_to_the_whole(measured: Path) -> None:
    mixture = ("out/shard-[01].json", "out/shard-[2-4].xml", "out/data/shard-[5-7]")
    assert counts(measured, *mixture) == truth(measured)


def test_the_recognised_format_is_named_in_the_index_and_in_the_verdict(measured: Path) -> None:
    outcome = check(measured, "out/whole.*", "out/data/whole")
    notes = " ".join(note["message"] for note in outcome.json["notes"] if note["code"] == "report-read")
    for name in ("coverage.py JSON", "Cobertura XML (coverage.py", "LCOV (coverage.py", "coverage.py data"):
        assert name in notes
