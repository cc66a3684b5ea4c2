"""People whom a host application signed in: who they are here, as the host says at every request (docs/adr/0036)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, func, null, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import HostPerson, Role, User, UserRole
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.errors import Conflict, Invalid, NotAllowed
from lms.fields.typed import storable
from lms.learning import accounts, cohorts
from lms.learning.sign_ins import SignedIn, digest, normal

_LONGEST_KEY = 255
_LONGEST_NAME = 200


class AccountClosed(NotAllowed):
    message = "Akun Anda di sini ditutup. Tanyakan kepada pengelola pelatihan Anda."


class KeyTaken(Conflict):
    message = "Orang ini baru saja dikenali oleh permintaan lain. Ulangi."


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is signed in at the host application. Raises ``ValueError`` for what cannot be kept of a person.

    ``key``: what the host calls the person for ever, e.g. the id of its row; never a name or an address that somebody
    else may get later. ``roles``: all that they hold, ``lms.db.accounts.Role`` or its values; none: signed in, and
    nothing is allowed. ``cohorts``: by name their place in each, ``"participant"`` or ``"instructor"``, which brings
    that role; they leave those that are not named. None: the host says nothing of cohorts.
    """

    key: str
    name: str
    roles: Collection[str] = (Role.PARTICIPANT,)
    cohorts: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if not _is_text(self.key, _LONGEST_KEY):
            raise ValueError(f"the key {self.key!r} is no text of 1 to {_LONGEST_KEY} characters")
        if isinstance(self.roles, str):
            raise ValueError(f"roles is {self.roles!r}; write a list of roles")
        places: dict[str, str] | None = None
        if self.cohorts is not None:
            places = {_name(name): Place(place) for name, place in self.cohorts.items()}
        brought = [Role(place) for place in (places or {}).values()]
        object.__setattr__(self, "name", _name(self.name))
        object.__setattr__(self, "roles", frozenset({Role(role) for role in self.roles} | set(brought)))
        object.__setattr__(self, "cohorts", places)


def _name(text: object) -> str:
    name = " ".join(text.split()) if isinstance(text, str) else ""
    if not _is_text(name, _LONGEST_NAME):
        raise ValueError(f"the name {text!r} is no text of 1 to {_LONGEST_NAME} characters")
    return name


def _is_text(text: object, longest: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= longest and storable(text)


# --- who is there -----------------------------------------------------------------------------------------------

#: Between the cohorts of one person; no name holds it.
_BETWEEN = "\n"


def _who(places: Any) -> Select[Any]:
    roles = select(func.aggregate_strings(UserRole.role, " ")).where(UserRole.user_id == User.id)
    return (
        select(
            User.id,
            User.name,
            User.login,
            User.time_zone,
            User.language,
            User.disabled_at,
            roles.scalar_subquery().label("roles"),
            places.label("places"),
        )
        .join(HostPerson, HostPerson.user_id == User.id)
        .where(HostPerson.key == bindparam("key"))
    )


_PLACES = (
    select(func.aggregate_strings(Enrolment.place + " " + Cohort.name, _BETWEEN))
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.user_id == User.id, Enrolment.left_at.is_(None))
    .scalar_subquery()
)
_WHO, _WHO_AND_PLACES = _who(null()), _who(_PLACES)


def who(db: Connection, identity: Identity) -> SignedIn | None:
    """The person behind this identity, in one statement; None where what is kept of them is not what the host says.

    Raises ``AccountClosed``.
    """
    row = db.execute(_WHO if identity.cohorts is None else _WHO_AND_PLACES, {"key": identity.key}).first()
    if row is None:
        return None
    if row.disabled_at is not None:
        raise AccountClosed
    roles = frozenset(Role(role) for role in (row.roles or "").split())
    if (row.name, roles) != (identity.name, identity.roles):
        return None
    if identity.cohorts is not None and _places(row.places) != identity.cohorts:
        return None
    return SignedIn(
        user_id=row.id,
        name=row.name,
        login=row.login,
        roles=roles,
        time_zone=row.time_zone,
        language=row.language,
    )


def _places(told: str | None) -> dict[str, str]:
    """By name of the cohort."""
    pairs = (one.split(" ", 1) for one in (told or "").split(_BETWEEN) if one)
    return {name: place for place, name in pairs}


# --- what the host says is taken over ---------------------------------------------------------------------------


