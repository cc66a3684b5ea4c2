"""A list of people is compared with a cohort, and enrolled in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, insert, select
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import Role, User
from lms.db.cohorts import Cohort, Enrolment
from lms.errors import Refused
from lms.learning import accounts, cohorts
from lms.learning.roster import BadRoster, Entry


@dataclass(frozen=True, slots=True)
class OtherName:
    """A person whom a list calls otherwise than their account."""

    login: str
    held: str
    listed: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an import did, or would do: people who came in, of whom ``new`` had no account; who got another place or
    other minutes (``changed``) or another name (``renamed``); and for whom nothing changed.

    ``added``: ids of the new, once they are added. ``names``: who is called otherwise, whether that was taken or not.
    """

    new: int
    enrolled: int
    unchanged: int
    added: tuple[UUID, ...] = ()
    changed: int = 0
    renamed: int = 0
    names: tuple[OtherName, ...] = ()

    def __add__(self, other: Enrolled) -> Enrolled:
        return Enrolled(
            self.new + other.new,
            self.enrolled + other.enrolled,
            self.unchanged + other.unchanged,
            self.added + other.added,
            self.changed + other.changed,
            self.renamed + other.renamed,
            self.names + other.names,
        )


def enrol_all(
    db: Session,
    cohort: Cohort,
    entries: Sequence[Entry],
    *,
    update_names: bool = False,
    now: datetime,
    actor_id: UUID | None = None,
) -> Enrolled:
    """Enrol everybody on a list, or on a part of one; people not yet known are added. Doing it again changes nothing.

    The name of somebody known is left, unless ``update_names``. Raises what ``compare`` raises.
    """
    connection = db.connection()
    known = _known(connection, cohort, entries)
    done = _compared(known, entries, update_names)
    strangers = [entry for entry in entries if entry.login not in known]
    ids = accounts.add_all(
        db, [(entry.login, entry.name, Role(entry.place.value)) for entry in strangers], now=now, actor_id=actor_id
    )
    _enrol_new(db, cohort, strangers, ids, now=now)
    wanted = {known[one.login].id: (one.place, one.extra_minutes) for one in entries if one.login in known}
    cohorts.give_places(db, cohort, wanted, now=now, actor_id=actor_id)
    for one in done.names if update_names else ():
        db.get_one(User, known[one.login].id).name = one.listed
        audit.record(
            db,
            now=now,
            actor_id=actor_id,
            action="user.name",
            subject=one.login,
            before=one.held,
            after=one.listed,
        )
    audit.record(
        db,
        now=now,
        actor_id=actor_id,
        action="cohort.enrol",
        subject=cohort.name,
        people=done.enrolled + done.changed,
        new=len(ids),
    )
    return replace(done, added=tuple(ids.values()))


def _enrol_new(
    db: Session, cohort: Cohort, entries: Sequence[Entry], ids: Mapping[str, UUID], *, now: datetime
) -> None:
    """People who were just added are in no cohort yet."""
    rows = [
        {
            "cohort_id": cohort.id,
            "user_id": ids[entry.login],
            "place": entry.place,
            "extra_minutes": entry.extra_minutes,
            "enrolled_at": now,
        }
        for entry in entries
    ]
    if rows:
        db.execute(insert(Enrolment), rows)
        cohorts.note_came(db, cohort.id, {ids[entry.login]: entry.place for entry in entries}, now=now)


def compare(db: Connection, cohort: Cohort, entries: Sequence[Entry], *, update_names: bool = False) -> Enrolled:
    """What ``enrol_all`` would do, without doing it.

    Raises ``BadRoster`` naming every row of a list that could not be done; then none of it should be.
    """
    return _compared(_known(db, cohort, entries), entries, update_names)


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody who has an account; ``held`` is their place and extra minutes in the cohort, if they belong to it."""

    id: UUID
    name: str
    held: tuple[str, int] | None


def _known(db: Connection, cohort: Cohort, entries: Sequence[Entry]) -> dict[str, _Known]:
    """By login, in slices: SQLite takes a bounded number of variables."""
    here = and_(Enrolment.user_id == User.id, Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
    people = select(User.login, User.id, User.name, Enrolment.place, Enrolment.extra_minutes).outerjoin(Enrolment, here)
    logins = [entry.login for entry in entries]
    found: dict[str, _Known] = {}
    for start in range(0, len(logins), 500):
        for login, user_id, name, place, minutes in db.execute(
            people.where(User.login.in_(logins[start : start + 500]))
        ):
            found[login] = _Known(user_id, name, None if place is None else (place, minutes))
    return found


def _compared(known: Mapping[str, _Known], entries: Sequence[Entry], update_names: bool) -> Enrolled:
    problems: list[str] = []
    new = enrolled = changed = unchanged = 0
    names: list[OtherName] = []
    for entry in entries:
        person = known.get(entry.login)
        if person is None:
            try:
                accounts.proper(entry.login, entry.name)
            except Refused as error:
                problems.append(f"Baris {entry.row}: {error}")
            new += 1
            enrolled += 1
            continue
        other = person.name != entry.name
        if other:
            names.append(OtherName(entry.login, person.name, entry.name))
        if person.held is None:
            enrolled += 1
        elif person.held != (entry.place, entry.extra_minutes):
            changed += 1
        elif not (other and update_names):
            unchanged += 1
    if problems:
        raise BadRoster(problems)
    renamed = len(names) if update_names else 0
    return Enrolled(new, enrolled, unchanged, changed=changed, renamed=renamed, names=tuple(names))
