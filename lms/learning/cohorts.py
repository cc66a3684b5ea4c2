"""What happens to cohorts: they are made, people are enrolled, and an instructor sees only their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import Role
from lms.db.attempts import Attempt
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.lti import LtiCourse
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import accounts, conditions, events, membership, owed_scores, question_sums
from lms.learning.events import PersonEnrolled
from lms.learning.membership import TAKES_PART


class UnknownCohort(NotFound):
    message = "Angkatan ini tidak ditemukan, atau Anda tidak mengampunya."


class NotEnrolled(NotFound):
    message = "Orang ini bukan anggota angkatan ini."


class CohortExists(Conflict):
    message = "Sudah ada angkatan dengan nama ini."


def add(
    db: Session,
    name: str,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    now: datetime,
    actor_id: UUID | None = None,
) -> Cohort:
    """Raises ``Invalid`` or ``CohortExists``."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Invalid("Nama angkatan kosong atau lebih dari 200 karakter.")
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid("Tanggal selesai angkatan mendahului tanggal mulainya.")
    cohort = Cohort(name=name, starts_on=starts_on, ends_on=ends_on, created_at=now)
    db.add(cohort)
    try:
        db.flush()
    except IntegrityError as error:
        raise CohortExists(f"Sudah ada angkatan bernama {name!r}.") from error
    audit.record(db, now=now, actor_id=actor_id, action="cohort.add", subject=name)
    return cohort


def by_name(db: Session, name: str) -> Cohort:
    """Raises ``UnknownCohort``."""
    cohort = db.scalars(select(Cohort).where(Cohort.name == name.strip())).one_or_none()
    if cohort is None:
        known = ", ".join(db.scalars(select(Cohort.name).order_by(Cohort.name).limit(20))) or "belum ada satu pun"
        raise UnknownCohort(f"Tidak ada angkatan bernama {name!r}. Yang ada: {known}.")
    return cohort


def enrol(
    db: Session,
    cohort: Cohort,
    user_id: UUID,
    place: Place,
    *,
    extra_minutes: int = 0,
    now: datetime,
    actor_id: UUID | None = None,
) -> bool:
    """Enrol a person, or change their place; True when something changed. The role that goes with it is granted."""
    return give_places(db, cohort, {user_id: (place, extra_minutes)}, now=now, actor_id=actor_id) == 1


def enrol_known(
    db: Session, cohort: Cohort, places: Mapping[UUID, Place], *, now: datetime, actor_id: UUID | None = None
) -> int:
    """Give people, by id, their place; whatever extra minutes they have stay. Returns for how many something changed.

    Whoever comes in, or back, has there what they did before: the platforms of the cohort are owed it.
    """
    held = _held(db, cohort.id, places)
    wanted = {id: (place, held[id].extra_minutes if id in held else 0) for id, place in places.items()}
    changed = give_places(db, cohort, wanted, now=now, actor_id=actor_id)
    new = [one.id for id, one in _held(db, cohort.id, places).items() if id not in held]
    if new:
        owed_scores.owe_all_of(db, new, now=now)
    return changed


def give_places(
    db: Session, cohort: Cohort, wanted: Mapping[UUID, tuple[Place, int]], *, now: datetime, actor_id: UUID | None
) -> int:
    """Give people, by id, their place and extra minutes; returns for how many something changed."""
    held = _held(db, cohort.id, wanted)
    as_wanted = {one.user_id: (one.place, one.extra_minutes) for one in held.values() if one.left_at is None}
    changed = {user_id: what for user_id, what in wanted.items() if as_wanted.get(user_id) != what}
    came = {user_id: what for user_id, what in changed.items() if user_id not in held or held[user_id].left_at}
    back = [one.id for user_id, one in held.items() if user_id in changed and not _takes_part(one)]
    with changing(db, [one for user_id, one in held.items() if user_id in changed]):
        for user_id, (place, minutes) in changed.items():
            if one := held.get(user_id):
                one.place, one.extra_minutes, one.left_at = place, minutes, None
            else:
                new = {"cohort_id": cohort.id, "user_id": user_id, "enrolled_at": now}
                db.add(Enrolment(**new, place=place, extra_minutes=minutes))
            accounts.grant(db, user_id, Role(place.value), now=now, actor_id=actor_id)
        if back:
            db.flush()
            owed_scores.owe_all_of(db, back, now=now)
    db.flush()
    note_came(db, cohort.id, {user_id: place for user_id, (place, _minutes) in came.items()}, now=now)
    return len(changed)


