"""When the participants of a cohort learn: people, lessons and attempts by day, and the hours of their week.

Counted is what leaves a mark that never moves: a lesson opened for the first time, its end reached for the first time,
an attempt begun, an attempt handed in. A day that was spent on reading again leaves none, so that nothing here counts
it; and a day that is over is told alike tomorrow. Practices are nobody's but their owner's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, and_, bindparam, case, func, literal_column, select, type_coerce, union_all

from lms.db.attempts import Attempt, ClosedBy
from lms.db.cohorts import Enrolment
from lms.db.learning import LessonRecord
from lms.learning.membership import TAKES_PART


@dataclass(frozen=True, slots=True)
class Activity:
    """How many ``people`` learnt on a day, and in a week, which is known by its Monday: whoever did several things in
    it is one of them. ``lessons`` came to their end and ``attempts`` were handed in on a day. ``hours``: by weekday
    (0: Monday) and hour, how many people were at it, summed over the weeks.
    """

    people: Counter[date] = field(default_factory=Counter)
    lessons: Counter[date] = field(default_factory=Counter)
    attempts: Counter[date] = field(default_factory=Counter)
    people_a_week: Counter[date] = field(default_factory=Counter)
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)

    def __add__(self, other: Activity) -> Activity:
        """Both together; of two spans that have no week in common."""
        return Activity(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def of(db: Connection, cohort_id: UUID, *, first: date, last: date, zone: tzinfo) -> Activity:
    """From one day to another, both among them, as days are counted in ``zone``. One statement.

    Of 4,000 people eight weeks cost a second of the processor, one week a tenth of it: what is over is worth keeping.
    """
    begins, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    found, hour = Activity(), _Hours(zone)
    marks = db.execute(_MARKS[db.dialect.name], {"cohort_id": cohort_id, "begins": begins, "ends": ends})
    for _person, own in groupby(marks, key=itemgetter(0)):  # one after the other: none is kept
        at: set[str] = set()
        for _, what, begun, done in own:
            ended = _parts(done)
            (found.lessons if what == _LESSONS else found.attempts).update([hour[one].day for one in ended])
            at.update(ended, _parts(begun))
        found.people.update({hour[one].day for one in at})
        found.people_a_week.update({hour[one].monday for one in at})
        found.hours.update([hour[one].of_week for one in at])
    return found


@dataclass(frozen=True, slots=True)
class _Hour:
    """An hour where the reader is; ``of_week``: its weekday and hour."""

    day: date
    monday: date
    of_week: tuple[int, int]


class _Hours(dict[str, _Hour]):
    """By how the database says it, made when it is first met: there are a few hundred."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, said: str) -> _Hour:
        at = datetime.fromisoformat(f"{said}:00+00:00").astimezone(self._zone)
        self[said] = _Hour(at.date(), monday(at.date()), (at.weekday(), at.hour))
        return self[said]


# --- what is read: of each participant the hours (UTC) of their marks, joined, so that there are few rows -----------

_LESSONS, _ATTEMPTS, _SEPARATOR = "lessons", "attempts", ","


def _parts(joined: str | None) -> list[str]:
    return joined.split(_SEPARATOR) if joined else []


def _hour(moment: Any, dialect: str) -> Any:
    """``2026-11-23 05``: on SQLite the beginning of what is kept."""
    if dialect == "sqlite":
        return func.substr(moment, 1, 13, type_=String)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24", type_=String)


def _hours(moment: Any, dialect: str, *more: Any) -> Any:
    within = and_(moment >= bindparam("begins"), moment < bindparam("ends"), *more)
    return func.aggregate_strings(case((within, _hour(moment, dialect))), _SEPARATOR)


def _marks(dialect: str) -> Any:
    taking_part = (Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART)
    mine = select(Enrolment.id, Enrolment.user_id).where(*taking_part).cte("mine")
    person = type_coerce(mine.c.id, String)  # as it comes: nobody asks for its number
    handed_in = Attempt.closed_by == ClosedBy.PARTICIPANT.value
    lessons = (
        select(
            person,
            literal_column(f"'{_LESSONS}'"),
            _hours(LessonRecord.first_seen_at, dialect),
            _hours(LessonRecord.read_at, dialect),
        )
        .join(LessonRecord, LessonRecord.user_id == mine.c.user_id)
        .where(LessonRecord.last_seen_at >= bindparam("begins"))  # else both were before; and there is an index
        .group_by(mine.c.id)
    )
    attempts = (
        select(
            person,
            literal_column(f"'{_ATTEMPTS}'"),
            _hours(Attempt.started_at, dialect),
            _hours(Attempt.submitted_at, dialect, handed_in),
        )
        .join(Attempt, Attempt.enrolment_id == mine.c.id)
        .group_by(mine.c.id)
    )
    return union_all(lessons, attempts).order_by(literal_column("1"))


_MARKS = {dialect: _marks(dialect) for dialect in ("sqlite", "postgresql")}
