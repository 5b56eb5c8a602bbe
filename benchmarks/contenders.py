"""What is measured: the gate, the programs that people use instead, and the least that the work can take.

Each run is held against the counts that the generated project is known to have.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.generate.model import Counts
from benchmarks.measure import Command, Contender, MeasurementError, run
from benchmarks.on_disk import BASE, THRESHOLDS, Project
from benchmarks.reports import Report

PEERS = Path(__file__).parents[1] / "build" / "bench-peers"
"""Where `make bench` installs what requirements-bench.txt names."""

_SCRIPTS = Path(__file__).with_name("peers")
_WITH_PEERS = {"PYTHONPATH": str(PEERS)}
_COLUMNS = 3


def gate(
    project: Project, coverage_files: str, *, name: str = "gate check", tests: Path | None = None
) -> Contender:
    """The whole check of the project's modules on some reports."""
    return _gate(project, project.workspace, coverage_files, name, tests)


def gate_in_checkout(project: Project, coverage_files: str) -> Contender:
    """The same in a git checkout."""
    path = str(project.workspace / coverage_files)
    return _gate(project, project.checkout, path, "gate check in a git checkout", None)


def check_script(project: Project, report: Report) -> Contender:
    """A script that loads coverage.py's JSON and compares."""
    return Contender(
        "json.load and compare",
        (_script(project, "check_json.py", report.glob, THRESHOLDS),),
        lambda printed: _hold(_by_path(json.loads(printed)), project.counts),
    )


def read_bytes(project: Project, report: Report) -> Contender:
    """Reading the file."""
    return Contender(
        "reading the bytes",
        (_script(project, "read_bytes.py", report.glob),),
        lambda printed: _hold(int(printed), project.bytes_of(report)),
    )


def parse_only(project: Project, report: Report) -> Contender:
    """expat with handlers that do nothing."""
    return Contender("expat, empty handlers", (_script(project, "parse_only.py", report.glob),), _anything)


def start_up(project: Project) -> Contender:
    """Starting Python."""
    return Contender("python -c pass", (_python(project.workspace, "-c", "pass"),), _anything)


def diff_cover(project: Project, report: Report) -> Contender:
    """diff-cover in a pull request that changes a line of each gated file."""
    arguments = (
        "-m",
        "diff_cover.diff_cover_tool",
        project.workspace / report.glob,
        f"--compare-branch={BASE}",
    )

    def verify(printed: str) -> None:
        lost = [path for path in project.counts if path not in printed]
        _hold(lost, [])

    return Contender("diff-cover", (_python(project.checkout, *arguments, environment=_WITH_PEERS),), verify)


def pycobertura(project: Project, report: Report) -> Contender:
    """pycobertura's table of all files. Its misses include half taken branches, so they are not held."""

    def verify(printed: str) -> None:
        found = {words[0]: words[1:2] for words in map(str.split, printed.splitlines()) if words}
        statements = {path: [str(counts.statements)] for path, counts in project.counts.items()}
        _hold({path: found.get(path) for path in statements}, statements)

    show = _python(project.workspace, "-m", "pycobertura", "show", report.glob, environment=_WITH_PEERS)
    return Contender("pycobertura show", (show,), verify)


def coverage_all(project: Project, report: Report) -> Contender:
    """What is done with data files today: combine them, write JSON, load it and compare."""
    data = project.workspace.parent / "combined" / ".coverage"
    document = data.with_name("coverage.json")

    def prepare() -> None:
        data.parent.mkdir(exist_ok=True)
        data.unlink(missing_ok=True)

    return Contender(
        "coverage combine, coverage json, json.load and compare",
        (
            _coverage(project, data, "combine", "-q", "--keep", str(Path(report.glob).parent)),
            _coverage(project, data, "json", "-q", "-o", str(document)),
            _script(project, "check_json.py", str(document), THRESHOLDS),
        ),
        lambda printed: _hold(_by_path(json.loads(printed)), project.counts),
        prepare,
    )


def coverage_some(project: Project, report: Report) -> Contender:
    """coverage.py's own report of the gated files only, of data that is combined already."""
    data = project.workspace.parent / "combined-before" / ".coverage"
    combine = _coverage(project, data, "combine", "-q", "--keep", str(Path(report.glob).parent))

    def prepare() -> None:
        if not data.exists():
            data.parent.mkdir()
            run(combine)

    def verify(printed: str) -> None:
        rows = {
            words[0]: words[1:4] for words in map(str.split, printed.splitlines()) if len(words) > _COLUMNS
        }
        _hold(
            {path: rows.get(path) for path in project.counts},
            {
                path: [str(one.statements), str(one.statements - one.covered), str(one.branches)]
                for path, one in project.counts.items()
            },
        )

    include = f"--include={','.join(project.counts)}"
    return Contender(
        "coverage report --include, combined before",
        (_coverage(project, data, "report", include),),
        verify,
        prepare,
    )


def junitparser(project: Project, tests: Path, counts: Mapping[str, int]) -> Contender:
    """A script that counts outcomes with junitparser."""
    command = _python(project.workspace, _SCRIPTS / "count_tests.py", tests, environment=_WITH_PEERS)
    return Contender("junitparser", (command,), lambda printed: _hold(json.loads(printed), counts))


def _gate(project: Project, folder: Path, coverage_files: str, name: str, tests: Path | None) -> Contender:
    evidence = folder / "artifacts"

    def verify(_: str) -> None:
        verdict = json.loads((evidence / "coverage-gate" / "latest" / "verdict.json").read_text())
        _hold(verdict["verdict"], "passed")
        _hold(
            {module["name"]: _counted(module) for module in verdict["modules"]},
            {module: counts for module, (_, counts) in project.modules.items()},
        )

    arguments = ["-m", "gate", "check", "--publish", "off", "--coverage-files", coverage_files]
    if tests is not None:
        arguments += ["--junit-files", str(tests)]
    return Contender(
        name,
        (_python(folder, *arguments),),
        verify,
        lambda: shutil.rmtree(evidence, ignore_errors=True),
    )


def _python(folder: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> Command:
    return Command((sys.executable, *arguments), folder, environment or {})


def _script(project: Project, name: str, *arguments: str) -> Command:
    return _python(project.workspace, _SCRIPTS / name, *arguments)


def _coverage(project: Project, data: Path, *arguments: str) -> Command:
    return _python(project.workspace, "-m", "coverage", *arguments, environment={"COVERAGE_FILE": str(data)})


def _counted(module: Mapping[str, Any]) -> Counts:
    line, branch = module["line"], module["branch"]
    return Counts(line["covered"], line["total"], branch["covered"], branch["total"])


def _by_path(found: Mapping[str, list[int]]) -> dict[str, Counts]:
    return {path: Counts(*counts) for path, counts in found.items()}


def _anything(_: str) -> None:
    """Nothing to hold it against: it counts nothing."""


def _hold(found: object, known: object) -> None:
    if found != known:
        raise MeasurementError(f"found {found}, which should be {known}")
