"""Tables of people and of how they get in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Digest, Key, Name, uuid7


class Role(StrEnum):
    """What a person may do; roles add up. Values are stored."""

    PARTICIPANT = "participant"
    INSTRUCTOR = "instructor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class User(Base):
    """A person. ``login`` is what they type to sign in (an NIP or an address), kept in lower case."""

    __tablename__ = "user"

    id: Mapped[Key]
    login: Mapped[Name] = mapped_column(unique=True)
    name: Mapped[Name]
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None until an invitation is accepted
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")  # WIB, WITA or WIT
    language: Mapped[str] = mapped_column(String(8), default="id")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    #: Their password is public, so they exist only for a server on loopback.
    demonstration: Mapped[bool] = mapped_column(default=False)


class UserRole(Base):
    """One role of one person."""

    __tablename__ = "user_role"
    __table_args__ = (CheckConstraint(f"role in ({', '.join(repr(role.value) for role in Role)})", name="role"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class AuthSession(Base):
    """One signed-in device. The cookie holds a random token, this row only its digest.

    ``roles`` repeats the person's roles at sign-in, separated by spaces, so that a page asks one row who is there;
    a change of roles ends the sessions.
    """

    __tablename__ = "auth_session"

    token_digest: Mapped[Digest] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    roles: Mapped[str] = mapped_column(String(80))
    agent: Mapped[Name]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignIn(Base):
    """One try to sign in that was judged, for an auditor to read."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "login", "at"),)

    id: Mapped[Key] = mapped_column(default=uuid7)
    login: Mapped[Name]
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class Tries(Base):
    """How often one account was tried in one way from one place, wrongly and in a row (``lms.learning.tries``).

    ``kind`` says what ``place`` is: a network, or a device that is known. No row: nothing was wrong.
    """

    __tablename__ = "tries"
    __table_args__ = (Index(None, "place", "at"), Index(None, "at"))

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    login: Mapped[Name] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(60), primary_key=True)
    failures: Mapped[int]
    ready_at: Mapped[datetime]  # nothing is judged before
    at: Mapped[datetime]


class Invitation(Base):
    """A link with which a person chooses a first (or new) password, once."""

    __tablename__ = "invitation"

    token_digest: Mapped[Digest] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HostPerson(Base):
    """Who somebody that the host application signed in is here. ``key``: what they are called there, which stays."""

    __tablename__ = "host_person"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    linked_at: Mapped[datetime]
