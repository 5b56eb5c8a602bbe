from __future__ import annotations

import json

import pytest

from billing.app import App, Request
from billing.errors import BillingError
from billing.invoices import Line
from billing.money import Money


def test_a_wallet_is_shown_in_minor_units(app: App) -> None:
    response = app.handle(Request("GET", "/wallets/ada"))
    assert (response.status, response.body) == (200, {"amount": 0, "currency": "EUR"})


def test_a_top_up_is_created_pending(app: App) -> None:
    body = json.dumps({"amount": 1000, "currency": "EUR"}).encode()
    response = app.handle(Request("POST", "/wallets/ada/top-ups", body))
    assert response.status == 201
    assert (response.body["status"], response.body["amount"]) == ("pending", 1000)
    assert app.top_ups.get(str(response.body["intent"])).wallet_id == "ada"


@pytest.mark.parametrize(
    ("body", "error"),
    [(b"{", "not valid JSON"), (b"3", "not a JSON object"), (b'{"amount": 0.1}', "whole number")],
)
def test_a_malformed_top_up_is_a_bad_request(app: App, body: bytes, error: str) -> None:
    response = app.handle(Request("POST", "/wallets/ada/top-ups", body))
    assert response.status == 400
    assert error in str(response.body["error"])


def test_an_invoice_is_paid_over_the_door(app: App) -> None:
    invoice = app.invoices.draft("ada", [Line("hosting", 1, Money(1000, "EUR"), 1900)])
    app.invoices.issue(invoice.id)
    request = Request("POST", f"/invoices/{invoice.id}/payment")
    assert app.handle(request).status == 402
    app.wallets.credit("ada", Money(1190, "EUR"), reason="gift", idempotency_key="k1")
    assert app.handle(request).body == {"number": "INV-000001", "status": "paid"}
    assert app.handle(request).status == 409


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/wallets/", 404),
        ("GET", "/wallets/nobody", 404),
        ("DELETE", "/wallets/ada", 405),
        ("GET", "/webhooks/payments", 405),
    ],
)
def test_what_is_not_there_or_not_allowed_is_said_by_status(
    app: App, method: str, path: str, status: int
) -> None:
    response = app.handle(Request(method, path))
    assert response.status == status
    assert response.body["error"]


def test_every_kind_of_refusal_has_a_status(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in BillingError.__subclasses__():

        def refuse(_wallet_id: str, kind: type[BillingError] = kind) -> Money:
            raise kind("no")

        monkeypatch.setattr(app.wallets, "balance", refuse)
        response = app.handle(Request("GET", "/wallets/ada"))
        assert 400 <= response.status < 500
        assert response.body == {"error": "no"}
