"""Every fault in every call: what is sent how often, what is posted, what is said, and how the gate exits."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from gate.announce import announce
from gate.check import Checked, check
from gate.inputs import Inputs, read_inputs
from gate.runner import Runner, Secret
from tests.fake_github import ACTIONS_BOT, FakeGithub
from tests.project import Project

from .fault_table import CALLS, OLD, TOKEN, Call, Trouble, troubles
from .leaks import found_in
from .talk import HASTY, HEAD, GithubWithViewer, bodies, heard

QUICK = replace(HASTY, per_answer=10, first_pause=0.001)
AT_MOST = 0.8
"""Seconds for publishing where a fault uses all of it up."""
SLACK = 5.0
"""Seconds that a loaded machine may take more."""

NAMES = list(troubles("", ""))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another host, which must hear nothing."""
    with FakeGithub() as server:
        yield server.url.replace("127.0.0.1", "localhost")
    assert server.requests == []


@pytest.fixture
def server() -> Iterator[FakeGithub]:
    with GithubWithViewer() as started:
        started.tokens[TOKEN] = ACTIONS_BOT
        yield started
    assert started.violations == []


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Inputs, Checked]:
    """A check that passed."""
    root = Project(tmp_path_factory.mktemp("workspace")).root
    runner = Runner(
        in_actions=True,
        repository="Codertocat/Hello-World",
        head_sha=HEAD,
        pull_request=2,
        token=Secret(TOKEN),
    )
    now = datetime.now(UTC)
    inputs = read_inputs({"run-id": ["r1"]}, runner, root, now)
    checked = check(inputs, now)
    assert checked.verdict.exit_code == 0
    return inputs, checked


class Step:
    """A step's end: what was judged before is announced, in little time."""

    def __init__(self, judged: tuple[Inputs, Checked], folder: Path) -> None:
        self._inputs, self._checked = judged
        self._folder = folder
        self.log: list[str] = []

    def announce(
        self, server: FakeGithub, call: Call, *, publish: str, seconds: float = 30, verdict: int = 0
    ) -> int:
        runner = replace(
            self._inputs.runner,
            api_url=server.url,
            output_file=self._folder / "output",
            summary_file=self._folder / "summary",
        )
        inputs = replace(
            self._inputs, runner=runner, publish=publish, publish_seconds=seconds, **call.options
        )
        checked = replace(self._checked, verdict=replace(self._checked.verdict, exit_code=verdict))
        return announce(inputs, checked, self.log.append)

    def leaks(self) -> list[str]:
        return found_in(TOKEN, self.log, [self._folder, self._checked.folder])


@pytest.fixture
def step(
    judged: tuple[Inputs, Checked],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Step]:
    # As many attempts as ever, with shorter pauses between them.
    monkeypatch.setattr("gate.announce.Patience", lambda in_all: replace(QUICK, in_all=in_all))
    step = Step(judged, tmp_path)
    yield step
    assert step.leaks() == []
    assert tuple(capfd.readouterr()) == ("", "")


def sent(call: Call, trouble: Trouble) -> list[str]:
    """All requests, if the fault lasts."""
    if trouble.done and call.written_once:
        # It is there after the first attempt; if it took all the time, nobody looks.
        return [*call.before, call.request, *([] if trouble.slow else call.found)]
    if call.after_a_refusal and trouble.refusal:
        return [*call.before, call.request, *call.after_a_refusal]
    if not call.written_once or trouble.attempts == 1:
        return [*call.before, *[call.request] * trouble.attempts]
    return [*call.before, *[call.request, call.find] * trouble.attempts]


def published(server: FakeGithub) -> int:
    """How many things there are that say what was judged."""
    told = [body for body in bodies(server) if body != OLD]
    return len(told) + len(server.check_runs) + len(server.statuses)


def expected(call: Call, trouble: Trouble) -> int:
    if call.method == "GET" or not trouble.done:
        return call.there + (trouble.refusal and bool(call.after_a_refusal))
    return trouble.attempts if call.adds_each_time else 1


def provoke(server: FakeGithub, call: Call, trouble: Trouble) -> None:
    call.arrange(server)
    server.fail(with_=trouble.fault, method=call.method, path_regex=f"{re.escape(call.path)}$", times=10**9)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("name", NAMES)
def test_a_fault_that_lasts_ends_in_a_sentence_and_the_verdict_decides(
    server: FakeGithub, elsewhere: str, step: Step, call: Call, name: str
) -> None:
    trouble = troubles(server.url, elsewhere)[name]
    provoke(server, call, trouble)
    seconds = AT_MOST if trouble.slow else 30
    before = time.monotonic()
    exit_code = step.announce(server, call, publish="required", seconds=seconds)
    assert time.monotonic() - before < seconds + SLACK

    assert heard(server) == sent(call, trouble)
    assert published(server) == expected(call, trouble)
    problems = [line for line in step.log if line.startswith(f"::warning::{call.problem} could not be ")]
    survived = (trouble.done and call.written_once and not trouble.slow) or (
        trouble.refusal and bool(call.after_a_refusal)
    )
    assert (exit_code, len(problems)) == ((0, 0) if survived else (5, 1)), step.log
    for problem in problems:
        missing = [part for part in trouble.told if part not in problem]
        assert missing == [], problem
    if trouble.attempts == 1 and not trouble.slow:  # the others would take as long again, to show the same
        call.arrange(server)
        assert step.announce(server, call, publish="best-effort") == 0


@pytest.mark.parametrize("verdict", [1, 3])
@pytest.mark.parametrize("name", ["401", "500", "silence"])
@pytest.mark.parametrize("publish", ["required", "best-effort"])
def test_a_verdict_that_is_no_pass_keeps_its_exit_code(
    server: FakeGithub, step: Step, name: str, verdict: int, publish: str
) -> None:
    trouble = troubles(server.url, "")[name]
    provoke(server, CALLS["comment create"], trouble)
    call = CALLS["comment create"]
    assert step.announce(server, call, publish=publish, seconds=AT_MOST, verdict=verdict) == verdict
    assert any("the comment could not be published" in line for line in step.log)
