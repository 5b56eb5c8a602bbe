"""Document numbers without gaps, as tax law asks for invoices."""

from __future__ import annotations

import sqlite3


def next_number(connection: sqlite3.Connection, series: str) -> str:
    """The next number of a series: "INV-000001", "INV-000002", and so on.

    Must be called in the transaction that writes the document: if that one is rolled back, its
    number is free again. A sequence outside of transactions (AUTOINCREMENT) would leave a gap.
    """
    if not connection.in_transaction:
        raise RuntimeError("a document number is taken in the transaction that writes the document")
    connection.execute(
        "INSERT INTO number_series (name, last) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET last = last + 1",
        (series,),
    )
    last = connection.execute("SELECT last FROM number_series WHERE name = ?", (series,)).fetchone()[0]
    return f"{series}-{last:06d}"
