"""Several connections to one file, each in its own thread, all let go at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from billing.errors import InsufficientFundsError
from billing.money import Money
from billing.storage import connect
from billing.wallet import Wallets

pytestmark = pytest.mark.critical

CLIENTS = 6


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A file with the wallet "ada", which holds 1.00 EUR."""
    path = tmp_path / "billing.db"
    with closing(connect(path)) as connection:
        wallets = Wallets(connection, lambda: 0)
        wallets.open("ada", "EUR")
        wallets.credit("ada", Money(100, "EUR"), reason="gift", idempotency_key="start")
    return path


def _debit_at_once(store: Path, key: Callable[[int], str]) -> list[bool]:
    """Every client debits 0.30 EUR; whether each of them got it."""
    barrier = Barrier(CLIENTS)

    def client(number: int) -> bool:
        with closing(connect(store)) as connection:
            wallets = Wallets(connection, lambda: 0)
            barrier.wait(timeout=10)
            try:
                wallets.debit("ada", Money(30, "EUR"), reason="coffee", idempotency_key=key(number))
            except InsufficientFundsError:
                return False
            return True

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(client, range(CLIENTS)))


def _balance_and_ledger_sum(store: Path) -> tuple[int, int]:
    with closing(connect(store)) as connection:
        wallets = Wallets(connection, lambda: 0)
        return wallets.balance("ada").minor, sum(entry.amount.minor for entry in wallets.entries("ada"))


def test_debits_at_the_same_moment_never_overdraw_the_wallet(store: Path) -> None:
    outcomes = _debit_at_once(store, lambda number: f"client-{number}")
    assert outcomes.count(True) == 3
    assert _balance_and_ledger_sum(store) == (10, 10)


def test_one_key_used_at_the_same_moment_debits_once(store: Path) -> None:
    outcomes = _debit_at_once(store, lambda _number: "the-same")
    assert outcomes.count(True) == CLIENTS
    assert _balance_and_ledger_sum(store) == (70, 70)
