"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# Speed is measured in benchmarks/ and asserted nowhere: no deadline. CI repeats its examples, so that a
# change is judged by what it changes; every run at a desk tries new ones.
settings.register_profile("patient", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("patient")
