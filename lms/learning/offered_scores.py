"""What is owed to platforms on its way there: taken up to be sent, taken by the platform, or refused.

Before a score is sent, its version and its time are written down; sent again because nobody knows what became of it, it
has the same time and the same value. Whatever may have become another value has another version, and a later time. Of
two workers each takes what the other leaves: what one took up is not due for the time of ``LEASE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from lms.catalog.model import Catalog
from lms.db.accounts import User
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.lti import AT_ONCE, LtiCourse, LtiLink, LtiRegistration, LtiScore
from lms.errors import Said
from lms.learning import held_scores
from lms.learning.held_scores import Held
from lms.learning.retries import pause

#: For so long nobody else takes up what one worker took up.
LEASE = timedelta(seconds=60)
#: Of two scores of a person at a link the later one is at least so much later: a platform may keep no more digits.
_STEP = timedelta(milliseconds=1)
LEFT = Said("Orang ini sudah keluar dari angkatan, jadi nilainya tidak dikirim.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A score to be sent. ``again``: the very same was offered before. ``tries``: in vain, so far.

    ``points`` None: not known, or not told, yet; ``look_at``: when it is to be looked at again.
    """

    link_id: UUID
    enrolment_id: UUID
    version: int
    at: datetime
    subject: str
    url: str
    points: float | None
    maximum: float
    again: bool
    tries: int
    look_at: datetime | None

    @property
    def key(self) -> dict[str, Any]:
        return {"the_link": self.link_id, "the_enrolment": self.enrolment_id, "the_version": self.version}


def is_due(db: Connection, *, now: datetime) -> bool:
    """Whether anything is: one look into an index that is empty where there is no platform."""
    return bool(db.execute(_IS_DUE, {"now": now}).scalar())


_IS_DUE = select(exists(select(1).where(LtiScore.sent < LtiScore.version, LtiScore.due_at <= bindparam("now"))))


def platforms(db: Connection) -> list[Any]:
    """The registrations to which scores go (``id``, ``client_id``, ``token_url``, ``audience``, ``product``)."""
    return list(
        db.execute(
            select(LtiRegistration.__table__)
            .where(LtiRegistration.approved_at.is_not(None))
            .order_by(LtiRegistration.id)
        )
    )


def take_up(
    db: Session, catalog: Catalog, registration_id: UUID, *, now: datetime, most: int
) -> tuple[int, list[Offer]]:
    """How many of those that are due were looked at, ``most`` at a time, and what of them is to be sent."""
    rows = db.execute(_DUE, {"registration": registration_id, "now": now, "most": most}).all()
    if not rows:
        return 0, []
    held = held_scores.at_links(db.connection(), catalog, rows, now=now)
    written, offers = [], []
    for row, has in sorted(zip(rows, held, strict=True), key=lambda pair: (pair[0].link_id, pair[0].enrolment_id)):
        change, offer = _looked_at(row, has, now=now)
        written.append({"the_link": row.link_id, "the_enrolment": row.enrolment_id, **change})
        offers += [offer] if offer else []
    db.connection().execute(_WRITE, written)
    return len(rows), offers


def _looked_at(row: Any, has: Held | None, *, now: datetime) -> tuple[dict[str, Any], Offer | None]:
    """What becomes of a row, and what is sent of it."""
    stays = {name: getattr(row, name) for name in _KEPT}
    heard = row.sent_at is not None
    if row.left_at is not None or row.place != Place.PARTICIPANT:
        return stays | {"due_at": now + timedelta(days=1), "refusal": LEFT.template}, None
    if has is None or (has.nothing and not heard):
        return stays | {"offered": row.version, "sent": row.version, "refusal": None}, None
    if has.look_at and heard:  # what it heard stands until more may be told
        return stays | {"due_at": has.look_at, "refusal": None}, None
    again = has.steady and row.offered == row.version
    version = row.version if has.steady or row.offered < row.version else row.version + 1
    at = row.offered_at if again else max(now, (row.offered_at or AT_ONCE) + _STEP)
    offer = Offer(
        link_id=row.link_id,
        enrolment_id=row.enrolment_id,
        version=version,
        at=at,
        subject=row.subject,
        url=row.line_item_url,
        points=has.points,
        maximum=has.maximum,
        again=again,
        tries=row.tries,
        look_at=has.look_at,
    )
    return stays | {"version": version, "offered": version, "offered_at": at, "due_at": now + LEASE}, offer


