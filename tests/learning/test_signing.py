"""A signed text is verified by whoever has the public key, and by nobody once a single byte of it changed."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from lms.learning import signing

KEY = signing.new_key()
SAID = {"name": "Ada Lovelace – “Ada”", "share": 0.9}
TEXT = signing.sign(SAID, KEY)


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_another_implementation_verifies_the_signature_with_nothing_but_the_published_key() -> None:
    published = json.loads(json.dumps(KEY.jwk))
    header, payload, signature = TEXT.split(".")
    verifier = Ed25519PublicKey.from_public_bytes(decoded(published["x"]))
    verifier.verify(decoded(signature), f"{header}.{payload}".encode())
    with pytest.raises(InvalidSignature):
        verifier.verify(decoded(signature), f"{header}.{payload}x".encode())
    assert json.loads(decoded(header)) == {"alg": "Ed25519", "typ": "JWT", "kid": published["kid"]}
    assert json.loads(decoded(payload)) == SAID


def test_a_key_is_called_by_its_thumbprint_and_is_published_without_its_private_half() -> None:
    named = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": KEY.public}, separators=(",", ":"))
    assert decoded(KEY.id) == sha256(named.encode()).digest()
    assert KEY.private
    assert KEY.private not in KEY.jwk.values()


def test_what_was_signed_is_read_with_any_key_that_is_known() -> None:
    others = [replace(signing.new_key(), private=None) for _ in range(2)]
    assert signing.read(TEXT, [*others, replace(KEY, private=None)]) == SAID
    assert signing.read(TEXT, others) is None, "the key is gone"
    assert signing.read(TEXT, []) is None


def test_no_byte_can_be_changed_left_out_or_added() -> None:
    for place, was in enumerate(TEXT):
        for other in ({"A", "B", chr(ord(was) ^ 1), "=", "."} - {was}) if place < len(TEXT) - 1 else ALPHABET - {was}:
            assert signing.read(TEXT[:place] + other + TEXT[place + 1 :], [KEY]) is None, (place, other)
        assert signing.read(TEXT[:place] + TEXT[place + 1 :], [KEY]) is None, place
        assert signing.read(TEXT[:place] + "A" + TEXT[place:], [KEY]) is None, place
    assert signing.read(TEXT + "=", [KEY]) is None


ALPHABET = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "EdDSA"}, {}, [], 1, "x", None])
def test_no_other_algorithm_is_taken(header: object) -> None:
    from base64 import urlsafe_b64encode

    _header, payload, signature = TEXT.split(".")
    if isinstance(header, dict):
        header = {**header, "kid": KEY.id}
    forged = urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    assert signing.read(f"{forged}.{payload}.{signature}", [KEY]) is None
    assert signing.read(f"{forged}.{payload}.", [KEY]) is None


@given(st.text(max_size=60) | st.text(alphabet="..=AbeyJ9-é", max_size=60))
def test_whatever_else_is_given_is_no_certificate(text: str) -> None:
    assert signing.read(text, [KEY]) is None


def test_a_text_that_is_far_too_long_is_not_looked_at() -> None:
    long = signing.sign({"name": "x" * signing.LONGEST}, KEY)
    assert signing.read(long, [KEY]) is None
