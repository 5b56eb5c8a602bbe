"""Writes the samples beside it: the tests in `programs/`, run by the real tools.

    python tests/data/junit/make_junit.py            # all of them
    python tests/data/junit/make_junit.py jest node  # some

`expected.json` gets, for each sample, the tool's version, the line in which it summed up, and its own
counts in JUnit's terms. Paths, host names and the JVM's properties are taken out of the samples, nothing
else is changed.

Needs node and npm, and from Debian: maven libsurefire-java libmaven-resources-plugin-java
libmaven-compiler-plugin-java junit4 libgtest-dev catch2 doctest-dev g++ cmake golang-go gotestsum.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PYTEST = ("pytest==9.2.0", "pytest-xdist==3.8.0")
PYTEST_8 = ("pytest==8.4.2", "pytest-subtests==0.14.2")
UNITTEST = ("unittest-xml-reporting==4.0.0",)
NPM = (
    "jest@30.5.2",
    "jest-junit@17.0.0",
    "@playwright/test@1.65.1",
    "vitest@4.1.12",
    "mocha@10.8.2",
    "mocha-junit-reporter@2.2.1",
)
MAVEN_REPOSITORY = "/usr/share/maven-repo"

Counts = dict[str, int]


class Run(NamedTuple):
    """What a tool left: its report, its own sum, and that sum in JUnit's terms (none: not comparable)."""

    report: Path
    printed: str
    counts: Counts | None


Runs = Iterator[tuple[str, Run]]


def main() -> None:
    """Run the tools named on the command line, or all."""
    expected_file = HERE / "expected.json"
    expected = json.loads(expected_file.read_text()) if expected_file.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        shutil.copytree(HERE / "programs", place, dirs_exist_ok=True)
        for name in sys.argv[1:] or TOOLS:
            tool, run_all = TOOLS[name]
            for sample, run in run_all(place / name):
                (HERE / sample).write_text(_without_this_machine(run.report.read_text(), place))
                expected[sample] = {"tool": tool, "printed": run.printed, "counts": run.counts}
    expected_file.write_text(json.dumps(dict(sorted(expected.items())), indent=2) + "\n")


def _without_this_machine(text: str, place: Path) -> str:
    text = re.sub(r"\s*<properties>.*?</properties>", "", text, flags=re.DOTALL)
    text = text.replace(str(place), "/app").replace(sys.base_prefix, "/python")
    return text.replace(f'hostname="{socket.gethostname()}"', 'hostname="host"')


