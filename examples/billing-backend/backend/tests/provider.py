"""The world outside of the service: the time, and the payment provider."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from billing.app import App, Request, Response

SECRET = b"whsec_test"


@dataclass
class Clock:
    """2026-03-01 12:00:00 UTC until a test moves it."""

    now: int = 1_772_366_400

    def __call__(self) -> int:
        return self.now


@dataclass
class Provider:
    """The payment provider's side of a webhook, signing by the header's definition alone."""

    app: App
    clock: Clock

    def sign(self, body: bytes, *, at: int | None = None, secret: bytes = SECRET) -> str:
        timestamp = self.clock.now if at is None else at
        digest = hmac.new(secret, str(timestamp).encode() + b"." + body, hashlib.sha256).hexdigest()
        return f"t={timestamp},v1={digest}"

    def send(self, body: bytes, signature: str | None = None) -> Response:
        headers = {"billing-signature": self.sign(body) if signature is None else signature}
        return self.app.handle(Request("POST", "/webhooks/payments", body, headers))

    def send_event(self, event_id: str, kind: str, **data: object) -> Response:
        return self.send(json.dumps({"id": event_id, "type": kind, "data": data}).encode())
