"""The fake for other processes and containers: `python -m tests.fake_github --port 0 --token ghs_x`.

The first line of output is the API's address. It serves until SIGTERM or SIGINT; `GET <address>/_state`
tells, as JSON, the comments, check runs, statuses, requests and violations so far.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from dataclasses import replace
from pathlib import Path

from . import ACTIONS_BOT, Actor, FakeGithub


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_github", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (the default)")
    parser.add_argument(
        "--token",
        action="append",
        default=[],
        help="a token to accept as well, may repeat: ghs_… is the job's, any other the user octocat's",
    )
    parser.add_argument("--read-only", action="store_true", help="the given tokens only read, like a fork's")
    parser.add_argument("--prefix", default="", help="path before the API's root, such as /api/v3")
    parser.add_argument("--event", type=Path, help="webhook payload whose repository and pull request exist")
    parser.add_argument("--commit", action="append", default=[], help="a commit that exists too, may repeat")
    given = parser.parse_args()

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    payload = json.loads(given.event.read_text(encoding="utf-8")) if given.event else None
    fake = FakeGithub(payload, port=given.port, prefix=given.prefix)
    fake.commits.update(given.commit)
    for token in given.token:
        owner = ACTIONS_BOT if token.startswith("ghs_") else Actor("octocat")
        fake.tokens[token] = replace(owner, writes=not given.read_only)
    with fake:
        print(fake.url, flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
