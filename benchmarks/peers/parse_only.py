"""Parses XML with expat and handlers that do nothing: the least that expat costs a Python program.

python parse_only.py FILE
"""

import sys
from xml.parsers import expat


def start(tag: str, attributes: list[str]) -> None:
    pass


def end(tag: str) -> None:
    pass


parser = expat.ParserCreate()
parser.ordered_attributes = True
parser.buffer_text = True
parser.StartElementHandler = start
parser.EndElementHandler = end
with open(sys.argv[1], "rb") as file:  # noqa: PTH123 - no import that it does not need
    while piece := file.read(1 << 20):
        parser.Parse(piece, False)
parser.Parse(b"", True)
