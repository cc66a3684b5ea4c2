"""What instructors propose to the editors about a question, and what became of it.

A report (``reports``) is of one's own attempt; a proposal is of a cohort's answers, and stays when its author leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, insert, select, true
from sqlalchemy.orm import Session, aliased

from lms.db.accounts import User
from lms.db.base import uuid7
from lms.db.reports import QuestionProposal, ReportState
from lms.errors import NotFound
from lms.learning.reports import Answer, replace_answer


class UnknownProposal(NotFound):
    message = "Usulan ini tidak ditemukan."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody wants changed. ``evidence``: what the answers said when it was proposed, in sentences."""

    cohort_id: UUID
    quiz: str
    item: str
    question_version: str
    message: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """With what became of it. ``author`` and ``editor`` None: they are gone."""

    id: UUID
    what: Proposed
    author: str | None
    proposed_at: datetime
    state: str
    answer: str
    answered_at: datetime | None
    editor: str | None

    @property
    def seen(self) -> str:
        """Names the answer that stands, as a form sends it back; empty: none yet."""
        return self.answered_at.isoformat() if self.answered_at else ""


def propose(db: Session, what: Proposed, *, author_id: UUID, now: datetime) -> None:
    """Hand it to the editors; the same words about the same question wait only once."""
    said = {name: getattr(what, name) for name in Proposed.__slots__}
    same = (
        QuestionProposal.state == ReportState.OPEN,
        *(getattr(QuestionProposal, name) == said[name] for name in said),
    )
    if db.execute(select(QuestionProposal.id).where(*same)).first() is None:
        db.execute(insert(QuestionProposal), {"id": uuid7(), "author_id": author_id, "proposed_at": now, **said})


def answer(db: Session, proposal_id: UUID, given: Answer, *, editor_id: UUID, now: datetime) -> None:
    """Raises ``UnknownProposal``, or ``ChangedMeanwhile`` when another answer stands than the editor saw."""
    held = db.scalars(
        select(QuestionProposal).where(QuestionProposal.id == proposal_id).with_for_update()
    ).one_or_none()
    if held is None:
        raise UnknownProposal
    replace_answer(db, held, given, action="proposal.answer", editor_id=editor_id, now=now)


# --- read -----------------------------------------------------------------------------------------------------------

_AUTHOR, _EDITOR = aliased(User), aliased(User)
_PROPOSALS = cast(
    "Select[Any]",
    select(QuestionProposal.__table__, _AUTHOR.name.label("author"), _EDITOR.name.label("editor"))
    .select_from(QuestionProposal)
    .outerjoin(_AUTHOR, _AUTHOR.id == QuestionProposal.author_id)
    .outerjoin(_EDITOR, _EDITOR.id == QuestionProposal.answered_by),
)
_WAITS = QuestionProposal.state == ReportState.OPEN
_ORDER = (
    case((_WAITS, 0), else_=1),
    case((_WAITS, QuestionProposal.proposed_at)),
    QuestionProposal.answered_at.desc(),
    QuestionProposal.id,
)


def every(
    db: Connection,
    cohort_id: UUID | None = None,
    *,
    item: str | None = None,
    offset: int = 0,
    limit: int = 200,
) -> list[Proposal]:
    """Those that wait first, the longest waiting on top; then those answered, the newest on top.

    ``cohort_id``: made by instructors of this cohort, about its answers.
    """
    wanted = _PROPOSALS.where(_of(cohort_id, item)).order_by(*_ORDER).offset(offset).limit(limit)
    return [_proposal(row) for row in db.execute(wanted)]


def one(db: Connection, proposal_id: UUID) -> Proposal:
    """Raises ``UnknownProposal``."""
    row = db.execute(_PROPOSALS.where(QuestionProposal.id == proposal_id)).one_or_none()
    if row is None:
        raise UnknownProposal
    return _proposal(row)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many proposals there are, and how many of them wait for an answer."""

    every: int
    waiting: int


def counts(db: Connection) -> Counts:
    return Counts(*db.execute(select(func.count(), func.count(case((_WAITS, 1)))).select_from(QuestionProposal)).one())


def _of(cohort_id: UUID | None, item: str | None) -> ColumnElement[bool]:
    of_cohort = true() if cohort_id is None else QuestionProposal.cohort_id == cohort_id
    return and_(of_cohort, true() if item is None else QuestionProposal.item == item)


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        what=Proposed(*(getattr(row, name) for name in Proposed.__slots__)),
        author=row.author,
        proposed_at=row.proposed_at,
        state=row.state,
        answer=row.answer,
        answered_at=row.answered_at,
        editor=row.editor,
    )
