"""Writes the samples beside it: the programs in `programs/`, measured and reported by the real tools.

    python tests/data/lcov/make_lcov.py              # all of them
    python tests/data/lcov/make_lcov.py gcovr node   # some

`expected.json` gets, for each sample, the tool's own totals by file, as [covered, total]
of lines and of branches (null: not measured), each taken from what the tool prints, never from its LCOV:
coverage.py's JSON report (its summary; some are samples too, of the same run), `lcov --summary` of one
file, gcovr's text tables, `llvm-cov export -summary-only`, Istanbul's json-summary, node's own event.

A sample `…-shards` holds eight runs of a program with other arguments, each written as a report of its own
and then put one after the other; its totals are those of `coverage combine`.

The programs run in /code/till, which the samples name. Needs node and npm, a nightly rustc, and from Debian:
g++ lcov clang-14 llvm-14 llvm-19.
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
PROGRAMS = HERE / "programs"
PLACE = Path("/code/till")
COVERAGE_PY = ("6.5.0", "7.2.7", "7.4.4", "7.6.12", "7.10.7", "7.17.3")
COVERAGE_PY_SHARDS = ("6.5.0", "7.2.7", "7.17.3")
GCOVR = ("7.2", "8.3", "8.4", "8.8")
NPM = (
    "c8@12.0.0",
    "nyc@18.0.0",
    "jest@30.5.2",
    "vitest@4.1.12",
    "@vitest/coverage-v8@4.1.12",
    "@vitest/coverage-istanbul@4.1.12",
)
SHARDS = ("", "3", "-1", "501 2", "4 5 6", "700 8", "9000", "10 -3 14")

Pair = list[int]
Totals = dict[str, dict[str, Pair | None]]


class Sample(NamedTuple):
    """A report, and the writer's own totals."""

    name: str
    report: str
    totals: Totals


def main() -> None:
    """Run the tools named on the command line, or all."""
    expected_file = HERE / "expected.json"
    expected = json.loads(expected_file.read_text()) if expected_file.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for tool in sys.argv[1:] or TOOLS:
            for sample in TOOLS[tool](Path(folder)):
                (HERE / sample.name).write_text(sample.report)
                expected[sample.name] = sample.totals
    expected_file.write_text(json.dumps(dict(sorted(expected.items())), indent=1) + "\n")


def _place(program: str) -> Path:
    """A new folder with a program."""
    shutil.rmtree(PLACE, ignore_errors=True)
    shutil.copytree(PROGRAMS / program, PLACE)
    return PLACE


def _run(*command: str | Path, check: bool = True, **environment: str) -> str:
    """What a command prints."""
    clean = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        command,
        cwd=PLACE,
        env=clean | {"NO_COLOR": "1", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=None if check else subprocess.STDOUT,
        text=True,
        check=check,
    ).stdout


def _installed(folder: Path, package: str, version: str) -> str:
    library = str(folder / f"{package}-{version}")
    pip = (sys.executable, "-m", "pip", "install", "-q", "--target", library)
    subprocess.run([*pip, f"{package}=={version}"], check=True)
    return library


def _of(lines: Pair, branches: Pair | None) -> dict[str, Pair | None]:
    return {"lines": lines, "branches": branches}


# coverage.py


def _coverage_py(folder: Path) -> Iterator[Sample]:
    for version in COVERAGE_PY:
        library = _installed(folder, "coverage", version)

        def coverage(*arguments: str, library: str = library) -> str:
            return _run(sys.executable, "-m", "coverage", *arguments, check=False, PYTHONPATH=library)

        for name in "", "-lines":
            if name and version not in ("6.5.0", "7.17.3"):
                continue
            place = _place("python")
            coverage("run", *([] if name else ["--branch"]), "till.py", *SHARDS[-1].split())
            coverage("lcov", "-q", "-o", "coverage.lcov")
            totals = _coverage_py_totals(coverage)
            yield Sample(f"coverage-py-{version}{name}.info", (place / "coverage.lcov").read_text(), totals)
            if not name and version in COVERAGE_PY_SHARDS:
                yield Sample(f"coverage-py-{version}.json", (place / "coverage.json").read_text(), totals)
        if version not in COVERAGE_PY_SHARDS:
            continue
        place = _place("python")
        reports = []
        for number, arguments in enumerate(SHARDS):
            data = f"--data-file=.coverage.{number}"
            coverage("run", "--branch", data, "till.py", *arguments.split())
            coverage("lcov", "-q", data, "-o", "coverage.lcov")
            reports.append((place / "coverage.lcov").read_text())
        coverage("combine", "-q")
        totals = _coverage_py_totals(coverage)
        yield Sample(f"coverage-py-{version}-shards.info", "".join(reports), totals)


