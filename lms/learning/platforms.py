"""Platforms that launch us by LTI 1.3: what was agreed on with each, and whether an administrator said yes to it.

How a launch is verified stands in ``features/lti/protocol.py``; who comes in by one, in ``launched``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.lti import LtiCourse, LtiLink, LtiPerson, LtiRegistration, LtiScore
from lms.errors import Conflict, Invalid, NotFound, Said
from lms.fields.typed import storable, typed

#: How often a platform is asked for its keys at most.
KEYS_EVERY = timedelta(minutes=1)
#: How long keys are believed until they are read anew, and how soon again where the platform did not answer.
KEYS_FOR, KEYS_AGAIN = timedelta(days=1), timedelta(hours=1)
#: Characters of an address, and of a product's name.
LONGEST, LONGEST_PRODUCT = 2_000, 60
#: Registrations that wait for an administrator: anybody can ask for one.
MOST_WAITING = 20


#: A registration with the columns of ``LtiRegistration``.
Row = Any


class UnknownPlatform(NotFound):
    message = "Platform ini tidak ditemukan."


class PlatformExists(Conflict):
    message = (
        "Platform dengan penerbit (issuer) dan client ID ini sudah terdaftar. Pemasangan baru ditambahkan pengelola "
        "situs ini di halamannya; bila alamatnya berganti, hapus dahulu yang lama di sana."
    )


class SeveralPlatforms(Conflict):
    message = "Beberapa platform bernama demikian. Sebut id-nya, yang tampak di daftar."


class TooManyWaiting(Conflict):
    message = (
        "Terlalu banyak pendaftaran menunggu persetujuan di sini. Minta pengelola situs ini menyetujui atau "
        "menghapusnya, lalu daftarkan lagi."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What an administrator, or the platform itself, says where it is registered.

    ``audience`` empty: requests for a token name the token's own address.
    """

    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    keys_url: str
    deployments: tuple[str, ...] = ()
    audience: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom and what it concerns when a platform is removed: ``people`` known by it, its ``courses``, and ``scores``
    that it is owed."""

    people: int
    courses: int
    scores: int


def add(db: Session, agreed: Agreed, *, approved: bool, now: datetime, actor_id: UUID | None = None) -> LtiRegistration:
    """``approved``: an administrator says so; else nobody gets in yet. Raises ``Invalid``, ``PlatformExists`` or
    ``TooManyWaiting``."""
    agreed = _proper(agreed)
    if not approved:
        refuse_more(db.connection())
    row = LtiRegistration(
        name=agreed.name,
        issuer=agreed.issuer,
        client_id=agreed.client_id,
        authorization_url=agreed.authorization_url,
        token_url=agreed.token_url,
        keys_url=agreed.keys_url,
        audience=agreed.audience or agreed.token_url,
        product=agreed.product,
        deployments=list(agreed.deployments),
        keys={},
        created_at=now,
        approved_at=now if approved else None,
    )
    db.add(row)
    try:
        db.flush()
    except IntegrityError as error:
        raise PlatformExists from error
    audit.record(db, now=now, actor_id=actor_id, action="lti.add", subject=agreed.name, issuer=agreed.issuer)
    return row


def refuse_more(db: Connection) -> None:
    """Raises ``TooManyWaiting``. Of some that come at once a few more than the most may get through."""
    waiting = select(func.count()).where(LtiRegistration.approved_at.is_(None))
    if db.execute(waiting).scalar_one() >= MOST_WAITING:
        raise TooManyWaiting


def approve(db: Session, registration_id: UUID, *, now: datetime, actor_id: UUID | None = None) -> None:
    """Let its people in. Raises ``UnknownPlatform``; one that was approved stays as it is."""
    row = _locked(db, registration_id)
    if row.approved_at is None:
        row.approved_at = now
        audit.record(db, now=now, actor_id=actor_id, action="lti.approve", subject=row.name, issuer=row.issuer)


def add_deployment(
    db: Session, registration_id: UUID, deployment: str, *, now: datetime, actor_id: UUID | None = None
) -> None:
    """Raises ``UnknownPlatform`` or ``Invalid``."""
    row, deployment = _locked(db, registration_id), deployment.strip()
    if not 0 < len(deployment) <= 255:
        raise Invalid("Deployment ID kosong atau lebih dari 255 karakter.")
    if deployment not in row.deployments:
        row.deployments = [*row.deployments, deployment]
        audit.record(db, now=now, actor_id=actor_id, action="lti.deployment", subject=row.name, deployment=deployment)


def concerned(db: Connection, registration_id: UUID) -> Concerned:
    """All are none where there is no such platform."""
    people = select(func.count()).where(LtiPerson.registration_id == registration_id)
    courses = select(func.count()).where(LtiCourse.registration_id == registration_id)
    scores = (
        select(func.count())
        .select_from(LtiScore)
        .join(LtiLink, LtiLink.id == LtiScore.link_id)
        .join(LtiCourse, LtiCourse.id == LtiLink.course_id)
        .where(LtiCourse.registration_id == registration_id, LtiScore.sent < LtiScore.version)
    )
    counts = select(people.scalar_subquery(), courses.scalar_subquery(), scores.scalar_subquery())
    return Concerned(*db.execute(counts).one())


def remove(db: Session, registration_id: UUID, *, now: datetime, actor_id: UUID | None = None) -> None:
    """Nobody gets in by it any more, and nothing is sent to it; accounts, cohorts and results stay.

    Raises ``UnknownPlatform``.
    """
    row = _locked(db, registration_id)
    audit.record(db, now=now, actor_id=actor_id, action="lti.remove", subject=row.name, issuer=row.issuer)
    db.execute(delete(LtiRegistration).where(LtiRegistration.id == registration_id))


def claim_keys(db: Session, registration_id: UUID, *, now: datetime) -> bool:
    """Whether a platform's keys are to be asked for now: at most once in ``KEYS_EVERY``, whoever wants to."""
    due = or_(LtiRegistration.keys_read_at.is_(None), LtiRegistration.keys_read_at <= now - KEYS_EVERY)
    claimed = db.execute(
        update(LtiRegistration).where(LtiRegistration.id == registration_id, due).values(keys_read_at=now)
    )
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def ask_for_keys(db: Session, registration_id: UUID, *, now: datetime) -> None:
    """The next launch with a key that is not known asks for keys, however lately that was done."""
    lately = (LtiRegistration.id == registration_id, LtiRegistration.keys_read_at > now - KEYS_EVERY)
    db.execute(update(LtiRegistration).where(*lately).values(keys_read_at=now - KEYS_EVERY))


