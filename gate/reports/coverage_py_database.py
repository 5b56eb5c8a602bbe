"""coverage.py's data file as a database: opened so that nothing in it can act, and read row by row.

The tables are those of coverage.py's documentation, "Coverage.py database schema", version 7 (coverage.py
5.0 and newer). A pull request writes the file, so SQLite gets the advice of its own page "Defense Against
The Dark Arts": read-only, immutable (no journal beside it is looked at), limits, plain tables only, and a
number of steps that a file of this size can need.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import chain
from typing import NoReturn

from gate.errors import UnreadableArtifact
from gate.reports.branches import Arc
from gate.reports.file import ReportFile
from gate.reports.lines import MAX_LINE
from gate.text import one_line, quoted

SCHEMA_VERSION = 7

_VERSION_TABLE = "coverage_schema"
_TABLES = ("arc", "context", "file", "line_bits", "meta", "tracer")
_MAX_VALUE = 1 << 20
"""Bytes: more than the numbits of MAX_LINE lines. All paths together may be as long as the file."""

_PRAGMAS = ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "temp_store = MEMORY")
_CHECK_EVERY = 10_000
_FREE_STEPS = 2_000_000
_STEPS_PER_BYTE = 10
"""Of SQLite's virtual machine. Reading a whole file takes a quarter of a step for each of its bytes."""


