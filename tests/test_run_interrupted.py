"""A run that is stopped leaves no process, and evidence that is whole or says that it is not."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running import COPIES, ENOUGH, RunProject, other, signalled, until

MOMENTS = 20
SURVIVOR = """\
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("grandchild", "w").close()
    time.sleep(600)
time.sleep(600)
"""
"""Ignores SIGTERM, and so do its child and grandchild, in a session of their own."""


@pytest.fixture
def project(tmp_path: Path) -> RunProject:
    project = RunProject(tmp_path)
    project.put("survivor.py", SURVIVOR)
    return project


def survivor(**more: object) -> dict[str, object]:
    return other([sys.executable, "survivor.py"], **more)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=ENOUGH)
    return process.returncode, said


def test_a_suite_that_ignores_sigterm_is_gone_after_its_time_and_so_is_its_grandchild(
    project: RunProject,
) -> None:
    project.policy({"unit": COPIES, "survivor": survivor(timeout=2)})
    code, said = ended(project.start())
    assert (code, project.codes) == (1, ["suite-timeout"]), said
    assert (project.root / "grandchild").exists()
    assert project.processes() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_writes_the_evidence_of_what_ran(project: RunProject, number: signal.Signals) -> None:
    project.policy({"unit": COPIES, "survivor": survivor(), "rest": other("touch ran")})
    process = project.start()
    until((project.root / "grandchild").exists)
    process.send_signal(number)
    code, said = ended(process)
    assert code == 130, said
    assert project.processes() == []
    assert project.verified() == "sound"
    assert not (project.root / "ran").exists()
    assert project.verdict["verdict"] == "failed"
    messages = [reason["message"] for reason in project.verdict["reasons"]]
    assert any(message.startswith("suite 'survivor' was interrupted") for message in messages)
    assert "suite 'rest' was not begun: the run was interrupted" in messages
    results = project.evidence("r", "results.json")
    assert (results["interrupted"], [one["how"] for one in results["suites"]]) == (
        True,
        ["passed", "interrupted", "not-begun"],
    )


def test_the_runners_second_signal_does_not_lose_the_evidence(project: RunProject) -> None:
    # It sends SIGINT and, 7.5 s later, SIGTERM; here the second comes while the suite has its grace.
    project.policy({"unit": COPIES, "survivor": survivor()})
    process = project.start()
    until((project.root / "grandchild").exists)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert ended(process)[0] == 130
    assert (project.verified(), project.processes()) == ("sound", [])


def test_the_same_signal_twice_ends_it_without_evidence_and_leaves_no_process(project: RunProject) -> None:
    project.policy({"unit": COPIES, "survivor": survivor()})
    process = project.start()
    until((project.root / "grandchild").exists)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    code, said = ended(process)
    assert (code, "Traceback" in said) == (130, False), said
    assert (project.verified(), project.processes()) == ("unfinished", [])


def test_a_run_that_is_interrupted_between_suites_is_none_that_passed(project: RunProject) -> None:
    # The suite itself passes, and has the gate stopped; the watcher is in between.
    stops = "kill -INT $(cut -d' ' -f4 /proc/$PPID/stat); sleep 0.5"
    project.policy({"unit": COPIES, "stops": other(stops), "rest": other("true")})
    code, said = ended(project.start())
    assert code == 130, said
    assert project.verdict["verdict"] == "failed"


def test_stopped_at_random_moments_it_leaves_no_process_and_readable_evidence(project: RunProject) -> None:
    project.policy({"unit": COPIES, "quick": other("sleep 0.3 & sleep 0.2"), "last": other("sleep 0.4")})
    began = time.monotonic()
    assert ended(project.start())[0] == 0
    takes = time.monotonic() - began
    seed = time.time_ns()
    moments = random.Random(seed)  # noqa: S311 - moments, no secrets
    ways = [(signal.SIGINT, False), (signal.SIGINT, True), (signal.SIGTERM, False)]
    codes = []
    for turn in range(MOMENTS):
        number, whole_group = ways[turn % len(ways)]
        process = project.start("--jobs", "2")
        time.sleep(moments.uniform(0.25, 0.9) * takes)
        signalled(process, number, whole_group=whole_group)
        code, said = ended(process)
        codes.append(code)
        assert project.processes() == [], (seed, turn)
        # On a busy machine the interpreter may not have come to the gate yet, and dies its own way.
        if "suite" in said:
            assert (code in (0, 130), "Traceback" in said) == (True, False), (seed, turn, said)
        if project.folder.exists():
            assert project.verified() in ("sound", "unfinished"), (seed, turn)
    assert 130 in codes, seed
    assert ended(project.start())[0] == 0
