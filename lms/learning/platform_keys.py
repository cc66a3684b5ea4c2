"""The keys with which we sign to platforms (RS256): made when there is none, changed now and then, two of them live.

A platform remembers our key set for hours, so that a new key is published for a day before anything is signed by it;
and the one before stays published, since what it signed may still be on its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from lms.db.lti import LtiKey

#: How long one key signs.
LASTS = timedelta(days=90)
#: How long a key is published before it signs.
PUBLISHED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``id``: the thumbprint of the public key (RFC 7638); ``private``: a PEM."""

    id: str
    private: str

    def sign(self, claims: Mapping[str, Any]) -> str:
        """``claims`` as a JWT."""
        from joserfc import jwt  # takes a quarter of a second to load, and few processes sign
        from joserfc.jwk import RSAKey

        header = {"alg": "RS256", "typ": "JWT", "kid": self.id}
        return jwt.encode(header, dict(claims), RSAKey.import_key(self.private), algorithms=["RS256"])


def new_key() -> SigningKey:
    """It takes a moment: not within a transaction."""
    from joserfc.jwk import RSAKey

    made = RSAKey.generate_key(2048)
    return SigningKey(made.thumbprint(), made.as_pem(private=True).decode())


def is_needed(db: Connection, *, now: datetime) -> bool:
    """Whether there is no key yet, or the newest is to be followed by another."""
    newest = db.execute(_NEWEST_FIRST).first()
    return newest is None or newest.created_at < now - LASTS


def keep(db: Session, made: SigningKey, *, now: datetime) -> None:
    """Publish a new key, and forget all but the one before it. Does nothing where somebody else was first."""
    connection = db.connection()
    if not is_needed(connection, now=now):
        return
    db.add(LtiKey(id=made.id, private=made.private, created_at=now))
    db.flush()
    kept = [row.id for row in connection.execute(_NEWEST_FIRST)][:2]
    db.execute(delete(LtiKey).where(LtiKey.id.not_in(kept)))


def signing(db: Connection, *, now: datetime) -> SigningKey | None:
    """The newest of those that platforms know by now, or the only one."""
    rows = db.execute(_NEWEST_FIRST).all()
    known = [row for row in rows if row.created_at <= now - PUBLISHED] or rows[-1:]
    return SigningKey(known[0].id, known[0].private) if known else None


def public_keys(db: Connection) -> dict[str, Any]:
    """Our key set as it is published (RFC 7517)."""
    rows = db.execute(_NEWEST_FIRST).all()
    if not rows:
        return {"keys": []}
    from joserfc.jwk import RSAKey

    told = {"alg": "RS256", "use": "sig"}
    keys = ((row.id, RSAKey.import_key(row.private)) for row in rows)
    return {"keys": [{**key.as_dict(private=False), **told, "kid": id} for id, key in keys]}


_NEWEST_FIRST = select(LtiKey.id, LtiKey.private, LtiKey.created_at).order_by(LtiKey.created_at.desc(), LtiKey.id)
