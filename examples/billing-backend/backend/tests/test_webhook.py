from __future__ import annotations

import json

import pytest

from billing.money import Money
from billing.topup import IntentStatus, PaymentIntent, TopUps
from billing.wallet import Wallets
from tests.provider import Clock, Provider

pytestmark = pytest.mark.critical

TEN = Money(1000, "EUR")


@pytest.fixture
def intent(top_ups: TopUps) -> PaymentIntent:
    return top_ups.create("ada", TEN)


def _captured(intent: PaymentIntent, event_id: str = "evt_1") -> bytes:
    data = {"intent": intent.id, "amount": 1000, "currency": "EUR"}
    return json.dumps({"id": event_id, "type": "payment.captured", "data": data}).encode()


def test_a_captured_payment_is_credited(provider: Provider, intent: PaymentIntent, wallets: Wallets) -> None:
    response = provider.send(_captured(intent))
    assert (response.status, response.body) == (200, {"outcome": "applied"})
    assert wallets.balance("ada") == TEN


def test_a_replayed_delivery_credits_once(
    provider: Provider, intent: PaymentIntent, wallets: Wallets, clock: Clock
) -> None:
    provider.send(_captured(intent))
    clock.now += 3600  # the provider signs anew when it delivers again
    response = provider.send(_captured(intent))
    assert (response.status, response.body) == (200, {"outcome": "replayed"})
    assert wallets.balance("ada") == TEN


def test_the_same_capture_under_another_event_id_credits_once(
    provider: Provider, intent: PaymentIntent, wallets: Wallets
) -> None:
    provider.send(_captured(intent, "evt_1"))
    assert provider.send(_captured(intent, "evt_2")).body == {"outcome": "applied"}
    assert wallets.balance("ada") == TEN


def test_a_recorded_delivery_sent_again_later_is_refused(
    provider: Provider, intent: PaymentIntent, wallets: Wallets, clock: Clock
) -> None:
    body = _captured(intent)
    signature = provider.sign(body)
    clock.now += 301
    assert provider.send(body, signature).status == 401
    assert wallets.balance("ada").minor == 0


def test_a_badly_signed_delivery_is_refused_and_not_remembered(
    provider: Provider, intent: PaymentIntent, wallets: Wallets
) -> None:
    body = _captured(intent)
    assert provider.send(body, provider.sign(body, secret=b"guessed")).status == 401
    assert wallets.balance("ada").minor == 0
    assert provider.send(body).body == {"outcome": "applied"}


def test_an_unsigned_delivery_is_refused(provider: Provider, intent: PaymentIntent) -> None:
    assert provider.send(_captured(intent), "").status == 401


def test_a_delivery_that_could_not_be_applied_is_no_replay_when_it_comes_again(
    provider: Provider, intent: PaymentIntent, wallets: Wallets
) -> None:
    early = {"intent": "pi_later", "amount": 1000, "currency": "EUR"}
    assert provider.send_event("evt_1", "payment.captured", **early).status == 404
    assert provider.send(_captured(intent, "evt_1")).body == {"outcome": "applied"}
    assert wallets.balance("ada") == TEN


def test_a_capture_of_another_amount_moves_nothing(
    provider: Provider, intent: PaymentIntent, wallets: Wallets, top_ups: TopUps
) -> None:
    response = provider.send_event("evt_1", "payment.captured", intent=intent.id, amount=999, currency="EUR")
    assert response.status == 409
    assert wallets.balance("ada").minor == 0
    assert top_ups.get(intent.id).status is IntentStatus.PENDING


def test_a_failed_payment_is_recorded(provider: Provider, intent: PaymentIntent, top_ups: TopUps) -> None:
    assert provider.send_event("evt_1", "payment.failed", intent=intent.id).body == {"outcome": "applied"}
    assert top_ups.get(intent.id).status is IntentStatus.FAILED


def test_an_event_of_an_unknown_kind_is_set_aside_once(provider: Provider) -> None:
    assert provider.send_event("evt_1", "dispute.opened").body == {"outcome": "ignored"}
    assert provider.send_event("evt_1", "dispute.opened").body == {"outcome": "replayed"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not a JSON object"),
        (b'{"id": "evt_1", "type": "payment.failed"}', "data is not a JSON object"),
        (b'{"type": "payment.failed", "data": {}}', "'id' is missing"),
        (b'{"id": "", "type": "payment.failed", "data": {}}', "'id' is missing"),
        (b'{"id": 1, "type": "payment.failed", "data": {}}', "'id' is missing"),
        (b'{"id": "evt_1", "type": "payment.failed", "data": {}}', "'intent' is missing"),
        (b'{"id": "e", "type": "payment.captured", "data": {"intent": "p", "amount": 1.5}}', "whole number"),
    ],
)
def test_a_signed_but_malformed_event_is_refused_in_a_sentence(
    provider: Provider, body: bytes, error: str
) -> None:
    response = provider.send(body)
    assert response.status == 400
    assert error in str(response.body["error"])
