"""Writes the samples beside it: the Java programs in `programs/`, measured and reported by JaCoCo 0.8.6.

    python tests/data/jacoco/make_jacoco.py

`programs/Report.java` runs the shop twice with JaCoCo's own instrumentation and writes JaCoCo's own XML:
each run (`shard-1.xml`, `shard-2.xml`), both (`whole.xml`), and both by module (`groups.xml`).
`gcovr.xml` is the JaCoCo report of gcovr, which does not say which lines ran. `expected.json` holds what
JaCoCo's own model counts for each source file, as [covered lines, lines, covered branches, branches]; the
keys are the report, the groups and the path.

Needs a JDK of 11 or newer and, from Debian: libjacoco-java g++.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
GCOVR = "gcovr==8.8"
LIBRARIES = ":".join(
    f"/usr/share/java/{name}.jar"
    for name in (
        "org.jacoco.core",
        "org.jacoco.report",
        "asm",
        "asm-tree",
        "asm-commons",
        "asm-analysis",
    )
)
SAMPLES = ("shard-1.xml", "shard-2.xml", "whole.xml", "groups.xml")
_PROGRAM = "int main(int argc, char **) {\n    return argc > 1 ? 1 : 0;\n}\n"

Counts = list[int]


def main() -> None:
    """Compile, run, report."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(HERE / "programs", place, dirs_exist_ok=True)
        expected = _jacoco(place)
        for sample in SAMPLES:
            shutil.copy(place / sample, HERE)
        _gcovr(place / "gcovr")
        shutil.copy(place / "gcovr" / "jacoco.xml", HERE / "gcovr.xml")
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def _jacoco(place: Path) -> dict[str, dict[str, Counts]]:
    def javac(module: str, debug: str, *paths: str, sources: str = "*.java") -> None:
        files = sorted((place / module).rglob(sources))
        output = place / module / "classes"
        command: list[str | Path] = ["javac", "--release", "11", debug, "-cp", ":".join(paths), "-d", output]
        subprocess.run([*command, *files], cwd=place, check=True)

    javac("billing", "-g")
    nested = place / "billing" / "classes" / "com" / "acme" / "Rounding$Exact.class"
    outer = nested.with_name("Rounding.class").read_bytes()
    javac("billing", "-g:source", "billing/classes", sources="Rounding.java")
    nested.with_name("Rounding.class").write_bytes(outer)
    javac("wallet", "-g")
    javac("plain", "-g", "billing/classes")
    javac("bare", "-g:none")
    subprocess.run(["javac", "-cp", LIBRARIES, "-d", "tool", "Report.java"], cwd=place, check=True)
    command = ["java", "-cp", f"{LIBRARIES}:tool", "Report"]
    printed = subprocess.run(command, cwd=place, check=True, capture_output=True, text=True).stdout
    expected: dict[str, dict[str, Counts]] = {}
    for row in printed.splitlines():
        report, groups, path, *counts = row.split("\t")
        expected.setdefault(report, {})[f"{groups}:{path}"] = [int(count) for count in counts]
    return expected


def _gcovr(place: Path) -> None:
    place.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--target", "library", GCOVR], cwd=place, check=True
    )
    (place / "main.cpp").write_text(_PROGRAM)
    subprocess.run(["g++", "--coverage", "main.cpp", "-o", "main"], cwd=place, check=True)
    subprocess.run(["./main"], cwd=place, check=True)
    command = [sys.executable, "-m", "gcovr", "-r", ".", "--jacoco", "jacoco.xml", "--jacoco-pretty"]
    subprocess.run(command, cwd=place, env={"PYTHONPATH": "library", "PATH": "/usr/bin:/bin"}, check=True)


if __name__ == "__main__":
    main()
