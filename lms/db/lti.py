"""Tables of the platforms that launch us (LTI 1.3): what was agreed on, who comes from there, what they are owed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key, Name

#: When something is due that nobody has tried yet.
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


class LtiRegistration(Base):
    """What we agreed on with a platform. ``approved_at`` None: an administrator has yet to say yes, and nobody gets in.

    ``audience``: whom our requests for a token name; ``product``: the platform's family, as it calls itself
    (``moodle``), by which its quirks are known. ``deployments``: the places in it where we were installed. ``keys``:
    its public keys by ``kid``, as last read.
    """

    __tablename__ = "lti_registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[Key]
    name: Mapped[Name]
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    authorization_url: Mapped[str] = mapped_column(Text)
    token_url: Mapped[str] = mapped_column(Text)
    keys_url: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(String(60))
    deployments: Mapped[list[str]]
    keys: Mapped[dict[str, Any]]
    keys_read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]


class LtiNonce(Base):
    """What a launch answered, written down in the transaction that let somebody in: once ever.

    Kept until the login that gave it out can no longer be answered (``expires_at``).
    """

    __tablename__ = "lti_nonce"
    __table_args__ = (Index(None, "expires_at"),)

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]


class LtiPerson(Base):
    """Who somebody of a platform is here."""

    __tablename__ = "lti_person"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("lti_registration.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[datetime]


class LtiCourse(Base):
    """A course of a platform (its *context*), which is a cohort here, and the services that it offers us."""

    __tablename__ = "lti_course"
    __table_args__ = (UniqueConstraint("registration_id", "deployment", "context"),)

    id: Mapped[Key]
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("lti_registration.id", ondelete="CASCADE"))
    deployment: Mapped[str] = mapped_column(String(255))
    context: Mapped[str] = mapped_column(String(255))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[str]]
    line_items_url: Mapped[str | None] = mapped_column(Text)
    roster_url: Mapped[str | None] = mapped_column(Text)
    roster_read_at: Mapped[datetime | None]


class LtiLink(Base):
    """A place in such a course that opens something of ours: ``resource`` is its path here (``kuis/pecahan``).

    Scores of whoever takes part in the course's cohort go to ``line_item_url``; None: there is none.
    """

    __tablename__ = "lti_link"
    __table_args__ = (
        UniqueConstraint("course_id", "link"),
        Index(
            "ix_lti_link_graded",  # whoever changes what a person has looks for whom to tell
            "resource",
            "course_id",
            sqlite_where=text("line_item_url IS NOT NULL"),
            postgresql_where=text("line_item_url IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("lti_course.id", ondelete="CASCADE"))
    link: Mapped[str] = mapped_column(String(255))
    resource: Mapped[str] = mapped_column(String(255))
    line_item_url: Mapped[str | None] = mapped_column(Text)
    maximum: Mapped[float | None]  # of the line item


class LtiScore(Base):
    """What a platform is owed about one person at one link: whatever holds when it is sent.

    ``version`` grows in each transaction that changes what holds. ``offered`` is the one that was read to be sent, with
    ``offered_at`` as its time, which grows and is written down before: sent again, it is the same. ``sent`` is the one
    that the platform took. ``refusal``: why it did not, when it was asked last; ``due_at``: when it is asked again.
    """

    __tablename__ = "lti_score"
    __table_args__ = (
        Index(
            "ix_lti_score_due",
            "due_at",
            sqlite_where=text("sent < version"),
            postgresql_where=text("sent < version"),
        ),
        CheckConstraint("sent <= offered AND offered <= version", name="order"),
    )

    link_id: Mapped[UUID] = mapped_column(ForeignKey("lti_link.id", ondelete="CASCADE"), primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255))
    version: Mapped[int]
    offered: Mapped[int] = mapped_column(default=0)
    offered_at: Mapped[datetime | None]
    sent: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(default=AT_ONCE)
    tries: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None] = mapped_column(Text)


class LtiKey(Base):
    """A pair of RSA keys with which we sign to platforms. ``id`` is the ``kid``, ``private`` a PEM.

    Two live at a time: the older one is published until nothing it signed can still be on its way.
    """

    __tablename__ = "lti_key"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    private: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