def _coverage_py_totals(coverage: Callable[..., str]) -> Totals:
    coverage("json", "-q", "-o", "coverage.json")
    report = json.loads((PLACE / "coverage.json").read_text())
    totals: Totals = {}
    for name, file in report["files"].items():
        told = file["summary"]
        branches = [told["covered_branches"], told["num_branches"]] if "num_branches" in told else None
        totals[name] = _of([told["covered_lines"], told["num_statements"]], branches)
    return totals


# C++: lcov, gcovr, llvm-cov


def _lcov(_: Path) -> Iterator[Sample]:
    with_branches = ("--rc", "lcov_branch_coverage=1")
    place = _place("cpp")
    _run("g++", "--coverage", "-O0", "-std=c++17", "main.cpp", "-o", "till")
    capture = ("lcov", "-q", "-c", "-d", ".")
    _run("./till")
    _run(*capture, *with_branches, "-t", "first", "-o", "first.info")
    _run(*capture, "--no-external", "-o", "lines.info")
    _run("./till", "1", "2", "3", check=False)
    _run(*capture, "--no-external", "--checksum", *with_branches, "-t", "second", "-o", "second.info")
    _run("lcov", "-q", *with_branches, "-a", "first.info", "-a", "second.info", "-o", "all.info")
    ours = ("-o", "merged.info", "-e", "all.info", "/code/*")
    _run("lcov", "-q", *with_branches, *ours)
    for name, options in (
        ("first", with_branches),
        ("second", with_branches),
        ("merged", with_branches),
        ("lines", ()),
    ):
        report = place / f"{name}.info"
        totals = {source: _lcov_totals(report, source, options) for source in _sources(report)}
        yield Sample(f"lcov-1.16-{name}.info", report.read_text(), totals)


def _sources(report: Path) -> list[str]:
    return sorted(set(re.findall(r"^SF:(.*)", report.read_text(), re.MULTILINE)))


def _lcov_totals(report: Path, source: str, options: tuple[str, ...]) -> dict[str, Pair | None]:
    _run("lcov", "-q", *options, "-e", report.name, source, "-o", "one.info", check=False)
    printed = _run("lcov", *options, "--summary", "one.info", check=False)

    def pair(what: str) -> Pair:
        found = re.search(rf"{what}\.*: .*\((\d+) of (\d+) {what}\)", printed)
        return [int(found[1]), int(found[2])] if found else [0, 0]

    return _of(pair("lines"), pair("branches") if options else None)


def _gcovr(folder: Path) -> Iterator[Sample]:
    for version in GCOVR:
        library = _installed(folder, "gcovr", version)
        place = _place("cpp")
        _run("g++", "--coverage", "-O0", "-std=c++17", "main.cpp", "-o", "till")
        _run("./till")
        for name, options in (("", ()), ("-merge-lines", ("--merge-lines",))):
            if name and version != "8.8":
                continue

            def gcovr(*arguments: str, library: str = library) -> str:
                return _run(sys.executable, "-m", "gcovr", *arguments, PYTHONPATH=library)

            gcovr("--lcov", "gcovr.info", *options)
            lines = _gcovr_table(gcovr(*options))
            branches = _gcovr_table(gcovr("--txt-metric", "branch", *options))
            totals = {f"/code/till/{file}": _of(lines[file], branches[file]) for file in lines}
            yield Sample(f"gcovr-{version}{name}.info", (place / "gcovr.info").read_text(), totals)


def _gcovr_table(text: str) -> dict[str, Pair]:
    rows = re.findall(r"^(\S+\.[ch]pp) +(\d+) +(\d+) ", text, re.MULTILINE)
    return {file: [int(covered), int(total)] for file, total, covered in rows}


def _llvm_cov(_: Path) -> Iterator[Sample]:
    _place("cpp")
    _run(
        "clang++-14", "-fprofile-instr-generate", "-fcoverage-mapping", "-std=c++17", "main.cpp", "-o", "till"
    )
    yield _llvm_sample("14")


def _rust(_: Path) -> Iterator[Sample]:
    _place("rust")
    _run("rustc", "-Cinstrument-coverage", "main.rs", "-o", "till")
    yield _llvm_sample("19", "-rust")


def _llvm_sample(version: str, suffix: str = "") -> Sample:
    _run("./till", LLVM_PROFILE_FILE="till.profraw")
    _run(f"llvm-profdata-{version}", "merge", "till.profraw", "-o", "till.profdata")
    profile = ("-instr-profile=till.profdata", "./till")
    report = _run(f"llvm-cov-{version}", "export", "-format=lcov", *profile)
    summary = json.loads(_run(f"llvm-cov-{version}", "export", "-summary-only", *profile))
    totals: Totals = {}
    for file in summary["data"][0]["files"]:
        lines, branches = file["summary"]["lines"], file["summary"]["branches"]
        branch_pair = None if suffix else [branches["covered"], branches["count"]]
        totals[file["filename"]] = _of([lines["covered"], lines["count"]], branch_pair)
    return Sample(f"llvm-cov-{version}{suffix}.info", report, totals)