class Database:
    """The rows of one data file. Its methods raise UnreadableArtifact, within `opened` for SQLite's errors.

    `version` is the coverage.py that wrote it, `when` its local time then: None where it does not say.
    `has_arcs` is whether branches were measured: None where nothing was recorded at all.
    """

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._rows = connection.execute
        self._size = size
        self._check_end()
        self._check_schema()
        meta = self._meta()
        self.version = meta.get("version")
        self.when = meta.get("when")
        self.has_arcs = self._has_arcs(meta.get("has_arcs"))

    def paths(self) -> list[str]:
        """The measured files, as they were called where they ran."""
        # As one text, since thousands of rows cost more than all the rest; it has a limit as well.
        ((rows, texts, joined),) = self._rows(
            "SELECT count(*), count(path), group_concat(path, char(10)) FROM file NOT INDEXED"
        )
        paths: list[str] = joined.split("\n") if joined is not None else []
        if len(paths) != rows:  # a line break in a name
            paths = [path for (path,) in self._rows("SELECT CAST(path AS TEXT) FROM file NOT INDEXED")]
        if texts != rows or len(set(paths)) != rows:
            self._refuse("names a file twice, or not at all")
        return paths

    def file_id(self, path: str) -> int:
        """The row of a measured file."""
        for (number,) in self._rows("SELECT id FROM file WHERE path = ?", (path,)):
            if type(number) is int:
                return number
        return self._refuse(f"has lost {quoted(path)}")

    def tracer(self, file_id: int) -> str | None:
        """The plugin that measured a file; None for Python itself."""
        for (tracer,) in self._rows("SELECT tracer FROM tracer WHERE file_id = ?", (file_id,)):
            return str(tracer or "") or None
        return None

    def lines(self, path: str, file_id: int) -> int:
        """The executed lines of a file as a bit set, in all contexts together."""
        total = 0
        sets: list[bytes] = []
        for (numbits,) in self._rows("SELECT numbits FROM line_bits WHERE file_id = ?", (file_id,)):
            if type(numbits) is not bytes:
                self._refuse(f"has no set of lines at {quoted(path)}")
            total += len(numbits)
            if total > self._size:
                self._refuse(f"has more lines at {quoted(path)} than it has room for")
            sets.append(numbits)
        lines = 0
        for numbits in sorted(sets, key=len):  # the large ones last, so that the small ones stay cheap
            lines |= int.from_bytes(numbits, "little")
        if lines.bit_length() > MAX_LINE + 1:
            self._refuse(f"names line {lines.bit_length() - 1} of {quoted(path)}, which no source file has")
        return lines

    def arcs(self, path: str, file_id: int) -> set[Arc]:
        """The executed arcs of a file, in all contexts together; 0 and negative numbers are no lines."""
        rows = self._rows("SELECT fromno, tono FROM arc WHERE file_id = ?", (file_id,))
        arcs: set[Arc] = set(rows)
        numbers = set(chain.from_iterable(arcs))
        # Types of all, since a set keeps one of 1 and 1.0.
        are_whole = set(map(type, chain.from_iterable(arcs))) <= {int}
        if not are_whole or (numbers and not -MAX_LINE <= min(numbers) <= max(numbers) <= MAX_LINE):
            wrong = next(number for number in chain.from_iterable(arcs) if not _may_be_line(number))
            self._refuse(f"names line {one_line(str(wrong), 40)} of {quoted(path)}, which no source file has")
        return arcs

    def _check_end(self) -> None:
        """SQLite sees a missing page, but takes the missing end of the last one for zeros."""
        ((page,),) = self._rows("PRAGMA page_size")
        if self._size % page:
            raise UnreadableArtifact(f"is a SQLite database cut off after {self._size} bytes")

    def _check_schema(self) -> None:
        names = ", ".join(f"'{name}'" for name in (_VERSION_TABLE, *_TABLES))
        rows = self._rows(
            f"SELECT lower(name), type = 'table' AND rootpage > 0 FROM sqlite_master "  # noqa: S608 - constants
            f"WHERE lower(name) IN ({names}) LIMIT 99"
        )
        tables: dict[str, int] = {}
        for name, plain in rows:
            if name in tables or not plain or not self._stores_all_columns(name):
                raise UnreadableArtifact(f"is no data of coverage.py: its {name} is not a plain table")
            tables[name] = plain
        if _VERSION_TABLE not in tables:
            raise UnreadableArtifact("is a SQLite database, but holds no data of coverage.py")
        versions = [version for (version,) in self._rows("SELECT version FROM coverage_schema LIMIT 2")]
        if versions != [SCHEMA_VERSION]:
            found = one_line(", ".join(map(str, versions)), 40) or "no number"
            raise UnreadableArtifact(
                f"is coverage.py data of schema {found}; schema {SCHEMA_VERSION} can be read "
                "(coverage.py 5.0 and newer): give coverage.py's JSON instead"
            )
        if missing := [name for name in _TABLES if name not in tables]:
            self._refuse(f"has no table {missing[0]}")

    def _stores_all_columns(self, table: str) -> bool:
        """Whether no column is computed while it is read."""
        return not any(hidden for *_, hidden in self._rows(f"PRAGMA table_xinfo({table})"))

    def _meta(self) -> Mapping[str, str]:
        rows = self._rows("SELECT key, value FROM meta WHERE key IN ('has_arcs', 'version', 'when')")
        return {str(key): str(value) for key, value in rows}

    def _has_arcs(self, stated: str | None) -> bool | None:
        arcs, lines = (
            bool(self._rows(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0])  # noqa: S608 - constants
            for table in ("arc", "line_bits")
        )
        if stated not in (None, "0", "1"):
            self._refuse(f"says {quoted(str(stated), 40)} of whether branches were measured")
        if (arcs and lines) or (arcs and stated == "0") or (lines and stated == "1"):
            self._refuse("contradicts itself: it has lines as well as branches")
        if stated is None:
            # A process that forks after it wrote data leaves a child's file without this entry.
            return arcs if arcs or lines else None
        return stated == "1"

    def _refuse(self, what: str) -> NoReturn:
        raise UnreadableArtifact(f"is damaged coverage.py data: it {what}")


def _may_be_line(number: object) -> bool:
    return type(number) is int and -MAX_LINE <= number <= MAX_LINE


@contextmanager
def opened(file: ReportFile) -> Iterator[Database]:
    """A data file, open for reading.

    Raises UnreadableArtifact with a sentence that continues "the file …", also for what SQLite finds wrong
    while the file is open.
    """
    try:
        address = f"{file.path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _confine(connection, file.size)
            yield Database(connection, file.size)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            problem = "reading it takes more steps than a whole file of its size can need"
        else:
            problem = one_line(str(error), 120)
        raise UnreadableArtifact(f"is cut off or damaged as a SQLite database: {problem}") from error


def _confine(connection: sqlite3.Connection, size: int) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(_MAX_VALUE, size))
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    checks = (_FREE_STEPS + _STEPS_PER_BYTE * size) // _CHECK_EVERY

    def is_over() -> bool:
        nonlocal checks
        checks -= 1
        return checks < 0

    connection.set_progress_handler(is_over, _CHECK_EVERY)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
