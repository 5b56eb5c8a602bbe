"""Webhook deliveries of the payment provider: signed, applied once, unknown kinds set aside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing.errors import InvalidRequestError
from billing.money import Money
from billing.signature import verify
from billing.storage import Clock, transaction
from billing.topup import TopUps


class Outcome(StrEnum):
    """What became of a delivery. Each of them is answered with success, or the provider sends it again."""

    APPLIED = "applied"
    REPLAYED = "replayed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Event:
    """A delivery's content. `id` is the provider's and stays the same when it delivers again."""

    id: str
    kind: str
    data: Mapping[str, object]

    def text(self, name: str) -> str:
        """A field of `data` that must be a string that is not empty."""
        return _text(self.data, name)


class Webhooks:
    """Receives deliveries. `secret` is shared with the provider alone."""

    def __init__(self, connection: sqlite3.Connection, top_ups: TopUps, secret: bytes, clock: Clock) -> None:
        self._connection = connection
        self._top_ups = top_ups
        self._secret = secret
        self._clock = clock
        self._handlers = {"payment.captured": self._captured, "payment.failed": self._failed}

    def receive(self, body: bytes, signature: str) -> Outcome:
        """Apply a delivery whose event id was not seen before.

        The id is recorded in the transaction that applies the event: if applying fails, neither
        happened, and the provider's next attempt is no replay. Raises SignatureError before anything
        of the body is read, InvalidRequestError for a malformed event, and what the top-up raises.
        """
        now = self._clock()
        verify(body, signature, self._secret, now=now)
        event = parse_event(body)
        with transaction(self._connection):
            if not self._remember(event, now):
                return Outcome.REPLAYED
            handler = self._handlers.get(event.kind)
            if handler is None:
                return Outcome.IGNORED
            handler(event)
            return Outcome.APPLIED

    def _remember(self, event: Event, now: int) -> bool:
        cursor = self._connection.execute(
            "INSERT INTO webhook_event (id, kind, received_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (event.id, event.kind, now),
        )
        return cursor.rowcount == 1

    def _captured(self, event: Event) -> None:
        intent_id = event.text("intent")
        captured = Money.from_untrusted(event.data.get("amount"), event.data.get("currency"))
        self._top_ups.capture(intent_id, captured)
        self._top_ups.credit(intent_id)

    def _failed(self, event: Event) -> None:
        self._top_ups.fail(event.text("intent"))


def parse_event(body: bytes) -> Event:
    """The event of a body such as `{"id": "evt_1", "type": "payment.failed", "data": {"intent": "pi_1"}}`."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRequestError("the event is not valid JSON") from None
    if not isinstance(document, dict):
        raise InvalidRequestError("the event is not a JSON object")
    data = document.get("data")
    if not isinstance(data, dict):
        raise InvalidRequestError("the event's data is not a JSON object")
    return Event(_text(document, "id"), _text(document, "type"), data)


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidRequestError(f"the event's {name!r} is missing or not a text")
    return value
