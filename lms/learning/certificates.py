"""What happens to a certificate: it is issued once for what it says, shown to whoever has its address, and revoked.

Whatever is told of one is read from its signed text, and its signature is verified each time (ADR 27).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import User
from lms.db.certificates import Certificate, SigningKey
from lms.errors import Conflict, Invalid, NotFound, Said
from lms.learning import credential, signing
from lms.learning.completion import Completion
from lms.learning.credential import Credential
from lms.learning.signing import KeyPair


class UnknownCertificate(NotFound):
    message = "Sertifikat ini tidak ditemukan, atau bukan milik Anda."


class Barred(Conflict):
    message = "Pengelola mencabut sertifikat Anda, dan sertifikat lain belum dapat diterbitkan."

    def __init__(self, reason: str) -> None:
        super().__init__(
            Said(
                "Pengelola mencabut sertifikat Anda (%(reason)s), dan sertifikat lain belum dapat diterbitkan. "
                "Bicarakan dengan pengelola.",
                reason=reason,
            )
        )


class NoReason(Invalid):
    message = "Pencabutan perlu alasan: alasan itu tampil di halaman sertifikatnya."


@dataclass(frozen=True, slots=True)
class Found:
    """A certificate as it stands. ``says`` None: its signature cannot be verified, so it says nothing.

    ``reason``: why staff revoked it; None for one that its owner withdrew or had replaced. ``barred``: until staff say
    otherwise its owner gets no other.
    """

    id: UUID
    user_id: UUID
    signed: str
    revoked_at: datetime | None
    reason: str | None
    barred: bool
    says: Credential | None

    @property
    def is_valid(self) -> bool:
        return self.says is not None and self.revoked_at is None


# --- keys -----------------------------------------------------------------------------------------------------------


_KEYS = select(SigningKey.id, SigningKey.public).order_by(SigningKey.created_at, SigningKey.id)
_SIGNS = (
    select(SigningKey.id, SigningKey.public, SigningKey.private)
    .where(SigningKey.private.is_not(None))
    .order_by(SigningKey.created_at.desc(), SigningKey.id)
    .limit(1)
)


def keys(db: Connection) -> Sequence[KeyPair]:
    """Every public key that ever signed, the oldest first."""
    return [KeyPair(*row) for row in db.execute(_KEYS)]


def new_key(db: Session, *, now: datetime) -> KeyPair:
    """From now on another key signs. The private halves of all former ones are forgotten: nothing can be signed with
    them again, and what was signed is verified as before."""
    db.execute(update(SigningKey).values(private=None))
    return _store(db, signing.new_key(), now=now)


def _store(db: Session, key: KeyPair, *, now: datetime) -> KeyPair:
    db.execute(insert(SigningKey), {"id": key.id, "public": key.public, "private": key.private, "created_at": now})
    return key


def _signing_key(db: Session, *, now: datetime) -> KeyPair:
    """The one in use; the first one is made when it is first needed. Two that are made at once are both good."""
    row = db.execute(_SIGNS).first()
    return KeyPair(*row) if row else _store(db, signing.new_key(), now=now)


# --- issued ---------------------------------------------------------------------------------------------------------


def issue(db: Session, user_id: UUID, completion: Completion, *, name: str, issuer: str, now: datetime) -> UUID:
    """Certify; the certificate that stands is kept where it says the same, and else replaced.

    ``issuer``: the address of this site. Asking twice, even at once, leads to one certificate. Raises ``Barred``.
    """
    connection = db.connection()
    _one_at_a_time(connection, user_id)
    _refuse_barred(connection, user_id)
    stands = of_person(connection, user_id)
    if stands and stands.is_valid and not differs(stands, completion, name=name):
        return stands.id
    if stands:
        _end(db, stands.id, now=now)
    said = Credential(uuid4(), name, issuer, now, completion)
    signed = signing.sign(credential.payload(said), _signing_key(db, now=now))
    db.execute(
        insert(Certificate), {"id": said.id, "user_id": user_id, "signed": signed, "issued_at": now, "barred": False}
    )
    return said.id


def _one_at_a_time(db: Connection, user_id: UUID) -> None:
    """Whoever issues or revokes a certificate of this person waits until this transaction ends."""
    db.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def differs(stands: Found, completion: Completion, *, name: str) -> bool:
    """Whether a certificate of today would say something else."""
    if stands.says is None:
        return True
    return credential.payload(replace(stands.says, name=name, completion=completion)) != credential.payload(stands.says)


def _refuse_barred(db: Connection, user_id: UUID) -> None:
    reason = db.execute(_BARRED, {"user_id": user_id}).scalar_one_or_none()
    if reason is not None:
        raise Barred(reason)


_BARRED = (
    select(Certificate.reason)
    .where(Certificate.user_id == bindparam("user_id"), Certificate.barred)
    .order_by(Certificate.revoked_at.desc())
    .limit(1)
)


# --- found ----------------------------------------------------------------------------------------------------------


_COLUMNS = (
    Certificate.id,
    Certificate.user_id,
    Certificate.signed,
    Certificate.revoked_at,
    Certificate.reason,
    Certificate.barred,
)
_ONE = select(*_COLUMNS).where(Certificate.id == bindparam("id"))
_NEWEST = (
    select(*_COLUMNS)
    .where(Certificate.user_id == bindparam("user_id"))
    .order_by(Certificate.revoked_at.is_not(None), Certificate.issued_at.desc())
    .limit(1)
)


def find(db: Connection, certificate_id: UUID) -> Found | None:
    """Two statements: the certificate, and all keys."""
    row = db.execute(_ONE, {"id": certificate_id}).first()
    return Found(*row, says=_verified(db, row.id, row.signed)) if row else None


def of_person(db: Connection, user_id: UUID) -> Found | None:
    """The certificate of a person that stands, else the newest of those that do no more."""
    row = db.execute(_NEWEST, {"user_id": user_id}).first()
    return Found(*row, says=_verified(db, row.id, row.signed)) if row else None


def _verified(db: Connection, id: UUID, signed: str) -> Credential | None:
    said = signing.read(signed, keys(db))
    found = credential.read(said) if said else None
    return found if found and found.id == id else None


def presented(db: Connection, text: str) -> UUID | None:
    """The certificate that a text is, as somebody shows it to us; None where we never issued this very text.

    Of one that is not here any more the id is told: it was genuine once.
    """
    said = signing.read(text, keys(db))
    if said is None:
        return None
    id = credential.read(said).id
    held = find(db, id)
    return id if held is None or held.signed == text else None


# --- revoked --------------------------------------------------------------------------------------------------------


def withdraw(db: Session, certificate_id: UUID, user_id: UUID, *, now: datetime) -> None:
    """Its owner wants it to stand no longer. Raises ``UnknownCertificate``, also for somebody else's."""
    held = find(db.connection(), certificate_id)
    if held is None or held.user_id != user_id:
        raise UnknownCertificate
    _end(db, certificate_id, now=now)


def _end(db: Session, certificate_id: UUID, *, now: datetime) -> None:
    """Once is enough: the first moment is kept."""
    db.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke(
    db: Session, certificate_id: UUID, *, reason: str, reissue: bool, now: datetime, actor_id: UUID | None = None
) -> None:
    """Staff take a certificate back, and say why to whoever looks at it.

    ``reissue``: whether its owner may have another one issued; said again, the last word holds. Raises
    ``UnknownCertificate`` or ``NoReason``.
    """
    if not reason.strip():
        raise NoReason
    held = find(db.connection(), certificate_id)
    if held is None:
        raise UnknownCertificate
    _one_at_a_time(db.connection(), held.user_id)
    _end(db, certificate_id, now=now)
    db.execute(
        update(Certificate).where(Certificate.id == certificate_id).values(reason=reason.strip(), barred=not reissue)
    )
    audit.record(
        db,
        now=now,
        actor_id=actor_id,
        action="certificate.revoke",
        subject=str(certificate_id),
        reason=reason.strip(),
        reissue=reissue,
    )
