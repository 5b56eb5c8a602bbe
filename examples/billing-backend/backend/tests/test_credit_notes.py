from __future__ import annotations

from billing.app import App
from billing.invoices import Line
from billing.money import Money


def test_crediting_a_paid_invoice_gives_the_whole_total_back(app: App) -> None:
    app.wallets.credit("ada", Money(5000, "EUR"), reason="gift", idempotency_key="k1")
    draft = app.invoices.draft("ada", [Line("hosting", 1, Money(1000, "EUR"), 1900)])
    app.invoices.issue(draft.id)
    app.invoices.pay(draft.id)
    note = app.credit_notes.issue(draft.id, "cancelled")
    assert (note.number, note.amount.minor, note.tax.minor) == ("CN-000001", 1190, 190)
    assert app.wallets.balance("ada").minor == 5000
