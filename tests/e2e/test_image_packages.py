"""The records of what is in the image: scanners and licences go by them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .runner import Runner

ROOT = Path(__file__).parents[2]

# Files of packages' own: their path, their MD5, and the record (if any) that lists them with what MD5.
_RECORDED = """
import hashlib, json, pathlib
status = pathlib.Path("/var/lib/dpkg/status.d")
listed = {}
for record in status.glob("*.md5sums"):
    for line in record.read_text().splitlines():
        md5, _, path = line.partition("  ")
        listed["/" + path] = md5
found = {}
for folder in ("/usr/bin", "/usr/lib", "/usr/share"):
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
            found[str(path)] = hashlib.md5(path.read_bytes()).hexdigest()
print(json.dumps([listed, found]))
"""

_RECORDS = """
import json, pathlib
status = pathlib.Path("/var/lib/dpkg/status.d")
print(json.dumps({path.name: path.read_text() for path in status.iterdir() if path.suffix != ".md5sums"}))
"""

_LICENCES = """
import json, pathlib, re
texts = {path.parent.name: path.read_text() for path in pathlib.Path("/usr/share/doc").glob("*/copyright")}
named = {name.rstrip(".") for text in texts.values()
         for name in re.findall("/usr/share/common-licenses/([A-Za-z0-9.-]+)", text)}
print(json.dumps([sorted(texts), sorted(name for name in named
                                        if not pathlib.Path("/usr/share/common-licenses", name).exists())]))
"""

_DISTRIBUTIONS = """
import json
from importlib.metadata import distributions
print(json.dumps({found.name: found.version for found in distributions(path=["/app/lib"])}))
"""

_LOADED = """
import ctypes, json, pathlib
problems = {}
for folder in ("/usr/lib/python3.13/lib-dynload", "/app/lib"):
    for path in pathlib.Path(folder).rglob("*.so"):
        try:
            ctypes.CDLL(str(path))
        except OSError as error:
            problems[str(path)] = str(error)
print(json.dumps(problems))
"""


@pytest.fixture
def records(runner: Runner) -> dict[str, str]:
    """The control fields of each Debian package, by name."""
    found: dict[str, str] = json.loads(runner.python("-I", "-c", _RECORDS).stdout)
    return found


def test_every_file_of_debians_is_in_a_packages_record_with_its_checksum(runner: Runner) -> None:
    listed, found = json.loads(runner.python("-I", "-c", _RECORDED).stdout)

    assert found.keys() - listed.keys() == {"/usr/lib/python3/dist-packages/app.pth"}
    assert {path: md5 for path, md5 in found.items() if listed.get(path, md5) != md5} == {}
    assert {path for path in listed if path.startswith("/usr/")} - found.keys() == set()


def test_every_record_says_what_a_scanner_asks_for(records: dict[str, str]) -> None:
    assert {"libc6", "libssl3t64", "python3.13-minimal", "zlib1g"} <= records.keys()
    for name, text in records.items():
        fields = dict(line.partition(": ")[::2] for line in text.splitlines() if line[:1].strip())
        assert fields["Package"] == name
        assert fields.keys() >= {"Version", "Architecture", "Maintainer"}


def test_every_package_comes_with_its_copyright_and_the_licences_that_it_names(
    runner: Runner, records: dict[str, str]
) -> None:
    with_copyright, missing = json.loads(runner.python("-I", "-c", _LICENCES).stdout)

    assert set(with_copyright) == records.keys()
    assert missing == []


def test_the_dependencies_are_those_of_the_lock_file_but_for_cryptography(runner: Runner) -> None:
    locked = {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.rstrip(" \\"))
            if requirement.marker is None or requirement.marker.evaluate({"python_version": "3.13"}):
                locked[canonicalize_name(requirement.name)] = str(requirement.specifier).lstrip("=")

    found = json.loads(runner.python("-I", "-c", _DISTRIBUTIONS).stdout)

    assert sys.platform == "linux", "the lock file's markers are read here for the image"
    assert locked.pop(canonicalize_name("cryptography"))
    assert {canonicalize_name(name): version for name, version in found.items()} == locked


def test_every_extension_module_finds_its_libraries(runner: Runner) -> None:
    assert json.loads(runner.python("-I", "-c", _LOADED).stdout) == {}
