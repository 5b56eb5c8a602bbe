from __future__ import annotations

import pytest

from billing.errors import ConflictError, InvalidRequestError, NotFoundError
from billing.money import Money
from billing.topup import IntentStatus, PaymentIntent, TopUps
from billing.wallet import Wallets

TEN = Money(1000, "EUR")


@pytest.fixture
def intent(top_ups: TopUps) -> PaymentIntent:
    return top_ups.create("ada", TEN)


def test_a_new_intent_is_pending_and_leaves_the_wallet_alone(
    top_ups: TopUps, wallets: Wallets, intent: PaymentIntent
) -> None:
    assert top_ups.get(intent.id) == intent
    assert (intent.status, intent.amount) == (IntentStatus.PENDING, TEN)
    assert wallets.balance("ada").minor == 0


def test_captured_money_is_credited_once(top_ups: TopUps, wallets: Wallets, intent: PaymentIntent) -> None:
    assert top_ups.capture(intent.id, TEN).status is IntentStatus.CAPTURED
    assert wallets.balance("ada").minor == 0
    assert top_ups.credit(intent.id).status is IntentStatus.CREDITED
    assert top_ups.credit(intent.id).status is IntentStatus.CREDITED
    assert wallets.balance("ada") == TEN


def test_a_second_capture_changes_nothing(top_ups: TopUps, intent: PaymentIntent) -> None:
    top_ups.capture(intent.id, TEN)
    top_ups.credit(intent.id)
    assert top_ups.capture(intent.id, TEN).status is IntentStatus.CREDITED


def test_money_that_is_not_captured_is_not_credited(
    top_ups: TopUps, wallets: Wallets, intent: PaymentIntent
) -> None:
    with pytest.raises(ConflictError, match="is pending, not captured"):
        top_ups.credit(intent.id)
    assert wallets.balance("ada").minor == 0


@pytest.mark.parametrize("captured", [Money(999, "EUR"), Money(1000, "USD")])
def test_another_amount_than_asked_for_is_not_captured(
    top_ups: TopUps, intent: PaymentIntent, captured: Money
) -> None:
    with pytest.raises(ConflictError, match=r"not 10\.00 EUR"):
        top_ups.capture(intent.id, captured)
    assert top_ups.get(intent.id).status is IntentStatus.PENDING


def test_a_failed_intent_cannot_be_captured(top_ups: TopUps, intent: PaymentIntent) -> None:
    assert top_ups.fail(intent.id).status is IntentStatus.FAILED
    with pytest.raises(ConflictError, match="has failed"):
        top_ups.capture(intent.id, TEN)


def test_captured_money_cannot_fail_any_more(top_ups: TopUps, intent: PaymentIntent) -> None:
    top_ups.capture(intent.id, TEN)
    with pytest.raises(ConflictError, match="cannot fail"):
        top_ups.fail(intent.id)


def test_an_intent_is_in_the_wallets_currency(top_ups: TopUps) -> None:
    with pytest.raises(InvalidRequestError, match="kept in EUR, not USD"):
        top_ups.create("ada", Money(1, "USD"))


def test_an_unknown_intent_is_not_found(top_ups: TopUps) -> None:
    with pytest.raises(NotFoundError, match="pi_none"):
        top_ups.capture("pi_none", TEN)
