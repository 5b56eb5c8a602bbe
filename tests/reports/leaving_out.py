"""Reading XML reports of which nobody wants anything, with and without what is left out unread."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports import file as report_file
from gate.reports.xml_levels import XmlLevels
from tests.reports.reading import Files, read_bytes, read_file

NOTHING = Files(())
_NEVER = re.compile(b"(?!)")
_WHOLE = 1 << 20
_FRAGMENTS = (
    *(b"<a>", b"</a>", b"<a/>", b"&", b"&lt;", b"<", b">", b'"', b"<!--", b"-->", b"<![CDATA[", b"]]>"),
    *(b' count="1"', b' nr="2"', b"<line/>", b"</file>", b"</sourcefile>", b"</class>", b"\n", b"\xc3\xbc"),
)


@st.composite
def damaged(draw: st.DrawFn, paths: list[Path]) -> bytes:
    """One of the files with something put into it."""
    whole = draw(st.sampled_from(paths)).read_bytes()
    at = draw(st.integers(0, len(whole)))
    return whole[:at] + draw(st.sampled_from(_FRAGMENTS)) + whole[at + draw(st.sampled_from([0, 1, 9])) :]


def same_without_leaving_out(module: ModuleType, data: bytes, piece: int) -> bool:
    """Whether a format's reader comes to the same names, notes and refusals, in pieces of so many bytes."""
    return _outcome(module, data, module._PLAIN, piece) == _outcome(module, data, _NEVER, _WHOLE)


def _outcome(module: ModuleType, data: bytes, plain: re.Pattern[bytes], piece: int) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PLAIN", plain)
        patch.setattr(report_file, "PIECE", piece)
        try:
            report = read_bytes(data, NOTHING)
        except UnreadableArtifact:
            return "refused"
        return report.names, report.notes


def elements_seen(path: Path) -> int:
    """How many elements of what nobody wants reach a reader of the file."""
    seen = 0
    skip = XmlLevels._skip

    def counting(levels: XmlLevels, tag: str, attributes: list[str]) -> None:
        nonlocal seen
        seen += 1
        skip(levels, tag, attributes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(XmlLevels, "_skip", counting)
        read_file(path, NOTHING)
    return seen
