"""Top-ups: a payment intent is captured by the payment provider, then credited to the wallet, once."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass, replace
from enum import StrEnum

from billing.errors import ConflictError, InvalidRequestError, NotFoundError
from billing.money import Money
from billing.storage import transaction
from billing.wallet import Wallets


class IntentStatus(StrEnum):
    """pending → captured → credited, or pending → failed."""

    PENDING = "pending"
    CAPTURED = "captured"
    CREDITED = "credited"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """A customer's wish to add `amount` to a wallet, and how far it has come."""

    id: str
    wallet_id: str
    amount: Money
    status: IntentStatus


class TopUps:
    """Payment intents of a store."""

    def __init__(self, connection: sqlite3.Connection, wallets: Wallets) -> None:
        self._connection = connection
        self._wallets = wallets

    def create(self, wallet_id: str, amount: Money) -> PaymentIntent:
        """Record a pending intent, in the wallet's currency. The wallet is not touched."""
        amount.require_positive()
        currency = self._wallets.balance(wallet_id).currency
        if amount.currency != currency:
            raise InvalidRequestError(f"the wallet {wallet_id} is kept in {currency}, not {amount.currency}")
        intent = PaymentIntent(f"pi_{secrets.token_hex(12)}", wallet_id, amount, IntentStatus.PENDING)
        self._connection.execute(
            "INSERT INTO payment_intent (id, wallet_id, amount, currency, status) VALUES (?, ?, ?, ?, ?)",
            (intent.id, wallet_id, amount.minor, currency, intent.status.value),
        )
        return intent

    def get(self, intent_id: str) -> PaymentIntent:
        """The intent as recorded. Raises NotFoundError."""
        row = self._connection.execute("SELECT * FROM payment_intent WHERE id = ?", (intent_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"there is no payment intent {intent_id}")
        amount = Money(row["amount"], row["currency"])
        return PaymentIntent(row["id"], row["wallet_id"], amount, IntentStatus(row["status"]))

    def capture(self, intent_id: str, captured: Money) -> PaymentIntent:
        """Record that the provider holds the money. Already captured or credited: nothing changes.

        Raises ConflictError if the provider captured another amount, or the intent has failed.
        """
        with transaction(self._connection):
            intent = self.get(intent_id)
            if captured != intent.amount:
                raise ConflictError(f"{captured} were captured for {intent_id}, not {intent.amount}")
            if intent.status is IntentStatus.FAILED:
                raise ConflictError(f"the payment intent {intent_id} has failed and cannot be captured")
            if intent.status is IntentStatus.PENDING:
                intent = self._move(intent, IntentStatus.CAPTURED)
            return intent

    def credit(self, intent_id: str) -> PaymentIntent:
        """Put captured money into the wallet. Already credited: nothing changes.

        Raises ConflictError while the money is not captured.
        """
        with transaction(self._connection):
            intent = self.get(intent_id)
            if intent.status is IntentStatus.CREDITED:
                return intent
            if intent.status is not IntentStatus.CAPTURED:
                raise ConflictError(f"the payment intent {intent_id} is {intent.status}, not captured")
            self._wallets.credit(
                intent.wallet_id, intent.amount, reason="top-up", idempotency_key=f"topup:{intent_id}"
            )
            return self._move(intent, IntentStatus.CREDITED)

    def fail(self, intent_id: str) -> PaymentIntent:
        """Record that the payment will not come. Raises ConflictError once money is captured."""
        with transaction(self._connection):
            intent = self.get(intent_id)
            if intent.status in {IntentStatus.CAPTURED, IntentStatus.CREDITED}:
                raise ConflictError(f"the payment intent {intent_id} is {intent.status} and cannot fail")
            return self._move(intent, IntentStatus.FAILED)

    def _move(self, intent: PaymentIntent, status: IntentStatus) -> PaymentIntent:
        self._connection.execute(
            "UPDATE payment_intent SET status = ? WHERE id = ?", (status.value, intent.id)
        )
        return replace(intent, status=status)