def with_old_keys(db: Connection, *, now: datetime) -> list[Row]:
    """Approved platforms whose keys are to be read anew."""
    old = (LtiRegistration.approved_at.is_not(None), LtiRegistration.keys_read_at <= now - KEYS_FOR)
    return list(db.execute(select(LtiRegistration.__table__).where(*old).order_by(LtiRegistration.keys_read_at)))


def claim_old_keys(db: Session, registration_id: UUID, *, now: datetime) -> bool:
    """Whether a platform's keys are to be read anew by whoever asks; nobody else does for ``KEYS_AGAIN``."""
    claimed = db.execute(
        update(LtiRegistration)
        .where(LtiRegistration.id == registration_id, LtiRegistration.keys_read_at <= now - KEYS_FOR)
        .values(keys_read_at=now - KEYS_FOR + KEYS_AGAIN)
    )
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def keep_keys(db: Session, registration_id: UUID, keys: Mapping[str, Any], *, now: datetime) -> None:
    """``keys``: what the platform publishes now, by ``kid``. Raises ``UnknownPlatform``."""
    row = _locked(db, registration_id)
    row.keys, row.keys_read_at = dict(keys), now


def every(db: Connection) -> list[Row]:
    """All registrations by name, those that wait for an administrator first."""
    rows = db.execute(select(LtiRegistration.__table__)).all()
    return sorted(rows, key=lambda row: (row.approved_at is not None, row.name.lower(), row.issuer, row.client_id))


def one(db: Connection, registration_id: UUID) -> Row:
    """Raises ``UnknownPlatform``."""
    if (row := known(db, registration_id)) is None:
        raise UnknownPlatform
    return row


def known(db: Connection, registration_id: UUID) -> Row | None:
    return db.execute(select(LtiRegistration.__table__).where(LtiRegistration.id == registration_id)).first()


def called(db: Connection, text: str) -> Row:
    """The one that an operator means by its id or its name. Raises ``UnknownPlatform`` or ``SeveralPlatforms``."""
    found = [row for row in every(db) if text in (str(row.id), row.name)]
    if len(found) > 1:
        raise SeveralPlatforms
    if not found:
        raise UnknownPlatform
    return found[0]


def named(db: Connection, issuer: str, client_id: str | None) -> list[Row]:
    """The registrations that a platform may mean: several of one issuer where it names no client."""
    statement = select(LtiRegistration.__table__).where(LtiRegistration.issuer == issuer)
    if client_id is not None:
        statement = statement.where(LtiRegistration.client_id == client_id)
    return list(db.execute(statement.order_by(LtiRegistration.created_at)))


def _locked(db: Session, registration_id: UUID) -> LtiRegistration:
    row = db.get(LtiRegistration, registration_id, with_for_update=True)
    if row is None:
        raise UnknownPlatform
    return row


def _proper(agreed: Agreed) -> Agreed:
    """Without white space around anything. Raises ``Invalid`` that names each field which cannot be used."""
    told = {name: getattr(agreed, name).strip() for name in Agreed.__slots__ if name != "deployments"}
    told["product"], told["audience"] = typed(told["product"])[:LONGEST_PRODUCT], typed(told["audience"])
    faults: dict[str, str] = {}
    for name, longest in (("name", 200), ("issuer", 255), ("client_id", 255)):
        if not 0 < len(told[name]) <= longest or not storable(told[name]):
            faults[name] = Said("Isi bagian ini, paling banyak %(n)s karakter.", n=longest)
    for name in ("issuer", "authorization_url", "token_url", "keys_url"):
        if name not in faults and not _is_address(told[name]):
            faults[name] = Said("Tulis alamat lengkap yang dimulai dengan https://.")
    if faults:
        raise Invalid("Pendaftaran platform ini belum lengkap.", fields=faults)
    deployments = tuple(dict.fromkeys(one.strip() for one in agreed.deployments if one.strip() and storable(one)))
    return Agreed(**told, deployments=deployments)


def _is_address(text: str) -> bool:
    """Whether it may be asked at all is judged where it is asked (``lms/outgoing.py``)."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    sound = parts.scheme in ("https", "http") and bool(parts.hostname)
    return sound and len(text) <= LONGEST and storable(text)