def follow(db: Session, identity: Identity, *, now: datetime) -> None:
    """Let the person be what the host says: a new account at the first time, then name, roles and places in cohorts.

    An account that was there before with the same login is somebody else's. Raises a ``Conflict`` where another request
    did the same at the same moment; then ``who`` knows more.
    """
    held = select(HostPerson.user_id).where(HostPerson.key == identity.key)
    user_id = db.scalars(held.with_for_update()).one_or_none()  # two requests at once: one after the other
    if user_id is None:
        user_id = _add(db, identity, now=now)
    user = db.get_one(User, user_id)
    if user.name != identity.name:
        audit.record(
            db, now=now, actor_id=None, action="user.name", subject=user.login, before=user.name, after=identity.name
        )
        user.name = identity.name
    if identity.cohorts is not None:
        _belong(db, user, identity.cohorts, now=now)
    accounts.set_roles(db, user_id, [Role(role) for role in identity.roles], now=now)


def _add(db: Session, identity: Identity, *, now: datetime) -> UUID:
    user = accounts.add(db, login=_free_login(db, identity.key), name=identity.name, roles=(), now=now)
    db.add(HostPerson(key=identity.key, user_id=user.id, linked_at=now))
    try:
        db.flush()
    except IntegrityError as error:
        raise KeyTaken from error
    return user.id


def _free_login(db: Session, key: str) -> str:
    """The key, where it can be a login and nobody else has it; else one that is made of it."""
    try:
        wanted, _ = accounts.proper(key, "-")
    except Invalid:
        pass
    else:
        if _is_free(db, wanted):
            return wanted
    readable = re.sub(r"[^a-z0-9._@+-]+", "-", normal(key))[:80].lstrip("._@+-")
    made = f"{readable or 'orang'}-{digest(key)[:12]}"
    # whoever had this key before it was linked elsewhere, or taken away, keeps the login that was made of it
    numbered = (f"{made}-{number}" for number in count(2))
    return next(login for login in chain([made], numbered) if _is_free(db, login))


def _is_free(db: Session, login: str) -> bool:
    return db.scalars(select(User.id).where(User.login == login)).first() is None


def _belong(db: Session, user: User, wanted: Mapping[str, str], *, now: datetime) -> None:
    """Give the person exactly these places; a cohort that is not there is made."""
    there = {one.name: one for one in db.scalars(select(Cohort).where(Cohort.name.in_(wanted)))}
    named = {name: there.get(name) or cohorts.add(db, name, now=now) for name in sorted(wanted)}
    places = {cohort.id: wanted[name] for name, cohort in named.items()}
    rows = list(db.scalars(select(Enrolment).where(Enrolment.user_id == user.id)))
    changed = [one for one in rows if (None if one.left_at else one.place) != places.get(one.cohort_id)]
    came = [one.cohort_id for one in changed if one.left_at is not None]
    with cohorts.changing(db, changed):
        for one in changed:
            place = places.get(one.cohort_id)
            one.place, one.left_at = (one.place, now) if place is None else (place, None)
    held = {one.cohort_id for one in rows}
    new = [cohort_id for cohort_id in places if cohort_id not in held]
    db.add_all(
        Enrolment(cohort_id=cohort_id, user_id=user.id, place=places[cohort_id], enrolled_at=now) for cohort_id in new
    )
    for cohort_id in [*came, *new]:
        cohorts.note_came(db, cohort_id, {user.id: places[cohort_id]}, now=now)
    if changed or new:
        audit.record(db, now=now, actor_id=None, action="user.cohorts", subject=user.login, after=dict(wanted))


# --- by an administrator ----------------------------------------------------------------------------------------


def link(db: Session, user_id: UUID, key: str, *, now: datetime) -> None:
    """From now on whom the host calls ``key`` is this person, and nobody else is. Raises ``Invalid``.

    Whoever had the key before, or another key of this person, is left with what they did, and without a way in.
    """
    if not _is_text(key, _LONGEST_KEY):
        raise Invalid(f"Kunci {key!r} kosong, lebih dari 255 karakter, atau tidak dapat disimpan.")
    user = db.get_one(User, user_id)
    db.execute(delete(HostPerson).where((HostPerson.key == key) | (HostPerson.user_id == user_id)))
    db.add(HostPerson(key=key, user_id=user_id, linked_at=now))
    audit.record(db, now=now, actor_id=None, action="user.link", subject=user.login, key=key)
