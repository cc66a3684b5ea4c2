"""Accounts of people whom a platform names: who is known keeps theirs, and everybody else gets one that only the
platform opens."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lms.db.accounts import Role, User
from lms.db.lti import LtiPerson
from lms.learning import accounts

#: What the logins of such accounts begin with.
PREFIX = "lti-"
#: Of somebody whose name the platform keeps to itself.
NAMELESS = "Tanpa nama"


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
