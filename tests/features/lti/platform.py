"""A platform that signs what it is told to, right or wrong."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import RSAKey

from lms.features.lti.protocol import Registration

ISSUER, CLIENT, DEPLOYMENT = "https://lms.example.go.id", "latsar-1", "1"
HERE = "https://latsar.example.go.id/belajar"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
NONCE, KEY = "satu-kali", "kunci-1"
#: In a token's claims: leave this one out.
GONE = object()


def _text(of: bytes) -> str:
    return base64.urlsafe_b64encode(of).rstrip(b"=").decode()


@cache
def key(id: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": id})


def public(id: str = KEY) -> dict[str, Any]:
    return dict(key(id).as_dict(private=False))


#: Of 1,024 bits.
SHORT = {**public(), "n": _text((1 << 1023 | 1).to_bytes(128))}


def registration(**changed: Any) -> Registration:
    known: dict[str, Any] = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "deployments": frozenset({DEPLOYMENT}),
        "keys": {
            "kunci-1": public(),
            "pendek": SHORT,
            "ganjil": {"kty": "RSA", "n": "?", "e": 3},
            "rahasia": {"kty": "oct", "k": "c2FuZGk"},
        },
    }
    return Registration(**known | changed)


def claims(now: datetime, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Of a sound launch of a resource link, but for what is ``changed``; names of LTI claims without their address."""
    moment = int(now.timestamp())
    sound: dict[str, Any] = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "peserta-7",
        "exp": moment + 60,
        "iat": moment,
        "nonce": NONCE,
        "name": "Ada",
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": DEPLOYMENT,
        LTI + "target_link_uri": f"{HERE}/kuis/pecahan",
        LTI + "resource_link": {"id": "tautan-3", "title": "Kuis pecahan"},
        LTI + "roles": [LEARNER],
        LTI + "context": {"id": "kelas-9", "title": "Latsar 2026"},
    }
    for name, value in (changed or {}).items():
        full = LTI + name if LTI + name in sound or name in _OTHERS else name
        sound[full] = value
    return {name: value for name, value in sound.items() if value is not GONE}


@dataclass(frozen=True)
class Login:
    """What a token answers, and when it is made."""

    now: datetime
    nonce: str

    def claims(self, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return claims(self.now, {"nonce": self.nonce, **(changed or {})})


_OTHERS = {"custom", "launch_presentation", "for_user"}


def token(said: Mapping[str, Any], *, id: str | None = KEY, signed_by: str = KEY) -> str:
    header: dict[str, Any] = {"alg": "RS256", "typ": "JWT"} | ({"kid": id} if id is not None else {})
    return jwt.encode(header, dict(said), key(signed_by))


def raw(header: Mapping[str, Any], payload: bytes) -> str:
    """Signed with our key whatever it is that is signed."""
    signed = _joined({"alg": "RS256", "kid": KEY, **header}, payload)
    return f"{signed}.{_text(key(KEY).private_key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def by_secret(said: Mapping[str, Any]) -> str:
    """Signed with the public key as if it were a secret."""
    signed = _joined({"alg": "HS256", "kid": KEY}, json.dumps(said).encode())
    return f"{signed}.{_text(hmac.digest(key(KEY).as_pem(private=False), signed.encode(), 'sha256'))}"


def _joined(header: Mapping[str, Any], payload: bytes) -> str:
    return f"{_text(json.dumps(header).encode())}.{_text(payload)}"
