from __future__ import annotations

import sqlite3
from contextlib import suppress

import pytest

from billing.errors import ConflictError, InsufficientFundsError, InvalidRequestError, NotFoundError
from billing.invoices import Invoice, Invoices, InvoiceStatus, Line
from billing.money import Money
from billing.numbering import next_number
from billing.storage import transaction
from billing.wallet import Wallets


def _line(price: int, *, quantity: int = 1, tax: int = 1900) -> Line:
    return Line("hosting", quantity, Money(price, "EUR"), tax)


def _issued(invoices: Invoices, *lines: Line) -> Invoice:
    return invoices.issue(invoices.draft("ada", lines or [_line(1000)]).id)


def test_an_invoice_adds_up_net_tax_and_total_over_its_lines(invoices: Invoices) -> None:
    invoice = invoices.draft("ada", [_line(1000, quantity=3, tax=1900), _line(250, tax=700)])
    assert invoice.net.minor == 3 * 1000 + 250
    assert invoice.tax.minor == 570 + 18  # 7 % of 2.50 is 17.5 cents
    assert invoice.total.minor == 3250 + 588


def test_tax_is_rounded_on_each_line_and_not_on_the_sum(invoices: Invoices) -> None:
    invoice = invoices.draft("ada", [_line(10, tax=500), _line(10, tax=500), _line(10, tax=500)])
    assert invoice.tax.minor == 3  # 5 % of 0.30 would be 1.5 cents, so 2


def test_a_draft_has_no_number_and_issuing_gives_it_the_next(invoices: Invoices) -> None:
    first, second = invoices.draft("ada", [_line(1)]), invoices.draft("ada", [_line(2)])
    assert (first.number, first.status) == (None, InvoiceStatus.DRAFT)
    assert invoices.issue(second.id).number == "INV-000001"
    assert invoices.issue(first.id).number == "INV-000002"


def test_a_number_taken_in_a_failed_transaction_is_given_out_again(
    invoices: Invoices, connection: sqlite3.Connection
) -> None:
    draft = invoices.draft("ada", [_line(1)])
    with suppress(KeyError), transaction(connection):
        assert invoices.issue(draft.id).number == "INV-000001"
        raise KeyError
    assert invoices.get(draft.id).number is None
    assert _issued(invoices).number == "INV-000001"


def test_a_number_is_not_given_out_outside_of_a_transaction(connection: sqlite3.Connection) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        next_number(connection, "INV")


def test_an_invoice_is_issued_once(invoices: Invoices) -> None:
    invoice = _issued(invoices)
    with pytest.raises(ConflictError, match="is issued, not draft"):
        invoices.issue(invoice.id)


def test_a_void_invoice_keeps_its_number_and_the_next_one_gets_another(invoices: Invoices) -> None:
    void = invoices.void(_issued(invoices).id, "wrong address")
    assert (void.status, void.number) == (InvoiceStatus.VOID, "INV-000001")
    assert _issued(invoices).number == "INV-000002"


def test_a_void_invoice_cannot_be_paid(invoices: Invoices, wallets: Wallets) -> None:
    wallets.credit("ada", Money(5000, "EUR"), reason="gift", idempotency_key="k1")
    void = invoices.void(_issued(invoices).id, "wrong address")
    with pytest.raises(ConflictError, match="is void, not issued"):
        invoices.pay(void.id)
    assert wallets.balance("ada").minor == 5000


def test_a_paid_invoice_cannot_be_voided(invoices: Invoices, wallets: Wallets) -> None:
    wallets.credit("ada", Money(5000, "EUR"), reason="gift", idempotency_key="k1")
    paid = invoices.pay(_issued(invoices).id)
    with pytest.raises(ConflictError, match="is paid, not issued"):
        invoices.void(paid.id, "changed my mind")


def test_paying_debits_the_total_from_the_wallet(invoices: Invoices, wallets: Wallets) -> None:
    wallets.credit("ada", Money(5000, "EUR"), reason="gift", idempotency_key="k1")
    invoice = _issued(invoices, _line(1000))
    assert invoices.pay(invoice.id).status is InvoiceStatus.PAID
    assert wallets.balance("ada").minor == 5000 - 1190
    assert wallets.entries("ada")[-1].reason == "invoice INV-000001"


def test_an_invoice_that_the_wallet_cannot_pay_stays_issued(invoices: Invoices) -> None:
    invoice = _issued(invoices)
    with pytest.raises(InsufficientFundsError):
        invoices.pay(invoice.id)
    assert invoices.get(invoice.id).status is InvoiceStatus.ISSUED


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([], "at least one line"),
        ([_line(100, quantity=0)], "less than one"),
        ([_line(100, tax=10_001)], "basis points"),
        ([Line("hosting", 1, Money(100, "USD"), 0)], "USD and EUR cannot be mixed"),
    ],
)
def test_lines_that_no_invoice_can_have_are_refused(
    invoices: Invoices, lines: list[Line], error: str
) -> None:
    with pytest.raises(InvalidRequestError, match=error):
        invoices.draft("ada", lines)


def test_an_unknown_invoice_is_not_found(invoices: Invoices) -> None:
    with pytest.raises(NotFoundError, match="no invoice 7"):
        invoices.get(7)
