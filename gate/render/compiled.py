"""Templates compiled once, beside their sources, as Python keeps its modules' bytecode.

Compiling them anew is a tenth of a second of every run. Where the folder cannot be written to (the image's
is filled when it is built), they are compiled in memory. A changed template, and another Python or Jinja2,
has another key.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parent / "templates" / "__pycache__"


class Compiled(FileSystemBytecodeCache):
    """The compiled templates of one kind of environment: the kind's options are part of the code."""

    def __init__(self, kind: str) -> None:
        with contextlib.suppress(OSError):
            FOLDER.mkdir(exist_ok=True)
        super().__init__(str(FOLDER), f"{kind}-%s.jinja2-cache")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is there."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, if we may."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)
