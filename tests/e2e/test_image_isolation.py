"""The workspace, the home folder and the job's variables are foreign: no code of theirs runs in the image."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .engine import Engine
from .runner import Runner

_TRAP = "print('TRAPPED', __name__)\n"
_TRAPS = ("json", "click", "gate", "msgspec", "sitecustomize", "usercustomize")

_HOSTILE_ENVIRONMENT = {
    "PYTHONPATH": "/github/workspace",
    "PYTHONHOME": "/github/workspace",
    "PYTHONSTARTUP": "/github/workspace/json.py",
    "PYTHONUSERBASE": "/github/home/.local",
    "PYTHONOPTIMIZE": "2",
    "COVERAGE_PROCESS_START": "/github/workspace/.coveragerc",
}


@pytest.fixture
def trapped(runner: Runner) -> Runner:
    """A job whose workspace and home folder hold modules that announce themselves when they are imported."""
    user_site = runner.home / ".local/lib/python3.13/site-packages"
    for folder in (runner.workspace, user_site):
        folder.mkdir(parents=True, exist_ok=True)
        for name in _TRAPS:
            (folder / f"{name}.py").write_text(_TRAP)
    (user_site / "trap.pth").write_text("import usercustomize\n")
    (runner.workspace / ".coveragerc").write_text("[run]\n")
    return runner


@pytest.fixture(scope="session")
def flags(engine: Engine, image: str) -> list[str]:
    """The interpreter's flags in the image's entrypoint."""
    entrypoint: list[str] = json.loads(engine.must("image", "inspect", image))[0]["Config"]["Entrypoint"]
    return entrypoint[1:-1]


def test_the_traps_work_on_an_interpreter_without_our_flags(trapped: Runner) -> None:
    done = trapped.python("-c", "import json", environment={"PYTHONPATH": "/github/workspace"})

    assert "TRAPPED sitecustomize" in done.stdout
    assert "TRAPPED json" in done.stdout


def test_no_module_of_the_workspace_or_the_home_folder_is_imported(trapped: Runner, flags: list[str]) -> None:
    code = "import json, click, gate, msgspec as m; print(*(x.__file__ for x in (json, click, gate, m)))"

    done = trapped.python(*flags, "-c", code, environment=_HOSTILE_ENVIRONMENT)

    assert done.stderr == ""
    assert done.stdout.split() == [
        "/usr/lib/python3.13/json/__init__.py",
        "/app/lib/click/__init__.py",
        "/app/gate/__init__.py",
        "/app/lib/msgspec/__init__.py",
    ]


def test_the_action_itself_imports_nothing_of_them(trapped: Runner) -> None:
    done = trapped.run({}, environment=_HOSTILE_ENVIRONMENT)

    # 2: the gate itself found that nothing is configured. An import of a trap ends in 1 or says so.
    assert done.exit_code == 2, done.log
    assert "TRAPPED" not in done.log


def test_a_job_that_measures_its_subprocesses_does_not_measure_the_gate(
    trapped: Runner, flags: list[str]
) -> None:
    code = "import sys; print('coverage' in sys.modules)"

    assert trapped.python(*flags, "-c", code, environment=_HOSTILE_ENVIRONMENT).stdout == "False\n"


def test_asserts_stay_in_whatever_the_job_sets(runner: Runner, flags: list[str]) -> None:
    done = runner.python(*flags, "-c", "assert False", environment={"PYTHONOPTIMIZE": "1"})

    assert "AssertionError" in done.stderr


@pytest.mark.parametrize("language", ["", "C", "POSIX", "de_DE.ISO-8859-1"])
def test_output_is_utf8_whatever_the_job_sets(runner: Runner, flags: list[str], language: str) -> None:
    environment = {"LC_ALL": language, "PYTHONIOENCODING": "ascii"}

    done = runner.python(*flags, "-c", r"print('\u2713')", environment=environment)

    assert done.stdout == "\u2713\n"


def test_running_leaves_no_bytecode_in_the_workspace(trapped: Runner) -> None:
    before = _files(trapped.workspace)

    trapped.run({})

    assert _files(trapped.workspace) == before


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
