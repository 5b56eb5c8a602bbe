"""Runs one command and prints seconds on the clock and on the processors, peak memory, and the exit code.

    python -I -S launch.py OUTPUT FOLDER COMMAND…

A process of its own, as small as Python can be: Linux counts the memory of whoever starts a program among
that program's own peak. Processes that the command waits for are included.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    output, folder, *command = sys.argv[1:]
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.chdir(folder)
    streams = (
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, written, 1),
        (os.POSIX_SPAWN_DUP2, written, 2),
    )
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=streams)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))


main()
