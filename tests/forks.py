"""A fork's pull request and its finished run, on a fake GitHub, and what may be wrong with them."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tests.fake_github import FakeGithub, Request, event
from tests.fake_github.values import Answer
from tests.project import Project

PULL_REQUEST = event("pull_request.opened")
HEAD = PULL_REQUEST["pull_request"]["head"]["sha"]
REPOSITORY = PULL_REQUEST["repository"]["full_name"]
WORKFLOW = ".github/workflows/test.yml"
ARTIFACT = "coverage-evidence"
NEWER = "7" * 40


def left_by_a_run(outside: Path) -> dict[str, bytes]:
    """What a check leaves in the fork's own run, by path, beginning with verdict.json."""
    (outside / "event.json").write_text(json.dumps(PULL_REQUEST))
    project = Project(outside / "workspace")
    project.commit(when=datetime(2020, 1, 1, tzinfo=UTC))
    checked = project.gate(
        *("check", "--run-id", "r1", "--publish", "off"),
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_EVENT_PATH=str(outside / "event.json"),
        GITHUB_REPOSITORY=REPOSITORY,
    )
    assert checked.exit_code == 0, checked.output
    folder = project.root / "artifacts/coverage-gate/r1"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    return {"verdict.json": files.pop("verdict.json"), **files}


class GithubWithFork(FakeGithub):
    """Tells when an archive is downloaded, so that a test can let things happen just then."""

    on_download: Callable[[], None] | None = None

    def _download(self, request: Request) -> Answer | None:
        if self.on_download is not None:
            self.on_download()
        return super()._download(request)


class Stage:
    """What lies between the two workflows: the fork's run, its pull request 2, and the files it uploads.

    Nothing is wrong with it until a test changes something; `upload` then makes the artifact.
    """

    def __init__(self, github: GithubWithFork, files: dict[str, bytes]) -> None:
        self.github = github
        self.pull = github.pulls[2]
        self.from_fork(self.pull)
        self.run = self.finished_run(HEAD)
        self.repository = deepcopy(github.repository)
        self.files = list(files.items())
        self.archive: bytes | None = None
        self.names = [ARTIFACT]

    def finished_run(self, head_sha: str) -> dict[str, Any]:
        """A run of a commit of the fork's branch."""
        return self.github.add_workflow_run(
            event="pull_request",
            path=f"{WORKFLOW}@refs/heads/main",
            status="completed",
            head_sha=head_sha,
            head_branch="changes",
            head_repository={"id": 777, "full_name": "mallory/Hello-World", "owner": {"login": "mallory"}},
            pull_requests=[],
        )

    def from_fork(self, pull: dict[str, Any]) -> None:
        """Let a pull request come from the branch `changes` of mallory's fork."""
        pull["head"]["repo"] = deepcopy(pull["base"]["repo"])
        pull["head"]["repo"].update(id=777, full_name="mallory/Hello-World")
        pull["head"]["repo"]["owner"]["login"] = "mallory"
        pull["head"]["label"] = "mallory:changes"

    @property
    def verdict(self) -> Any:
        """verdict.json as it will be uploaded."""
        return json.loads(dict(self.files)["verdict.json"])

    def tell(self, verdict: object) -> None:
        """Upload this as verdict.json."""
        content = verdict if isinstance(verdict, bytes) else json.dumps(verdict).encode()
        self.files = [(name, content if name == "verdict.json" else old) for name, old in self.files]

    def forge(self, change: Callable[[Any], object]) -> None:
        """Change verdict.json."""
        verdict = self.verdict
        change(verdict)
        self.tell(verdict)

    def upload(self) -> None:
        """Make the artifact."""
        archive = zipped(self.files) if self.archive is None else self.archive
        for name in self.names:
            self.github.add_artifact(name, archive, run_id=self.run["id"])

    def event(self) -> dict[str, Any]:
        """The payload of the publishing workflow's event."""
        return {"action": "completed", "repository": self.repository, "workflow_run": self.run}

    def environ(self) -> dict[str, str]:
        """The variables and inputs of the publishing step, but for paths and the token."""
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_EVENT_NAME": "workflow_run",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": "1" * 40,
            "INPUT_MODE": "publish",
            "INPUT_WORKFLOW": WORKFLOW,
        }


