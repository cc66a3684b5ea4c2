"""What a person's cohorts, allowances and own plan say about all quizzes at once, and by when they want to be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import token_urlsafe
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.accounts import User
from lms.db.attempts import Allowance
from lms.db.cohorts import Cohort, CohortQuiz, Enrolment
from lms.db.plans import StudyPlan
from lms.errors import Invalid
from lms.learning.conditions import Conditions, combined
from lms.learning.membership import TAKES_PART, TEACHES


class PastDay(Invalid):
    message = "Tanggal itu sudah lewat. Pilih hari ini atau hari sesudahnya."


@dataclass(frozen=True, slots=True)
class Membership:
    """A cohort in which a person takes part. ``quizzes``: what it has different, by quiz."""

    starts_on: date | None
    ends_on: date | None  # its last day
    enrolment: UUID
    extra_minutes: int
    grace_minutes: int
    quizzes: Mapping[str, tuple[datetime | None, datetime | None, Any]]


@dataclass(frozen=True, slots=True)
class Participation:
    """``memberships``: the newest first; ``granted``: minutes and attempts by quiz.

    ``finish_on``: the day a person chose to be done by; ``calendar``: the key of their calendar.
    """

    memberships: tuple[Membership, ...] = ()
    granted: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    finish_on: date | None = None
    calendar: str | None = None

    def conditions(self, quiz: str) -> Conditions:
        """As ``conditions.of``, without asking the database again."""
        minutes, attempts = self.granted.get(quiz, (0, 0))
        rows = []
        for one in self.memberships:
            opens_at, closes_at, review = one.quizzes.get(quiz, (None, None, None))
            rows.append(
                SimpleNamespace(
                    enrolment=one.enrolment,
                    extra_minutes=one.extra_minutes,
                    grace_minutes=one.grace_minutes,
                    opens_at=opens_at,
                    closes_at=closes_at,
                    review=review,
                    granted_minutes=minutes,
                    extra_attempts=attempts,
                )
            )
        nowhere = SimpleNamespace(enrolment=None, granted_minutes=minutes, extra_attempts=attempts)
        return combined(rows or [nowhere])

    @property
    def starts_on(self) -> date | None:
        """The first day of the newest cohort that has one."""
        return next((one.starts_on for one in self.memberships if one.starts_on), None)

    @property
    def ends_on(self) -> date | None:
        """The last day of the newest cohort that has one."""
        return next((one.ends_on for one in self.memberships if one.ends_on), None)


_MEMBERSHIPS = (
    select(
        StudyPlan.finish_on,
        StudyPlan.calendar,
        Enrolment.id.label("enrolment"),
        Enrolment.extra_minutes,
        Cohort.starts_on,
        Cohort.ends_on,
        Cohort.grace_minutes,
        CohortQuiz.quiz,
        CohortQuiz.opens_at,
        CohortQuiz.closes_at,
        CohortQuiz.review,
    )
    .select_from(User)
    .outerjoin(StudyPlan, StudyPlan.user_id == User.id)
    .outerjoin(Enrolment, (Enrolment.user_id == User.id) & TAKES_PART)
    .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(CohortQuiz, CohortQuiz.cohort_id == Cohort.id)
    .where(User.id == bindparam("user_id"))
    .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
)
_GRANTED = select(Allowance.quiz, Allowance.extra_minutes, Allowance.extra_attempts).where(
    Allowance.user_id == bindparam("user_id")
)


def of(db: Connection, user_id: UUID) -> Participation:
    """Two statements, whatever the number of cohorts and quizzes."""
    found: dict[UUID, Membership] = {}
    different: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)
    finish_on, calendar = None, None
    for row in db.execute(_MEMBERSHIPS, {"user_id": user_id}):
        finish_on, calendar = row.finish_on, row.calendar
        if row.enrolment is not None:
            quizzes = different[row.enrolment]
            found[row.enrolment] = Membership(
                row.starts_on, row.ends_on, row.enrolment, row.extra_minutes, row.grace_minutes, quizzes
            )
            if row.quiz is not None:
                quizzes[row.quiz] = row.opens_at, row.closes_at, row.review
    granted = {row.quiz: (row.extra_minutes, row.extra_attempts) for row in db.execute(_GRANTED, {"user_id": user_id})}
    return Participation(tuple(found.values()), granted, finish_on, calendar)


_TEACHERS = (
    select(User.name)
    .distinct()
    .join(Enrolment, Enrolment.user_id == User.id)
    .where(
        TEACHES,
        User.disabled_at.is_(None),
        Enrolment.cohort_id.in_(
            select(Enrolment.cohort_id).where(Enrolment.user_id == bindparam("user_id"), TAKES_PART).correlate(None)
        ),
    )
    .order_by(User.name)
    .limit(bindparam("most"))
)


def teachers(db: Connection, user_id: UUID, most: int = 3) -> list[str]:
    """Names of those who teach in a person's cohorts, at most so many."""
    return list(db.execute(_TEACHERS, {"user_id": user_id, "most": most}).scalars())


# --- one's own plan -------------------------------------------------------------------------------------------------


def _plan(dialect: Any, column: str) -> Any:
    statement = dialect.insert(StudyPlan.__table__)
    return statement.on_conflict_do_update(
        index_elements=["user_id"], set_={column: getattr(statement.excluded, column)}
    )


_WRITE = {
    (name, column): _plan(dialect, column)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    for column in ("finish_on", "calendar")
}


def _write(db: Session, user_id: UUID, column: str, value: object) -> None:
    connection = db.connection()
    connection.execute(_WRITE[connection.dialect.name, column], {"user_id": user_id, column: value})


def finish_by(db: Session, user_id: UUID, day: date | None, *, today: date) -> None:
    """Plan to be done by a day; None: as the cohort says. Raises ``PastDay``."""
    if day is not None and day < today:
        raise PastDay
    _write(db, user_id, "finish_on", day)


def share_calendar(db: Session, user_id: UUID) -> None:
    """Give the calendar a new address; the one it had is none any more."""
    _write(db, user_id, "calendar", token_urlsafe(24))


def withdraw_calendar(db: Session, user_id: UUID) -> None:
    _write(db, user_id, "calendar", None)


_OWNER = (
    select(User.id, User.time_zone, User.language)
    .join(StudyPlan, StudyPlan.user_id == User.id)
    .where(StudyPlan.calendar == bindparam("calendar"), User.disabled_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is, and how they read a day."""

    id: UUID
    time_zone: str
    language: str


def owner_of(db: Connection, calendar: str) -> Owner | None:
    """None: nobody's calendar has this key, or its owner may not sign in any more."""
    row = db.execute(_OWNER, {"calendar": calendar}).first()
    return Owner(*row) if row else None
