"""Invoices: drafted, issued under a number, then paid from the wallet or voided."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from billing.errors import ConflictError, InvalidRequestError, NotFoundError
from billing.money import Money
from billing.numbering import next_number
from billing.storage import Clock, insert, transaction
from billing.tax import tax_on
from billing.wallet import Wallets


class InvoiceStatus(StrEnum):
    """draft → issued → paid, or issued → void."""

    DRAFT = "draft"
    ISSUED = "issued"
    PAID = "paid"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Line:
    """One position. Tax is worked out and rounded per line, so that the lines add up to the total."""

    description: str
    quantity: int
    unit_price: Money
    tax_basis_points: int

    @property
    def net(self) -> Money:
        """Quantity times unit price."""
        return self.unit_price * self.quantity

    @property
    def tax(self) -> Money:
        """The tax on `net`, by the rule of `tax_on`."""
        return tax_on(self.net, self.tax_basis_points)


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with at least one line, all in one currency. A draft has no number yet."""

    id: int
    wallet_id: str
    number: str | None
    status: InvoiceStatus
    lines: tuple[Line, ...]

    @property
    def currency(self) -> str:
        """The currency of every line."""
        return self.lines[0].unit_price.currency

    @property
    def net(self) -> Money:
        """The lines' sum before tax."""
        return sum((line.net for line in self.lines), start=Money.zero(self.currency))

    @property
    def tax(self) -> Money:
        """The sum of the lines' rounded taxes."""
        return sum((line.tax for line in self.lines), start=Money.zero(self.currency))

    @property
    def total(self) -> Money:
        """What the customer owes."""
        return self.net + self.tax


class Invoices:
    """Invoices of a store."""

    def __init__(self, connection: sqlite3.Connection, wallets: Wallets, clock: Clock) -> None:
        self._connection = connection
        self._wallets = wallets
        self._clock = clock

    def draft(self, wallet_id: str, lines: Sequence[Line]) -> Invoice:
        """Record a draft. Raises InvalidRequestError for lines that no invoice can have."""
        currency = self._wallets.balance(wallet_id).currency
        if not lines:
            raise InvalidRequestError("an invoice has at least one line")
        for line in lines:
            _check(line, currency)
        with transaction(self._connection):
            invoice_id = insert(
                self._connection, "INSERT INTO invoice (wallet_id, status) VALUES (?, 'draft')", (wallet_id,)
            )
            self._connection.executemany(
                "INSERT INTO invoice_line VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(invoice_id, position, *_columns(line)) for position, line in enumerate(lines, start=1)],
            )
            return self.get(invoice_id)

    def get(self, invoice_id: int) -> Invoice:
        """The invoice as recorded. Raises NotFoundError."""
        row = self._connection.execute("SELECT * FROM invoice WHERE id = ?", (invoice_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"there is no invoice {invoice_id}")
        lines = self._connection.execute(
            "SELECT * FROM invoice_line WHERE invoice_id = ? ORDER BY position", (invoice_id,)
        ).fetchall()
        return Invoice(
            row["id"], row["wallet_id"], row["number"], InvoiceStatus(row["status"]), tuple(map(_line, lines))
        )

    def issue(self, invoice_id: int) -> Invoice:
        """Give a draft its number. From here on its lines are final."""
        with transaction(self._connection):
            self._require(invoice_id, InvoiceStatus.DRAFT)
            self._connection.execute(
                "UPDATE invoice SET status = 'issued', number = ?, issued_at = ? WHERE id = ?",
                (next_number(self._connection, "INV"), self._clock(), invoice_id),
            )
            return self.get(invoice_id)

    def pay(self, invoice_id: int) -> Invoice:
        """Debit the total from the wallet. Raises InsufficientFundsError; the invoice then stays issued."""
        with transaction(self._connection):
            invoice = self._require(invoice_id, InvoiceStatus.ISSUED)
            if invoice.total.minor > 0:
                self._wallets.debit(
                    invoice.wallet_id,
                    invoice.total,
                    reason=f"invoice {invoice.number}",
                    idempotency_key=f"invoice:{invoice_id}",
                )
            self._connection.execute("UPDATE invoice SET status = 'paid' WHERE id = ?", (invoice_id,))
            return self.get(invoice_id)

    def void(self, invoice_id: int, reason: str) -> Invoice:
        """Withdraw an issued, unpaid invoice. It keeps its number: a number is never used twice."""
        if not reason.strip():
            raise InvalidRequestError("a void invoice states its reason")
        with transaction(self._connection):
            self._require(invoice_id, InvoiceStatus.ISSUED)
            self._connection.execute(
                "UPDATE invoice SET status = 'void', void_reason = ? WHERE id = ?", (reason, invoice_id)
            )
            return self.get(invoice_id)

    def discard(self, invoice_id: int) -> None:
        """Delete a draft. It never had a number, so none is missing afterwards."""
        with transaction(self._connection):
            self._require(invoice_id, InvoiceStatus.DRAFT)
            self._connection.execute("DELETE FROM invoice WHERE id = ?", (invoice_id,))

    def _require(self, invoice_id: int, status: InvoiceStatus) -> Invoice:
        invoice = self.get(invoice_id)
        if invoice.status is not status:
            raise ConflictError(f"the invoice {invoice_id} is {invoice.status}, not {status}")
        return invoice


def _check(line: Line, currency: str) -> None:
    if line.quantity < 1:
        raise InvalidRequestError(f"the quantity of {line.description!r} is less than one")
    if line.unit_price < Money.zero(currency):
        raise InvalidRequestError(f"the price of {line.description!r} is below zero: use a credit note")
    tax_on(line.net, line.tax_basis_points)  # refuses a rate out of range


def _columns(line: Line) -> tuple[str, int, int, str, int]:
    price = line.unit_price
    return line.description, line.quantity, price.minor, price.currency, line.tax_basis_points


def _line(row: sqlite3.Row) -> Line:
    price = Money(row["unit_price"], row["currency"])
    return Line(row["description"], row["quantity"], price, row["tax_basis_points"])
