"""Accounts of people whom a platform names: who is known keeps theirs, and everybody else gets one that only the
platform opens."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import Role, User
from lms.db.cohorts import Enrolment
from lms.db.lti import LtiCourse, LtiPerson, LtiScore
from lms.errors import NotAllowed
from lms.learning import accounts, cohorts, owed_scores, sign_ins

#: What the logins of such accounts begin with.
PREFIX = "lti-"
#: Of somebody whose name the platform keeps to itself.
NAMELESS = "Tanpa nama"


class NotLinkable(NotAllowed):
    message = "Akun ini tidak dapat disatukan dengan akun lain."


def people_of(
    db: Session, registration_id: UUID, names: Mapping[str, str], *, now: datetime, actor_id: UUID | None = None
) -> dict[str, UUID]:
    """Ids of accounts by subject. ``names``: how the platform calls each; an account that it made is called so, too."""
    rows = db.execute(
        select(LtiPerson.subject, LtiPerson.user_id, User.login, User.name)
        .join(User, User.id == LtiPerson.user_id)
        .where(LtiPerson.registration_id == registration_id, LtiPerson.subject.in_(names))
    ).all()
    for row in rows:
        name = named(names[row.subject])
        if row.login.startswith(PREFIX) and name not in (row.name, NAMELESS):
            db.execute(update(User).where(User.id == row.user_id).values(name=name))
    found = {row.subject: row.user_id for row in rows}
    strangers = [subject for subject in names if subject not in found]
    added = accounts.add_all(
        db,
        [(login(registration_id, subject), named(names[subject]), Role.PARTICIPANT) for subject in strangers],
        now=now,
        actor_id=actor_id,
    )
    links = [
        {
            "registration_id": registration_id,
            "subject": subject,
            "user_id": added[login(registration_id, subject)],
            "linked_at": now,
        }
        for subject in strangers
    ]
    if links:
        db.execute(insert(LtiPerson), links)
    return found | {one["subject"]: one["user_id"] for one in links}


def login(registration_id: UUID, subject: str) -> str:
    """Nobody types it: it has no password."""
    return PREFIX + hashlib.sha256(f"{registration_id} {subject}".encode()).hexdigest()[:24]


def named(name: str) -> str:
    """As an account can hold it."""
    return " ".join(name.split())[:200] or NAMELESS


# --- an account that was there before ---------------------------------------------------------------------------------


def only_by_platform(db: Connection, user_id: UUID) -> bool:
    """Whether nothing but a launch opens this account."""
    known = select(User.id).join(LtiPerson, LtiPerson.user_id == User.id).where(User.id == user_id, _MADE)
    return db.execute(known.limit(1)).first() is not None


_OPEN = and_(User.disabled_at.is_(None), User.demonstration.is_(False))
_MADE: ColumnElement[bool] = and_(User.login.startswith(PREFIX, autoescape=True), User.password_hash.is_(None), _OPEN)
_OLDER: ColumnElement[bool] = and_(User.password_hash.is_not(None), _OPEN)


def link(db: Session, made_id: UUID, older_id: UUID, *, now: datetime) -> None:
    """Whoever came in by the account that a platform made (``made_id``) is from now on the older one.

    Only for whoever has just proved that the older one is theirs. Nothing is merged: what was done with the made one
    stays with it, and nobody opens it any more. Raises ``NotLinkable``.
    """
    both = select(User).where(User.id.in_((made_id, older_id))).order_by(User.id)
    people = {one.id: one for one in db.scalars(both.with_for_update(key_share=True))}
    fit = select(User.id).where((User.id == made_id) & _MADE | (User.id == older_id) & _OLDER)
    registrations = set(db.scalars(select(LtiPerson.registration_id).where(LtiPerson.user_id == made_id)))
    if not registrations or set(db.scalars(fit)) != {made_id, older_id}:
        raise NotLinkable
    theirs = update(LtiPerson).where(LtiPerson.user_id == made_id).values(user_id=older_id, linked_at=now)
    db.execute(theirs)
    places = _take_places(db, registrations, made_id, older_id, now)
    for role in sorted({Role(one.place) for one in places}):
        accounts.grant(db, older_id, role, now=now, actor_id=older_id)
    sign_ins.close_all_sessions(db, made_id)
    audit.record(
        db, now=now, actor_id=older_id, action="lti.link", subject=people[older_id].login, made=people[made_id].login
    )
    owed_scores.owe_all_of(db, [one.id for one in places], now=now)


def _take_places(
    db: Session, registrations: set[UUID], made_id: UUID, older_id: UUID, now: datetime
) -> list[Enrolment]:
    """In the courses of the platform the older account has the place of the made one, which leaves them."""
    courses = select(LtiCourse.cohort_id).where(LtiCourse.registration_id.in_(registrations))
    rows = select(Enrolment).where(Enrolment.user_id.in_((made_id, older_id)), Enrolment.cohort_id.in_(courses))
    by_person: dict[UUID, dict[UUID, Enrolment]] = {made_id: {}, older_id: {}}
    for one in db.scalars(rows):
        by_person[one.user_id][one.cohort_id] = one
    left = {cohort_id: one for cohort_id, one in by_person[made_id].items() if one.left_at is None}
    held = {cohort_id: one for cohort_id, one in by_person[older_id].items() if cohort_id in left}
    came = {id: {older_id: one.place} for id, one in left.items() if id not in held or held[id].left_at is not None}
    with cohorts.changing(db, [*left.values(), *held.values()]):
        for cohort_id, one in left.items():
            one.left_at = now
            if there := held.get(cohort_id):
                there.place, there.left_at = one.place, None
                there.extra_minutes = max(there.extra_minutes, one.extra_minutes)
                continue
            new = {"cohort_id": cohort_id, "user_id": older_id, "enrolled_at": now}
            held[cohort_id] = Enrolment(**new, place=one.place, extra_minutes=one.extra_minutes)
            db.add(held[cohort_id])
    # who has left is owed nothing: what the platform hears of this person is what the older account has
    db.execute(delete(LtiScore).where(LtiScore.enrolment_id.in_([one.id for one in left.values()])))
    for cohort_id, place in came.items():
        cohorts.note_came(db, cohort_id, place, now=now)
    return list(held.values())
