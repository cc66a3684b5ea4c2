"""Texts that anybody can verify who has the public key: a JSON object as a compact JWS (RFC 7515), signed with Ed25519
(RFC 8037; the algorithm by its name of RFC 9864). Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

# joserfc takes a quarter of a second to load, and few processes are asked for a certificate: it is imported where it
# is used.

_ALGORITHM = "Ed25519"
#: No certificate is as long; nobody shall make us take a longer text apart.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class KeyPair:
    """``id``: the thumbprint of the public key (RFC 7638). ``private`` None: it can only verify."""

    id: str
    public: str
    private: str | None = None

    @property
    def jwk(self) -> Mapping[str, str]:
        """The public key as it is published (RFC 7517)."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": self.public,
            "kid": self.id,
            "alg": _ALGORITHM,
            "use": "sig",
        }

    def loaded(self) -> OKPKey:
        from joserfc.jwk import OKPKey

        return OKPKey.import_key({**self.jwk, **({"d": self.private} if self.private else {})})


def new_key() -> KeyPair:
    from joserfc.jwk import OKPKey

    made = OKPKey.generate_key("Ed25519")
    parts = made.as_dict(private=True)
    return KeyPair(made.thumbprint(), str(parts["x"]), str(parts["d"]))


def sign(said: Mapping[str, Any], key: KeyPair) -> str:
    """``said`` as one line of text with its signature; ``key`` with its private half."""
    from joserfc import jws

    header = {"alg": _ALGORITHM, "typ": "JWT", "kid": key.id}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text.encode(), key.loaded(), algorithms=[_ALGORITHM])


def read(text: str, keys: Iterable[KeyPair]) -> dict[str, Any] | None:
    """What a text says that one of ``keys`` signed; None for every other text, be it changed in one character only.

    Also in the last one, which holds four bits that say nothing: joserfc takes the one right spelling of a signature.
    """
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    known = KeySet([key.loaded() for key in keys])
    if len(text) > LONGEST or not known.keys:
        return None
    try:
        found = jws.deserialize_compact(text, known, algorithms=[_ALGORITHM])
        said = json.loads(found.payload)
    except (JoseError, ValueError):
        return None
    return said if isinstance(said, dict) else None