def note_came(db: Session, cohort_id: UUID, came: Mapping[UUID, str], *, now: datetime) -> None:
    """People, by id, came into a cohort, or back to it."""
    events.note(
        db,
        [
            PersonEnrolled(happened_at=now, person=user_id, cohort=cohort_id, place=str(place))
            for user_id, place in came.items()
        ],
    )


def _takes_part(one: Enrolment) -> bool:
    return one.left_at is None and one.place == Place.PARTICIPANT


def require_enrolled(db: Session, cohort_id: UUID, people: Collection[UUID]) -> None:
    """Raises ``NotEnrolled`` when one of them takes no part."""
    _enrolled(db, cohort_id, people)


def _enrolled(db: Session, cohort_id: UUID, people: Collection[UUID]) -> dict[UUID, Enrolment]:
    held = {user_id: one for user_id, one in _held(db, cohort_id, people).items() if one.left_at is None}
    if set(people) - set(held):
        raise NotEnrolled
    return held


def _held(db: Session, cohort_id: UUID, people: Collection[UUID]) -> dict[UUID, Enrolment]:
    rows = db.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.user_id.in_(people)))
    return {row.user_id: row for row in rows}


@contextmanager
def changing(db: Session, held: Sequence[Enrolment]) -> Iterator[None]:
    """Change who belongs: what their attempts add to the sums goes or comes with it.

    Meanwhile nobody starts an attempt under these enrolments, or closes or judges one. Once in a transaction, for all:
    whoever holds sums must not wait for an attempt.
    """
    if not held:
        yield
        return
    conditions.lock_for_change(db.connection(), [one.user_id for one in held])
    own = select(Attempt.id).where(Attempt.enrolment_id.in_([one.id for one in held])).order_by(Attempt.id)
    with question_sums.following(db, list(db.execute(own.with_for_update()).scalars())):
        yield


def leave(db: Session, cohort_id: UUID, user_id: UUID, *, now: datetime, actor_id: UUID | None = None) -> None:
    """Raises ``NotEnrolled``."""
    leave_all(db, cohort_id, [user_id], now=now, actor_id=actor_id)


def leave_all(
    db: Session, cohort_id: UUID, people: Sequence[UUID], *, now: datetime, actor_id: UUID | None = None
) -> None:
    """Who leaves a cohort no longer counts in it; what they did there is kept, and they may be enrolled again.

    Raises ``NotEnrolled`` when one of them takes no part.
    """
    held = _enrolled(db, cohort_id, people)
    with changing(db, list(held.values())):
        for one in held.values():
            one.left_at = now
    name = db.get_one(Cohort, cohort_id).name
    for user_id, one in held.items():
        audit.record(
            db,
            now=now,
            actor_id=actor_id,
            action="cohort.leave",
            subject=name,
            user=str(user_id),
            place=one.place,
        )


@dataclass(frozen=True, slots=True)
class Taught:
    """A cohort an instructor teaches; ``of_platform``: it is a course of a platform that launches us (LTI)."""

    id: UUID
    name: str
    starts_on: date | None
    ends_on: date | None
    participants: int
    of_platform: bool = False


def taught_by(db: Connection, user_id: UUID | None, *, offset: int = 0, limit: int | None = None) -> list[Taught]:
    """The cohorts a person teaches, newest first; every cohort when ``user_id`` is None (an administrator)."""
    statement = _taught(user_id).order_by(Cohort.created_at.desc(), Cohort.id.desc()).offset(offset).limit(limit)
    return [Taught(*row) for row in db.execute(statement)]


def count_taught(db: Connection, user_id: UUID | None) -> int:
    count: int = db.execute(select(func.count()).select_from(_taught(user_id).subquery())).scalar_one()
    return count


def taught(db: Connection, cohort_id: UUID, user_id: UUID | None) -> Taught:
    """One of them; raises ``UnknownCohort`` also when somebody else teaches it."""
    row = db.execute(_taught(user_id).where(Cohort.id == cohort_id)).first()
    if row is None:
        raise UnknownCohort
    return Taught(*row)


def _taught(user_id: UUID | None) -> Any:
    participants = (
        select(func.count()).where(Enrolment.cohort_id == Cohort.id, TAKES_PART).correlate(Cohort).scalar_subquery()
    )
    of_platform = exists().where(LtiCourse.cohort_id == Cohort.id)
    statement = select(Cohort.id, Cohort.name, Cohort.starts_on, Cohort.ends_on, participants, of_platform)
    if user_id is not None:
        statement = statement.where(Cohort.id.in_(membership.taught_by(user_id)))
    return statement
