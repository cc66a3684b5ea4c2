"""Who comes in by a launch of a platform (LTI 1.3): whose account, in which cohort, at which place of a course.

A person of a platform is (registration, subject) and nothing else: neither a name nor an address links them to an
account that is there. Their course is a cohort here, and their place in it is what the launch says (``enter``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from lms.db.accounts import Role, User, UserRole
from lms.db.attempts import Attempt
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.lti import LtiCourse, LtiLink, LtiNonce, LtiPerson, LtiRegistration
from lms.errors import Conflict, NotAllowed
from lms.learning import accounts, cohorts, launched_people, owed_scores
from lms.learning.platforms import UnknownPlatform
from lms.learning.sign_ins import SignedIn


class NonceUsed(Conflict):
    message = "Tanda masuk ini sudah dipakai."


class ClosedAccount(NotAllowed):
    message = "Akun Anda di sini sudah ditutup. Hubungi pengelola situs ini bila itu keliru."


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course of the platform and what it offers us there; ``link``: the place of which we were launched."""

    deployment: str
    context: str
    title: str
    scopes: tuple[str, ...] = ()
    line_items_url: str | None = None
    roster_url: str | None = None
    link: str | None = None
    resource: str = ""
    line_item_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody whom a platform sends; ``course`` None: it named none, and they are in no cohort by this."""

    registration_id: UUID
    subject: str
    name: str
    place: Place
    course: Course | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Who that is here, and the cohort they came for; ``is_new``: the account was made for them just now."""

    person: SignedIn
    cohort_id: UUID | None
    is_new: bool


def use_nonce(db: Session, nonce: str, *, expires_at: datetime) -> None:
    """First of all in the transaction that lets somebody in. Raises ``NonceUsed``."""
    db.add(LtiNonce(nonce=nonce, expires_at=expires_at))
    try:
        db.flush()
    except IntegrityError as error:
        raise NonceUsed from error


def forget(db: Session, *, now: datetime, most: int) -> int:
    """Remove at most so many nonces that nothing can name any more; how many."""
    old = select(LtiNonce.nonce).where(LtiNonce.expires_at <= now).limit(most)
    removed: int = db.execute(delete(LtiNonce).where(LtiNonce.nonce.in_(old))).rowcount  # type: ignore[attr-defined]
    return removed


def enter(db: Session, arrival: Arrival, *, now: datetime) -> Entered:
    """Whoever was here before, in the same place, costs one statement; whatever is new or another is written.

    Of two first launches at once one raises ``IntegrityError``, ``LoginTaken`` or ``CohortExists``: asked again it
    finds what the other one made. Raises ``ClosedAccount`` and ``UnknownPlatform``.
    """
    course = arrival.course
    asked = {
        "registration": arrival.registration_id,
        "subject": arrival.subject,
        "deployment": course.deployment if course else "",
        "context": course.context if course else "",
        "link": course.link if course else None,
        "resource": course.resource if course else "",
        "line_item": course.line_item_url if course else None,
    }
    known = db.execute(_KNOWN, asked).first()
    if known is None:
        raise UnknownPlatform
    if known.disabled_at is not None:
        raise ClosedAccount
    person = _person(db, arrival, known, now)
    cohort_id = _taken_in(db, arrival, course, known, person.user_id, now) if course else None
    if cohort_id is not None and (known.place != arrival.place or known.left_at is not None):
        roles = frozenset(accounts.roles_of(db, person.user_id))
        person = replace(person, roles=roles)
    return Entered(person, cohort_id, is_new=known.user_id is None)


def submitted(db: Connection, registration_id: UUID, subject: str, cohort_id: UUID, quiz: str) -> UUID | None:
    """The newest attempt that a person of a platform handed in at a quiz, in this cohort."""
    statement = (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(LtiPerson, LtiPerson.user_id == Attempt.user_id)
        .where(
            LtiPerson.registration_id == registration_id,
            LtiPerson.subject == subject,
            Enrolment.cohort_id == cohort_id,
            Attempt.quiz == quiz,
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.number.desc())
    )
    found: UUID | None = db.execute(statement.limit(1)).scalar()
    return found


# --- what is known ---------------------------------------------------------------------------------------------------

_ROLES = (
    select(func.aggregate_strings(UserRole.role, " ")).where(UserRole.user_id == User.id).correlate(User)
).scalar_subquery()
#: Whether scores of something else in the course go to the line item that a launch names: Open edX may name one of
#: several (xblock-lti-consumer 707). Which one is this link's, is found where line items are listed.
_OTHER = aliased(LtiLink)
_IS_ANOTHERS = exists().where(
    _OTHER.course_id == LtiCourse.id,
    _OTHER.resource != bindparam("resource"),
    _OTHER.line_item_url == bindparam("line_item"),
)
_KNOWN = (
    select(
        User.id.label("user_id"),
        User.login,
        User.name,
        User.disabled_at,
        User.time_zone,
        User.language,
        _ROLES.label("roles"),
        LtiCourse.id.label("course_id"),
        LtiCourse.cohort_id,
        LtiCourse.scopes,
        LtiCourse.line_items_url,
        LtiCourse.roster_url,
        LtiLink.id.label("link_id"),
        LtiLink.resource,
        LtiLink.line_item_url,
        _IS_ANOTHERS.label("is_anothers"),
        Enrolment.place,
        Enrolment.left_at,
    )
    .select_from(LtiRegistration)
    .outerjoin(
        LtiPerson,
        and_(LtiPerson.registration_id == LtiRegistration.id, LtiPerson.subject == bindparam("subject")),
    )
    .outerjoin(User, User.id == LtiPerson.user_id)
    .outerjoin(
        LtiCourse,
        and_(
            LtiCourse.registration_id == LtiRegistration.id,
            LtiCourse.deployment == bindparam("deployment"),
            LtiCourse.context == bindparam("context"),
        ),
    )
    .outerjoin(LtiLink, and_(LtiLink.course_id == LtiCourse.id, LtiLink.link == bindparam("link")))
    .outerjoin(Enrolment, and_(Enrolment.cohort_id == LtiCourse.cohort_id, Enrolment.user_id == User.id))
    .where(LtiRegistration.id == bindparam("registration"))
)


