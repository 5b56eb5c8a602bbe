"""How commands are ended, with all that they started: real processes."""

from __future__ import annotations

import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gate.suites.model import Ended
from gate.suites.process import run
from gate.suites.watching import PROGRAM
from tests.suites.running import ENOUGH, Bench, until

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for leave in (lambda: None, os.setsid, lambda: os.fork() and os._exit(0)):
    if os.fork() == 0:
        leave()
        if leave is not os.setsid:
            os.setpgid(0, 0)
        break
print(os.getpid(), flush=True)
while True:
    time.sleep(0.1)
"""
"""Ignores SIGTERM, and so do its children: one in its session, one in another, one whose parent is gone. All
hold the output."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes in /proc")


def test_a_timeout_ends_all_that_ignore_it_wherever_they_went(bench: Bench) -> None:
    began = time.monotonic()
    ended = run(bench.command(sys.executable, "-c", STUBBORN, timeout=1, grace=0.5), stop=bench.stop)
    assert (ended.how, ended.exit_code, ended.cause) == ("timeout", None, "signal 9 (SIGKILL)")
    assert bench.processes() == []
    assert 1.5 <= ended.seconds <= time.monotonic() - began < ENOUGH
    # The one that forked twice tells twice: its first child ends and its second goes on.
    assert len(set(ended.tail)) == 4
    assert ended.notes == ()


def test_a_command_may_use_its_grace_to_clear_up(bench: Bench) -> None:
    ended = bench.sh("trap 'echo cleared; exit 4' TERM; echo began; while :; do sleep 0.05; done", timeout=1)
    assert (ended.how, ended.exit_code, ended.tail[0], ended.tail[-1]) == ("timeout", 4, "began", "cleared")


def test_a_stopped_process_is_ended_and_gets_its_grace(bench: Bench) -> None:
    ended = bench.sh("trap 'echo cleared; exit 4' TERM; kill -STOP $$", timeout=0.5)
    assert (ended.how, ended.exit_code, ended.tail) == ("timeout", 4, ("cleared",))
    ended = bench.sh("trap '' TERM; kill -STOP $$; kill -STOP $$", timeout=0.5, grace=0.5)
    assert (ended.how, ended.signal) == ("timeout", 9)


def test_a_command_that_closes_its_output_is_waited_for(bench: Bench) -> None:
    ended = bench.sh("exec >&- 2>&-; sleep 0.5; exit 3")
    assert (ended.how, ended.exit_code) == ("failed", 3)
    assert ended.seconds >= 0.5


def test_what_a_command_leaves_behind_is_ended_counted_and_told(bench: Bench) -> None:
    length = f"600.{secrets.randbelow(10**9)}"
    ended = bench.sh(
        f"sleep {length} & setsid sleep {length} & env -i setsid sleep {length} & echo done; exit 3"
    )
    assert (ended.how, ended.exit_code, ended.tail, ended.left_behind) == ("failed", 3, ("done",), 3)
    assert ended.notes == (
        "It left 3 processes running, which the gate ended: let the command stop what it starts",
    )
    assert subprocess.run(["pgrep", "-f", f"sleep {length}"], check=False).returncode == 1


def test_what_ends_by_itself_soon_is_not_left_behind(bench: Bench) -> None:
    ended = bench.sh("(sleep 0.2; echo last) & echo first")
    assert (ended.how, ended.tail, ended.left_behind, ended.notes) == ("passed", ("first", "last"), 0, ())


def test_a_background_process_that_ignores_sigterm_is_killed(bench: Bench) -> None:
    ended = bench.sh("(trap '' TERM; while :; do sleep 0.1; done) & exit 0", grace=0.2)
    assert (ended.how, ended.exit_code) == ("passed", 0)
    assert ended.left_behind >= 1


def test_a_stop_at_any_moment_leaves_no_process_and_a_readable_log(bench: Bench) -> None:
    chance = random.Random(20)  # noqa: S311 - only moments
    for number in range(20):
        stop = threading.Event()
        log = bench.folder / f"{number}.log"
        text = (
            "i=0; while :; do i=$((i+1)); echo line $i; (setsid sleep 600 &); [ $i -lt 9 ] || sleep 600; done"
        )
        command = bench.command("/bin/sh", "-c", text, log=log, grace=0.5)
        timer = threading.Timer(chance.uniform(0, 0.4), stop.set)
        timer.start()
        ended = run(command, stop=stop)
        timer.join()
        assert ended.how == "interrupted"
        assert bench.processes() == []
        written = log.read_text().splitlines()
        assert written == [f"line {count}" for count in range(1, len(written) + 1)]
        assert ended.tail == tuple(written)


