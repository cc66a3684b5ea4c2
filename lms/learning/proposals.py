"""What instructors propose to the editors about a question, and what became of it.

A proposal is an act of staff and so is its answer: both are rows of the audit, added and never changed, and whoever
answers again adds another (docs/adr/0032). A report (``reports``) is of one's own attempt, a proposal is of nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, aliased

from lms.db import audit
from lms.db.accounts import User
from lms.db.audit import AuditEvent
from lms.db.reports import ReportState
from lms.errors import NotFound
from lms.learning import stale
from lms.learning.reports import Answer

#: What all of them are found by in the audit, and each of their answers by its proposal.
SUBJECT = "question-proposals"
_PROPOSED, _ANSWERED = "question.propose", "question.answer-proposal"


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
    """With what became of it. ``seen``: names the answer that stands; empty: none yet."""

    id: UUID
    what: Proposed
    author: str | None
    proposed_at: datetime
    state: ReportState
    answer: str
    answered_at: datetime | None
    editor: str | None
    seen: str


def propose(db: Session, what: Proposed, *, author_id: UUID, now: datetime) -> None:
    """Hand it to the editors; the same words of the same person wait only once."""
    waiting = (one for one in every(db.connection(), what.cohort_id, item=what.item) if not one.seen)
    if any((one.what.message, one.what.question_version) == (what.message, what.question_version) for one in waiting):
        return
    audit.record(
        db,
        now=now,
        actor_id=author_id,
        action=_PROPOSED,
        subject=SUBJECT,
        cohort=str(what.cohort_id),
        quiz=what.quiz,
        item=what.item,
        question_version=what.question_version,
        message=what.message,
        evidence=what.evidence,
    )


def answer(db: Session, proposal_id: UUID, given: Answer, *, editor_id: UUID, now: datetime) -> None:
    """Raises ``UnknownProposal``, or ``ChangedMeanwhile`` when another answer stands than the editor saw."""
    asked = (AuditEvent.id == proposal_id, AuditEvent.action == _PROPOSED)
    if db.execute(select(AuditEvent.id).where(*asked).with_for_update()).first() is None:
        raise UnknownProposal
    held = one(db.connection(), proposal_id)
    if held.seen != given.seen:
        raise stale.ChangedMeanwhile(held.editor, held.answered_at)
    audit.record(
        db,
        now=now,
        actor_id=editor_id,
        action=_ANSWERED,
        subject=str(proposal_id),
        state=given.state,
        answer=given.answer,
    )


# --- read -----------------------------------------------------------------------------------------------------------


def every(db: Connection, cohort_id: UUID | None = None, *, item: str | None = None) -> list[Proposal]:
    """Those that wait first, the longest waiting on top; then those answered, the newest on top.

    ``cohort_id``: made by instructors of this cohort, about its answers.
    """
    found = _read(db, AuditEvent.subject == SUBJECT, AuditEvent.action == _PROPOSED)
    wanted = [
        one
        for one in found
        if (cohort_id is None or one.what.cohort_id == cohort_id) and (item is None or one.what.item == item)
    ]
    waiting = sorted((one for one in wanted if not one.seen), key=lambda one: (one.proposed_at, one.id))
    answered = [one for one in wanted if one.answered_at]
    return waiting + sorted(answered, key=lambda one: (one.answered_at or one.proposed_at, one.id), reverse=True)


def one(db: Connection, proposal_id: UUID) -> Proposal:
    """Raises ``UnknownProposal``."""
    found = _read(db, AuditEvent.id == proposal_id, AuditEvent.action == _PROPOSED)
    if not found:
        raise UnknownProposal
    return found[0]


def _read(db: Connection, *which: Any) -> list[Proposal]:
    """A site has a few hundred of them: an editor answers each."""
    author = aliased(User)
    rows = db.execute(
        select(AuditEvent.id, AuditEvent.at, AuditEvent.details, author.name)
        .outerjoin(author, author.id == AuditEvent.actor_id)
        .where(*which)
    ).all()
    answers = _answers(db, [row.id for row in rows])
    return [_proposal(row, answers.get(row.id)) for row in rows]


def _answers(db: Connection, proposals: Sequence[UUID]) -> dict[UUID, Any]:
    """The newest answer to each that has one."""
    if not proposals:
        return {}
    rows = db.execute(
        select(AuditEvent.id, AuditEvent.subject, AuditEvent.at, AuditEvent.details, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.subject.in_([str(id) for id in proposals]), AuditEvent.action == _ANSWERED)
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    return {UUID(row.subject): row for row in rows}


def _proposal(row: Any, answered: Any) -> Proposal:
    said = row.details
    return Proposal(
        id=row.id,
        what=Proposed(
            cohort_id=UUID(said["cohort"]),
            quiz=said["quiz"],
            item=said["item"],
            question_version=said["question_version"],
            message=said["message"],
            evidence=said["evidence"],
        ),
        author=row.name,
        proposed_at=row.at,
        state=ReportState(answered.details["state"]) if answered else ReportState.OPEN,
        answer=answered.details["answer"] if answered else "",
        answered_at=answered.at if answered else None,
        editor=answered.name if answered else None,
        seen=str(answered.id) if answered else "",
    )
