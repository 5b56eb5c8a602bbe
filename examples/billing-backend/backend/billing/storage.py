"""The SQLite store: schema, connections and transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: Seconds since the Unix epoch, UTC. Passed in, so that tests can set the time.
Clock = Callable[[], int]

SCHEMA_VERSION: Final = 1

#: How long a writer waits for another one before it gives up.
BUSY_TIMEOUT_SECONDS: Final = 10

_SCHEMA: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS wallet (
    id TEXT PRIMARY KEY,
    currency TEXT NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0)
);
CREATE TABLE IF NOT EXISTS ledger_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    wallet_id TEXT NOT NULL REFERENCES wallet (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
    reason TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (wallet_id, idempotency_key)
);
CREATE TABLE IF NOT EXISTS payment_intent (
    id TEXT PRIMARY KEY,
    wallet_id TEXT NOT NULL REFERENCES wallet (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'captured', 'credited', 'failed'))
);
CREATE TABLE IF NOT EXISTS webhook_event (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    received_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS number_series (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS invoice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    wallet_id TEXT NOT NULL REFERENCES wallet (id),
    number TEXT UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('draft', 'issued', 'paid', 'void')),
    issued_at INTEGER,
    void_reason TEXT,
    CHECK ((status = 'draft') = (number IS NULL))
);
CREATE TABLE IF NOT EXISTS invoice_line (
    invoice_id INTEGER NOT NULL REFERENCES invoice (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit_price INTEGER NOT NULL,
    currency TEXT NOT NULL,
    tax_basis_points INTEGER NOT NULL,
    PRIMARY KEY (invoice_id, position)
);
CREATE TABLE IF NOT EXISTS credit_note (
    number TEXT PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    tax INTEGER NOT NULL CHECK (tax >= 0),
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
PRAGMA user_version = 1;
COMMIT;
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the store, creating its tables in a new file. ":memory:" gives one for this connection alone.

    A connection belongs to the thread that opened it. Raises RuntimeError if the file was written by
    a newer version of the service.
    """
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        connection.close()
        raise RuntimeError(f"the store has schema {version}, newer than {SCHEMA_VERSION}: update the service")
    if version == 0:
        connection.executescript(_SCHEMA)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing for the block. Inside another transaction it is a savepoint of that one.

    The write lock is taken at the start (IMMEDIATE): what the block reads, no other writer can change
    before the block has written.
    """
    if connection.in_transaction:
        begin, commit, undo = "SAVEPOINT nested", "RELEASE nested", ["ROLLBACK TO nested", "RELEASE nested"]
    else:
        begin, commit, undo = "BEGIN IMMEDIATE", "COMMIT", ["ROLLBACK"]
    connection.execute(begin)
    try:
        yield
        connection.execute(commit)
    except BaseException:
        if connection.in_transaction:  # a full disk, for one, makes SQLite roll back by itself
            for statement in undo:
                connection.execute(statement)
        raise


def insert(connection: sqlite3.Connection, statement: str, parameters: Sequence[str | int | None]) -> int:
    """Run an INSERT of one row and return the row's id."""
    row_id = connection.execute(statement, parameters).lastrowid
    assert row_id is not None  # SQLite sets it on every INSERT
    return row_id