def zipped(files: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these members, in this order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.filename = name  # without what the constructor makes of it
            info.compress_type = method
            with warnings.catch_warnings(action="ignore"):  # of a name that is there already
                archive.writestr(info, content)
    return packed.getvalue()


def saying(archive: bytes, size: int) -> bytes:
    """An archive of one file, which both of its headers say to be `size` bytes long."""
    patched = bytearray(archive)
    # APPNOTE.TXT 4.3.7 and 4.3.12: where the uncompressed size is.
    struct.pack_into("<I", patched, archive.index(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", patched, archive.index(b"PK\x01\x02") + 24, size)
    return bytes(patched)


class Attack(NamedTuple):
    """What is wrong, the words that tell it, and whether it is refused or is nothing to do."""

    change: Callable[[Stage], object]
    words: str
    refused: bool = True


def _second_pull(stage: Stage) -> None:
    stage.from_fork(stage.github.add_pull(5, HEAD))


def _listed_in_event(stage: Stage, base_id: int) -> None:
    """The event names pull request 3, which is somebody else's."""
    stage.github.add_pull(3, "e" * 40)
    side = {"ref": "changes", "sha": HEAD, "repo": {"id": 777}}
    stage.run["pull_requests"] = [{"number": 3, "head": side, "base": side | {"repo": {"id": base_id}}}]


def _moves_on(stage: Stage) -> None:
    stage.pull["head"]["sha"] = NEWER


def _recreated_fork(stage: Stage) -> None:
    stage.pull["head"]["repo"]["id"] = 778


def _expired(stage: Stage) -> None:
    stage.upload()
    stage.github.artifacts[-1].expired = True
    stage.names = []


def _changed_on_the_way(stage: Stage) -> None:
    stage.upload()
    stage.github.artifacts[-1].digest = f"sha256:{'0' * 64}"
    stage.names = []


def _said_to_be_huge(stage: Stage) -> None:
    stage.upload()
    stage.github.artifacts[-1].size = 1 << 40
    stage.names = []


def _set(stage: Stage, **values: object) -> None:
    stage.run.update(values)


def _archive(stage: Stage, archive: bytes) -> None:
    stage.archive = archive


def _bomb() -> bytes:
    return zipped([("verdict.json", b" " * (32 << 20))])


_OURS = PULL_REQUEST["repository"]["id"]

ATTACKS: dict[str, Attack] = {
    "a number in the artifact": Attack(
        lambda stage: stage.forge(lambda verdict: verdict.update(pull_request=3)),
        "'$.pull_request' is unknown",
    ),
    "another's number in the event": Attack(
        lambda stage: _listed_in_event(stage, _OURS), "is not from the run's head repository"
    ),
    "a number of another repository": Attack(
        lambda stage: _listed_in_event(stage, 999), "pull requests are none of this repository"
    ),
    "a stale run": Attack(_moves_on, "has moved on from commit ec26c3e57ca3", refused=False),
    "a push while it publishes": Attack(
        lambda stage: setattr(stage.github, "on_download", lambda: _moves_on(stage)),
        "has moved on from commit ec26c3e57ca3",
        refused=False,
    ),
    "a close while it publishes": Attack(
        lambda stage: setattr(stage.github, "on_download", lambda: stage.pull.update(state="closed")),
        "it was closed",
        refused=False,
    ),
    "a bomb that says it is small": Attack(
        lambda stage: _archive(stage, saying(_bomb(), 100)), "expands beyond 8 MiB"
    ),
    "a bomb that says it is large": Attack(
        lambda stage: _archive(stage, _bomb()), "is said to hold 33554432 bytes"
    ),
    "too many members": Attack(
        lambda stage: stage.files.extend((f"{number}", b"") for number in range(20_001)),
        "more than 20000 files",
    ),
    "a member that leads out": Attack(
        lambda stage: stage.files.append(("../../.bashrc", b"rm")), "'../../.bashrc', which leads out"
    ),
    "an absolute member": Attack(lambda stage: stage.files.append(("/etc/passwd", b"")), "leads out"),
    "a member of another system": Attack(lambda stage: stage.files.append(("..\\x", b"")), "leads out"),
    "two verdicts": Attack(
        lambda stage: stage.files.append(("verdict.json", b"{}")), "holds 2 files named verdict.json"
    ),
    "no verdict": Attack(lambda stage: stage.files.pop(0), "holds no verdict.json at its top"),
    "no archive": Attack(lambda stage: _archive(stage, b"verdict"), "is no whole zip archive"),
    "hostile text": Attack(
        lambda stage: stage.forge(lambda verdict: verdict["modules"][0].update(name="\x1b[2J")),
        "does not print, at '$.modules[0].name': '\\x1b[2J'",
    ),
    "text that runs backwards": Attack(
        lambda stage: stage.forge(
            lambda verdict: verdict["notes"].append({"code": "x", "message": "all \u202edessap"})
        ),
        "does not print, at '$.notes",
    ),
    "no JSON": Attack(lambda stage: stage.tell(b'{"schema": 1,'), "is not what a check writes"),
    "nested without end": Attack(lambda stage: stage.tell(b"[" * 100_000), "is not what a check writes"),
    "a wrong type": Attack(
        lambda stage: stage.forge(lambda verdict: verdict.update(exit_code="0")), "is not what a check writes"
    ),
    "forged arithmetic": Attack(
        lambda stage: stage.forge(lambda verdict: verdict["modules"][0]["line"].update(percent=100.0)),
        "line.percent is 100.0 of 9/10",
    ),
    "a forged pass": Attack(
        lambda stage: stage.forge(
            lambda verdict: verdict["reasons"].append({"code": "no-tests", "message": "none"})
        ),
        "does not follow from its reasons",
    ),
    "a verdict of another commit": Attack(
        lambda stage: stage.forge(lambda verdict: verdict.update(head_sha=NEWER)), "and the run is of ec26c3e"
    ),
    "two pull requests": Attack(_second_pull, "is the head of more than one"),
    "a deleted fork": Attack(lambda stage: _set(stage, head_repository=None), "the fork was deleted"),
    "a fork that was deleted and made anew": Attack(_recreated_fork, "is not from the run's head repository"),
    "another workflow": Attack(
        lambda stage: _set(stage, path=".github/workflows/evil.yml"),
        "of the workflow '.github/workflows/evil.yml'",
    ),
    "a workflow whose path only begins so": Attack(
        lambda stage: _set(stage, path=f"{WORKFLOW}.yml"), "only runs of '.github/workflows/test.yml'"
    ),
    "a push": Attack(lambda stage: _set(stage, event="push"), "the event 'push'", refused=False),
    "a run that goes on": Attack(lambda stage: _set(stage, status="in_progress"), "not completed"),
    "another repository's run": Attack(
        lambda stage: stage.run["repository"].update(id=1, full_name="mallory/Hello-World"),
        "of the repository 'mallory/Hello-World'",
    ),
    "an artifact twice": Attack(lambda stage: stage.names.append(ARTIFACT), "has 2 artifacts named"),
    "an expired artifact": Attack(_expired, "has expired"),
    "no artifact": Attack(lambda stage: stage.names.clear(), "has no artifact 'coverage-evidence'"),
    "another digest": Attack(_changed_on_the_way, "another SHA-256"),
    "a huge artifact": Attack(_said_to_be_huge, "1099511627776 bytes"),
    "a closed pull request": Attack(
        lambda stage: stage.pull.update(state="closed"), "it was closed", refused=False
    ),
}