# --- what is made or changed -----------------------------------------------------------------------------------------


def _person(db: Session, arrival: Arrival, known: Any, now: datetime) -> SignedIn:
    if known.user_id is None:
        made = launched_people.people_of(db, arrival.registration_id, {arrival.subject: arrival.name}, now=now)
        user = db.get_one(User, made[arrival.subject])
        return SignedIn(
            user_id=user.id,
            name=user.name,
            login=user.login,
            roles=frozenset({Role.PARTICIPANT}),
            time_zone=user.time_zone,
            language=user.language,
        )
    name = known.name
    told = launched_people.named(arrival.name)
    if known.login.startswith(launched_people.PREFIX) and told not in (name, launched_people.NAMELESS):
        name = db.get_one(User, known.user_id).name = told
    return SignedIn(
        user_id=known.user_id,
        name=name,
        login=known.login,
        roles=frozenset(Role(role) for role in (known.roles or "").split()),
        time_zone=known.time_zone,
        language=known.language,
    )


def _taken_in(db: Session, arrival: Arrival, course: Course, known: Any, user_id: UUID, now: datetime) -> UUID:
    """The cohort of the course, with the person in their place and the link as it is now."""
    course_id, cohort_id = known.course_id, known.cohort_id
    if course_id is None:
        course_id, cohort_id = _course(db, arrival.registration_id, course, now)
    else:
        _follow_course(db, course, known)
    if known.place != arrival.place or known.left_at is not None:
        cohorts.enrol_known(db, db.get_one(Cohort, cohort_id), {user_id: arrival.place}, now=now)
        if known.place == Place.INSTRUCTOR:
            _teaches_no_more(db, user_id, now)
    if course.link is not None:
        _follow_link(db, course_id, course, known, now)
    found: UUID = cohort_id
    return found


def _course(db: Session, registration_id: UUID, course: Course, now: datetime) -> tuple[UUID, UUID]:
    cohort = cohorts.add(db, _free_name(db, course.title or course.context), now=now)
    row = LtiCourse(
        registration_id=registration_id,
        deployment=course.deployment,
        context=course.context,
        cohort_id=cohort.id,
        scopes=sorted(course.scopes),
        line_items_url=course.line_items_url,
        roster_url=course.roster_url,
    )
    db.add(row)
    db.flush()
    return row.id, cohort.id


def _free_name(db: Session, title: str) -> str:
    """A platform may have two courses of one title, and a cohort here may have it already."""
    title = " ".join(title.split())[:180]
    taken = set(db.scalars(select(Cohort.name).where(Cohort.name.startswith(title, autoescape=True))))
    numbered = (title if number == 1 else f"{title} ({number})" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def _follow_course(db: Session, course: Course, known: Any) -> None:
    """What a launch does not name stays: not each has every service."""
    told = {
        "scopes": sorted(course.scopes),
        "line_items_url": course.line_items_url,
        "roster_url": course.roster_url,
    }
    other = {name: value for name, value in told.items() if value and value != getattr(known, name)}
    if other:
        row = db.get_one(LtiCourse, known.course_id)
        for name, value in other.items():
            setattr(row, name, value)


def _follow_link(db: Session, course_id: UUID, course: Course, known: Any, now: datetime) -> None:
    """A link that is opened with a line item sends scores there from now on, and what people have already."""
    link_id, resource, url = known.link_id, known.resource, known.line_item_url
    if link_id is None:
        row = LtiLink(course_id=course_id, link=course.link, resource=course.resource)
        db.add(row)
        db.flush()
        link_id, resource = row.id, course.resource
    if resource != course.resource:
        db.get_one(LtiLink, link_id).resource = course.resource
        db.flush()
    if course.line_item_url not in (None, url) and not known.is_anothers:
        owed_scores.grade(db, link_id, course.line_item_url, None, now=now)


def _teaches_no_more(db: Session, user_id: UUID, now: datetime) -> None:
    """Of an account that came by a platform: the role goes with the last course that they taught."""
    user = db.get_one(User, user_id)
    teaches = select(Enrolment.id).where(
        Enrolment.user_id == user_id, Enrolment.place == Place.INSTRUCTOR, Enrolment.left_at.is_(None)
    )
    if user.login.startswith(launched_people.PREFIX) and db.execute(teaches.limit(1)).first() is None:
        accounts.set_roles(db, user_id, accounts.roles_of(db, user_id) - {Role.INSTRUCTOR}, now=now)
