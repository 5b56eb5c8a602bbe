"""`gate run` where the suites run in real containers that see nothing but `./backend`."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.project import Outcome, Project

from .conftest import ROOT
from .engine import Engine
from .suite_image import provide_suite_image

EXAMPLE = ROOT / "examples" / "billing-backend"
SETTINGS = """\
[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
addopts = "-q --strict-markers -p no:cacheprovider"
junit_family = "xunit1"
markers = ["critical: as the example has it"]

[tool.coverage.run]
branch = true
relative_files = {relative}
source = ["billing"]
data_file = "/tmp/.coverage"
"""
TIERS = {
    "pr-fast": {"coverage": "report", "suites": ["backend_critical"]},
    "merge-medium": {"coverage": "enforce", "suites": ["backend_critical", "backend_coverage"]},
    "release-heavy": {"suites": ["backend_critical", "backend_coverage"], "consecutive-runs": 2},
}
ROOTS = ("pytest", "critical", "coverage")
DIR = "artifacts/coverage-gate"
NOBODY = 65534


@pytest.fixture(scope="session")
def suite_image(engine: Engine) -> str:
    """The image that the suites run in."""
    return provide_suite_image(engine, EXAMPLE)


class Backend(Project):
    """A copy of the example whose suites run in containers, with the backend's settings in the backend."""

    def __init__(self, root: Path, engine: Engine, image: str) -> None:
        self.root = root
        self.engine = engine
        self.image = image
        ignored = shutil.ignore_patterns("artifacts", "__pycache__", ".pytest_cache", "pyproject.toml")
        shutil.copytree(EXAMPLE, root, ignore=ignored, dirs_exist_ok=True)
        self.put("backend/pyproject.toml", SETTINGS.format(relative="true"))
        self.policy()
        self.commit()

    def container(self, *options: str, program: Sequence[str], mount: str = "./backend:/app") -> list[str]:
        """A command that runs a program in a container with a folder as its working folder."""
        run = ("run", "--rm", "--network", "none", *self.engine.run_options)
        where = ("-v", mount, "-w", "/app")
        return [*self.engine.command, *run, *where, *options, self.image, *program]

    def policy(self, *options: str, mount: str = "./backend:/app", **suite: Any) -> None:
        """The example's modules, and its two suites in containers that are started with these options."""
        critical = ["python", "-m", "pytest", "-m", "critical", "--junitxml={junit}"]
        measured = ["python", "-m", "pytest", "--junitxml={junit}", "--cov", "--cov-report=json:{coverage}"]
        measured_critical = [*critical, "--cov", "--cov-report=json:{coverage}"]
        suites = {
            f"backend_{name}": {
                "command": shlex.join(self.container(*options, program=program, mount=mount)),
                "timeout": "5m",
                "mount": "backend",
                "artifacts": {"junit": f"junit/{name}.xml", "coverage": f"coverage/{name}.json"},
                **suite,
            }
            for name, program in (("critical", measured_critical), ("coverage", measured))
        }
        text = (EXAMPLE / ".github/coverage-gate.yml").read_text()
        modules = re.search(r"^thresholds:.*?(?=^tiers:)", text, re.MULTILINE | re.DOTALL)
        assert modules is not None
        written = f"version: 1\n{modules[0]}tiers: {json.dumps(TIERS)}\nsuites: {json.dumps(suites)}\n"
        self.put(".github/coverage-gate.yml", written)

    def tier(self, tier: str, run_id: str, *arguments: str) -> Outcome:
        return self.gate("run", "--tier", tier, "--run-id", run_id, *arguments)

    def refused(self) -> tuple[str, float]:
        """What a run says that is refused before its first suite, and the seconds until then."""
        began = time.monotonic()
        outcome = self.tier("merge-medium", "refused")
        took = time.monotonic() - began
        assert outcome.exit_code == 2, outcome.output
        assert "suite backend_critical begins" not in outcome.output
        assert not (self.root / DIR / "refused").exists()
        print(f"refused after {took:.2f} s")
        return outcome.output, took


@pytest.fixture
def backend(tmp_path: Path, engine: Engine, suite_image: str) -> Backend:
    return Backend(tmp_path, engine, suite_image)


def test_the_tiers_run_green_their_artifacts_are_canonical_and_the_runs_agree(backend: Backend) -> None:
    for tier, run_id in (("pr-fast", "p"), ("merge-medium", "m1"), ("merge-medium", "m2")):
        outcome = backend.tier(tier, run_id)
        assert outcome.exit_code == 0, outcome.output
    assert backend.tier("release-heavy", "h1").exit_code == 1  # the first of two consecutive runs
    outcome = backend.tier("release-heavy", "h2")
    assert outcome.exit_code == 0, outcome.output
    assert "5 of 5 modules evaluated" in outcome.output
    for run_id in ("p", "m1", "m2", "h1", "h2"):
        assert backend.gate("verify", f"{DIR}/{run_id}").exit_code == 0
    listed = {one["path"]: one for one in backend.evidence("m2", "index.json")["artifacts"]}
    for path in (
        "junit/critical.xml",
        "junit/coverage.xml",
        "coverage/critical.json",
        "coverage/coverage.json",
    ):
        assert listed[path]["status"] == "present"
        assert listed[path]["source"] == f"backend/{DIR}/m2/{path}"
        kept = (backend.root / DIR / "m2" / path).read_bytes()
        assert kept == (backend.root / "backend" / DIR / "m2" / path).read_bytes()
    compared = backend.gate("compare", f"{DIR}/m1", f"{DIR}/m2")
    assert (compared.exit_code, compared.output.splitlines()[-1][:7]) == (0, "stable:"), compared.output
    # The figures of the example's README, measured outside of containers.
    modules = {one["name"]: one for one in backend.evidence("m2", "verdict.json")["modules"]}
    counts = [
        modules["billing-package"][metric][key]
        for metric in ("line", "branch")
        for key in ("covered", "total")
    ]
    assert counts == [566, 575, 101, 108]
    assert backend.evidence("m2", "results.json")["suites"][0]["exit_code"] == 0


def test_names_as_the_container_has_them_are_the_repositorys(backend: Backend) -> None:
    backend.put("backend/pyproject.toml", SETTINGS.format(relative="false"))
    outcome = backend.tier("merge-medium", "m", "--path-map", "/app=backend")
    assert outcome.exit_code == 0, outcome.output
    report = json.loads((backend.root / DIR / "m/coverage/coverage.json").read_text())
    assert "/app/billing/wallet.py" in report["files"] or "billing/wallet.py" in report["files"]
    assert backend.tier("merge-medium", "n").exit_code == 0


def test_suites_in_containers_run_beside_each_other_as_another_user(backend: Backend) -> None:
    backend.policy("--user", f"{NOBODY}:{NOBODY}")
    outcome = backend.tier("merge-medium", "m", "--jobs", "2")
    assert outcome.exit_code == 0, outcome.output
    below = backend.root / "backend" / DIR / "m"
    assert (below / "junit/critical.xml").stat().st_uid == NOBODY
    # Open to all are the run's own folders alone.
    assert below.stat().st_mode & 0o777 == 0o777
    assert below.parent.stat().st_mode & 0o002 == 0
    assert (backend.root / DIR / "m/junit/critical.xml").stat().st_uid == backend.root.stat().st_uid


def test_a_mount_elsewhere_is_told_before_the_first_suite(backend: Backend) -> None:
    backend.policy(mount="./backend:/srv")
    said, _ = backend.refused()
    assert "its container does not see the mount 'backend'" in said
    assert "/app" in said
    # An image may hold such a folder itself.
    backend.policy("-w", "/usr", mount="./backend:/srv")
    said, _ = backend.refused()
    assert "its container does not see the mount 'backend'" in said
    assert "No such file" in said


def test_the_mount_of_another_folder_is_told_before_the_first_suite(backend: Backend) -> None:
    backend.policy(mount="./.github:/app")
    said, _ = backend.refused()
    assert "its container does not see the mount 'backend'" in said


def test_a_mount_that_cannot_be_written_to_is_told_before_the_first_suite(backend: Backend) -> None:
    backend.policy(mount="./backend:/app:ro")
    said, _ = backend.refused()
    assert "its container sees, and cannot write to, the mount 'backend'" in said
    assert "Read-only file system" in said


def test_an_image_that_is_not_there_is_told_before_the_first_suite(backend: Backend) -> None:
    backend.image = "localhost/no-such-image:none"
    backend.policy("--pull", "never")
    said, _ = backend.refused()
    assert "no-such-image" in said


def test_a_mount_that_the_policy_does_not_have_right_is_told_of_each_suite(backend: Backend) -> None:
    policy = (backend.root / ".github/coverage-gate.yml").read_text()
    wrong = policy.replace('"mount": "backend"', '"mount": ".github"')
    assert wrong.count('"mount": ".github"') == 2
    half = wrong.replace('"mount": ".github"', '"mount": "backend"', 1)
    backend.put(".github/coverage-gate.yml", half)
    said, _ = backend.refused()
    assert "suite 'backend_coverage': its container does not see the mount '.github'" in said
    backend.put(".github/coverage-gate.yml", policy.replace('"mount": "backend"', '"mount": "backnd"'))
    said, _ = backend.refused()
    assert "its mount 'backnd' is no folder here" in said
    assert not (backend.root / "backnd").exists()


def test_an_image_without_a_shell_is_not_tried_and_that_is_said(
    backend: Backend, tmp_path_factory: Any
) -> None:
    context = tmp_path_factory.mktemp("shell-less")
    (context / "Dockerfile").write_text(f"FROM {backend.image}\nRUN rm /bin/sh\n")
    image = "localhost/billing-backend-tests:without-sh"
    backend.engine.build(context, "--tag", image)
    try:
        backend.image = image
        backend.policy()
        outcome = backend.tier("merge-medium", "m")
    finally:
        backend.engine.run(["image", "rm", image])
    assert outcome.exit_code == 0, outcome.output
    assert "its container has no /bin/sh, so its mount 'backend' was not tried beforehand" in outcome.output


def test_a_container_that_ignores_sigterm_is_gone_when_its_time_is_over(backend: Backend) -> None:
    name = f"gate-test-{time.time_ns()}"
    # As process 1 of its container, Python is deaf to SIGTERM.
    command = backend.container("--name", name, program=["python", "-c", "import time; time.sleep(600)"])
    text = (backend.root / ".github/coverage-gate.yml").read_text()
    sleeper = {"command": command, "mount": "backend", "timeout": 3}
    suites = json.loads(text.rpartition("suites: ")[2])
    tiers = {**TIERS, "merge-medium": {"suites": ["backend_coverage", "sleeper"]}}
    written = text.replace(json.dumps(TIERS), json.dumps(tiers))
    written = written.replace(json.dumps(suites), json.dumps({**suites, "sleeper": sleeper}))
    backend.put(".github/coverage-gate.yml", written)
    outcome = backend.tier("merge-medium", "m")
    assert outcome.exit_code == 1, outcome.output
    codes = [reason["code"] for reason in backend.evidence("m", "verdict.json")["reasons"]]
    assert codes == ["suite-timeout"]
    alive = [
        process
        for process in Path("/proc").glob("[0-9]*/cmdline")
        if b"time.sleep(600)" in _content(process) and name.encode() in _content(process)
    ]
    assert alive == []
    backend.engine.run(["rm", "--force", name])


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
