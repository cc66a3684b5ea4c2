"""What happens to accounts: people are added and invited, change passwords and roles, and are let in or not."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import Invitation, Role, User, UserRole
from lms.db.base import uuid7
from lms.errors import Conflict, Invalid, NotFound
from lms.learning.sign_ins import close_all_sessions, digest, normal

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,119}")


class UnknownPerson(NotFound):
    message = "Orang ini tidak ditemukan."


class LoginTaken(Conflict):
    message = "Nama masuk ini sudah dipakai."


class InvitationSpent(Conflict):
    message = "Tautan undangan ini sudah dipakai atau kedaluwarsa. Minta tautan baru kepada pengelola."


def find(db: Connection, login: str, *, demonstration: bool = False) -> tuple[UUID, str | None] | None:
    """Id and password hash of an account that may sign in; people with a public password only on demand."""
    statement = select(User.id, User.password_hash).where(User.login == normal(login), User.disabled_at.is_(None))
    if not demonstration:
        statement = statement.where(User.demonstration.is_(False))
    row = db.execute(statement).first()
    return (row.id, row.password_hash) if row else None


def refresh_hash(db: Session, user_id: UUID, password_hash: str) -> None:
    """Keep a hash made with today's parameters; the password, and so the sessions, stay."""
    _person(db, user_id).password_hash = password_hash


# --- passwords and invitations ------------------------------------------------------------------------------------


def set_password(db: Session, user_id: UUID, password_hash: str) -> None:
    """Store a new password (hashed before, outside the transaction) and sign the person out everywhere."""
    _person(db, user_id).password_hash = password_hash
    close_all_sessions(db, user_id)
    db.execute(delete(Invitation).where(Invitation.user_id == user_id, Invitation.used_at.is_(None)))


