"""All answers of a cohort to one question of a quiz, with who gave each.

Of one attempt a person, or of all their attempts: whoever asks says which, since people and attempts are never counted
together. Of all attempts a list is read newest first, as far as a page of it goes: there may be a hundred thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, false, func, or_, select

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuizRecord, Response
from lms.db.cohorts import Enrolment
from lms.learning.membership import MADE_UNDER, TAKES_PART
from lms.learning.question_sums import LISTED
from lms.learning.quiz_records import NUMBER, Which
from lms.quiz.marking import Standing


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt answered, and what that is worth now. ``value``: JSON text; None where nothing was answered, and
    where it is so long that it ``is_long``: then ``texts`` has it.
    """

    attempt_id: UUID
    user_id: UUID
    name: str
    login: str
    number: int
    question_version: str
    value: str | None
    is_long: bool
    standing: Standing
    points: float
    maximum: float

    @property
    def key(self) -> str:
        return key(self.value)


def key(value: str | None) -> str:
    """What an address calls an answer."""
    return hashlib.sha256((value or "").encode()).hexdigest()[:16]


#: As ``ItemMark.standing`` says it.
_STANDING: Any = case(
    (AttemptItem.pending.is_(True), Standing.WAITING.value),
    (AttemptItem.maximum == 0, Standing.DROPPED.value),
    (AttemptItem.fraction >= 1, Standing.RIGHT.value),
    (AttemptItem.answered.is_(False), Standing.UNANSWERED.value),
    (AttemptItem.fraction > 0, Standing.PARTLY.value),
    else_=Standing.WRONG.value,
)
_IS_LONG = func.coalesce(func.length(Response.value) > LISTED, false())
_ANSWER = (
    Attempt.id,
    User.id.label("user_id"),
    User.name,
    User.login,
    Attempt.number,
    AttemptItem.question_version,
    case((func.length(Response.value) <= LISTED, Response.value)),
    _IS_LONG,
    _STANDING,
    AttemptItem.points,
    AttemptItem.maximum,
)
_ASKED = and_(AttemptItem.attempt_id == Attempt.id, AttemptItem.item == bindparam("asked"))
_GIVEN = and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item)


def _answers(rows: Iterable[Sequence[Any]]) -> list[Answer]:
    names = [one.name for one in fields(Answer)]
    return [Answer(**dict(zip(names, row, strict=True)) | {"standing": Standing(row[8])}) for row in rows]


# --- one attempt of each person -------------------------------------------------------------------------------------


@cache
def _of_people(which: Which) -> Select[Any]:
    # Found once and kept (MATERIALIZED), else SQLite begins with all attempts that were asked the question.
    chosen = (
        select(Enrolment.user_id, Attempt.id.label("attempt_id"))
        .join(QuizRecord, QuizRecord.enrolment_id == Enrolment.id)
        .join(Attempt, and_(MADE_UNDER, Attempt.quiz == QuizRecord.quiz, Attempt.number == NUMBER[which]))
        .where(Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART, QuizRecord.quiz == bindparam("quiz"))
        .cte("chosen")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(*_ANSWER)
        .select_from(chosen)
        .join(Attempt, Attempt.id == chosen.c.attempt_id)
        .join(AttemptItem, _ASKED)
        .join(User, User.id == chosen.c.user_id)
        .outerjoin(Response, _GIVEN)
        .where(Attempt.submitted_at.is_not(None))
        .order_by(func.lower(User.name), User.login)
    )


def of_people(
    db: Connection, cohort_id: UUID, quiz: str, item: str, which: Which, *, versions: Collection[str], search: str = ""
) -> list[Answer]:
    """By name, of everybody whose first, best or last attempt asked one of these versions of the question."""
    statement = _of_people(which).where(AttemptItem.question_version.in_(versions))
    if search:
        statement = statement.where(_called(search))
    return _answers(db.execute(statement, {"cohort_id": cohort_id, "quiz": quiz, "asked": item}))


# --- all attempts ---------------------------------------------------------------------------------------------------

_OF_ATTEMPTS = (
    select(*_ANSWER)
    .select_from(AttemptItem)
    .join(Attempt, and_(AttemptItem.attempt_id == Attempt.id, Attempt.quiz == bindparam("quiz")))
    .join(Enrolment, MADE_UNDER)
    .join(User, User.id == Attempt.user_id)
    .outerjoin(Response, _GIVEN)
    .where(
        AttemptItem.item == bindparam("asked"),
        Attempt.submitted_at.is_not(None),
        Enrolment.cohort_id == bindparam("cohort_id"),
        TAKES_PART,
    )
    .order_by(AttemptItem.attempt_id.desc())  # their keys are ordered by time
)


def of_attempts(
    db: Connection,
    cohort_id: UUID,
    quiz: str,
    item: str,
    *,
    versions: Collection[str],
    search: str = "",
    standing: Standing | None = None,
    value: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[Answer]:
    """The newest first, from the one after ``before`` on. ``value``: only who gave this very answer."""
    statement = _OF_ATTEMPTS.where(AttemptItem.question_version.in_(versions))
    if search:  # by their keys: the way through all attempts would take longer than looking these up
        theirs = select(Attempt.id).join(User, User.id == Attempt.user_id).where(_called(search))
        statement = statement.where(AttemptItem.attempt_id.in_(theirs.where(Attempt.quiz == bindparam("quiz"))))
    if standing is not None:
        statement = statement.where(standing.value == _STANDING)
    if value is not None:
        statement = statement.where(Response.value == value)
    if before is not None:
        statement = statement.where(AttemptItem.attempt_id < before)
    asked = {"cohort_id": cohort_id, "quiz": quiz, "asked": item}
    return _answers(db.execute(statement.limit(limit), asked))


def _called(search: str) -> ColumnElement[bool]:
    words = search.lower()
    name = func.lower(User.name).contains(words, autoescape=True)
    return or_(name, User.login.contains(words, autoescape=True))


# --- long ones ------------------------------------------------------------------------------------------------------


def texts(db: Connection, item: str, attempts: Sequence[UUID]) -> dict[UUID, str]:
    """By attempt, the JSON text of what was answered, however long."""
    rows = db.execute(
        select(Response.attempt_id, Response.value).where(
            Response.attempt_id.in_(attempts), Response.item == item, Response.value.is_not(None)
        )
    )
    return {attempt_id: value for attempt_id, value in rows if value is not None}
