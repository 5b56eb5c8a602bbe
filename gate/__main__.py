"""`python -m gate` is the console script `gate`."""

from __future__ import annotations

from gate.cli import run

run()
