"""docs/licences.md: what the image contains, under which licences, and what follows."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.engine import find_engine

from .copyrights import debian_licences
from .debian import PROSE, DebianPackage
from .errors import ReleaseError
from .layout import read_image, read_platforms
from .locked import locked_packages
from .python_packages import PythonPackage
from .spdx import read_contents

_START, _END = "<!-- {} -->\n", "<!-- /{} -->\n"


def write_page(root: Path, folder: Path) -> None:
    """Puts both tables into the page anew; `folder` holds the image that a rehearsal left."""
    layout, page = folder / "image", root / "docs/licences.md"
    if not layout.exists():
        raise ReleaseError("There is no image to read. Run `make release-dry-run`.")
    manifest = read_platforms(layout, read_image(layout))[0]
    packages = read_contents(layout, manifest).debian
    named = debian_licences(layout, manifest, packages, find_engine())
    text = replace(page.read_text(), "python", python_table(locked_packages(root / "requirements.txt")))
    page.write_text(replace(text, "debian", debian_table(packages, named)))


def replace(page: str, name: str, table: str) -> str:
    """The page with the table between the named pair of comments replaced."""
    start, end = _START.format(name), _END.format(name)
    if page.count(start) != 1 or page.count(end) != 1:
        raise ReleaseError(f"docs/licences.md needs one pair of lines {start.strip()} and {end.strip()}.")
    before, _, rest = page.partition(start)
    return before + start + table + end + rest.partition(end)[2]


def python_table(packages: list[PythonPackage]) -> str:
    """A row for each package."""
    rows = [
        f"| {_linked(package)} | {package.version} | {_cell(package.licence or 'not told')} |\n"
        for package in packages
    ]
    return "| package | version | licence, in its own words |\n|---|---|---|\n" + "".join(rows)


def debian_table(packages: list[DebianPackage], named: dict[str, list[str]]) -> str:
    """A row for each source package: its binary packages and all licences that their copyright files name."""
    sources = sorted({package.source for package in packages})
    rows = []
    for source in sources:
        binaries = sorted(package.name for package in packages if package.source == source)
        licences = dict.fromkeys(licence for name in binaries for licence in named[name])
        told = ", ".join(sorted(licences, key=lambda name: (name == PROSE, name.lower())))
        rows.append(f"| {source} | {', '.join(binaries)} | {_cell(told)} |\n")
    return "| source package | in the image | licences of its parts |\n|---|---|---|\n" + "".join(rows)


def _linked(package: PythonPackage) -> str:
    return f"[{package.name}]({package.home})" if package.home else package.name


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
