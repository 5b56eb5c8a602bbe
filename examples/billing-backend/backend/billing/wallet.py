"""Wallets: a balance that only ledger entries change, and that never goes below zero."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from billing.errors import ConflictError, InsufficientFundsError, NotFoundError
from billing.money import Money
from billing.storage import Clock, insert, transaction


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement: `amount` is positive for a credit, negative for a debit."""

    id: int
    wallet_id: str
    amount: Money
    balance_after: Money
    reason: str
    idempotency_key: str
    created_at: int


class Wallets:
    """All wallets of a store. Every change is an entry in the ledger; entries are never edited."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def open(self, wallet_id: str, currency: str) -> Money:
        """Open a wallet and return its balance; opening it again in the same currency changes nothing.

        Raises ConflictError if the wallet exists in another currency.
        """
        empty = Money.zero(currency)
        with transaction(self._connection):
            self._connection.execute(
                "INSERT INTO wallet (id, currency) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (wallet_id, currency),
            )
            balance = self.balance(wallet_id)
        if balance.currency != empty.currency:
            raise ConflictError(f"the wallet {wallet_id} is kept in {balance.currency}, not {currency}")
        return balance

    def balance(self, wallet_id: str) -> Money:
        """What the wallet holds. Raises NotFoundError."""
        row = self._connection.execute(
            "SELECT balance, currency FROM wallet WHERE id = ?", (wallet_id,)
        ).fetchone()
        if row is None:
            raise NotFoundError(f"there is no wallet {wallet_id}")
        return Money(row["balance"], row["currency"])

    def credit(self, wallet_id: str, amount: Money, *, reason: str, idempotency_key: str) -> LedgerEntry:
        """Add `amount` (more than zero). With a key that was used before, see `debit`."""
        return self._post(wallet_id, amount.require_positive(), reason, idempotency_key)

    def debit(self, wallet_id: str, amount: Money, *, reason: str, idempotency_key: str) -> LedgerEntry:
        """Take `amount` (more than zero), or raise InsufficientFundsError and change nothing.

        A second call with the same key returns the first call's entry and moves nothing; with the
        same key and another amount or reason it raises ConflictError.
        """
        return self._post(wallet_id, -amount.require_positive(), reason, idempotency_key)

    def entries(self, wallet_id: str) -> tuple[LedgerEntry, ...]:
        """The wallet's ledger, oldest first."""
        currency = self.balance(wallet_id).currency
        rows = self._connection.execute(
            "SELECT * FROM ledger_entry WHERE wallet_id = ? ORDER BY id", (wallet_id,)
        ).fetchall()
        return tuple(_entry(row, currency) for row in rows)

    def _post(self, wallet_id: str, amount: Money, reason: str, key: str) -> LedgerEntry:
        with transaction(self._connection):
            balance = self.balance(wallet_id)
            earlier = self._entry_with_key(wallet_id, key, balance.currency)
            if earlier is not None:
                if (earlier.amount, earlier.reason) != (amount, reason):
                    raise ConflictError(f"the idempotency key {key!r} was used for another movement")
                return earlier
            after = balance + amount
            if after.minor < 0:
                raise InsufficientFundsError(f"the wallet {wallet_id} holds {balance}, less than {-amount}")
            now = self._clock()
            self._connection.execute("UPDATE wallet SET balance = ? WHERE id = ?", (after.minor, wallet_id))
            entry_id = insert(
                self._connection,
                "INSERT INTO ledger_entry"
                " (wallet_id, amount, balance_after, reason, idempotency_key, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (wallet_id, amount.minor, after.minor, reason, key, now),
            )
            return LedgerEntry(entry_id, wallet_id, amount, after, reason, key, now)

    def _entry_with_key(self, wallet_id: str, key: str, currency: str) -> LedgerEntry | None:
        row = self._connection.execute(
            "SELECT * FROM ledger_entry WHERE wallet_id = ? AND idempotency_key = ?", (wallet_id, key)
        ).fetchone()
        return None if row is None else _entry(row, currency)


def _entry(row: sqlite3.Row, currency: str) -> LedgerEntry:
    return LedgerEntry(
        id=row["id"],
        wallet_id=row["wallet_id"],
        amount=Money(row["amount"], currency),
        balance_after=Money(row["balance_after"], currency),
        reason=row["reason"],
        idempotency_key=row["idempotency_key"],
        created_at=row["created_at"],
    )
