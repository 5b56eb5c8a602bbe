"""Writes the samples beside it: the programs in `programs/`, measured by the real tools.

    python tests/data/cobertura/make_cobertura.py               # all of them
    python tests/data/cobertura/make_cobertura.py gcovr java    # some

`expected.json` gets, for each sample, the tool and its own totals of each file: [covered, total] of lines
and of branches (null where it did not measure them), from another of its reports (JSON, LCOV, Clover), or
from its XML's root where it writes no other. `coverage_py/shards/` has the eight runs that
`coverage combine` made a whole of, as XML, every other also as JSON. Nothing in the samples is changed.

Everything runs in FOLDER, which must not be there. Needs node and npm, python3.7 and python3.9 on the PATH,
and from Debian: g++ grcov phpunit php-pcov php-xdebug cobertura default-jdk-headless.
The samples in `by_hand/` are not made here: see their headers.
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
from xml.etree import ElementTree as ET

HERE = Path(__file__).parent
FOLDER = Path("/builds/wallet")
COVERAGE = ("6.5.0", "7.2.7", "7.6.12", "7.10.7", "7.17.3")
OLD_COVERAGE = "5.5"
SHARDED = "6.5.0"
GCOVR = ("5.2", "8.8")
NYC, C8, JEST, VITEST = "nyc@18.0.0", "c8@12.0.0", "jest@30.5.2", "4.1.12"

Totals = dict[str, dict[str, list[int] | None]]
Samples = Iterator[tuple[str, str, Totals]]


def main() -> None:
    """Run the tools named on the command line, or all."""
    expected_file = HERE / "expected.json"
    expected = json.loads(expected_file.read_text()) if expected_file.exists() else {}
    for name in sys.argv[1:] or TOOLS:
        shutil.copytree(HERE / "programs" / name, FOLDER)
        try:
            with tempfile.TemporaryDirectory() as library:
                for sample, tool, totals in TOOLS[name](Path(library)):
                    expected[sample] = {"tool": tool, "files": dict(sorted(totals.items()))}
        finally:
            shutil.rmtree(FOLDER)
        expected_file.write_text(_json(expected))


def _json(expected: dict[str, object]) -> str:
    text = json.dumps(dict(sorted(expected.items())), indent=1)
    return re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", text) + "\n"


def run(*command: str | Path, **environment: str | Path) -> str:
    """What a command prints."""
    variables = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    variables |= {"CI": "true", **{key: str(value) for key, value in environment.items()}}
    done = subprocess.run(command, cwd=FOLDER, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def keep(report: str, sample: str) -> None:
    """Copy a report to the samples."""
    target = HERE / sample
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(FOLDER / report, target)


def installed(python: str, *packages: str, library: Path) -> Path:
    """A folder with packages of the index in it."""
    target = library / "-".join((Path(python).name, *packages))
    subprocess.run([python, "-m", "pip", "install", "-qq", "--target", target, *packages], check=True)
    return target


# coverage.py


def coverage_py(library: Path) -> Samples:
    """Its XML from several releases, with and without branches, and of special cases."""
    for version in COVERAGE:
        coverage = _coverage(installed(sys.executable, f"coverage=={version}", library=library))
        for number in range(8):
            coverage(
                "run", "--branch", "--source=shop", "-m", "shop", str(number), data=f".coverage.{number}"
            )
            if version == SHARDED:
                _xml_and_json(
                    coverage,
                    f"coverage_py/shards/{number}",
                    f".coverage.{number}",
                    keep_json=bool(number % 2),
                )
        coverage("combine")
        _xml_and_json(coverage, f"coverage_py/{version}")
        yield f"coverage_py/{version}.xml", f"coverage.py {version}", _coverage_totals()
        if version == "6.5.0":
            coverage("run", "--branch", "--source=dead", "-m", "dead")
            _xml_and_json(coverage, f"coverage_py/{version}-dead")
            yield f"coverage_py/{version}-dead.xml", f"coverage.py {version}", _coverage_totals()
    coverage("run", "--source=shop", "-m", "shop", "3")
    yield from _special(coverage, "lines")
    (FOLDER / ".coveragerc").write_text("[run]\nbranch = true\nsource = ./one\n  ./two\n")
    coverage("run", "-m", "twins")
    yield from _special(coverage, "twins")
    (FOLDER / ".coveragerc").write_text("[run]\nbranch = true\nrelative_files = true\n")
    coverage("run", "--include=old.py", "old.py")
    yield from _special(coverage, "relative")
    (FOLDER / ".coveragerc").unlink()
    for python in ("python3.7", "python3.9"):
        coverage = _coverage(installed(python, f"coverage=={OLD_COVERAGE}", library=library), python)
        coverage("run", "--branch", "--include=old.py", "old.py")
        _xml_and_json(coverage, f"coverage_py/{OLD_COVERAGE}-{python}", keep_json=False)
        yield f"coverage_py/{OLD_COVERAGE}-{python}.xml", f"coverage.py {OLD_COVERAGE}", _coverage_totals()


def _special(coverage: Callable[..., str], case: str) -> Samples:
    _xml_and_json(coverage, f"coverage_py/{COVERAGE[-1]}-{case}", keep_json=False)
    yield f"coverage_py/{COVERAGE[-1]}-{case}.xml", f"coverage.py {COVERAGE[-1]}", _coverage_totals()


def _coverage(library: Path, python: str = sys.executable) -> Callable[..., str]:
    def coverage(*arguments: str, data: str = ".coverage") -> str:
        return run(python, "-m", "coverage", *arguments, PYTHONPATH=library, COVERAGE_FILE=data)

    return coverage


def _xml_and_json(
    coverage: Callable[..., str], sample: str, data: str = ".coverage", *, keep_json: bool = True
) -> None:
    coverage("xml", "-o", "coverage.xml", "--omit=*/__main__.py", data=data)
    coverage("json", "-o", "coverage.json", "--omit=*/__main__.py", data=data)
    keep("coverage.xml", f"{sample}.xml")
    if keep_json:
        keep("coverage.json", f"{sample}.json")


def _coverage_totals() -> Totals:
    """coverage.py's own numbers. Before 6.5 covered branches are only in `percent_covered`."""
    document = json.loads((FOLDER / "coverage.json").read_text())
    totals: Totals = {}
    for name, file in document["files"].items():
        summary = file["summary"]
        lines, branches = summary["num_statements"], summary.get("num_branches", 0)
        covered = round(summary["percent_covered"] * (lines + branches) / 100) - summary["covered_lines"]
        totals[name] = {
            "lines": [summary["covered_lines"], lines],
            "branches": [summary.get("covered_branches", covered if branches else 0), branches]
            if document["meta"]["branch_coverage"]
            else None,
        }
    return totals


