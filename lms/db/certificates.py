"""Tables of certificates, and of the keys that sign them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key


class SigningKey(Base):
    """A pair of Ed25519 keys. ``id`` is the thumbprint of the public one (RFC 7638), both are in base64url (RFC 8037).

    ``private`` None: it signs nothing any more, and what it signed can still be verified.
    """

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    public: Mapped[str] = mapped_column(String(43))
    private: Mapped[str | None] = mapped_column(String(43))
    created_at: Mapped[datetime]


class Certificate(Base):
    """A certificate of one person; of those that stand, a person has one (the partial index).

    ``signed`` holds all that it says, and nothing of that stands in a column beside it. ``reason``: why staff took it
    back; None: its owner did, or had it replaced. ``barred``: until staff say otherwise, the person gets no other.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(None, "user_id", "issued_at"),
        Index(
            "ix_certificate_standing",
            "user_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("revoked_at IS NOT NULL OR (reason IS NULL AND NOT barred)", name="revoked"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    signed: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    barred: Mapped[bool] = mapped_column(default=False)
