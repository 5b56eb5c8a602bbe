from __future__ import annotations

import pytest

from billing.errors import InvalidRequestError
from billing.money import MAX_MINOR, Money


def test_amounts_of_one_currency_add_subtract_and_multiply_exactly() -> None:
    assert Money(10, "EUR") + Money(20, "EUR") == Money(30, "EUR")
    assert Money(10, "EUR") - Money(20, "EUR") == Money(-10, "EUR")
    assert Money(333, "EUR") * 3 == Money(999, "EUR")


def test_the_smaller_amount_is_less_and_equal_amounts_are_not() -> None:
    assert Money(1, "EUR") < Money(2, "EUR")
    assert not Money(2, "EUR") < Money(2, "EUR")


def test_two_currencies_never_mix() -> None:
    with pytest.raises(InvalidRequestError, match="EUR and USD cannot be mixed"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(InvalidRequestError, match="EUR and USD cannot be mixed"):
        _ = Money(1, "EUR") < Money(1, "USD")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(123456, "EUR"), "1234.56 EUR"),
        (Money(-1205, "EUR"), "-12.05 EUR"),
        (Money(-5, "USD"), "-0.05 USD"),
        (Money(900, "JPY"), "900 JPY"),
        (Money(1001, "BHD"), "1.001 BHD"),
    ],
)
def test_an_amount_is_shown_in_its_currencys_major_units(money: Money, text: str) -> None:
    assert str(money) == text


@pytest.mark.parametrize("amount", [12.5, 12.0, True, "12", None])
def test_only_a_whole_number_is_an_amount(amount: object) -> None:
    with pytest.raises(InvalidRequestError, match="whole number"):
        Money.from_untrusted(amount, "EUR")


@pytest.mark.parametrize("currency", ["QQQ", "eur", "", None, 978])
def test_an_unknown_currency_is_refused(currency: object) -> None:
    with pytest.raises(InvalidRequestError, match="currency"):
        Money.from_untrusted(1, currency)


def test_an_amount_that_json_clients_would_misread_is_refused() -> None:
    assert Money(-MAX_MINOR, "EUR").minor == -(2**53 - 1)
    with pytest.raises(InvalidRequestError, match="too large"):
        Money(2**53, "EUR")


@pytest.mark.parametrize("minor", [0, -1])
def test_nothing_and_less_are_no_positive_amount(minor: int) -> None:
    with pytest.raises(InvalidRequestError, match="more than zero"):
        Money(minor, "EUR").require_positive()
