"""Single commands, as real processes."""

from __future__ import annotations

import os
import re
import sys
import threading
from pathlib import Path

import pytest

from gate.evidence.files import Owner
from gate.suites.model import Command
from gate.suites.process import run
from tests.suites.running import ENOUGH, Bench

THE_C_LIBRARYS = 1 << 31 | 1 << 32
"""Signals 32 and 33: posix_spawn(3), by which make starts us, has them ignored, and nobody can undo that."""


def test_exit_0_passes_and_any_other_fails(bench: Bench) -> None:
    passed = bench.sh("echo out; echo err >&2")
    assert (passed.how, passed.exit_code, passed.signal, passed.tail) == ("passed", 0, None, ("out", "err"))
    assert (passed.log_bytes, passed.notes, passed.left_behind) == (8, (), 0)
    assert bench.log.read_bytes() == b"out\nerr\n"
    failed = bench.sh("exit 3")
    assert (failed.how, failed.exit_code, failed.cause) == ("failed", 3, "exit code 3")
    assert bench.log.read_bytes() == b""


def test_death_by_a_signal_fails_and_names_the_signal(bench: Bench) -> None:
    ended = bench.sh("kill -SEGV $$")
    assert (ended.how, ended.exit_code, ended.signal) == ("failed", None, 11)
    assert ended.cause == "signal 11 (SIGSEGV)"
    assert bench.sh("kill -40 $$").cause == "signal 40"


def test_what_cannot_be_started_is_told_in_a_sentence(bench: Bench) -> None:
    (bench.folder / "plain").write_text("echo no\n")
    (bench.folder / "shapeless").write_text("echo no\n")
    (bench.folder / "shapeless").chmod(0o755)
    (bench.folder / "orphan").write_text("#!/no/such/interpreter\n")
    (bench.folder / "orphan").chmod(0o755)
    sentences = {
        "nowhere": "is not there, or its interpreter is not: install it, or correct the command",
        "./orphan": "is not there, or its interpreter is not: install it, or correct the command",
        "./plain": "may not be executed: make it so (chmod +x), or name its interpreter in the command",
        "./shapeless": "is nothing that the system can execute: begin it with a line such as #!/bin/sh",
    }
    for program, sentence in sentences.items():
        ended = run(bench.command(program), stop=bench.stop)
        assert (ended.how, ended.exit_code, ended.tail) == (
            "not-started",
            None,
            (f"Program '{program}' {sentence}",),
        )


def test_arguments_beyond_the_systems_limit_are_told(bench: Bench) -> None:
    ended = run(bench.command("/bin/echo", "x" * (4 << 20)), stop=bench.stop)
    assert ended.how == "not-started"
    assert ended.tail == (
        "Program '/bin/echo' cannot be started: its arguments and environment are too long",
    )


def test_words_that_no_system_can_take_are_told(bench: Bench) -> None:
    commands = [bench.command("/bin/echo", "a\ud800b"), bench.command("/bin/echo", "a\0b")]
    commands += [bench.command("/bin/true", env={name: ""}) for name in ("A=B", "A\0")]
    for command in commands:
        ended = run(command, stop=bench.stop)
        assert ended.how == "not-started"
        assert ended.tail[0].startswith("The command, its folder or its environment holds a character that ")
    assert run(bench.command(), stop=bench.stop).tail == ("No program is named: give the suite a command",)


def test_a_missing_folder_is_told(bench: Bench, tmp_path: Path) -> None:
    for name, what in (("absent", "is not there"), ("file", "is no folder")):
        (tmp_path / "file").touch()
        command = Command("suite", ("/bin/true",), tmp_path / name, {}, bench.log, None)
        ended = run(command, stop=bench.stop)
        assert ended.how == "not-started"
        assert ended.tail[0].startswith(f"Folder '{tmp_path / name}' {what}: ")


def test_a_log_that_cannot_be_written_is_told(bench: Bench) -> None:
    (bench.folder / "file").touch()
    ended = run(bench.command("/bin/true", log=bench.folder / "file" / "log"), stop=bench.stop)
    assert ended.how == "not-started"
    assert ended.tail[0].startswith(f"Its log '{bench.folder}/file/log' cannot be written: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the file that is always full")
