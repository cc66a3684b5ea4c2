"""Who is signed in on which device: sessions are opened, asked and closed, and tries are written down."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Boolean, Connection, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from lms.db.accounts import AuthSession, Role, SignIn, User, UserRole
from lms.errors import Invalid
from lms.fields.typed import typed

_LONGEST_TRIED = 120


class WrongPassword(Invalid):
    message = "Nama masuk atau kata sandi tidak cocok. Periksa huruf besar-kecilnya, lalu coba lagi."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who a session token belongs to."""

    user_id: UUID
    name: str
    login: str
    roles: frozenset[Role]
    time_zone: str
    language: str


def normal(login: str) -> str:
    return typed(login).lower()


def digest(token: str) -> str:
    """What is stored of a random token: reading the table opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


# --- who is there -----------------------------------------------------------------------------------------------

_WHO = (
    select(User.id, User.name, User.login, AuthSession.roles, User.time_zone, User.language)
    .join(AuthSession, AuthSession.user_id == User.id)
    .where(
        AuthSession.token_digest == bindparam("digest"),
        AuthSession.expires_at > bindparam("now"),
        User.disabled_at.is_(None),
        or_(User.demonstration.is_(False), bindparam("demonstration", type_=Boolean)),
    )
)


def who(db: Connection, token: str, *, now: datetime, demonstration: bool = False) -> SignedIn | None:
    """The person signed in with this token, from one row; None when the session ended.

    ``demonstration``: whether people with a public password may be here at all.
    """
    row = db.execute(_WHO, {"digest": digest(token), "now": now, "demonstration": demonstration}).first()
    if row is None:
        return None
    roles = frozenset(Role(role) for role in row.roles.split())
    return SignedIn(
        user_id=row.id,
        name=row.name,
        login=row.login,
        roles=roles,
        time_zone=row.time_zone,
        language=row.language,
    )


# --- signing in and out -------------------------------------------------------------------------------------------


def tried(login: str) -> str:
    """What is written down of a login that somebody tried, which may be anything."""
    return normal(login)[:_LONGEST_TRIED]


def record_failure(db: Session, login: str, address: str, *, now: datetime) -> None:
    db.add(SignIn(login=tried(login), address=address, at=now, succeeded=False))


def open_session(db: Session, user_id: UUID, *, address: str, agent: str, lifetime: timedelta, now: datetime) -> str:
    """Sign a person in on a device and return the token for its cookie. The password was verified before."""
    login = db.scalars(select(User.login).where(User.id == user_id)).one()
    roles = db.scalars(select(UserRole.role).where(UserRole.user_id == user_id))
    return begin_session(db, user_id, login, roles, address=address, agent=agent, lifetime=lifetime, now=now)


def begin_session(
    db: Session,
    user_id: UUID,
    login: str,
    roles: Iterable[str],
    *,
    address: str,
    agent: str,
    lifetime: timedelta,
    now: datetime,
) -> str:
    """The same for somebody of whom all of it is known."""
    token = secrets.token_urlsafe(32)
    db.add(SignIn(login=login, address=address, at=now, succeeded=True))
    db.add(
        AuthSession(
            token_digest=digest(token),
            user_id=user_id,
            roles=" ".join(sorted(roles)),
            agent=agent[:200],
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def close_session(db: Session, token: str) -> None:
    db.execute(delete(AuthSession).where(AuthSession.token_digest == digest(token)))


def close_all_sessions(db: Session, user_id: UUID, *, but: str | None = None) -> None:
    """Sign a person out everywhere, or everywhere except on the device that holds the token ``but``."""
    statement = delete(AuthSession).where(AuthSession.user_id == user_id)
    if but is not None:
        statement = statement.where(AuthSession.token_digest != digest(but))
    db.execute(statement)


#: How long it stays known who tried to sign in, and from where.
SIGN_INS_KEPT = timedelta(days=180)


def forget(db: Session, *, now: datetime, most: int) -> int:
    """Remove sessions that expired and sign-ins older than ``SIGN_INS_KEPT``, at most so many of each; how many."""
    expired = select(AuthSession.token_digest).where(AuthSession.expires_at <= now).limit(most)
    old = select(SignIn.id).where(SignIn.at < now - SIGN_INS_KEPT).limit(most)
    removed = (
        db.execute(delete(AuthSession).where(AuthSession.token_digest.in_(expired))),
        db.execute(delete(SignIn).where(SignIn.id.in_(old))),
    )
    return sum(one.rowcount for one in removed)  # type: ignore[attr-defined]
