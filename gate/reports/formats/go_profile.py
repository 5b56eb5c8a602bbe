"""Go's cover profiles, as written by `go test -coverprofile`, `go tool covdata textfmt` and what merges them.

After `mode: set`, `count` or `atomic`, each line is a block of statements (golang.org/x/tools/cover):

    import/path/file.go:12.34,15.2 3 1      (name:line.column,line.column statements count)

Statements are the unit, and in every mode a block was executed where its count is not 0. Blocks are united by
their place: under `-coverpkg` each test binary repeats them all. So the numbers are those of `go test -cover`
and of `go tool cover -html`; the total of `go tool cover -func` leaves out what lies in no declared function.
Branches are not measured.

Where this differs from Go's own parser:

- Profiles one behind the other are read with their lines `mode:`, which ginkgo and `cat` leave in, and with
  empty lines.
- Two blocks in one line are refused. Whatever merges profiles without a last line break makes them, and Go
  takes the first for a part of the second's name.
- Blocks of no statements (an empty function) are left out: they count nothing, and would be shown as missing.

`//line` directives move lines about: a block may then end before it begins, and columns may be 0.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable, Iterator

from gate.errors import UnreadableArtifact
from gate.reports.file import ReportFile
from gate.reports.lines import MAX_LINE, Block, Blocks, Lines
from gate.reports.model import FileCoverage, Report, Repository, SourceName
from gate.text import quoted

NAME = "Go cover profile"
MAX_BLOCK = 60
"""Bytes: more than five numbers of ten digits take."""

_BLOCK = rb":[0-9]++\.[0-9]++,[0-9]++\.[0-9]++ [0-9]++ [0-9]++"
_END = rb"\r?+(?:\n|\Z)"
_MODE = rb"mode: (?:set|count|atomic)"
_FIRST = re.compile(_MODE + _END)
# All adjacent lines of a file in one match, so that a file that nobody wants costs no more than passing it.
_RUN = re.compile(rb"(.+)%b%b(?:\1%b%b)*+" % (_BLOCK, _END, _BLOCK, _END))
_BETWEEN = re.compile(rb"(?:%b|[ \t]*+)%b" % (_MODE, _END))
_GLUED = re.compile(_BLOCK)
_PARTS = re.compile(rb":([0-9.,]++ [0-9]++) ([0-9]++)%b" % _END)


def recognises(sample: bytes) -> bool:
    """Whether a file begins with a cover profile's mode."""
    return _FIRST.match(sample) is not None


def read(file: ReportFile, repository: Repository) -> Report:
    """Decode the lines of the wanted files; the others are only named."""
    data = file.data
    names: dict[bytes, SourceName] = {}
    wanted: dict[bytes, list[tuple[int, int]]] = {}
    for run in _runs(data, len(file.data) - len(file.content)):
        name = run[1]
        if name not in names:
            names[name] = _source_name(data, run)
            if repository.wants(names[name]):
                wanted[name] = []
        if name in wanted:
            wanted[name].append(run.span())
    files = {names[name]: _file_coverage(names[name].text, data, places) for name, places in wanted.items()}
    return Report("Go", frozenset(names.values()), files)


def _runs(data: mmap.mmap, start: int) -> Iterator[re.Match[bytes]]:
    """Matches of adjacent lines of one file, with its name as their group."""
    while start < len(data):
        run = _RUN.match(data, start)
        if run is not None:
            yield run
        between = run or _BETWEEN.match(data, start)
        if between is None:
            raise _malformed(data, start)
        start = between.end()


def _malformed(data: mmap.mmap, start: int) -> UnreadableArtifact:
    end = data.find(b"\n", start)
    if end < 0:
        return UnreadableArtifact(f"is cut off in line {_line_number(data, start)}")
    text = data[start : min(end, start + 4 * MAX_BLOCK)].decode("utf-8", "replace")
    return UnreadableArtifact(
        f"has no block of statements in line {_line_number(data, start)}: {quoted(text)}"
    )


def _line_number(data: mmap.mmap, start: int) -> int:
    return data[:start].count(b"\n") + 1


def _source_name(data: mmap.mmap, run: re.Match[bytes]) -> SourceName:
    if _GLUED.search(run[1]):
        raise UnreadableArtifact(
            f"holds two blocks in line {_line_number(data, run.start())}: "
            "end every profile with a line break before they are put together"
        )
    try:
        return SourceName(run[1].decode())
    except UnicodeDecodeError as error:
        raise UnreadableArtifact(
            f"has a name that is not UTF-8 in line {_line_number(data, run.start())}"
        ) from error


def _file_coverage(name: str, data: mmap.mmap, places: Iterable[tuple[int, int]]) -> FileCoverage:
    known: set[bytes] = set()
    executed: set[bytes] = set()
    for start, end in places:
        for text, count in _PARTS.findall(data, start, end):
            known.add(text)
            if count.strip(b"0"):
                executed.add(text)
    blocks = {text: _block(name, text) for text in known}
    _hold(name, blocks.values())
    blocks = {text: block for text, block in blocks.items() if block.statements}
    return FileCoverage(
        Lines(),
        None,
        blocks=Blocks(
            frozenset(blocks[text] for text in executed if text in blocks), frozenset(blocks.values())
        ),
    )


def _block(name: str, text: bytes) -> Block:
    if len(text) > MAX_BLOCK:
        raise UnreadableArtifact(f"has a block with numbers beyond belief in {quoted(name)}")
    block = Block(*(int(number) for number in re.split(rb"[., ]", text)))
    for line in (block.first_line, block.last_line):
        if not 1 <= line <= MAX_LINE:
            raise UnreadableArtifact(f"names line {line} of {quoted(name)}, which no source file has")
    return block


def _hold(name: str, blocks: Iterable[Block]) -> None:
    """Refuse a block with two numbers of statements, as Go does: it was measured in two states of a file."""
    statements: dict[tuple[int, int, int, int], int] = {}
    for block in blocks:
        place = (block.first_line, block.first_column, block.last_line, block.last_column)
        if statements.setdefault(place, block.statements) != block.statements:
            raise UnreadableArtifact(
                f"contradicts itself at {quoted(name)}: the block that begins in line {block.first_line} has "
                f"{statements[place]} statements, and {block.statements} elsewhere"
            )
