"""The table of what instructors note about a participant, for themselves and for those who teach beside them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key

LONGEST = 500  # characters


class StaffNote(Base):
    """One instructor's note about one participant of one cohort; ``contacted``: that they were spoken to.

    ``text`` may be empty where somebody was contacted. A note taken back is deleted (docs/adr/0033).
    """

    __tablename__ = "staff_note"
    __table_args__ = (
        Index(None, "enrolment_id", "written_at"),
        CheckConstraint("contacted OR text <> ''", name="says_something"),
    )

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    written_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(LONGEST))
    contacted: Mapped[bool]
