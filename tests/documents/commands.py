"""The commands of a document: all lines of its `sh` blocks, with the exit code that each promises.

A command ends with its line, unless a backslash continues it; `# exit 1` behind it is its exit code, 0 where
there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.project import GIT_SETTINGS

ROOT = Path(__file__).parents[2]
EXAMPLE = Path("examples/billing-backend")

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+# exit (\d+)$")


@dataclass(frozen=True)
class Command:
    """One command and the exit code that the document gives it."""

    text: str
    exit_code: int


@dataclass(frozen=True)
class Ran:
    """What running a document's commands came to: output by command, in order, and what went otherwise."""

    outputs: Sequence[str]
    surprises: Sequence[str]


def commands(markdown: str) -> list[Command]:
    """The commands of all `sh` blocks, in order."""
    lines = "".join(_BLOCK.findall(markdown)).replace("\\\n", " ").splitlines()
    found = []
    for line in lines:
        promised = _EXIT.search(line)
        text = (line[: promised.start()] if promised else line).partition("   # ")[0].strip()
        if text:
            found.append(Command(text, int(promised[1]) if promised else 0))
    return found


def checkout(folder: Path) -> Path:
    """The part of this repository that the documents' commands use, committed, with the environment in it."""
    shutil.copytree(
        ROOT / EXAMPLE,
        folder / EXAMPLE,
        ignore=shutil.ignore_patterns("artifacts", "__pycache__", ".pytest_cache"),
    )
    shutil.copy(ROOT / ".gitignore", folder)
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "state"]):
        subprocess.run(["git", *GIT_SETTINGS, *command], cwd=folder, check=True)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def run(wanted: Iterable[Command], folder: Path, **environ: str) -> Ran:
    """Run commands in one shell, which keeps its folder and its variables, in the environment of a desk."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GITHUB_", "INPUT_", "COV")) and name != "CI"
    }
    shell = _Shell(folder, {**inherited, **environ})
    return shell.run(list(wanted))


class _Shell:
    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ

    def run(self, wanted: list[Command]) -> Ran:
        mark = f"@@{os.getpid()}@@"
        script = "".join(f"{one.text}\necho {mark}$?\n" for one in wanted)
        done = subprocess.run(
            ["bash", "-c", script],
            stdin=subprocess.DEVNULL,
            cwd=self._folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        pieces = re.split(rf"{mark}(\d+)\n", done.stdout)
        outputs, codes = pieces[:-1:2], [int(code) for code in pieces[1::2]]
        assert len(codes) == len(wanted), done.stdout
        surprises = [
            f"{one.text}: exit code {code}, not {one.exit_code}\n{output}"
            for one, code, output in zip(wanted, codes, outputs, strict=True)
            if code != one.exit_code
        ]
        return Ran(outputs, surprises)
