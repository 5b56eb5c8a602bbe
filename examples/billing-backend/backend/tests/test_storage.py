from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from billing.money import Money
from billing.storage import connect, transaction
from billing.wallet import Wallets


def _series(connection: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in connection.execute("SELECT name FROM number_series ORDER BY name")]


def _add(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("INSERT INTO number_series VALUES (?, 0)", (name,))


def test_a_failed_transaction_leaves_nothing_behind(connection: sqlite3.Connection) -> None:
    with pytest.raises(KeyError), transaction(connection):
        _add(connection, "A")
        raise KeyError
    assert _series(connection) == []
    assert not connection.in_transaction


def test_a_failed_inner_transaction_takes_only_its_own_changes_back(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        _add(connection, "outer")
        with suppress(KeyError), transaction(connection):
            _add(connection, "inner")
            raise KeyError
    assert _series(connection) == ["outer"]


def test_a_failed_outer_transaction_takes_a_finished_inner_one_back(connection: sqlite3.Connection) -> None:
    with suppress(KeyError), transaction(connection):
        with transaction(connection):
            _add(connection, "inner")
        raise KeyError
    assert _series(connection) == []


def test_a_transaction_that_the_database_ended_shows_the_first_error(connection: sqlite3.Connection) -> None:
    with pytest.raises(KeyError), transaction(connection):
        connection.execute("ROLLBACK")
        raise KeyError


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "billing.db"
    with closing(connect(path)) as connection:
        Wallets(connection, lambda: 0).open("ada", "EUR")
    with closing(connect(path)) as connection:
        assert Wallets(connection, lambda: 0).balance("ada") == Money(0, "EUR")


def test_a_store_of_a_newer_service_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "billing.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(RuntimeError, match="schema 99"):
        connect(path)


def test_the_store_itself_refuses_a_negative_balance(connection: sqlite3.Connection) -> None:
    Wallets(connection, lambda: 0).open("ada", "EUR")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE wallet SET balance = -1 WHERE id = 'ada'")