# gcov


def gcovr(library: Path) -> Samples:
    """gcovr and grcov, of one program with templates."""
    run("g++", "--coverage", "-O0", "-o", "app", "main.cpp", "price.cpp")
    run("./app")
    for version in GCOVR:
        place = installed(sys.executable, f"gcovr=={version}", library=library)
        command = (sys.executable, "-m", "gcovr", "--cobertura", "out.xml", "--json-summary", "out.json")
        run(*command, PYTHONPATH=place)
        keep("out.xml", f"gcovr-{version}.xml")
        summary = json.loads((FOLDER / "out.json").read_text())["files"]
        yield (
            f"gcovr-{version}.xml",
            f"gcovr {version}",
            {file["filename"]: _gcovr_totals(file) for file in summary},
        )
    tool = run("grcov", "--version").strip()
    for sample, options in (("grcov.xml", ["--branch"]), ("grcov-lines.xml", ["--ignore", "box.hpp"])):
        common = ("grcov", ".", "-s", ".", "--ignore", "/usr/*", "--ignore", "price.cpp", *options)
        run(*common, "-t", "cobertura", "-o", "out.xml")
        keep("out.xml", sample)
        yield sample, tool, _lcov_totals(run(*common, "-t", "lcov"), with_branches="--branch" in options)


def _gcovr_totals(file: dict[str, int]) -> dict[str, list[int] | None]:
    return {
        kind: [file[f"{one}_covered"], file[f"{one}_total"]]
        for kind, one in (("lines", "line"), ("branches", "branch"))
    }


def _lcov_totals(text: str, *, with_branches: bool) -> Totals:
    totals: Totals = {}
    for record in text.split("end_of_record")[:-1]:
        sums = dict(re.findall(r"^(SF|LF|LH|BRF|BRH):(.*)$", record, re.MULTILINE))
        totals[sums["SF"]] = {
            "lines": [int(sums["LH"]), int(sums["LF"])],
            "branches": [int(sums.get("BRH", 0)), int(sums.get("BRF", 0))] if with_branches else None,
        }
    return totals


# Istanbul


def istanbul(library: Path) -> Samples:
    """nyc, c8, Jest and Vitest, which share Istanbul's reporters."""
    reports = ("--reporter=cobertura", "--reporter=json-summary")
    few = ("src/shipping.js", "src/currency.js", "src/never.js")
    for name, package in (("nyc", NYC), ("c8", C8)):
        folder = "--report-dir=out" if name == "nyc" else "--reports-dir=out"
        yield _istanbul(
            library, name, (package,), "--all", "--include=src/**", *reports, folder, "node", "test/shop.js"
        )
    yield _istanbul(
        *(library, "jest", (JEST,), "--coverage", "--coverageDirectory=out", "--testMatch=**/*.spec.js"),
        *("--coverageReporters=cobertura", "--coverageReporters=json-summary"),
        *(f"--collectCoverageFrom={name}" for name in few),
    )
    for provider in ("istanbul", "v8"):
        yield _istanbul(
            *(
                library,
                "vitest",
                (f"vitest@{VITEST}", f"@vitest/coverage-{provider}@{VITEST}"),
                "run",
                "test/shop.test.js",
            ),
            *("--coverage.enabled", f"--coverage.provider={provider}", "--coverage.reportsDirectory=out"),
            *("--coverage.reporter=cobertura", "--coverage.reporter=json-summary"),
            *(f"--coverage.include={name}" for name in few),
        )


