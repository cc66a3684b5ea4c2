"""A course of a platform whose cohort is that of the cast, and what there is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db.cohorts import Enrolment
from lms.db.engine import Database
from lms.db.lti import LtiCourse, LtiLink, LtiPerson, LtiRegistration, LtiScore
from lms.learning import owed_scores, platforms
from lms.learning.platforms import Agreed
from tests.conftest import NOON, Cast

SUBJECT = "peserta-7"


@dataclass(frozen=True)
class Course:
    registration: UUID
    course: UUID


def course(db: Session, people: Cast, address: str = "https://moodle.example.id", **changed: Any) -> Course:
    """Ada is known there, as ``SUBJECT``."""
    agreed = {
        "name": "Moodle BPSDM",
        "issuer": address,
        "client_id": "latsar-1",
        "authorization_url": f"{address}/auth",
        "token_url": f"{address}/token",
        "keys_url": f"{address}/certs",
        "deployments": ("1",),
        "product": "moodle",
    }
    registration = platforms.add(db, Agreed(**agreed | changed), approved=True, now=NOON)
    row = LtiCourse(
        registration_id=registration.id,
        deployment="1",
        context="kelas-9",
        cohort_id=people.cohort,
        scopes=[],
        line_items_url=f"{address}/items",
        roster_url=f"{address}/roster",
    )
    db.add(row)
    db.add(LtiPerson(registration_id=registration.id, subject=SUBJECT, user_id=people.ada, linked_at=NOON))
    db.flush()
    return Course(registration.id, row.id)


def link(
    db: Session,
    of: Course,
    resource: str,
    *,
    url: str | None = "https://moodle.example.id/items/3/lineitem?type_id=1",
    maximum: float | None = 100.0,
) -> UUID:
    row = LtiLink(course_id=of.course, link=f"tautan-{resource}", resource=resource)
    db.add(row)
    db.flush()
    if url:
        owed_scores.grade(db, row.id, url, maximum, now=NOON)
    return row.id


def enrolment(db: Any, people: Cast, user: str = "ada") -> UUID:
    found: UUID = db.execute(
        select(Enrolment.id).where(Enrolment.cohort_id == people.cohort, Enrolment.user_id == getattr(people, user))
    ).scalar_one()
    return found


def owed(database: Database) -> list[Any]:
    with database.reading() as db:
        return list(db.execute(select(LtiScore.__table__).order_by(LtiScore.enrolment_id)))


def registration(db: Any, id: UUID) -> Any:
    return db.execute(select(LtiRegistration.__table__).where(LtiRegistration.id == id)).one()
