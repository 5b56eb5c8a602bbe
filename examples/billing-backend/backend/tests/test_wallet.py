from __future__ import annotations

import pytest

from billing.errors import ConflictError, InsufficientFundsError, InvalidRequestError, NotFoundError
from billing.money import Money
from billing.wallet import Wallets
from tests.provider import Clock

pytestmark = pytest.mark.critical


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_new_wallet_is_empty(wallets: Wallets) -> None:
    assert wallets.balance("ada") == eur(0)
    assert wallets.entries("ada") == ()


def test_opening_a_wallet_again_keeps_its_balance(wallets: Wallets) -> None:
    wallets.credit("ada", eur(500), reason="gift", idempotency_key="k1")
    assert wallets.open("ada", "EUR") == eur(500)


def test_a_wallet_keeps_its_currency(wallets: Wallets) -> None:
    with pytest.raises(ConflictError, match="kept in EUR, not USD"):
        wallets.open("ada", "USD")


def test_a_wallet_in_an_unknown_currency_is_not_opened(wallets: Wallets) -> None:
    with pytest.raises(InvalidRequestError, match="QQQ"):
        wallets.open("grace", "QQQ")
    with pytest.raises(NotFoundError, match="grace"):
        wallets.balance("grace")


def test_credits_and_debits_change_the_balance_and_are_written_down_in_order(
    wallets: Wallets, clock: Clock
) -> None:
    wallets.credit("ada", eur(1000), reason="top-up", idempotency_key="k1")
    clock.now += 60
    wallets.debit("ada", eur(350), reason="rent", idempotency_key="k2")
    assert wallets.balance("ada") == eur(650)
    first, second = wallets.entries("ada")
    assert (first.amount, first.balance_after, first.reason) == (eur(1000), eur(1000), "top-up")
    assert (second.amount, second.balance_after, second.reason) == (eur(-350), eur(650), "rent")
    assert second.created_at - first.created_at == 60


def test_the_whole_balance_can_be_spent_and_not_a_cent_more(wallets: Wallets) -> None:
    wallets.credit("ada", eur(100), reason="gift", idempotency_key="k1")
    with pytest.raises(InsufficientFundsError, match=r"holds 1\.00 EUR, less than 1\.01 EUR"):
        wallets.debit("ada", eur(101), reason="rent", idempotency_key="k2")
    assert wallets.balance("ada") == eur(100)
    assert len(wallets.entries("ada")) == 1
    wallets.debit("ada", eur(100), reason="rent", idempotency_key="k3")
    assert wallets.balance("ada") == eur(0)


def test_the_same_key_moves_money_once_and_returns_the_first_entry(wallets: Wallets) -> None:
    wallets.credit("ada", eur(100), reason="gift", idempotency_key="k1")
    first = wallets.debit("ada", eur(60), reason="rent", idempotency_key="k2")
    again = wallets.debit("ada", eur(60), reason="rent", idempotency_key="k2")
    assert again == first
    assert wallets.balance("ada") == eur(40)


def test_a_key_of_a_refused_debit_is_free_for_the_next_attempt(wallets: Wallets) -> None:
    with pytest.raises(InsufficientFundsError):
        wallets.debit("ada", eur(60), reason="rent", idempotency_key="k1")
    wallets.credit("ada", eur(100), reason="gift", idempotency_key="k2")
    wallets.debit("ada", eur(60), reason="rent", idempotency_key="k1")
    assert wallets.balance("ada") == eur(40)


@pytest.mark.parametrize(("amount", "reason"), [(61, "rent"), (60, "food")])
def test_the_same_key_for_another_movement_is_refused(wallets: Wallets, amount: int, reason: str) -> None:
    wallets.credit("ada", eur(60), reason="rent", idempotency_key="k1")
    with pytest.raises(ConflictError, match="'k1' was used for another movement"):
        wallets.credit("ada", eur(amount), reason=reason, idempotency_key="k1")
    assert wallets.balance("ada") == eur(60)


def test_two_wallets_may_use_the_same_key(wallets: Wallets) -> None:
    wallets.open("grace", "EUR")
    wallets.credit("ada", eur(1), reason="gift", idempotency_key="k1")
    wallets.credit("grace", eur(2), reason="gift", idempotency_key="k1")
    assert (wallets.balance("ada"), wallets.balance("grace")) == (eur(1), eur(2))


def test_money_of_another_currency_does_not_enter_a_wallet(wallets: Wallets) -> None:
    with pytest.raises(InvalidRequestError, match="EUR and USD"):
        wallets.credit("ada", Money(1, "USD"), reason="gift", idempotency_key="k1")


@pytest.mark.parametrize("minor", [0, -5])
def test_only_more_than_nothing_can_be_moved(wallets: Wallets, minor: int) -> None:
    with pytest.raises(InvalidRequestError, match="more than zero"):
        wallets.credit("ada", eur(minor), reason="gift", idempotency_key="k1")
    with pytest.raises(InvalidRequestError, match="more than zero"):
        wallets.debit("ada", eur(minor), reason="rent", idempotency_key="k1")


def test_a_wallet_that_was_never_opened_is_not_found(wallets: Wallets) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        wallets.credit("nobody", eur(1), reason="gift", idempotency_key="k1")
