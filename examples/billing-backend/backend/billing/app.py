"""The service put together, behind a small HTTP-shaped door: a request in, a response out.

No server is part of this: any WSGI or ASGI adapter fills a Request. Callers are authenticated in
front of it, except the payment provider, whose signature is checked here.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from billing.credit_notes import CreditNotes
from billing.errors import (
    BillingError,
    ConflictError,
    InsufficientFundsError,
    InvalidRequestError,
    NotFoundError,
    SignatureError,
)
from billing.invoices import Invoices
from billing.money import Money
from billing.storage import Clock
from billing.topup import TopUps
from billing.wallet import Wallets
from billing.webhook import Webhooks

_STATUS: Final[Mapping[type[BillingError], int]] = {
    InvalidRequestError: 400,
    SignatureError: 401,
    InsufficientFundsError: 402,
    NotFoundError: 404,
    ConflictError: 409,
}


@dataclass(frozen=True, slots=True)
class Request:
    """`headers` have lower-case names."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """`body` is what the adapter sends as JSON."""

    status: int
    body: Mapping[str, object]


Handler = Callable[[Request, str], Response]


class App:
    """All parts of the service on one store."""

    def __init__(self, connection: sqlite3.Connection, webhook_secret: bytes, clock: Clock) -> None:
        self.wallets = Wallets(connection, clock)
        self.top_ups = TopUps(connection, self.wallets)
        self.webhooks = Webhooks(connection, self.top_ups, webhook_secret, clock)
        self.invoices = Invoices(connection, self.wallets, clock)
        self.credit_notes = CreditNotes(connection, self.invoices, self.wallets, clock)
        self._routes: tuple[tuple[str, re.Pattern[str], Handler], ...] = (
            ("GET", re.compile(r"/wallets/([\w-]+)"), self._show_wallet),
            ("POST", re.compile(r"/wallets/([\w-]+)/top-ups"), self._create_top_up),
            ("POST", re.compile(r"/webhooks/(payments)"), self._receive_webhook),
            ("POST", re.compile(r"/invoices/([0-9]{1,18})/payment"), self._pay_invoice),
        )

    def handle(self, request: Request) -> Response:
        """Answer a request. What the service refuses becomes a 4xx with its sentence as "error"."""
        found = False
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if match is None:
                continue
            found = True
            if method == request.method:
                return _answer(handler, request, match.group(1))
        if found:
            return Response(405, {"error": f"{request.path} does not take {request.method}"})
        return Response(404, {"error": f"there is nothing at {request.path}"})

    def _show_wallet(self, _request: Request, wallet_id: str) -> Response:
        return Response(200, _amount(self.wallets.balance(wallet_id)))

    def _create_top_up(self, request: Request, wallet_id: str) -> Response:
        fields = _json_object(request.body)
        amount = Money.from_untrusted(fields.get("amount"), fields.get("currency"))
        intent = self.top_ups.create(wallet_id, amount)
        return Response(201, {"intent": intent.id, "status": intent.status.value, **_amount(intent.amount)})

    def _receive_webhook(self, request: Request, _provider: str) -> Response:
        outcome = self.webhooks.receive(request.body, request.headers.get("billing-signature", ""))
        return Response(200, {"outcome": outcome.value})

    def _pay_invoice(self, _request: Request, invoice_id: str) -> Response:
        invoice = self.invoices.pay(int(invoice_id))
        return Response(200, {"number": invoice.number, "status": invoice.status.value})


def _answer(handler: Handler, request: Request, argument: str) -> Response:
    try:
        return handler(request, argument)
    except BillingError as error:
        return Response(_STATUS[type(error)], {"error": str(error)})


def _amount(money: Money) -> dict[str, object]:
    return {"amount": money.minor, "currency": money.currency}


def _json_object(body: bytes) -> dict[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRequestError("the body is not valid JSON") from None
    if not isinstance(document, dict):
        raise InvalidRequestError("the body is not a JSON object")
    return document