# JavaScript


def _javascript(folder: Path) -> Path:
    place = _place("js")
    if not (folder / "node_modules").exists():
        (folder / "package.json").write_text("{}")
        npm = ("npm", "install", "--no-audit", "--no-fund", "--silent")
        subprocess.run([*npm, *NPM], cwd=folder, check=True)
    (place / "package.json").write_text("{}")
    (place / "node_modules").symlink_to(folder / "node_modules")
    return place


def _istanbul_sample(name: str) -> Sample:
    reports = PLACE / "coverage"
    summary = json.loads((reports / "coverage-summary.json").read_text())
    totals = {
        str(Path(file).relative_to(PLACE)): _of(*([told[key]["covered"], told[key]["total"]] for key in KEYS))
        for file, told in summary.items()
        if file != "total"
    }
    return Sample(f"{name}.info", (reports / "lcov.info").read_text(), totals)


KEYS = ("lines", "branches")


def _c8(folder: Path) -> Iterator[Sample]:
    _javascript(folder)
    _run(
        "npx",
        "c8",
        "--all",
        "--src",
        "src",
        "-r",
        "json-summary",
        "-r",
        "lcovonly",
        "node",
        "test/till.test.js",
    )
    yield _istanbul_sample("c8-12.0.0")


def _nyc(folder: Path) -> Iterator[Sample]:
    _javascript(folder)
    reporters = ("-r", "json-summary", "-r", "lcovonly")
    _run("npx", "nyc", "--all", "--include", "src/**", *reporters, "node", "test/till.test.js")
    yield _istanbul_sample("nyc-18.0.0")


def _jest(folder: Path) -> Iterator[Sample]:
    for provider in "babel", "v8":
        _javascript(folder)
        reporters = ("--coverageReporters", "json-summary", "--coverageReporters", "lcovonly")
        options = ("--coverage", "--coverageProvider", provider, "--collectCoverageFrom", "src/**")
        _run("npx", "jest", "--rootDir", ".", *options, *reporters)
        yield _istanbul_sample(f"jest-30.5.2-{provider}")


def _vitest(folder: Path) -> Iterator[Sample]:
    for provider in "v8", "istanbul":
        place = _javascript(folder)
        for source in (place / "src").iterdir():
            text = re.sub(r"^module\.exports = ", "export ", source.read_text(), flags=re.MULTILINE)
            text = re.sub(r"^module\.exports\.(\w+)", r"export const \1", text, flags=re.MULTILINE)
            source.with_suffix(".mjs").write_text(text)
            source.unlink()
        test = (place / "test" / "till.test.js").read_text().replace(".js'", ".mjs'")
        test = re.sub(r"^const (.*) = require\((.*)\);$", r"import \1 from \2;", test, flags=re.MULTILINE)
        (place / "test" / "till.test.js").unlink()
        (place / "test" / "till.test.mjs").write_text(test)
        reporters = ("--coverage.reporter", "json-summary", "--coverage.reporter", "lcovonly")
        options = ("--coverage.enabled", "--coverage.provider", provider, "--coverage.include", "src/**")
        _run("npx", "vitest", "run", "--globals", "--dir", "test", *options, *reporters)
        yield _istanbul_sample(f"vitest-4.1.12-{provider}")


NODE_TOTALS = """
export default async function* (source) {
  for await (const event of source)
    if (event.type === 'test:coverage') yield JSON.stringify(event.data.summary.files);
}
"""


def _node(folder: Path) -> Iterator[Sample]:
    place = _javascript(folder)
    (place / "totals.mjs").write_text(NODE_TOTALS)
    lcov = ("--test-reporter=lcov", "--test-reporter-destination=node.info")
    totals = ("--test-reporter=./totals.mjs", "--test-reporter-destination=totals.json")
    _run("node", "--test", "--experimental-test-coverage", *lcov, *totals, "test/")
    files: list[dict[str, Any]] = json.loads((place / "totals.json").read_text())
    told = {
        str(Path(file["path"]).relative_to(PLACE)): _of(
            *([file[f"covered{what}Count"], file[f"total{what}Count"]] for what in ("Line", "Branch"))
        )
        for file in files
    }
    version = _run("node", "--version").strip().removeprefix("v")
    yield Sample(f"node-{version}.info", (place / "node.info").read_text(), told)


TOOLS: dict[str, Callable[[Path], Iterator[Sample]]] = {
    "coverage-py": _coverage_py,
    "lcov": _lcov,
    "gcovr": _gcovr,
    "llvm-cov": _llvm_cov,
    "rust": _rust,
    "c8": _c8,
    "nyc": _nyc,
    "jest": _jest,
    "vitest": _vitest,
    "node": _node,
}

if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(PLACE, ignore_errors=True)
