from __future__ import annotations

import pytest

from billing.errors import SignatureError
from billing.signature import verify

pytestmark = pytest.mark.critical

# printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_vector
BODY = b'{"id":"evt_1"}'
SECRET = b"whsec_vector"
SENT = 1_700_000_000
DIGEST = "c6014fd4b390b4bc9c887a309c78277b7c4c562fbe61a9e713bfc5da054789da"
HEADER = f"t={SENT},v1={DIGEST}"


def test_a_signature_made_by_openssl_is_accepted() -> None:
    verify(BODY, HEADER, SECRET, now=SENT)


@pytest.mark.parametrize(
    ("body", "header", "secret"),
    [
        (BODY + b" ", HEADER, SECRET),
        (BODY, HEADER, b"whsec_other"),
        (BODY, f"t={SENT + 1},v1={DIGEST}", SECRET),
        (BODY, f"t={SENT},v1={'0' * 64}", SECRET),
    ],
    ids=["another body", "another secret", "another time", "another digest"],
)
def test_a_signature_of_anything_else_is_refused(body: bytes, header: str, secret: bytes) -> None:
    with pytest.raises(SignatureError, match="does not fit"):
        verify(body, header, secret, now=SENT)


@pytest.mark.parametrize("now", [SENT - 300, SENT + 300])
def test_a_signature_at_the_edge_of_the_tolerance_is_accepted(now: int) -> None:
    verify(BODY, HEADER, SECRET, now=now)


@pytest.mark.parametrize("now", [SENT - 301, SENT + 301])
def test_a_signature_beyond_the_tolerance_is_refused(now: int) -> None:
    with pytest.raises(SignatureError, match="300 seconds"):
        verify(BODY, HEADER, SECRET, now=now)


def test_one_of_several_signatures_is_enough_while_the_key_is_rotated() -> None:
    verify(BODY, f"t={SENT}, v0=old, v1={'0' * 64}, v1={DIGEST}", SECRET, now=SENT)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"t={SENT}",
        f"v1={DIGEST}",
        f"t=now,v1={DIGEST}",
        f"t={'9' * 5000},v1={DIGEST}",
        f"t={SENT},v1={DIGEST.upper()}",
        f"t={SENT},v1=é",
    ],
)
def test_a_header_of_another_shape_is_refused(header: str) -> None:
    with pytest.raises(SignatureError, match="must read"):
        verify(BODY, header, SECRET, now=SENT)
