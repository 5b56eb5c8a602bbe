"""One scalar against the types that its place allows."""

from __future__ import annotations

import re
from fractions import Fraction

import msgspec
from msgspec import inspect

from gate.policy.choices import Choice, known_words, wanted
from gate.policy.scalars import Special, Value, exact_number
from gate.text import counted, one_line, quoted

# Neither a path nor a command nor a JSON text can hold these.
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_SPOKEN = {
    **dict.fromkeys(("true", "yes", "y", "on"), "true"),
    **dict.fromkeys(("false", "no", "n", "off"), "false"),
}


class Refused(msgspec.Struct, frozen=True):
    """Why a value does not fit; `word` and `known` where it is not one of a few words."""

    message: str
    known: tuple[str, ...] = ()
    word: str | None = None


def fit(options: tuple[Choice, ...], value: Value, written: str) -> object | Refused:
    """What a scalar, `written` in the text, stands for under the type that takes it, or why none does."""
    if isinstance(value, str) and _UNFIT.search(value):
        return Refused("holds a NUL or half a surrogate pair, which no path or command can hold")
    option = next((option for option in options if _takes(option, value)), None)
    if option is None:
        return _refused(options, value, written)
    if isinstance(option.type, inspect.StrType) and isinstance(value, str):
        reason = _wrong_with_text(option.type, value, options)
        return value if reason is None else Refused(reason)
    if isinstance(option.type, inspect.IntType | inspect.LiteralType) and isinstance(value, Fraction):
        return int(value)
    return value


def plain_number(text: str) -> str | None:
    """The number that a text such as '85 %' or '85,5' means; None where it means none."""
    bare = text.strip().removesuffix("%").rstrip().replace(",", ".")
    return bare if exact_number(bare) is not None else None


def _takes(option: Choice, value: Value) -> bool:
    match option.type, value:
        case (inspect.StrType(), str()) | (inspect.BoolType(), bool()):
            return True
        case inspect.LiteralType() as literal, str() | Fraction():
            return value in literal.values
        case inspect.IntType() as whole, Fraction():
            return value.denominator == 1 and _is_between(whole.ge, value, whole.le)
        case inspect.CustomType(), Fraction():
            return _is_between(option.schema["minimum"], value, option.schema["maximum"])
    return False


def _wrong_with_text(shape: inspect.StrType, value: str, options: tuple[Choice, ...]) -> str | None:
    if len(value) < (shape.min_length or 0):
        return "must not be empty"
    if shape.max_length is not None and len(value) > shape.max_length:
        return f"must not be longer than {counted(shape.max_length, 'character')}"
    if shape.pattern is not None and not _matches(shape.pattern, value):
        return f"must be {wanted(options)}, not {quoted(value)}"
    return None


def _matches(pattern: str, value: str) -> bool:
    # In JSON Schema's dialect (ECMA 262) `$` is the very end; Python's would let a last line break pass.
    return re.search(re.sub(r"\$$", r"\\Z", pattern), value) is not None


def _refused(options: tuple[Choice, ...], value: Value, written: str) -> Refused:
    words = known_words(options)
    if isinstance(value, str) and words:
        return Refused(f"unknown value {quoted(value)}", words, value)
    if value is Special.EMPTY:
        actual = "empty"
    else:
        actual = quoted(value) if isinstance(value, str) else one_line(written, 80)
    return Refused(f"must be {wanted(options)}, not {actual}{_hint(options, value, written)}")


def _hint(options: tuple[Choice, ...], value: Value, written: str) -> str:
    types = {type(option.type) for option in options}
    if isinstance(value, str):
        instead = _SPOKEN.get(value.lower()) if inspect.BoolType in types else plain_number(value)
        return "" if instead is None else f"; write {instead}"
    if isinstance(value, bool | Fraction) and inspect.StrType in types and inspect.IntType not in types:
        return f"; put it in quotes: '{one_line(written, 80)}'"
    return ""


def _is_between(least: float | None, value: Fraction, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
