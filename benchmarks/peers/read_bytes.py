"""Reads a file's bytes, and nothing else: no program that looks at all of it can take less.

python read_bytes.py FILE
"""

import sys

size = 0
with open(sys.argv[1], "rb", buffering=0) as file:  # noqa: PTH123 - no import that it does not need
    while piece := file.read(1 << 20):
        size += len(piece)
print(size)