def invite(db: Session, user_id: UUID, *, lifetime: timedelta, now: datetime) -> str:
    """A token for a link with which the person chooses a password. Older links of the person end."""
    db.execute(delete(Invitation).where(Invitation.user_id == user_id, Invitation.used_at.is_(None)))
    token = secrets.token_urlsafe(32)
    db.add(Invitation(token_digest=digest(token), user_id=user_id, expires_at=now + lifetime))
    return token


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link invites."""

    user_id: UUID
    name: str
    login: str


def invited(db: Connection, token: str, *, now: datetime, demonstration: bool = False) -> Invited:
    """Raises ``InvitationSpent`` when the link is used, too old or was never made.

    ``demonstration``: whether it may let in people with a public password.
    """
    row = db.execute(
        select(User.id, User.name, User.login)
        .join(Invitation, Invitation.user_id == User.id)
        .where(
            Invitation.token_digest == digest(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            User.disabled_at.is_(None),
            or_(User.demonstration.is_(False), literal(demonstration)),
        )
    ).first()
    if row is None:
        raise InvitationSpent
    return Invited(row.id, row.name, row.login)


def accept_invitation(db: Session, token: str, password_hash: str, *, now: datetime) -> UUID:
    """Set the password and spend the link, in one step: of two uses at once only one succeeds."""
    user_id = invited(db.connection(), token, now=now).user_id
    spent = db.execute(
        update(Invitation)
        .where(Invitation.token_digest == digest(token), Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        raise InvitationSpent
    set_password(db, user_id, password_hash)
    return user_id


def set_preferences(db: Session, user_id: UUID, *, time_zone: str, language: str) -> None:
    """Which clock and which language the pages speak to a person."""
    user = _person(db, user_id)
    user.time_zone, user.language = time_zone, language


# --- people and roles ---------------------------------------------------------------------------------------------


def proper(login: str, name: str) -> tuple[str, str]:
    """Login and name as an account holds them; raises ``Invalid`` for those that none can have."""
    login, name = normal(login), " ".join(name.split())
    if not _LOGIN.fullmatch(login):
        raise Invalid(
            f"Nama masuk {login!r} tidak dapat dipakai: 3–120 karakter, hanya huruf kecil, angka, dan . _ @ + -"
        )
    if not name or len(name) > 200:
        raise Invalid(f"Nama untuk {login!r} kosong atau lebih dari 200 karakter.")
    return login, name


def add_all(
    db: Session, people: Sequence[tuple[str, str, Role]], *, now: datetime, actor_id: UUID | None = None
) -> dict[str, UUID]:
    """Add many people, each with login, name and one role, in three statements; ids by login.

    Raises ``Invalid`` or ``LoginTaken``.
    """
    if not people:
        return {}
    checked = [(*proper(login, name), role) for login, name, role in people]
    ids = {login: uuid7() for login, _name, _role in checked}
    rows = [{"id": ids[login], "login": login, "name": name, "created_at": now} for login, name, _role in checked]
    try:
        db.execute(insert(User), rows)
    except IntegrityError as error:
        raise LoginTaken("Salah satu nama masuk dalam daftar ini baru saja dipakai. Ulangi perintahnya.") from error
    db.execute(insert(UserRole), [{"user_id": ids[login], "role": role} for login, _name, role in checked])
    for login, _name, role in checked:
        audit.record(db, now=now, actor_id=actor_id, action="user.add", subject=login, roles=[role])
    return ids


def add(
    db: Session,
    *,
    login: str,
    name: str,
    roles: Iterable[Role],
    now: datetime,
    actor_id: UUID | None = None,
    demonstration: bool = False,
) -> User:
    """Add a person; raises ``Invalid`` or ``LoginTaken``."""
    login, name = proper(login, name)
    user = User(login=login, name=name, created_at=now, demonstration=demonstration)
    db.add(user)
    try:
        db.flush()
    except IntegrityError as error:
        raise LoginTaken(f"Nama masuk {login!r} sudah dipakai.") from error
    db.add_all(UserRole(user_id=user.id, role=role) for role in set(roles))
    audit.record(db, now=now, actor_id=actor_id, action="user.add", subject=login, roles=sorted(roles))
    db.flush()
    return user


def set_roles(
    db: Session, user_id: UUID, roles: Iterable[Role], *, now: datetime, actor_id: UUID | None = None
) -> None:
    """Give a person exactly these roles; their sessions end, since a session carries the roles."""
    wanted, user = set(roles), _person(db, user_id)
    held = roles_of(db, user_id)
    if wanted == held:
        return
    db.execute(delete(UserRole).where(UserRole.user_id == user_id))
    db.add_all(UserRole(user_id=user_id, role=role) for role in wanted)
    close_all_sessions(db, user_id)
    audit.record(
        db,
        now=now,
        actor_id=actor_id,
        action="user.role",
        subject=user.login,
        before=sorted(held),
        after=sorted(wanted),
    )


def grant(db: Session, user_id: UUID, role: Role, *, now: datetime, actor_id: UUID | None = None) -> None:
    """Add one role to those a person holds."""
    set_roles(db, user_id, roles_of(db, user_id) | {role}, now=now, actor_id=actor_id)


def disable(db: Session, user_id: UUID, *, now: datetime, actor_id: UUID | None = None) -> bool:
    """Close the door to a person: their devices are signed out and their invitations end; False when it was closed.

    What they did is kept, and ``enable`` opens the door again.
    """
    user = _person(db, user_id)
    if user.disabled_at is not None:
        return False
    user.disabled_at = now
    close_all_sessions(db, user_id)
    db.execute(delete(Invitation).where(Invitation.user_id == user_id, Invitation.used_at.is_(None)))
    audit.record(db, now=now, actor_id=actor_id, action="user.disable", subject=user.login)
    return True


def enable(db: Session, user_id: UUID, *, now: datetime, actor_id: UUID | None = None) -> bool:
    """False when the door was open."""
    user = _person(db, user_id)
    if user.disabled_at is None:
        return False
    user.disabled_at = None
    audit.record(db, now=now, actor_id=actor_id, action="user.enable", subject=user.login)
    return True


def roles_of(db: Session, user_id: UUID) -> set[Role]:
    return {Role(role) for role in db.scalars(select(UserRole.role).where(UserRole.user_id == user_id))}


def are_there(db: Session) -> bool:
    """Whether anybody has an account."""
    return db.execute(select(User.id).limit(1)).first() is not None


def by_login(db: Session, login: str) -> User:
    """Raises ``UnknownPerson``."""
    user = db.scalars(select(User).where(User.login == normal(login))).one_or_none()
    if user is None:
        raise UnknownPerson(f"Tidak ada orang dengan nama masuk {normal(login)!r}.")
    return user


def _person(db: Session, user_id: UUID) -> User:
    user = db.get(User, user_id)
    if user is None:
        raise UnknownPerson
    return user
