"""Who is in a course of a platform, as its roster says: they come into its cohort, get their place, or leave it.

Whoever left is marked, never deleted. Whoever came into the cohort in another way is no business of the roster's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.lti import LtiCourse, LtiPerson, LtiRegistration
from lms.learning import cohorts, launched_people

#: People that are taken in at once: others get their turn in between.
PIECE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a roster. ``name`` may be empty; not ``active``: they are in the course no more."""

    subject: str
    name: str
    place: Place
    active: bool = True


def courses(db: Connection, *, cohorts: Select[Any] | None = None) -> list[Any]:
    """The courses that offer a roster, of approved platforms: (``id``, ``registration_id``, ``cohort_id``, ``cohort``,
    ``roster_url``, ``roster_read_at``, ``line_items_url``, ``scopes``).

    ``cohorts``: ids of those to which it is limited.
    """
    statement = (
        select(
            LtiCourse.id,
            LtiCourse.registration_id,
            LtiCourse.cohort_id,
            Cohort.name.label("cohort"),
            LtiCourse.roster_url,
            LtiCourse.roster_read_at,
            LtiCourse.line_items_url,
            LtiCourse.scopes,
        )
        .join(Cohort, Cohort.id == LtiCourse.cohort_id)
        .join(LtiRegistration, LtiRegistration.id == LtiCourse.registration_id)
        .where(LtiRegistration.approved_at.is_not(None), LtiCourse.roster_url.is_not(None))
        .order_by(Cohort.name, LtiCourse.id)
    )
    return list(db.execute(statement if cohorts is None else statement.where(LtiCourse.cohort_id.in_(cohorts))))


def take_in(
    db: Session, course_id: UUID, listed: Sequence[Listed], *, now: datetime, actor_id: UUID | None = None
) -> int:
    """Enrol a part of a roster, all of them active; returns for how many something changed."""
    course = db.get_one(LtiCourse, course_id)
    ids = launched_people.people_of(
        db, course.registration_id, {one.subject: one.name for one in listed}, now=now, actor_id=actor_id
    )
    # whoever is listed under two names has the place that may more
    ordered = sorted(listed, key=lambda one: one.place is Place.INSTRUCTOR)
    places = {ids[one.subject]: one.place for one in ordered}
    cohort = db.get_one(Cohort, course.cohort_id)
    return cohorts.enrol_known(db, cohort, places, now=now, actor_id=actor_id)


def leave_others(
    db: Session, course_id: UUID, active: Collection[str], *, now: datetime, actor_id: UUID | None = None
) -> int:
    """Whoever came in by this platform and is not among the ``active`` leaves the cohort; returns how many did."""
    course = db.get_one(LtiCourse, course_id)
    rows = db.execute(
        select(LtiPerson.subject, LtiPerson.user_id)
        .join(Enrolment, Enrolment.user_id == LtiPerson.user_id)
        .where(
            LtiPerson.registration_id == course.registration_id,
            Enrolment.cohort_id == course.cohort_id,
            Enrolment.left_at.is_(None),
        )
        .order_by(LtiPerson.user_id)
    ).all()
    staying = {row.user_id for row in rows if row.subject in active}
    leaving = list(dict.fromkeys(row.user_id for row in rows if row.user_id not in staying))[:PIECE]
    if leaving:
        cohorts.leave_all(db, course.cohort_id, leaving, now=now, actor_id=actor_id)
    return len(leaving)


def was_read(
    db: Session, course_id: UUID, *, people: int, left: int, now: datetime, actor_id: UUID | None = None
) -> None:
    """The whole of it was taken in: ``people`` are in the course, and so many ``left`` since it was read before."""
    course = db.get_one(LtiCourse, course_id)
    course.roster_read_at = now
    name = db.get_one(Cohort, course.cohort_id).name
    audit.record(db, now=now, actor_id=actor_id, action="lti.roster", subject=name, people=people, left=left)
