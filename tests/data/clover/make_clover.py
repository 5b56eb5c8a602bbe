"""Writes the samples beside it: the programs in `programs/`, measured and reported by the real tools.

    python tests/data/clover/make_clover.py              # all of them
    python tests/data/clover/make_clover.py gcovr perl   # some

`expected.json` holds for each sample the tool, the line in which it summed up where it prints one, and its
own counts for each file by another of its reports or its own model, as [covered, all]: lines or statements,
and branches (null where this run did not measure them, or another report does not tell).

The programs run in `/builds/wallet`, which is in the samples. Needs node and npm, and from Debian:
phpunit php-pcov php-xdebug g++ libdevel-cover-perl libdevel-cover-report-clover-perl.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PLACE = Path("/builds/wallet")
ISTANBUL = ("nyc@18.0.0", "jest@30.5.2", "c8@12.0.0", "istanbul@0.4.5")
VITEST = ("vitest@4.1.11", "@vitest/coverage-istanbul@4.1.11", "@vitest/coverage-v8@4.1.11")
GCOVR = ("gcovr==7.2", "gcovr==8.8")
_PHPUNIT_FILE = re.compile(
    r'<file name="([^"]*)"[^>]*>\s*<totals>\s*<lines [^>]* executable="(\d+)" executed="(\d+)"'
)

Files = dict[str, dict[str, list[int] | None]]


class Run(NamedTuple):
    """What a tool left: its Clover report, what it printed as its sum, what it counts for each file."""

    tool: str
    report: Path
    printed: str
    files: Files


Runs = Iterator[tuple[str, Run]]


def main() -> None:
    """Run the tools named on the command line, or all."""
    expected_file = HERE / "expected.json"
    expected = json.loads(expected_file.read_text()) if expected_file.exists() else {}
    PLACE.mkdir(parents=True)
    try:
        for name in sys.argv[1:] or TOOLS:
            shutil.copytree(HERE / "programs" / name, PLACE, dirs_exist_ok=True)
            for sample, run in TOOLS[name]():
                shutil.copy(run.report, HERE / sample)
                expected[sample] = {"tool": run.tool, "printed": run.printed, "files": run.files}
            for left in PLACE.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    finally:
        shutil.rmtree(PLACE)
    expected_file.write_text(json.dumps(dict(sorted(expected.items())), indent=1) + "\n")


def _run(*command: str | Path, **environment: str) -> str:
    clean = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        command,
        cwd=PLACE,
        env=clean | {"CI": "true", "NO_COLOR": "1", "LANG": "C.UTF-8"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    ).stdout


def _lines(pattern: str, text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if re.search(pattern, line))


def _npm(*packages: str) -> None:
    (PLACE / "package.json").write_text('{"private": true}')
    _run("npm", "install", "--no-audit", "--no-fund", "--legacy-peer-deps", *packages)


def _istanbul(tool: str, *command: str | Path) -> Run:
    output = _run("npx", *command)
    folder = PLACE / "coverage"
    summary = json.loads((folder / "coverage-summary.json").read_text())
    del summary["total"]
    report = PLACE / f"{tool.partition('@')[0]}-{len(list(PLACE.glob('*.xml')))}.xml"
    shutil.move(folder / "clover.xml", report)
    shutil.rmtree(folder)
    files: Files = {
        str(PLACE / path): {kind: _pair(counts[kind]) for kind in ("lines", "branches")}
        for path, counts in summary.items()
    }
    return Run(tool, report, _lines("All files", output), files)


def _pair(counts: dict[str, Any]) -> list[int]:
    return [counts["covered"], counts["total"]]


def _js() -> Runs:
    _npm(*ISTANBUL)
    nyc, jest, c8, istanbul = ISTANBUL
    reports = ("--reporter=clover", "--reporter=json-summary", "--reporter=text")
    run = ("node", "test/run.js")
    yield "nyc.xml", _istanbul(nyc, "nyc", "--all", "--include=src/**", *reports, *run)
    reporters = [f"--coverageReporters={reporter}" for reporter in ("clover", "json-summary", "text")]
    yield "jest.xml", _istanbul(jest, "jest", "--coverage", "--collectCoverageFrom=src/**", *reporters)
    yield "c8.xml", _istanbul(c8, "c8", "--all", "--include=src/**", *reports, *run)
    old = ("istanbul", "cover", "--report=clover", "--report=json-summary", "--print=detail", "test/run.js")
    yield "istanbul-0.4.xml", _istanbul(istanbul, *old)


def _vitest() -> Runs:
    _npm(*VITEST)
    reports = [f"--coverage.reporter={reporter}" for reporter in ("clover", "json-summary", "text")]
    for provider in "istanbul", "v8":
        command = ("vitest", "run", "--coverage.enabled", f"--coverage.provider={provider}", *reports)
        yield f"vitest-{provider}.xml", _istanbul(VITEST[0], *command)


def _php() -> Runs:
    pcov = ("-d", "pcov.enabled=1", "-d", "xdebug.mode=off")
    xdebug = ("-d", "pcov.enabled=0", "-d", "xdebug.mode=coverage")
    for sample, settings, options in (
        ("phpunit-pcov.xml", pcov, ()),
        ("phpunit-shard-1.xml", pcov, ("--filter=testPays",)),
        ("phpunit-shard-2.xml", pcov, ("--filter=testPoint",)),
        ("phpunit-xdebug.xml", xdebug, ()),
        ("phpunit-paths.xml", xdebug, ("--path-coverage",)),
    ):
        outputs = ("--coverage-clover=clover.xml", "--coverage-xml=xml", "--coverage-text")
        output = _run("php", *settings, "/usr/bin/phpunit", *outputs, *options)
        index = (PLACE / "xml" / "index.xml").read_text()
        files: Files = {
            str(PLACE / "src" / name): {"lines": [int(executed), int(executable)], "branches": None}
            for name, executable, executed in _PHPUNIT_FILE.findall(index)
        }
        printed = _lines(r"^  (Lines|Branches): ", output)
        yield sample, Run("PHPUnit 9.6.7", PLACE / "clover.xml", printed, files)


def _cpp() -> Runs:
    _run("g++", "--coverage", "-O0", "wallet.cpp", "-o", "wallet")
    _run("./wallet")
    for version in GCOVR:
        with tempfile.TemporaryDirectory() as library:
            subprocess.run(
                [sys.executable, "-m", "pip", "install", "-q", "--target", library, version], check=True
            )
            reports = ("--clover=clover.xml", "--clover-pretty", "--json-summary=summary.json")
            command = (sys.executable, "-m", "gcovr", "--root=.", "--print-summary", *reports)
            output = _run(*command, PYTHONPATH=library)
        summary = json.loads((PLACE / "summary.json").read_text())
        files: Files = {
            file["filename"]: {"lines": [file["line_covered"], file["line_total"]], "branches": None}
            for file in summary["files"]
        }
        sample = f"{version.replace('==', '-').rpartition('.')[0]}.xml"
        yield sample, Run(version, PLACE / "clover.xml", _lines("^(lines|branches): ", output), files)


def _perl() -> Runs:
    _run("perl", "-MDevel::Cover=-silent,1", "run.pl")
    output = _run("cover", "-silent", "-report", "clover")
    files: Files = {}
    for row in _run("perl", "totals.pl").splitlines():
        file, *counts = row.split("\t")
        statements, of, branches, of_branches, conditions, of_conditions = map(int, counts)
        both = [branches + conditions, of_branches + of_conditions]
        files[file] = {"lines": [statements, of], "branches": both}
    printed = _lines("^Total", output)
    yield "devel-cover.xml", Run("Devel::Cover 1.38", PLACE / "cover_db" / "clover.xml", printed, files)


TOOLS: dict[str, Callable[[], Runs]] = {
    "js": _js,
    "vitest": _vitest,
    "php": _php,
    "cpp": _cpp,
    "perl": _perl,
}

if __name__ == "__main__":
    main()
