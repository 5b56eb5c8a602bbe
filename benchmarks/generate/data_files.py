"""coverage.py's own data files of a generated project.

coverage.py creates each and says that it holds branches. The rows are then written as its documentation has
them ("Coverage.py database schema"), since its own way of adding them takes minutes for what 32 shards of
5,000 files hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from coverage import CoverageData

from benchmarks.generate.project import Shard, SourceFile

_BATCH = 500
_CONTEXT = 1


def write_data_files(files: Iterable[SourceFile], shards: Mapping[Shard, Path]) -> None:
    """Write the data file of each shard, with the names that coverage.py's `relative_files` gives."""
    databases = {shard: _created(path) for shard, path in shards.items()}
    rest = enumerate(files, 1)
    while batch := list(islice(rest, _BATCH)):
        for shard, database in databases.items():
            _add(database, batch, shard)
    for database in databases.values():
        database.commit()
        database.close()


def _created(path: Path) -> sqlite3.Connection:
    data = CoverageData(str(path))
    data.add_arcs({"first": [(-1, 1)]})
    data.close(force=True)
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("DELETE FROM arc")
    database.execute("DELETE FROM file")
    return database


def _add(database: sqlite3.Connection, files: Sequence[tuple[int, SourceFile]], shard: Shard) -> None:
    """Add files by their numbers. As with `source =`, those that nothing imported are named as well."""
    database.executemany("INSERT INTO file (id, path) VALUES (?, ?)", [(at, file.path) for at, file in files])
    database.executemany(
        "INSERT INTO arc (file_id, context_id, fromno, tono) VALUES (?, ?, ?, ?)",
        ((at, _CONTEXT, *arc) for at, file in files for arc in sorted(file.arcs(shard))),
    )