def _run(folder: Path, *command: str | Path, **environment: str) -> str:
    """What a command prints; these tests are meant to fail."""
    clean = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        command,
        cwd=folder,
        env=clean | {"CI": "true", "NO_COLOR": "1", "LANG": "C.UTF-8"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def _line(pattern: str, text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if re.search(pattern, line)]
    return lines[-1] if lines else sys.exit(f"no line with {pattern!r} in:\n{text}")


def _counts(passed: int, failed: int, errors: int, skipped: int) -> Counts:
    total = passed + failed + errors + skipped
    return {"total": total, "passed": passed, "failed": failed, "errors": errors, "skipped": skipped}


def _install(library: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """Packages in a folder of their own, and the environment that finds them."""
    pip = (sys.executable, "-m", "pip", "install", "-q", "--target", library)
    subprocess.run([*pip, *packages], check=True)
    return {"PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"}


def _pytest(folder: Path) -> Runs:
    environment = _install(folder.parent / "library", PYTEST)
    for suffix, *options in (
        ("", "--continue-on-collection-errors"),
        ("-teardown",),
        ("-subtests",),
        ("-internal",),
        ("-interrupted",),
        ("-xdist", "-n1"),
        ("-xdist-stopped", "-n1", "--max-worker-restart=0"),
    ):
        place = folder.with_name(f"pytest{suffix.replace('-', '_')}")
        printed = _pytest_in(place, environment, *options)
        words = ("passed|xpassed", "failed", "errors?", "skipped|xfailed")
        counts = _counts(*(sum(map(int, re.findall(rf"(\d+) (?:{word})\b", printed))) for word in words))
        yield f"pytest{suffix}.xml", Run(place / "junit.xml", printed, None if suffix else counts)


def _pytest_8(folder: Path) -> Runs:
    place = folder.with_name("pytest_subtests")
    printed = _pytest_in(place, _install(folder.parent / "library-8", PYTEST_8))
    yield "pytest-8-subtests.xml", Run(place / "junit.xml", printed, None)


def _pytest_in(place: Path, environment: dict[str, str], *options: str) -> str:
    """Run the tests of a folder: what pytest sums up."""
    for program in place.glob("*.txt"):
        name = program.stem if program.stem == "conftest" else f"test_{program.stem}"
        program.rename(place / f"{name}.py")
    command = (sys.executable, "-m", "pytest", "--tb=short", "--junitxml=junit.xml", *options)
    return _line(r"\d (passed|failed|error)", _run(place, *command, **environment)).strip("= ")


def _unittest(folder: Path) -> Runs:
    for program in folder.glob("*.txt"):
        program.rename(folder / f"test_{program.stem}.py")
    command = (sys.executable, "-m", "xmlrunner", "discover", "--output-file", "junit.xml")
    output = _run(folder, *command, **_install(folder.parent / "library-unittest", UNITTEST))
    printed = f"{_line('^Ran ', output)}; {_line('^FAILED', output)}"
    yield "unittest.xml", Run(folder / "junit.xml", printed, None)


def _npx(folder: Path, *command: str, **environment: str) -> str:
    if not (folder.parent / "node_modules").exists():
        npm = ("npm", "install", "--no-audit", "--no-fund", "--silent")
        subprocess.run([*npm, *NPM], cwd=folder.parent, check=True)
    return _run(folder, "npx", *command, **environment)


def _jest(folder: Path) -> Runs:
    for suffix, errors in ("", ""), ("-broken", "true"):
        place = folder.with_name(f"jest{suffix.replace('-', '_')}")
        (place / "package.json").write_text('{"jest": {"reporters": ["default", "jest-junit"]}}')
        jest = ("jest", "--ci", "--json", "--outputFile=totals.json")
        output = _npx(place, *jest, JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=errors)
        totals = json.loads((place / "totals.json").read_text())
        counts = _counts(totals["numPassedTests"], totals["numFailedTests"], 0, totals["numPendingTests"])
        printed = "; ".join(_line(start, output) for start in ("^Test Suites:", "^Tests:"))
        yield f"jest{suffix}.xml", Run(place / "junit.xml", printed, None if suffix else counts)


def _playwright(folder: Path) -> Runs:
    _npx(folder, "playwright", "test")
    stats = json.loads((folder / "totals.json").read_text())["stats"]
    printed = {key: stats[key] for key in ("expected", "skipped", "unexpected", "flaky")}
    yield "playwright.xml", Run(folder / "junit.xml", json.dumps(printed), None)


def _vitest_unloadable(folder: Path) -> Runs:
    output = _npx(folder, "vitest", "run", "--reporter=junit", "--reporter=default", "--outputFile=junit.xml")
    printed = "; ".join(_line(start, output).strip() for start in ("^ *Test Files ", "^ *Tests "))
    yield "vitest-unloadable.xml", Run(folder / "junit.xml", printed, None)


def _vitest(folder: Path) -> Runs:
    reporters = ("--reporter=junit", "--outputFile.junit=junit.xml", "--reporter=json", "--reporter=default")
    output = _npx(folder, "vitest", "run", *reporters, "--outputFile.json=totals.json")
    totals = json.loads((folder / "totals.json").read_text())
    skipped = totals["numPendingTests"] + totals["numTodoTests"]
    counts = _counts(totals["numPassedTests"], totals["numFailedTests"], 0, skipped)
    yield "vitest.xml", Run(folder / "junit.xml", _line("^ *Tests ", output), counts)


def _node(folder: Path) -> Runs:
    spec = ("--test-reporter=spec", "--test-reporter-destination=stdout")
    junit = ("--test-reporter=junit", "--test-reporter-destination=junit.xml")
    output = _run(folder, "node", "--test", *spec, *junit)
    words = ("pass", "fail", "cancelled", "skipped", "todo")
    passed, failed, cancelled, skipped, todo = (_number(rf"(?m)^\S {word} (\d+)", output) for word in words)
    printed = f"pass {passed} fail {failed} cancelled {cancelled} skipped {skipped} todo {todo}"
    counts = _counts(passed, failed + cancelled, 0, skipped + todo)
    yield "node.xml", Run(folder / "junit.xml", printed, counts)


def _node_unloadable(folder: Path) -> Runs:
    yield from (("node-unloadable.xml", run) for _, run in _node(folder))


def _mocha(folder: Path) -> Runs:
    report = ("--reporter", "mocha-junit-reporter")
    _npx(folder, "mocha", *report, "wallet.test.js")
    output = _npx(folder, "mocha", "wallet.test.js")
    words = ("passing", "failing", "pending")
    passed, failed, pending = (_number(rf"(\d+) {word}", output) for word in words)
    # The pending ones are not written.
    yield (
        "mocha.xml",
        Run(
            folder / "test-results.xml",
            f"{passed} passing {failed} failing {pending} pending",
            _counts(passed, failed, 0, 0),
        ),
    )


def _surefire(folder: Path) -> Runs:
    repository = folder.parent / "m2"
    shutil.copytree(MAVEN_REPOSITORY, repository)
    (folder / "settings.xml").write_text("<settings/>")
    maven = (
        "mvn",
        "-o",
        "-B",
        "-s",
        "settings.xml",
        "-gs",
        "settings.xml",
        f"-Dmaven.repo.local={repository}",
    )
    output = _run(folder, *maven, "test", "-Dsurefire.rerunFailingTestsCount=2")
    whole = _line(r"Tests run: \d+.*Flakes", output)
    for name in "Wallet", "Setup", "Green":
        report = folder / "target" / "surefire-reports" / f"TEST-shop.{name}Test.xml"
        yield f"surefire-{name.lower()}.xml", Run(report, whole, None)


def _compile(folder: Path, *libraries: str) -> None:
    subprocess.run(["g++", "wallet.cc", "-o", "wallet", *libraries], cwd=folder, check=True)


def _googletest(folder: Path) -> Runs:
    _compile(folder, "-lgtest", "-lgtest_main", "-lpthread")
    output = _run(folder, "./wallet", "--gtest_output=xml:junit.xml")
    passed, failed, skipped = (
        _number(rf"\[  {word} +\] (\d+) test", output) for word in ("PASSED", "FAILED", "SKIPPED")
    )
    disabled = _number(r"(\d+) DISABLED", output)
    printed = f"{passed} passed, {failed} failed, {skipped} skipped, {disabled} disabled"
    yield "googletest.xml", Run(folder / "junit.xml", printed, _counts(passed, failed, 0, skipped + disabled))


def _catch2(folder: Path) -> Runs:
    _compile(folder)
    (folder / "junit.xml").write_text(_run(folder, "./wallet", "-r", "junit"))
    yield "catch2.xml", Run(folder / "junit.xml", _line("test cases:", _run(folder, "./wallet")), None)


def _doctest(folder: Path) -> Runs:
    _compile(folder)
    (folder / "junit.xml").write_text(_run(folder, "./wallet", "-r=junit"))
    yield "doctest.xml", Run(folder / "junit.xml", _line("test cases:", _run(folder, "./wallet")), None)


def _ctest(folder: Path) -> Runs:
    _run(folder, "cmake", ".")
    output = _run(folder, "ctest", "--output-junit", folder / "junit.xml")
    failed = re.findall(r"^\s*\d+ - (\w+) \((Failed|Not Run)\)", output, re.MULTILINE)
    idle = re.findall(r"^\s*\d+ - (\w+) \((Disabled|Skipped)\)", output, re.MULTILINE)
    printed = "; ".join(f"{name} ({why})" for name, why in failed + idle)
    broken = sum(why == "Not Run" for _, why in failed)
    total = _number(r"out of (\d+)", output) + sum(why == "Disabled" for _, why in idle)
    passed = total - len(failed) - len(idle)
    yield (
        "ctest.xml",
        Run(folder / "junit.xml", printed, _counts(passed, len(failed) - broken, broken, len(idle))),
    )


def _gotestsum(folder: Path) -> Runs:
    output = _run(folder, "gotestsum", "--junitfile", "junit.xml", "./...", GOPROXY="off", GOFLAGS="-mod=mod")
    yield "gotestsum-unbuilt.xml", Run(folder / "junit.xml", _line("^DONE", output), None)


def _gotestsum_main(folder: Path) -> Runs:
    output = _run(folder, "gotestsum", "--junitfile", "junit.xml", "./...", GOPROXY="off", GOFLAGS="-mod=mod")
    yield "gotestsum-main.xml", Run(folder / "junit.xml", _line("^DONE", output), None)


TOOLS: dict[str, tuple[str, Callable[[Path], Runs]]] = {
    "pytest": (" ".join(PYTEST), _pytest),
    "pytest_8": (" ".join(PYTEST_8), _pytest_8),
    "unittest": (" ".join(UNITTEST), _unittest),
    "jest": (" ".join(NPM[:2]), _jest),
    "playwright": (NPM[2], _playwright),
    "vitest": (NPM[3], _vitest),
    "vitest_unloadable": (NPM[3], _vitest_unloadable),
    "node": ("node 20", _node),
    "node_unloadable": ("node 20", _node_unloadable),
    "mocha": (" ".join(NPM[4:]), _mocha),
    "surefire": ("surefire 2.22.3", _surefire),
    "googletest": ("googletest 1.12.1", _googletest),
    "catch2": ("catch2 2.13.10", _catch2),
    "doctest": ("doctest 2.4.9", _doctest),
    "ctest": ("ctest 3.25.1", _ctest),
    "gotestsum": ("gotestsum 1.8.2", _gotestsum),
    "gotestsum_main": ("gotestsum 1.8.2", _gotestsum_main),
}

if __name__ == "__main__":
    main()
