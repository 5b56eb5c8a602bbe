"""The few expressions that the sample workflows use, evaluated as GitHub documents them.

Names that are not there are empty; `a || b` and `a && b` give one of their sides, as on GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\s*(\|\||&&|==|!=|!|\(|\)|'[^']*'|[A-Za-z_][\w.-]*)")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

Value = str | bool


def filled(text: str, context: Mapping[str, str]) -> str:
    """Text with each `${{ … }}` replaced by its value."""
    return _EXPRESSION.sub(lambda match: _text(_Reader(match[1], context).value()), text)


def holds(condition: str, context: Mapping[str, str], *, failed: bool) -> bool:
    """Whether an `if:` lets a job or step run, after others of which one may have failed."""
    if not condition:
        return not failed
    inner = _EXPRESSION.fullmatch(condition.strip())
    value = bool(_Reader(inner[1] if inner else condition, context).value())
    # GitHub adds success() where no status is asked for.
    return value and (not failed or "cancelled()" in condition)


class _Reader:
    """A reader of one expression by recursive descent."""

    def __init__(self, text: str, context: Mapping[str, str]) -> None:
        self._tokens = self._split(text.strip())
        self._context = context

    def value(self) -> Value:
        found = self._either()
        assert not self._tokens, self._tokens
        return found

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, at = [], 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            assert match, f"not an expression that is known here: {text}"
            tokens.append(match[1])
            at = match.end()
        return tokens

    def _took(self, word: str) -> bool:
        if self._tokens[:1] != [word]:
            return False
        self._tokens.pop(0)
        return True

    def _either(self) -> Value:
        left = self._both()
        while self._took("||"):
            right = self._both()
            left = left or right
        return left

    def _both(self) -> Value:
        left = self._compared()
        while self._took("&&"):
            right = self._compared()
            left = right if left else left
        return left

    def _compared(self) -> Value:
        left = self._single()
        if self._took("=="):
            return left == self._single()
        if self._took("!="):
            return left != self._single()
        return left

    def _single(self) -> Value:
        if self._took("!"):
            return not self._single()
        if self._took("("):
            inner = self._either()
            assert self._took(")")
            return inner
        word = self._tokens.pop(0)
        if word.startswith("'"):
            return word[1:-1]
        if self._took("("):
            assert word == "cancelled" and self._took(")"), word
            return False
        return self._context.get(word, "")


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else value
