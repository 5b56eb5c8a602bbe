"""Credit notes: give back all or part of a paid invoice, under a number of its own."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from billing.errors import ConflictError
from billing.invoices import Invoice, Invoices, InvoiceStatus
from billing.money import Money
from billing.numbering import next_number
from billing.storage import Clock, transaction
from billing.tax import divide_rounded
from billing.wallet import Wallets


@dataclass(frozen=True, slots=True)
class CreditNote:
    """`amount` is what went back to the wallet, tax included; `tax` is the part of it that is tax."""

    number: str
    invoice_id: int
    amount: Money
    tax: Money
    reason: str


class CreditNotes:
    """Credit notes of a store. Together, an invoice's notes never exceed its total."""

    def __init__(
        self, connection: sqlite3.Connection, invoices: Invoices, wallets: Wallets, clock: Clock
    ) -> None:
        self._connection = connection
        self._invoices = invoices
        self._wallets = wallets
        self._clock = clock

    def issue(self, invoice_id: int, reason: str, amount: Money | None = None) -> CreditNote:
        """Give `amount` back to the wallet; without one, all that is left of the invoice.

        Raises ConflictError if the invoice is not paid, or less than `amount` is left of it.
        """
        with transaction(self._connection):
            invoice = self._invoices.get(invoice_id)
            if invoice.status is not InvoiceStatus.PAID:
                raise ConflictError(f"the invoice {invoice_id} is {invoice.status}, not paid")
            notes = self.of_invoice(invoice)
            credited = sum((note.amount for note in notes), start=Money.zero(invoice.currency))
            left = invoice.total - credited
            if amount is None:
                amount = left
            amount.require_positive()
            if left < amount:
                raise ConflictError(f"{left} is left of the invoice {invoice_id}, less than {amount}")
            tax = _tax_within(invoice, credited + amount) - _tax_within(invoice, credited)
            number = next_number(self._connection, "CN")
            return self._write(invoice, CreditNote(number, invoice_id, amount, tax, reason))

    def of_invoice(self, invoice: Invoice) -> tuple[CreditNote, ...]:
        """The notes written for an invoice, oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM credit_note WHERE invoice_id = ? ORDER BY rowid", (invoice.id,)
        ).fetchall()
        notes = []
        for row in rows:
            amount, tax = Money(row["amount"], invoice.currency), Money(row["tax"], invoice.currency)
            notes.append(CreditNote(row["number"], invoice.id, amount, tax, row["reason"]))
        return tuple(notes)

    def _write(self, invoice: Invoice, note: CreditNote) -> CreditNote:
        self._connection.execute(
            "INSERT INTO credit_note VALUES (?, ?, ?, ?, ?, ?)",
            (note.number, invoice.id, note.amount.minor, note.tax.minor, note.reason, self._clock()),
        )
        self._wallets.credit(
            invoice.wallet_id,
            note.amount,
            reason=f"credit note {note.number}",
            idempotency_key=f"credit-note:{note.number}",
        )
        return note


def _tax_within(invoice: Invoice, credited: Money) -> Money:
    """The tax within the first `credited` of an invoice, in proportion and rounded.

    A note's tax is the difference of two of these: rounding each note by itself could add up to more
    tax than the invoice has.
    """
    share = divide_rounded(invoice.tax.minor * credited.minor, invoice.total.minor)
    return Money(share, invoice.currency)