def test_a_full_disk_ends_the_log_and_not_the_command(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open
    monkeypatch.setattr(
        "gate.suites.log.os.open",
        lambda path, flags, mode: (
            real_open("/dev/full", os.O_RDWR) if flags & os.O_EXCL else real_open(path, flags, mode)
        ),
    )
    ended = bench.sh("echo out")
    monkeypatch.undo()
    assert (ended.how, ended.tail) == ("passed", ("out",))
    assert ended.notes == ("The log is cut off after 0 bytes: No space left on device",)


def test_nothing_is_inherited_but_what_is_given(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    given = {"A": "1", "UMLAUT": "ü", "RAW": os.fsdecode(b"\xff\n")}
    program = "import os, sys; sys.stdout.buffer.write(open('/proc/self/environ', 'rb').read())"
    run(bench.command(sys.executable, "-I", "-c", program, env=given), stop=bench.stop)
    told = dict(entry.split(b"=", 1) for entry in bench.log.read_bytes().split(b"\0") if entry)
    assert told == {b"A": b"1", b"UMLAUT": "ü".encode(), b"RAW": b"\xff\n"}


def test_neither_the_command_nor_its_watcher_has_a_secret_of_ours(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    bench.sh("cat /proc/self/environ /proc/$PPID/environ /proc/$PPID/cmdline")
    assert b"gate.suites.watcher" in bench.log.read_bytes()
    assert b"secret" not in bench.log.read_bytes()


def test_a_command_has_no_input_and_no_descriptor_of_ours(bench: Bench) -> None:
    with (bench.folder / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        ended = bench.python(
            "import os; print(os.readlink('/proc/self/fd/0'), len(os.listdir('/proc/self/fd')))"
        )
    # 0, 1, 2, and the one that lists them.
    assert ended.tail == ("/dev/null 4",)


def test_a_command_leads_a_session_and_a_group_of_its_own(bench: Bench) -> None:
    ended = bench.python("import os; print(os.getpid() == os.getsid(0) == os.getpgid(0))")
    assert ended.tail == ("True",)


def test_signals_that_are_ignored_here_are_not_ignored_there(bench: Bench) -> None:
    program = (
        "import signal, threading; from tests.suites.running import *\n"
        "for name in ('SIGHUP', 'SIGINT', 'SIGTERM'): signal.signal(getattr(signal, name), signal.SIG_IGN)\n"
        f"bench = Bench(Path({str(bench.folder)!r}))\n"
        "print(bench.sh('grep -E \"Sig(Ign|Blk)\" /proc/self/status').tail)"
    )
    ended = run(
        bench.command(sys.executable, "-c", program, env=bench.env | {"PYTHONPATH": os.getcwd()}),  # noqa: PTH109
        stop=bench.stop,
    )
    masks = [int(mask, 16) & ~THE_C_LIBRARYS for mask in re.findall(r"[0-9a-f]{16}", "".join(ended.tail))]
    assert masks == [0, 0]


def test_the_time_and_memory_are_those_of_the_command_alone(bench: Bench) -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    large = bench.python("import os; b = bytearray(os.urandom(1 << 20) * 200)\n" + burn)
    small = bench.sh(":")
    assert large.cpu_seconds >= 0.5
    assert large.seconds >= 0.5
    assert large.peak_bytes >= 200 << 20
    assert small.cpu_seconds < 0.5
    assert small.peak_bytes < 100 << 20


def test_the_time_of_a_process_that_nobody_waited_for_counts_too(bench: Bench) -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    burn += '\nopen("burnt", "w")'
    ended = bench.sh(f"(setsid '{sys.executable}' -c '{burn}' &) ; until [ -e burnt ]; do sleep 0.05; done")
    assert ended.cpu_seconds >= 0.5


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_log_belongs_to_the_workspaces_owner(bench: Bench) -> None:
    run(bench.command("/bin/true"), stop=bench.stop, owner=Owner(1001, 1002))
    for path in (bench.log, bench.log.parent):
        assert (path.stat().st_uid, path.stat().st_gid) == (1001, 1002)


def test_a_link_in_the_place_of_the_log_is_not_written_through(bench: Bench) -> None:
    victim = bench.folder / "victim"
    victim.write_text("untouched")
    bench.log.parent.mkdir()
    bench.log.symlink_to(victim)
    bench.sh("echo written")
    assert (victim.read_text(), bench.log.read_text()) == ("untouched", "written\n")


def test_a_stopped_run_starts_nothing_more(bench: Bench) -> None:
    bench.stop.set()
    ended = bench.sh("touch started")
    assert (ended.how, ended.exit_code) == ("interrupted", None)
    assert not (bench.folder / "started").exists()


def test_eight_commands_at_once_are_not_mixed_up(bench: Bench) -> None:
    results = {}

    def one(number: int) -> None:
        text = f"for i in $(seq 300); do echo {number}-$i; done; sleep 0.2; exit {number}"
        command = bench.command("/bin/sh", "-c", text, log=bench.folder / f"{number}.log")
        results[number] = run(command, stop=bench.stop)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ENOUGH)
    for number in range(8):
        lines = [f"{number}-{count}" for count in range(1, 301)]
        assert (bench.folder / f"{number}.log").read_text().splitlines() == lines
        assert results[number].exit_code == number
        assert results[number].tail == tuple(lines[-50:])
