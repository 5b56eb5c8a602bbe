"""Money as a whole number of minor units (cents, yen) with its currency. No floats anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from billing.errors import InvalidRequestError

#: Digits of the minor unit by currency (ISO 4217).
MINOR_DIGITS: Final = {"BHD": 3, "EUR": 2, "GBP": 2, "JPY": 0, "USD": 2}

#: The largest amount that every JSON client reads exactly (2**53 - 1).
MAX_MINOR: Final = 9_007_199_254_740_991


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; negative where money leaves. Amounts of two currencies never mix.

    Raises InvalidRequestError for an unknown currency or an amount beyond MAX_MINOR.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise InvalidRequestError(f"the currency {self.currency!r} is not supported")
        if abs(self.minor) > MAX_MINOR:
            raise InvalidRequestError("the amount is too large")

    @classmethod
    def from_untrusted(cls, minor: object, currency: object) -> Money:
        """Money out of decoded JSON, where 12.5, true and "12" are possible and wrong."""
        if isinstance(minor, bool) or not isinstance(minor, int):
            raise InvalidRequestError("an amount is a whole number of minor units")
        if not isinstance(currency, str):
            raise InvalidRequestError("a currency is a three-letter code")
        return cls(minor, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in a currency."""
        return cls(0, currency)

    def __add__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._require_same_currency(other)
        return self.minor < other.minor

    def __str__(self) -> str:
        """The amount in major units, as in "-12.05 EUR" or "900 JPY"."""
        digits = MINOR_DIGITS[self.currency]
        major, minor = divmod(abs(self.minor), 10**digits)
        sign = "-" if self.minor < 0 else ""
        fraction = f".{minor:0{digits}d}" if digits else ""
        return f"{sign}{major}{fraction} {self.currency}"

    def require_positive(self) -> Money:
        """This amount, or InvalidRequestError if it is zero or less."""
        if self.minor <= 0:
            raise InvalidRequestError(f"the amount must be more than zero, not {self}")
        return self

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise InvalidRequestError(f"{self.currency} and {other.currency} cannot be mixed")
