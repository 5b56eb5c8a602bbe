"""Scalars by YAML 1.2's core schema, numbers exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.policy.document import Scalar
from gate.policy.mistakes import Mark
from gate.policy.scalars import Special, Value, exact_number, resolve


def value(text: str, *, plain: bool = True) -> Value:
    return resolve(Scalar(Mark(1, 1), None, text, plain))


# The left column and its meanings are those of the tables in YAML 1.2.2, section 10.3.2.
@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("null", Special.EMPTY),
        ("Null", Special.EMPTY),
        ("~", Special.EMPTY),
        ("", Special.EMPTY),
        ("true", True),
        ("FALSE", False),
        ("0", Fraction(0)),
        ("0o7", Fraction(7)),
        ("0x3A", Fraction(58)),
        ("-19", Fraction(-19)),
        ("0.", Fraction(0)),
        ("-0.0", Fraction(0)),
        (".5", Fraction(1, 2)),
        ("+12e03", Fraction(12000)),
        ("-2E+05", Fraction(-200000)),
        (".inf", Special.NOT_A_NUMBER),
        ("-.Inf", Special.NOT_A_NUMBER),
        (".NAN", Special.NOT_A_NUMBER),
    ],
)
def test_plain_scalars_mean_what_the_core_schema_says(text: str, meaning: Value) -> None:
    assert value(text) == meaning
    assert type(value(text)) is type(meaning)


@pytest.mark.parametrize(
    "text", ["off", "on", "yes", "no", "n", "1_000", "0b1", "1:30", "2001-01-01", "=", "٣"]
)
def test_what_only_yaml_1_1_or_a_parser_reads_otherwise_is_text(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize("text", ["85", "true", "null", ""])
def test_a_quoted_scalar_is_text(text: str) -> None:
    assert value(text, plain=False) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=30, min_value=-1000, max_value=1000))
def test_a_number_keeps_every_digit_of_its_text(number: object) -> None:
    assert exact_number(f"{number:f}") == Fraction(str(number))


@pytest.mark.parametrize("text", ["9" * 101, "1e101", "1e-999999999", "1e999999999", "85,5", "", "85%"])
def test_other_text_and_numbers_that_would_fill_the_memory_are_no_number(text: str) -> None:
    assert exact_number(text) is None
