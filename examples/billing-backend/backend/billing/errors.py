"""What the service refuses, by kind. Each message is one sentence that may be shown to the caller."""

from __future__ import annotations


class BillingError(Exception):
    """Root of everything the service refuses on purpose."""


class InvalidRequestError(BillingError):
    """The request itself cannot be right: a malformed amount, line or event."""


class NotFoundError(BillingError):
    """No wallet, payment intent or invoice has this id."""


class ConflictError(BillingError):
    """The request is well formed, but what it asks for contradicts what is recorded."""


class InsufficientFundsError(BillingError):
    """The wallet holds less than the debit."""


class SignatureError(BillingError):
    """A webhook delivery that is unsigned, wrongly signed, or signed too long ago."""