_KEPT = ("version", "offered", "offered_at", "sent", "due_at", "refusal")
_DUE = (
    select(
        LtiScore.link_id,
        LtiScore.enrolment_id,
        LtiScore.subject,
        LtiScore.sent_at,
        LtiScore.tries,
        *(getattr(LtiScore, name) for name in _KEPT),
        LtiLink.resource,
        LtiLink.line_item_url,
        LtiLink.maximum,
        Enrolment.user_id,
        Enrolment.place,
        Enrolment.left_at,
    )
    .join(LtiLink, LtiLink.id == LtiScore.link_id)
    .join(LtiCourse, LtiCourse.id == LtiLink.course_id)
    .join(Enrolment, Enrolment.id == LtiScore.enrolment_id)
    .where(
        LtiScore.sent < LtiScore.version,
        LtiScore.due_at <= bindparam("now"),
        LtiCourse.registration_id == bindparam("registration"),
        LtiLink.line_item_url.is_not(None),
    )
    .order_by(LtiScore.due_at)
    .limit(bindparam("most"))
    .with_for_update(of=LtiScore, skip_locked=True)
)
_SCORE: Any = LtiScore.__table__
_ITS = and_(_SCORE.c.link_id == bindparam("the_link"), _SCORE.c.enrolment_id == bindparam("the_enrolment"))
_STILL = and_(_ITS, _SCORE.c.version == bindparam("the_version"))
_WRITE = update(_SCORE).where(_ITS).values({name: bindparam(name) for name in _KEPT})


# --- what came of it ------------------------------------------------------------------------------------------------


def taken(db: Session, offers: Sequence[Offer], *, now: datetime) -> None:
    """The platform has them. Whatever an act changed meanwhile is owed still."""
    if not offers:
        return
    connection, ordered = db.connection(), _ordered(offers)
    connection.execute(_TAKEN, [{**one.key, "sent_at": now} for one in ordered])
    if later := [{**one.key, "due_at": one.look_at} for one in ordered if one.look_at]:
        connection.execute(_LATER, later)


_TAKEN = (
    update(_SCORE)
    .where(_ITS, _SCORE.c.sent < bindparam("the_version"))
    .values(sent=bindparam("the_version"), sent_at=bindparam("sent_at"), tries=0, refusal=None)
)
_LATER = update(_SCORE).where(_STILL).values(version=_SCORE.c.version + 1, due_at=bindparam("due_at"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """``anew``: it has to have a later time to be taken. ``wait``: how long the platform asks to be left alone."""

    offer: Offer
    sentence: str
    anew: bool = False
    wait: timedelta | None = None


def refused(db: Session, refusals: Sequence[Refusal], *, now: datetime) -> None:
    """They are offered again after a pause that grows; what an act changed meanwhile is offered at once."""
    if not refusals:
        return
    told = []
    for one in sorted(refusals, key=lambda one: (one.offer.link_id, one.offer.enrolment_id)):
        tries = one.offer.tries + 1
        told.append(
            {
                **one.offer.key,
                "tries": tries,
                "refusal": one.sentence,
                "due_at": now + max(pause(tries), one.wait or timedelta()),
                "more": int(one.anew),
            }
        )
    db.connection().execute(_REFUSED, told)


_REFUSED = (
    update(_SCORE)
    .where(_STILL)
    .values(
        tries=bindparam("tries"),
        refusal=bindparam("refusal"),
        due_at=bindparam("due_at"),
        version=_SCORE.c.version + bindparam("more"),
    )
)


def _ordered(offers: Sequence[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda one: (one.link_id, one.enrolment_id))


# --- read -----------------------------------------------------------------------------------------------------------


def count_not_sent(db: Connection, cohorts: Select[Any] | None = None) -> int:
    count: int = db.execute(select(func.count()).select_from(_not_sent(cohorts).subquery())).scalar_one()
    return count


def not_sent(db: Connection, cohorts: Select[Any] | None = None, *, offset: int = 0, limit: int = 50) -> list[Any]:
    """What platforms did not take, by cohort, name and link: (``cohort``, ``name``, ``user_id``, ``cohort_id``,
    ``resource``, ``platform``, ``refusal``, ``tries``, ``due_at``). ``cohorts``: ids of those to which it is limited.
    """
    ordered = _not_sent(cohorts).order_by(Cohort.name, func.lower(User.name), User.id, LtiLink.resource, LtiLink.id)
    return list(db.execute(ordered.offset(offset).limit(limit)))


def _not_sent(cohorts: Select[Any] | None) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Cohort.id.label("cohort_id"),
        Cohort.name.label("cohort"),
        User.id.label("user_id"),
        User.name,
        LtiLink.resource,
        LtiRegistration.name.label("platform"),
        LtiScore.refusal,
        LtiScore.tries,
        LtiScore.due_at,
    )
    statement = (
        select(*columns)
        .select_from(LtiScore)
        .join(LtiLink, LtiLink.id == LtiScore.link_id)
        .join(LtiCourse, LtiCourse.id == LtiLink.course_id)
        .join(LtiRegistration, LtiRegistration.id == LtiCourse.registration_id)
        .join(Enrolment, Enrolment.id == LtiScore.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(LtiScore.sent < LtiScore.version, LtiScore.refusal.is_not(None))
    )
    return statement if cohorts is None else statement.where(Enrolment.cohort_id.in_(cohorts))
