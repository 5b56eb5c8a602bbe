"""The container's door: hands the environment to the gate and exits by what it returns."""

from __future__ import annotations

import os
import sys

from gate.action import main

if __name__ == "__main__":
    sys.exit(main(os.environ))
