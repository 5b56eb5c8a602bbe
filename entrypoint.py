"""The container's door: hands the environment to the gate and exits by what it returns."""

from __future__ import annotations

import os

from gate.action import main
from gate.output import leave

if __name__ == "__main__":
    leave(main(os.environ))
