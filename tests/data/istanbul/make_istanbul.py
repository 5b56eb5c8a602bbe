"""Writes the samples beside it: the programs in `programs/`, measured by what writes Istanbul's JSON.

    python tests/data/istanbul/make_istanbul.py            # all of them
    python tests/data/istanbul/make_istanbul.py c8 jest    # some

`expected.json` gets, for each sample, the tool and the counts in its own text summary, and for each set of
shards what the tool counted when it ran (or, for nyc, merged) them all.

Each of the three shards calls other functions of `price.js`, the third none, so that the file is never
loaded there. Everything runs in /builds/till, which must not exist, so that no other path gets into the
samples. vitest is given the programs as ES modules.

Needs node 20 and npm.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PLACE = Path("/builds/till")
NAMES = "{ discount, shipping, Basket, label }"
CALLS = {
    "first": """\
discount({ lines: [], vip: true })
discount({ lines: [{ amount: 900 }], vip: true })
shipping({ country: 'DE', express: true })
new Basket().count([])
label({})
""",
    "second": """\
discount({ lines: [{ amount: 100 }] }, 0.2)
shipping({ country: 'CH', express: true, insured: false })
shipping({ country: 'FR' })
new Basket().count([{ gift: true }])
label({ gift: true, message: 'hi' })
""",
    "third": "never(1)\n",
}
_COUNTS = re.compile(r"(Lines|Branches)\s*:.*?\(\s*(\d+)/(\d+)\s*\)")


class Measured(NamedTuple):
    """A sample by its name, the report (none: only what the tool counted), and what the tool printed."""

    name: str
    report: Path | None
    printed: str


class Tool(NamedTuple):
    """What npm installs, and how it measures."""

    packages: tuple[str, ...]
    measure: Callable[[], Iterator[Measured]]


def main() -> None:
    """Run the tools named on the command line, or all."""
    expected_file = HERE / "expected.json"
    expected = json.loads(expected_file.read_text()) if expected_file.exists() else {}
    for name in sys.argv[1:] or TOOLS:
        packages, measure = TOOLS[name]
        with tempfile.TemporaryDirectory() as folder:
            _npm(Path(folder), packages)
            PLACE.mkdir(parents=True)
            try:
                (PLACE / "node_modules").symlink_to(Path(folder) / "node_modules")
                (PLACE / "package.json").write_text('{"name": "till"}')
                (PLACE / "src").mkdir()
                for measured in measure():
                    if measured.report is not None:
                        shutil.copy(measured.report, HERE / f"{measured.name}.json")
                    expected[measured.name] = {"tool": " ".join(packages), **_counts(measured.printed)}
            finally:
                shutil.rmtree(PLACE)
    expected_file.write_text(json.dumps(dict(sorted(expected.items())), indent=2) + "\n")


def _npm(folder: Path, packages: Iterable[str]) -> None:
    (folder / "package.json").write_text('{"private": true}')
    npm = ("npm", "install", "--no-audit", "--no-fund", "--silent")
    subprocess.run([*npm, *packages], cwd=folder, check=True)


def _counts(printed: str) -> dict[str, list[int]]:
    counts = {name.lower(): [int(covered), int(total)] for name, covered, total in _COUNTS.findall(printed)}
    return counts if len(counts) == 2 else sys.exit(f"no totals in:\n{printed}")


def _run(*command: str) -> str:
    environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        ("npx", *command),
        cwd=PLACE,
        env=environment | {"CI": "true", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout if not done.returncode else sys.exit(done.stdout)


def _write_programs(*, modules: bool = False) -> None:
    for name in ("price.js", "idle.js"):
        text = (HERE / "programs" / name).read_text()
        (PLACE / "src" / name).write_text(text.replace("module.exports =", "export") if modules else text)
    for shard, calls in CALLS.items():
        names, file = ("{ never }", "idle") if shard == "third" else (NAMES, "price")
        head = (
            f"import {names} from './src/{file}'\n"
            if modules
            else f"const {names} = require('./src/{file}')\n"
        )
        (PLACE / f"{shard}.js").write_text(head + calls)
        test = f"test('{shard}', () => {{\n{calls}}})\n"
        head += "import { test } from 'vitest'\n" if modules else ""
        (PLACE / f"{shard}.test.js").write_text(head + test)


def _nyc() -> Iterator[Measured]:
    _write_programs()
    (PLACE / "shards").mkdir()
    for shard in CALLS:
        output = _run(
            *("nyc", "--all", "--include=src/**", "--cache=false", f"--temp-dir=raw-{shard}"),
            *(
                f"--report-dir={shard}",
                "--reporter=json",
                "--reporter=json-summary",
                "--reporter=text-summary",
            ),
            *("node", f"{shard}.js"),
        )
        report = PLACE / shard / "coverage-final.json"
        shutil.copy(report, PLACE / "shards" / f"{shard}.json")
        yield Measured(f"nyc-{shard}", report, output)
        if shard == "first":
            yield Measured("summary", PLACE / shard / "coverage-summary.json", output)
    yield Measured("nyc", None, _run("nyc", "report", "--temp-dir=shards", "--reporter=text-summary"))


def _nyc_typescript() -> Iterator[Measured]:
    shutil.copy(HERE / "programs" / "price.ts", PLACE / "src")
    (PLACE / "run.ts").write_text(
        "import { discount } from './src/price'\ndiscount({ lines: [{ amount: 9 }], vip: true })\n"
    )
    options = {"target": "es2019", "module": "commonjs", "sourceMap": True, "types": []}
    (PLACE / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    output = _run(
        *(
            "nyc",
            "--extension=.ts",
            "--include=src/**",
            "--cache=false",
            "--temp-dir=raw",
            "--report-dir=report",
        ),
        *("--reporter=json", "--reporter=text-summary"),
        *("node", "--require=ts-node/register/transpile-only", "run.ts"),
    )
    yield Measured("nyc-typescript", PLACE / "report" / "coverage-final.json", output)
    (raw,) = (PLACE / "raw").glob("*.json")
    yield Measured("nyc-typescript-raw", raw, output)


def _c8() -> Iterator[Measured]:
    _write_programs()
    common = ("--all", "--include=src/**", "--reporter=json", "--reporter=text-summary")
    (PLACE / "raw").mkdir()
    for shard in CALLS:
        output = _run(
            "c8", *common, f"--temp-directory=raw-{shard}", f"--report-dir={shard}", "node", f"{shard}.js"
        )
        for raw in (PLACE / f"raw-{shard}").glob("*.json"):
            shutil.copy(raw, PLACE / "raw")
        yield Measured(f"c8-{shard}", PLACE / shard / "coverage-final.json", output)
    yield Measured("c8", None, _run("c8", "report", *common, "--temp-directory=raw", "--report-dir=all"))
    monocart = ("--experimental-monocart", "--temp-directory=raw-monocart", "--reports-dir=monocart")
    output = _run("c8", *monocart, *common, "node", "first.js")
    yield Measured("monocart-first", PLACE / "monocart" / "coverage-final.json", output)


def _jest() -> Iterator[Measured]:
    _write_programs()

    def jest(provider: str, folder: str, *files: str) -> str:
        reporters = ("--coverageReporters=json", "--coverageReporters=text-summary")
        collect = ("--coverage", f"--coverageProvider={provider}", "--collectCoverageFrom=src/**")
        return _run("jest", *collect, *reporters, f"--coverageDirectory={folder}", *files)

    output = jest("babel", "babel", "first.test.js")
    yield Measured("jest-babel-first", PLACE / "babel" / "coverage-final.json", output)
    for shard in CALLS:
        output = jest("v8", shard, f"{shard}.test.js")
        yield Measured(f"jest-v8-{shard}", PLACE / shard / "coverage-final.json", output)
    yield Measured("jest-v8", None, jest("v8", "all"))


def _vitest(provider: str, folder: str, *files: str) -> str:
    reporters = ("--coverage.reporter=json", "--coverage.reporter=text-summary")
    collect = ("--coverage.enabled", f"--coverage.provider={provider}", "--coverage.include=src/**")
    return _run("vitest", "run", *collect, *reporters, f"--coverage.reportsDirectory={folder}", *files)


def _vitest_3() -> Iterator[Measured]:
    _write_programs(modules=True)
    for shard in CALLS:
        output = _vitest("v8", shard, f"{shard}.test.js")
        yield Measured(f"vitest-3-v8-{shard}", PLACE / shard / "coverage-final.json", output)
    yield Measured("vitest-3-v8", None, _vitest("v8", "all"))


def _vitest_5() -> Iterator[Measured]:
    _write_programs(modules=True)
    for shard in "first", "second":
        output = _vitest("v8", shard, f"{shard}.test.js")
        yield Measured(f"vitest-5-v8-{shard}", PLACE / shard / "coverage-final.json", output)
    yield Measured("vitest-5-v8", None, _vitest("v8", "both", "first.test.js", "second.test.js"))
    output = _vitest("istanbul", "istanbul", "first.test.js")
    yield Measured("vitest-5-istanbul-first", PLACE / "istanbul" / "coverage-final.json", output)


def _istanbul() -> Iterator[Measured]:
    shutil.copy(HERE / "programs" / "legacy.js", PLACE / "src")
    output = _run("istanbul", "cover", "--report=json", "--report=text-summary", "src/legacy.js")
    yield Measured("istanbul-0.4", PLACE / "coverage" / "coverage-final.json", output)


TOOLS = {
    "nyc": Tool(("nyc@18.0.0",), _nyc),
    "nyc-typescript": Tool(("nyc@17.1.0", "ts-node@10.9.2", "typescript@5.9.3"), _nyc_typescript),
    "c8": Tool(("c8@12.0.0", "monocart-coverage-reports@2.13.0"), _c8),
    "jest": Tool(("jest@30.5.2",), _jest),
    "vitest-3": Tool(("vitest@3.2.7", "@vitest/coverage-v8@3.2.7"), _vitest_3),
    "vitest-5": Tool(
        ("vitest@5.1.1", "@vitest/coverage-v8@5.1.1", "@vitest/coverage-istanbul@5.1.1"), _vitest_5
    ),
    "istanbul": Tool(("istanbul@0.4.5",), _istanbul),
}

if __name__ == "__main__":
    main()
