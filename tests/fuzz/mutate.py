"""Changes to a report's bytes, of the kinds that crashes, merges and attackers make."""

from __future__ import annotations

import random
import re

_NUMBER = re.compile(rb"-?\d+")
_WORD = re.compile(rb"[A-Za-z_][\w.-]*|\"[^\"\n]{0,60}\"")
_NUMBERS = (
    b"0", b"-1", b"1", b"2", b"5000001", b"2147483648", b"18446744073709551616", b"1e999", b"NaN", b"0.5",
    b"null", b"", b"-", b"9" * 5000, b"\xd9\xa3", b"1_0", b"+1", b"0x1", b"\"1\"", b"[]",
)  # fmt: skip
_TOKENS = (
    b"<", b">", b"/>", b"</", b"&", b"&x;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"<?",
    b"?>", b"{", b"}", b"[", b"]", b",", b":", b"\"", b"'", b"=", b"\n", b"\r\n", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"\xe2\x80\xae", b"end_of_record\n", b"SF:", b"DA:1,1\n", b"BRDA:1,0,0,-\n",
    b"mode: set\n", b"true", b"..", b"../", b"/", b"\\", b"(", b")", b"%", b"50% (1/2)", b"100% (2/2)",
    b"-50% (-1/2)", b"exit", b" ",
)  # fmt: skip
MOST_CHANGES = 4


def mutant(chance: random.Random, corpus: list[bytes]) -> bytes:
    """One of the corpus with a few changes."""
    data = chance.choice(corpus)
    for _ in range(chance.randint(1, MOST_CHANGES)):
        data = chance.choice(_KINDS)(chance, data, corpus)
    return data


def _cut(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    return data[: chance.randint(0, len(data))]


def _drop(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    start, end = _span(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 50)) + data[end:]


def _splice(chance: random.Random, data: bytes, corpus: list[bytes]) -> bytes:
    other = chance.choice(corpus)
    start, end = _span(chance, other)
    at = chance.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _flip(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _insert(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(_TOKENS) + data[at:]


def _renumber(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    return _replace(chance, data, _NUMBER, _NUMBERS)


def _reword(chance: random.Random, data: bytes, corpus: list[bytes]) -> bytes:
    words = _WORD.findall(chance.choice(corpus)) or [b"x"]
    return _replace(chance, data, _WORD, (chance.choice(words), chance.choice(words), b""))


def _swap_lines(chance: random.Random, data: bytes, _: list[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _replace(chance: random.Random, data: bytes, what: re.Pattern[bytes], by: tuple[bytes, ...]) -> bytes:
    found = list(what.finditer(data))
    if not found:
        return data
    start, end = chance.choice(found).span()
    return data[:start] + chance.choice(by) + data[end:]


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice((1, 8, 40, 200, 2000)))


_KINDS = (
    _cut, _drop, _repeat, _splice, _flip, _insert, _insert, _renumber, _renumber, _renumber, _reword,
    _swap_lines,
)  # fmt: skip