def _istanbul(
    library: Path, name: str, packages: tuple[str, ...], *arguments: str
) -> tuple[str, str, Totals]:
    place = library / "-".join(packages).replace("/", "-")
    place.mkdir()
    (place / "package.json").write_text("{}")
    subprocess.run(["npm", "install", "--silent", "--prefix", place, *packages], check=True)
    modules = FOLDER / "node_modules"
    modules.symlink_to(place / "node_modules")
    run(f"node_modules/.bin/{name}", *arguments)
    sample = f"istanbul-{name}{'-v8' if 'provider=v8' in ' '.join(arguments) else ''}.xml"
    keep("out/cobertura-coverage.xml", sample)
    version = json.loads((modules / name / "package.json").read_text())["version"]
    summary = json.loads((FOLDER / "out/coverage-summary.json").read_text())
    modules.unlink()
    shutil.rmtree(FOLDER / "out")
    totals: Totals = {
        str(Path(path).relative_to(FOLDER)): {
            kind: [file[kind]["covered"], file[kind]["total"]] for kind in ("lines", "branches")
        }
        for path, file in summary.items()
        if path != "total"
    }
    return sample, f"{name} {version}", totals


# PHPUnit


def phpunit(_: Path) -> Samples:
    """PHPUnit with pcov, with Xdebug's path coverage, and with a script among the classes."""
    tool = re.findall(r"PHPUnit [\d.]+", run("phpunit", "--version"))[0]
    pcov = ("php", "-d", "pcov.enabled=1", "-d", f"pcov.directory={FOLDER}", "-d", "xdebug.mode=off")
    xdebug = ("php", "-d", "pcov.enabled=0", "-d", "xdebug.mode=coverage")
    yield from _phpunit("phpunit-pcov.xml", tool, pcov)
    yield from _phpunit("phpunit-xdebug.xml", tool, xdebug, "--path-coverage")
    shutil.copy(HERE / "programs/phpunit_script/script.php", FOLDER / "src")
    yield from _phpunit("phpunit-script.xml", tool, pcov)


def _phpunit(sample: str, tool: str, php: tuple[str, ...], *options: str) -> Samples:
    reports = ("--coverage-cobertura", "out.xml", "--coverage-clover", "clover.xml")
    run(*php, shutil.which("phpunit") or "", *reports, *options)
    keep("out.xml", sample)
    files: Totals = {}
    for file in ET.parse(FOLDER / "clover.xml").iterfind(".//file"):  # noqa: S314
        metrics = {key: int(value) for key, value in (file.find("metrics") or file[-1]).attrib.items()}
        files[Path(file.attrib["name"]).name] = {
            "lines": [metrics["coveredstatements"], metrics["statements"]],
            "branches": None,
        }
    yield sample, tool, files


# Cobertura itself


def java(_: Path) -> Samples:
    """Java's Cobertura, the format's own tool. Of each file its totals are those of the classes in it."""
    jars = ":".join(str(jar) for jar in Path("/usr/share/java").glob("*.jar"))
    run("javac", "-g", "--release", "8", "-d", "classes", "shop/Price.java", "shop/Shipping.java")
    run("cobertura-instrument", "--datafile", "cobertura.ser", "--destination", "measured", "classes")
    data = f"-Dnet.sourceforge.cobertura.datafile={FOLDER}/cobertura.ser"
    run("java", "-cp", f"measured:{jars}", data, "shop.Price")
    run("cobertura-report", "--datafile", "cobertura.ser", "--format", "xml", "--destination", ".", ".")
    keep("coverage.xml", "java.xml")
    run("cobertura-report", "--datafile", "cobertura.ser", "--format", "html", "--destination", "html", ".")
    page = re.sub(r"<[^>]+>|&nbsp;", " ", (FOLDER / "html/frame-summary-shop.html").read_text())
    files: Totals = {}
    for name, lines, branches in re.findall(
        r"\s([A-Za-z][\w$]*)\s+\d+%\s+(\d+/\d+)\s+(?:\d+%\s+(\d+/\d+)|N/A)", page
    ):
        file = files.setdefault(f"shop/{name.partition('$')[0]}.java", {"lines": [0, 0], "branches": [0, 0]})
        for kind, counted in (("lines", lines), ("branches", branches or "0/0")):
            file[kind] = [
                old + int(new) for old, new in zip(file[kind] or [], counted.split("/"), strict=True)
            ]
    yield "java.xml", "Cobertura 2.1.1", files


TOOLS: dict[str, Callable[[Path], Samples]] = {
    "coverage_py": coverage_py,
    "gcovr": gcovr,
    "istanbul": istanbul,
    "phpunit": phpunit,
    "java": java,
}

if __name__ == "__main__":
    main()
