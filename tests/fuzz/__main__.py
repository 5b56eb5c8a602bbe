"""The fuzzing itself: `python -m tests.fuzz [FORMAT …] --seconds 600`."""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

from tests.fuzz.mutate import mutant
from tests.fuzz.oracle import outcome
from tests.fuzz.reached import Step, reached
from tests.fuzz.samples import FINDINGS, samples
from tests.fuzz.whole import whole_outcome

MOST_SECONDS = 5.0
MOST_MEMORY = 2 << 30
LARGEST_KEPT = 100_000
WHOLE_EVERY = 1_500


class Hang(Exception):  # noqa: N818 - what it is, not what went wrong
    """A reader took more of the processor's time than any small file may."""


def main() -> int:
    """Fuzz each format for so many seconds; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGPROF, _hang)
    unknown = set(options.formats) - samples().keys()
    if unknown:
        parser.error(f"no samples of {', '.join(sorted(unknown))}; there are {', '.join(samples())}")
    found = sum(_fuzz(name, options.seconds, options.seed) for name in options.formats or samples())
    return 1 if found else 0


def _fuzz(name: str, seconds: float, seed: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - no secret
    corpus, seen, kinds = list(samples()[name]), set[Step](), set[str]()
    runs = found = 0
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report")
        while time.monotonic() < end:
            data = mutant(chance, corpus)
            path.write_bytes(data)
            runs += 1
            try:
                signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
                result, steps = reached(lambda: outcome(path))
                signal.setitimer(signal.ITIMER_PROF, 0)
                if runs % WHOLE_EVERY == 0:
                    whole_outcome(path, refused=result != "read")
            except Exception as error:
                signal.setitimer(signal.ITIMER_PROF, 0)
                kind = "".join(traceback.format_exception(error)[-3:])
                if kind not in kinds:
                    kinds.add(kind)
                    found += 1
                    _keep(name, data, kind)
                continue
            if steps - seen and len(data) <= LARGEST_KEPT:
                seen |= steps
                corpus.append(data)
    print(
        f"{name}: {runs} mutants, {len(seen)} steps reached, {len(corpus)} kept to go on from, {found} found"
    )
    return found


def _keep(name: str, data: bytes, kind: str) -> None:
    path = FINDINGS / name / hashlib.sha256(data).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{name}: found {path.name}\n{kind}", file=sys.stderr)


def _hang(_signal: int, _frame: FrameType | None) -> None:
    raise Hang(f"more than {MOST_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
