"""Tax in basis points, and the one rounding rule of the service."""

from __future__ import annotations

from typing import Final

from billing.errors import InvalidRequestError
from billing.money import Money

#: 10,000 basis points are 100 %.
BASIS_POINTS: Final = 10_000


def tax_on(net: Money, basis_points: int) -> Money:
    """The tax on a net amount, rounded to the minor unit, halves away from zero.

    `basis_points` is 0 to 10,000 (1,900 is 19 %). Away from zero rather than up, so that the tax on
    -10.03 is exactly the negative of the tax on 10.03 and a credit note cancels its invoice.
    """
    if not 0 <= basis_points <= BASIS_POINTS:
        raise InvalidRequestError(f"a tax rate is 0 to {BASIS_POINTS} basis points, not {basis_points}")
    return Money(divide_rounded(net.minor * basis_points, BASIS_POINTS), net.currency)


def divide_rounded(numerator: int, denominator: int) -> int:
    """The integer nearest to the quotient, halves away from zero; `denominator` is positive."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude
