"""What happened with one participant of a cohort, day by day; for those who teach them.

``timeline`` tells one attempt answer by answer; here an attempt is what is begun, handed in and judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, and_, bindparam, func, literal_column, null, or_, select, union_all

from lms.db.accounts import User
from lms.db.attempts import Attempt, ClosedBy, Mark, Regrade
from lms.db.audit import AuditEvent
from lms.db.certificates import Certificate
from lms.db.learning import LessonRecord
from lms.db.reports import QuestionReport
from lms.learning.participants import Participant, Taken
from lms.learning.staff_notes import WrittenNote


class Happened(StrEnum):
    JOINED = "joined"
    SEEN = "seen"  # for the first time
    READ = "read"  # a lesson to its end
    BEGUN = "begun"
    HANDED_IN = "handed-in"
    TIMED_OUT = "timed-out"
    JUDGED = "judged"  # answers, by a person
    REGRADED = "regraded"  # a decision about a question changed the mark
    PUT_IN = "put-in"  # staff put in an answer file
    GRANTED = "granted"
    REPORTED = "reported"  # a question
    NOTED = "noted"  # by staff
    CERTIFIED = "certified"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``about``: id of a lesson or quiz; ``item``: of a question; ``number`` and
    ``attempt_id``: of the attempt; ``who``: of the staff; ``text``: in their words, or the participant's;
    ``count``: answers; ``extra``: minutes and attempts that were granted.
    """

    at: datetime
    what: Happened
    about: str = ""
    number: int = 0
    attempt_id: UUID | None = None
    item: str = ""
    who: str = ""
    text: str = ""
    count: int = 0
    extra: tuple[int, int] = (0, 0)


def of(db: Connection, one: Participant, attempts: Sequence[Taken], notes: Sequence[WrittenNote]) -> list[Event]:
    """The newest first. Four statements; ``attempts`` and ``notes``: all there are of this participant."""
    about = {"user_id": one.member.user_id, "enrolment_id": one.member.enrolment_id}
    known = {attempt.id: attempt for attempt in attempts}
    lessons = db.execute(_LESSONS, about).all()
    events = [
        Event(one.enrolled_at, Happened.JOINED),
        *(Event(row.read_at, Happened.READ, about=row.lesson) for row in lessons if row.read_at),
        *(event for attempt in attempts for event in _attempted(attempt)),
        *_judged(db.execute(_JUDGED, about), known),
        *_acted(db.execute(_ACTS, {"subjects": [str(about["user_id"]), *map(str, known)]}), known),
        *_said(db.execute(_OTHERS, about), known),
        *(_noted(note) for note in notes),
    ]
    seen = [row.first_seen_at for row in lessons] + [attempt.started_at for attempt in attempts]
    if seen:
        events.append(Event(min(seen), Happened.SEEN))
    return sorted(events, key=lambda event: (event.at, _ORDER[event.what]), reverse=True)


#: Of what is told of the same moment, what comes first.
_ORDER = {what: place for place, what in enumerate(Happened)}

_LESSONS = select(LessonRecord.lesson, LessonRecord.first_seen_at, LessonRecord.read_at).where(
    LessonRecord.user_id == bindparam("user_id")
)


def _attempted(one: Taken) -> Iterator[Event]:
    yield Event(one.started_at, Happened.BEGUN, one.quiz, one.number, one.id)
    if one.submitted_at:
        timed_out = one.closed_by == ClosedBy.DEADLINE
        yield Event(
            one.submitted_at, Happened.TIMED_OUT if timed_out else Happened.HANDED_IN, one.quiz, one.number, one.id
        )


# --- judgements -----------------------------------------------------------------------------------------------------

_EACH_MARK = (
    select(
        Mark.attempt_id,
        Mark.item,
        Mark.marked_at,
        Mark.author_id,
        Mark.regrade_id,
        Mark.points,
        Mark.maximum,
        *(
            func.lag(column).over(partition_by=(Mark.attempt_id, Mark.item), order_by=(Mark.marked_at, Mark.id))
            for column in (Mark.points, Mark.maximum)
        ),
    )
    .join(Attempt, Attempt.id == Mark.attempt_id)
    .where(Attempt.enrolment_id == bindparam("enrolment_id"))
    .subquery()
)
_MARK = _EACH_MARK.c
_WAS_POINTS, _WAS_MAXIMUM = list(_MARK)[-2:]
_JUDGED = (
    select(_MARK.attempt_id, _MARK.item, _MARK.marked_at, _MARK.regrade_id, User.name, Regrade.reason)
    .select_from(_EACH_MARK)
    .outerjoin(User, User.id == _MARK.author_id)
    .outerjoin(Regrade, Regrade.id == _MARK.regrade_id)
    .where(
        or_(
            and_(_MARK.author_id.is_not(None), _MARK.regrade_id.is_(None)),
            and_(_MARK.regrade_id.is_not(None), or_(_MARK.points != _WAS_POINTS, _MARK.maximum != _WAS_MAXIMUM)),
        )
    )
    .order_by(_MARK.marked_at)
)


def _judged(rows: Iterable[Any], known: dict[UUID, Taken]) -> list[Event]:
    """What one person judged of an attempt in a day is one thing; what a decision changed, another."""
    found: dict[tuple[Any, ...], Event] = {}
    items: defaultdict[tuple[Any, ...], set[str]] = defaultdict(set)
    for attempt_id, item, at, regrade_id, who, reason in rows:
        one = known[attempt_id]
        key = (attempt_id, regrade_id or who, None if regrade_id else at.date())
        items[key].add(item)
        if regrade_id:
            found[key] = Event(at, Happened.REGRADED, one.quiz, one.number, one.id, item, who or "", reason)
        else:
            found[key] = Event(at, Happened.JUDGED, one.quiz, one.number, one.id, who=who or "")
    return [replace(event, count=len(items[key])) for key, event in found.items()]


# --- what staff did, and the rest -----------------------------------------------------------------------------------

_GRANT, _PUT_IN = "allowance.grant", "answers.put-in"
_ACTS = (
    select(AuditEvent.at, AuditEvent.action, AuditEvent.subject, AuditEvent.details, User.name)
    .outerjoin(User, User.id == AuditEvent.actor_id)
    .where(
        AuditEvent.subject.in_(bindparam("subjects", expanding=True)),
        AuditEvent.action.in_((_GRANT, _PUT_IN)),
    )
)


def _acted(rows: Iterable[Any], known: dict[UUID, Taken]) -> Iterator[Event]:
    for at, action, subject, details, name in rows:
        if action == _GRANT:
            given = details["after"]
            extra = given["extra_minutes"], given["extra_attempts"]
            yield Event(at, Happened.GRANTED, details["quiz"], who=name or "", text=given["reason"], extra=extra)
        else:
            one = known[UUID(subject)]
            count = len(details["taken"])
            yield Event(at, Happened.PUT_IN, one.quiz, one.number, one.id, who=name or "", count=count)


def _word(what: Happened) -> Any:
    return literal_column(f"'{what}'", Text)


_OTHERS = union_all(
    select(QuestionReport.reported_at, _word(Happened.REPORTED), QuestionReport.attempt_id, QuestionReport.item)
    .join(Attempt, Attempt.id == QuestionReport.attempt_id)
    .where(Attempt.enrolment_id == bindparam("enrolment_id")),
    select(Certificate.issued_at, _word(Happened.CERTIFIED), null(), null()).where(
        Certificate.user_id == bindparam("user_id")
    ),
    select(Certificate.revoked_at, _word(Happened.REVOKED), null(), null()).where(
        Certificate.user_id == bindparam("user_id"), Certificate.revoked_at.is_not(None)
    ),
)


def _said(rows: Iterable[Any], known: dict[UUID, Taken]) -> Iterator[Event]:
    for at, what, attempt_id, item in rows:
        one = known[attempt_id] if attempt_id else None
        yield Event(at, Happened(what), one.quiz if one else "", one.number if one else 0, attempt_id, item or "")


def _noted(note: WrittenNote) -> Event:
    return Event(note.written_at, Happened.NOTED, who=note.author or "", text=note.text)