def test_ctrl_c_ends_the_command_and_is_raised_again(bench: Bench) -> None:
    text = "trap 'echo cleared; exit 0' TERM; echo began; while :; do sleep 0.05; done"

    def interrupt() -> None:
        until(lambda: bench.log.exists() and bench.log.read_bytes())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        bench.sh(text)
    thread.join()
    assert bench.log.read_text().startswith("began\n")
    assert bench.log.read_text().endswith("cleared\n")


def test_a_second_ctrl_c_takes_the_grace_away(bench: Bench) -> None:
    text = "trap 'echo trapped' TERM; echo began; while :; do sleep 0.05; done"

    def interrupt() -> None:
        for word in (b"began", b"trapped"):
            until(lambda word=word: bench.log.exists() and word in bench.log.read_bytes())  # type: ignore[misc]
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        bench.sh(text, grace=10 * ENOUGH)
    thread.join()
    assert time.monotonic() - began < ENOUGH


def test_a_killed_gate_leaves_no_process(bench: Bench) -> None:
    program = (
        "from tests.suites.running import *\n"
        f"bench = Bench(Path({str(bench.folder)!r})); bench.mark = {bench.mark!r}\n"
        "bench.sh('setsid sleep 600 & echo began; sleep 600', grace=1)"
    )
    gate = subprocess.Popen([sys.executable, "-c", program])
    try:
        until(lambda: bench.log.exists() and bench.log.read_bytes() and len(bench.processes()) == 3)
    finally:
        gate.kill()
        gate.wait()
    until(lambda: not bench.processes())


def test_a_command_that_kills_its_watcher_never_passes(bench: Bench) -> None:
    ended = bench.sh("kill -KILL $PPID; setsid sleep 600 & sleep 600")
    assert (ended.how, ended.exit_code, ended.signal) == ("failed", None, None)
    assert ended.notes[0].startswith(
        "How it ended is not known: the process that watched over it was killed."
    )


def test_a_watcher_that_is_asked_to_end_goes_on(bench: Bench) -> None:
    ended = bench.sh("kill -TERM $PPID; kill -INT $PPID; kill -HUP $PPID; sleep 0.3; exit 3")
    assert (ended.how, ended.exit_code) == ("failed", 3)


def test_parallel_commands_end_each_their_own_processes_alone(bench: Bench) -> None:
    results: dict[str, Ended] = {}

    def one(name: str, text: str, timeout: float | None) -> None:
        command = bench.command("/bin/sh", "-c", text, log=bench.folder / name, timeout=timeout, grace=0.3)
        results[name] = run(command, stop=bench.stop)

    stubborn = "trap '' TERM; (setsid sleep 600 &); while :; do sleep 0.1; done"
    lasting = "(setsid sh -c 'sleep 3; echo from afar' &); sleep 4; echo whole"
    commands = [
        ("lasting", lasting, None),
        ("late", stubborn, 0.5),
        ("leaving", "setsid sleep 600 &", None),
    ]
    threads = [threading.Thread(target=one, args=command) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ENOUGH)
    assert (results["lasting"].how, results["lasting"].tail) == ("passed", ("from afar", "whole"))
    assert results["late"].how == "timeout"
    assert (results["leaving"].how, results["leaving"].left_behind) == ("passed", 1)


def test_where_descendants_cannot_be_found_the_group_is_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = PROGRAM.replace("main()", "main.__globals__.update(_become_subreaper=lambda: False); main()")
    monkeypatch.setattr("gate.suites.watching.PROGRAM", without)
    stubborn = "trap '' TERM; (while :; do sleep 0.1; done) & "
    ended = bench.sh(stubborn + "wait", timeout=0.5, grace=0.3)
    assert (ended.how, ended.signal, bench.processes()) == ("timeout", 9, [])
    ended = bench.sh(stubborn + "exit 3", grace=0.3)
    assert (ended.how, ended.exit_code, ended.left_behind, bench.processes()) == ("failed", 3, 1, [])
    assert bench.sh("sleep 0.2 & wait").notes == ()
