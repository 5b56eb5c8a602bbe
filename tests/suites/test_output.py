"""The output of commands: any amount of it, of any form."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gate.suites.process import run
from tests.suites.running import ENOUGH, Bench, until

FLOOD = """
import sys
from tests.suites.running import *
from pathlib import Path
bench = Bench(Path(sys.argv[1]))
def memory(name):
    status = Path("/proc/self/status").read_text()
    return int(status.split(name + ":")[1].split()[0]) << 10
bench.python("print()", heard=str)
before = memory("VmRSS")
ended = bench.python(sys.argv[2], heard=None if sys.argv[3] == "deaf" else str)
print(ended.how, ended.log_bytes, memory("VmHWM") - before)
"""
MANY_LINES = "import sys\nfor _ in range(500): sys.stdout.buffer.write((b'x' * 99 + b'\\n') * 10_000)"
ONE_LINE = "import sys\nfor _ in range(500): sys.stdout.buffer.write(bytes(1_000_000))"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its memory in /proc")
@pytest.mark.parametrize(
    ("program", "listening"), [(MANY_LINES, "deaf"), (ONE_LINE, "listening")], ids=["lines", "one-line"]
)
def test_half_a_gigabyte_of_output_takes_little_memory(bench: Bench, program: str, listening: str) -> None:
    if shutil.disk_usage(bench.folder).free < 2 << 30:
        pytest.skip("needs room for the log")
    done = subprocess.run(
        [sys.executable, "-c", FLOOD, bench.folder, program, listening],
        capture_output=True,
        text=True,
        check=True,
    )
    how, size, growth = done.stdout.split()
    assert (how, int(size)) == ("passed", 500_000_000)
    assert int(growth) < 20 << 20
    assert bench.log.stat().st_size == 500_000_000
    bench.log.unlink()


def test_bytes_go_to_the_log_as_they_are(bench: Bench) -> None:
    content = bytes(range(256)) * 5_000
    (bench.folder / "bytes").write_bytes(content)
    ended = bench.sh("cat bytes")
    assert hashlib.sha256(bench.log.read_bytes()).digest() == hashlib.sha256(content).digest()
    assert ended.log_bytes == len(content)


def test_the_log_grows_while_the_command_runs(bench: Bench) -> None:
    ended = []
    command = bench.command("/bin/sh", "-c", "printf begun; until [ -e go ]; do sleep 0.05; done")
    thread = threading.Thread(target=lambda: ended.append(run(command, stop=bench.stop)))
    thread.start()
    until(lambda: bench.log.exists() and bench.log.read_bytes() == b"begun")
    assert not ended
    (bench.folder / "go").touch()
    thread.join(ENOUGH)
    assert ended[0].tail == ("begun",)


def test_lines_are_heard_while_the_command_runs(bench: Bench) -> None:
    lines: list[str] = []

    def hear(line: str) -> None:
        lines.append(line)
        (bench.folder / line).touch()

    program = (
        "import os, time\n"
        "for name in 'ab':\n"
        "    print(name, flush=True)\n"
        "    while not os.path.exists(name): time.sleep(0.02)\n"
        "print('end', end='')"
    )
    assert bench.python(program, heard=hear).how == "passed"
    assert lines == ["a", "b", "end"]


def test_what_a_listener_raises_is_ignored(bench: Bench) -> None:
    lines = []

    def hear(line: str) -> None:
        lines.append(line)
        raise RuntimeError(line)

    assert bench.python("print('a'); print('b')", heard=hear).how == "passed"
    assert lines == ["a", "b"]


def test_a_listener_that_hangs_slows_neither_the_command_nor_the_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.suites.process.PATIENCE", 0.2)
    release, lines = threading.Event(), []

    def hear(line: str) -> None:
        lines.append(line)
        release.wait(ENOUGH)

    began = time.monotonic()
    ended = bench.python("print('x' * 99 + '\\n' + 'y' * 10_000_000)", heard=hear)
    assert time.monotonic() - began < ENOUGH
    assert (ended.how, ended.log_bytes) == ("passed", 10_000_101)
    assert ended.notes == ("The last 10000101 bytes of its output were not shown in time: read the log",)
    release.set()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "listening"])
    assert lines == ["x" * 99]


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_the_first_process_of_a_container_leaves_no_zombie(bench: Bench) -> None:
    space = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*space, "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs the right to create namespaces")
    program = (
        "import os, sys; from tests.suites.running import *\n"
        "bench = Bench(Path(sys.argv[1]))\n"
        "print(bench.sh('(setsid sleep 600 &); exit 3').how)\n"
        "print(bench.sh('(setsid sleep 0.1 &)').how)\n"
        "print(bench.sh('kill -KILL $PPID; sleep 600').how)\n"
        "print(os.getpid(), sorted(p.name for p in Path('/proc').iterdir() if p.name.isdigit()))"
    )
    done = subprocess.run(
        [*space, sys.executable, "-c", program, bench.folder], capture_output=True, text=True, check=True
    )
    assert done.stdout == "failed\npassed\nfailed\n1 ['1']\n"
