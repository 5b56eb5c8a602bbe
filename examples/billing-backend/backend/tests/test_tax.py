from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

from billing.errors import InvalidRequestError
from billing.money import Money
from billing.tax import tax_on


@pytest.mark.parametrize("basis_points", [0, 1, 250, 700, 1900, 2500, 9999, 10_000])
def test_tax_is_rounded_to_the_minor_unit_with_halves_away_from_zero(basis_points: int) -> None:
    rate = Decimal(basis_points) / Decimal(10_000)
    for minor in range(-210, 211):
        exact = Decimal(minor) * rate
        expected = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        assert tax_on(Money(minor, "EUR"), basis_points) == Money(expected, "EUR")


def test_half_a_cent_of_tax_is_a_cent_either_way() -> None:
    assert tax_on(Money(10, "EUR"), 500) == Money(1, "EUR")
    assert tax_on(Money(-10, "EUR"), 500) == Money(-1, "EUR")


def test_tax_on_the_largest_amount_is_exact_where_a_float_would_not_be() -> None:
    assert tax_on(Money(9_007_199_254_740_991, "EUR"), 10_000).minor == 9_007_199_254_740_991


@pytest.mark.parametrize("basis_points", [-1, 10_001])
def test_a_rate_below_nothing_or_above_everything_is_refused(basis_points: int) -> None:
    with pytest.raises(InvalidRequestError, match="basis points"):
        tax_on(Money(100, "EUR"), basis_points)
