"""What a YAML 1.2 scalar means, by the core schema (YAML 1.2.2, section 10.3.2).

Numbers keep the exact value of their text, so that a threshold of 85.1 is 85.1 and not the nearest float.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from gate.policy.document import Scalar

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_FINITE_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# A text such as 1e999999999 would fill the memory; no threshold or count needs more than this.
_LONGEST_NUMBER = 100
_WIDEST_EXPONENT = 100


class Special(Enum):
    """What a scalar can be besides text, a truth value and a number that can be used."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not a usable number"


Value: TypeAlias = str | bool | Fraction | Special


def resolve(scalar: Scalar) -> Value:
    """The value of a scalar without a tag."""
    text = scalar.text
    if not scalar.plain:
        return text
    if text in _NULL:
        return Special.EMPTY
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _DECIMAL.fullmatch(text) or _BASED.fullmatch(text):
        number = exact_number(text)
        return Special.NOT_A_NUMBER if number is None else number
    return Special.NOT_A_NUMBER if _NO_FINITE_NUMBER.fullmatch(text) else text


def exact_number(text: str) -> Fraction | None:
    """The exact value of a number's text; None for other text and for absurdly long or wide numbers."""
    if len(text) > _LONGEST_NUMBER:
        return None
    if _BASED.fullmatch(text):
        return Fraction(int(text, 0))
    if not _DECIMAL.fullmatch(text):
        return None
    exponent = re.split("[eE]", text)[1:]
    if exponent and abs(int(exponent[0])) > _WIDEST_EXPONENT:
        return None
    return Fraction(Decimal(text))
