"""What the built image holds, and what it does not."""

from __future__ import annotations

import json

import pytest

from .engine import Engine
from .runner import Runner

# Prints the flags word of each module's bytecode file, null where there is none.
_BYTECODE_FLAGS = """
import importlib.util, json, pathlib
flags = {}
folders = ["/app", "/usr/lib/python3.13"]
for source in (source for folder in folders for source in pathlib.Path(folder).rglob("*.py")):
    compiled = pathlib.Path(importlib.util.cache_from_source(source))
    flags[str(source)] = int.from_bytes(compiled.read_bytes()[4:8], "little") if compiled.exists() else None
print(json.dumps(flags))
"""

_WHAT_IS_FOUND = """
import importlib.util, json, sys
print(json.dumps([name for name in json.loads(sys.argv[1]) if importlib.util.find_spec(name)]))
"""


def _configuration(engine: Engine, image: str) -> dict[str, object]:
    configuration: dict[str, object] = json.loads(engine.must("image", "inspect", image))[0]["Config"]
    return configuration


def test_the_entrypoint_is_the_interpreter_itself_and_no_shell(engine: Engine, image: str) -> None:
    configuration = _configuration(engine, image)

    assert configuration["Entrypoint"] == [
        "/usr/bin/python3", "-I", "-B", "-u", "-X", "utf8", "/app/entrypoint.py",
    ]  # fmt: skip
    assert not configuration.get("Cmd")


def test_the_image_runs_as_root_as_github_asks_of_an_action(engine: Engine, image: str) -> None:
    assert not _configuration(engine, image).get("User")


def test_every_module_has_bytecode_that_is_never_checked_against_its_source(runner: Runner) -> None:
    flags = json.loads(runner.python("-I", "-c", _BYTECODE_FLAGS).stdout)

    sources = {"/app/gate/__init__.py", "/app/lib/msgspec/__init__.py", "/usr/lib/python3.13/os.py"}
    assert sources <= flags.keys()
    # PEP 552: bit 0 says hash-based, bit 1 would ask for the check.
    assert {source: word for source, word in flags.items() if word != 0b01} == {}


_CODE_NAMES = """
import gate.check, json, msgspec
print(*(module.loader.get_code(module.name).co_filename for module in
        (gate.check.__spec__, json.__spec__, msgspec.__spec__)))
"""


def test_tracebacks_name_the_files_where_they_lie(runner: Runner) -> None:
    assert runner.python("-I", "-c", _CODE_NAMES).stdout.split() == [
        "/app/gate/check.py",
        "/usr/lib/python3.13/json/__init__.py",
        "/app/lib/msgspec/__init__.py",
    ]


_TEMPLATES = """
import json, pathlib
templates = pathlib.Path("/app/gate/render/templates")
patterns = ("*.j2", "__pycache__/*.jinja2-cache")
print(json.dumps([len(list(templates.glob(pattern))) for pattern in patterns]))
"""


def test_every_template_is_compiled_ahead(runner: Runner) -> None:
    templates, compiled = json.loads(runner.python("-I", "-c", _TEMPLATES).stdout)

    assert compiled == templates > 0


_IS_THERE = "import os, sys; print(os.path.lexists(os.path.expanduser(sys.argv[1])))"


def test_there_is_no_package_installer_and_cryptography_is_left_out(runner: Runner) -> None:
    modules = ["pip", "ensurepip", "setuptools", "wheel", "cryptography"]

    done = runner.python("-I", "-c", _WHAT_IS_FOUND, json.dumps([*modules, "msgspec"]))

    assert json.loads(done.stdout) == ["msgspec"]


_PROGRAMS = """
import json, os
names = [entry.path for folder in os.get_exec_path() if os.path.isdir(folder) for entry in os.scandir(folder)]
print(json.dumps(sorted({os.path.realpath(name) for name in names})))
"""


def test_the_interpreter_is_the_only_program(runner: Runner) -> None:
    assert json.loads(runner.python("-I", "-c", _PROGRAMS).stdout) == ["/usr/bin/python3.13"]


@pytest.mark.parametrize("path", ["/etc/pip.conf", "/run/pip-certificates.pem", "~root/.cache", "/build"])
def test_nothing_of_the_build_stays(runner: Runner, path: str) -> None:
    done = runner.python("-I", "-c", _IS_THERE, path)

    assert done.stdout == "False\n"
