from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from io import StringIO
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from gate.door import guarded
from gate.masking import MASK, masked
from gate.runner import Runner, Secret

TOKENS = st.text("abcXYZ019_-+/=%&~ é", min_size=8, max_size=60)


@given(TOKENS, st.text(max_size=40), st.text(max_size=40))
def test_a_secret_stands_in_no_text_whatever_surrounds_it(secret: str, before: str, after: str) -> None:
    assert secret not in masked(before + secret + after, secret)


@given(TOKENS, st.binary(max_size=40), st.binary(max_size=40))
def test_a_secret_cannot_be_decoded_from_base64(secret: str, before: bytes, after: bytes) -> None:
    for encode in (b64encode, urlsafe_b64encode):
        text = encode(before + secret.encode() + after).decode()
        assert MASK in masked(text, secret)


@given(TOKENS)
def test_a_secret_in_a_url_is_masked(secret: str) -> None:
    assert masked(f"https://x/?token={quote(secret, safe='')}&y=1", secret) == f"https://x/?token={MASK}&y=1"


@given(st.text())
def test_without_a_secret_a_text_stays_as_it_is(text: str) -> None:
    assert masked(text, "") == text


def test_a_secret_shows_itself_in_no_representation() -> None:
    secret = Secret("ghs_hidden-token")
    stream = StringIO()
    Console(file=stream).print(secret, Runner(token=secret))
    shown = stream.getvalue() + repr(secret) + str(secret) + f"{secret}" + repr(Runner(token=secret))
    assert "hidden" not in shown


@pytest.mark.parametrize("in_actions", [True, False])
def test_an_internal_error_that_quotes_the_token_does_not_show_it(in_actions: bool) -> None:
    def work() -> int:
        raise ValueError("Invalid header value b'token ghs_hidden-token'")

    lines: list[str] = []
    runner = Runner(in_actions=in_actions, token=Secret("ghs_hidden-token"))
    assert guarded(work, runner, lines.append, debug=True) == 70
    assert "token ***" in lines[0]
    assert "Traceback" in lines[1]
    assert "hidden" not in "".join(lines)
