"""docs/launch-confidence.md: the evidence of a real run of the example, as `gate evidence` prints it.

`python -m tests.documents.launch docs/launch-confidence.md` renews it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from .commands import ROOT, checkout, commands, run

DOCUMENT = ROOT / "docs" / "launch-confidence.md"
RULE = "\n---\n\n"
# What is another from run to run. A zero-width space may keep a short hash from being taken for a link.
_OWN = (
    (re.compile(r"\| \d+ \| `[0-9a-f]{64}`"), "| BYTES | `SHA-256`"),
    (re.compile(r"`[0-9a-f]{40}`"), "`COMMIT`"),
    (re.compile(r"commit [0-9a-f]{6}\u200b?[0-9a-f]{6}\b"), "commit COMMIT"),
    (re.compile(r"`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00`"), "`TIME`"),
)


def parts(document: str) -> tuple[str, str]:
    """What introduces the page, with the commands that make it, and the page."""
    head, _, page = document.partition(RULE)
    return head, page


def made(head: str) -> str:
    """The page of a new run."""
    with tempfile.TemporaryDirectory() as scratch:
        ran = run(commands(head), checkout(Path(scratch, "checkout")))
    if ran.surprises:
        raise RuntimeError("\n".join(ran.surprises))
    return ran.outputs[-1]


def comparable(page: str) -> list[str]:
    """The page's lines without what belongs to one run alone."""
    for pattern, word in _OWN:
        page = pattern.sub(word, page)
    return page.splitlines()


if __name__ == "__main__":
    path = Path(sys.argv[1])
    introduction, _ = parts(path.read_text(encoding="utf-8"))
    path.write_text(introduction + RULE + made(introduction), encoding="utf-8")
