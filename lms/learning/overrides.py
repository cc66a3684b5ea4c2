"""What happens when staff give a cohort or a person other rules than the quiz has.

A decision about time reaches the attempts that run already (``deadlines``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import User
from lms.db.attempts import Allowance, Attempt
from lms.db.cohorts import Cohort, CohortQuiz, Enrolment
from lms.errors import Conflict, Invalid, NotFound, Said
from lms.learning import conditions, deadlines, owed_scores, stale
from lms.learning.deadlines import Moved
from lms.learning.membership import TAKES_PART, participants
from lms.quiz.definition import load_review
from lms.quiz.review import ReviewRules

MOST_GRACE = 10_080  # minutes: a week


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a cohort has different about a quiz; None: as the quiz says."""

    opens_at: datetime | None
    closes_at: datetime | None
    review: ReviewRules | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one person may have more of at one quiz; twice 0 takes back what was granted."""

    extra_minutes: int
    extra_attempts: int
    reason: str


class NothingGranted(Invalid):
    message = "Isi tambahan waktu atau tambahan percobaan; keduanya masih nol."


class DecidedMeanwhile(Conflict):
    message = "Orang lain baru saja menyimpan aturan yang sama. Muat ulang halaman, lalu periksa isinya."


def set_rules(
    db: Session,
    cohort_id: UUID,
    quiz: str,
    rules: Rules,
    *,
    seen: str | None = None,
    actor_id: UUID | None,
    now: datetime,
) -> list[Moved]:
    """Keep what a cohort has different about a quiz, and move the deadlines of its running attempts.

    Of many only the first: ``deadlines.go_on`` does the rest. ``seen``: the stamp of the rules that the page showed.
    Raises ``ChangedMeanwhile``.
    """
    cohort = _locked(db, cohort_id)
    _nobody_starts(db, cohort_id)
    held = db.get(CohortQuiz, (cohort_id, quiz))
    wanted = CohortQuiz(
        cohort_id=cohort_id,
        quiz=quiz,
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
        # Every aspect is named, also what is the default: an override that says "at once" is an override.
        review=rules.review and {aspect: moment.value for aspect, moment in asdict(rules.review).items()},
    )
    before, after = _plain(held), _plain(wanted)
    if after == before:
        return []
    stale.check(db, seen, before, action="cohort.rules", subject=cohort.name, quiz=quiz)
    if held is not None and after == _plain(None):
        db.delete(held)
    else:
        db.merge(wanted)
    _flush(db)
    audit.record(
        db,
        now=now,
        actor_id=actor_id,
        action="cohort.rules",
        subject=cohort.name,
        quiz=quiz,
        before=before,
        after=after,
    )
    owed_scores.look_again(db, select(Enrolment.id).where(Enrolment.cohort_id == cohort_id), quiz)
    return deadlines.move_first(db, cohort, quiz, now=now)


def set_grace(
    db: Session, cohort_id: UUID, minutes: int, *, seen: str | None = None, actor_id: UUID | None, now: datetime
) -> list[Moved]:
    """Running attempts close as much later, or earlier, as the grace changes; of many as in ``set_rules``.

    Raises ``Invalid`` or ``ChangedMeanwhile``.
    """
    if not 0 <= minutes <= MOST_GRACE:
        raise Invalid(Said("Masa tenggang harus 0–%(most)s menit.", most=MOST_GRACE))
    cohort = _locked(db, cohort_id)
    if cohort.grace_minutes == minutes:
        return []
    stale.check(db, seen, grace_held(cohort.grace_minutes), action="cohort.grace", subject=cohort.name)
    _nobody_starts(db, cohort_id)
    before, cohort.grace_minutes = cohort.grace_minutes, minutes
    _flush(db)
    audit.record(
        db, now=now, actor_id=actor_id, action="cohort.grace", subject=cohort.name, before=before, after=minutes
    )
    return deadlines.move_first(db, cohort, now=now)


def grace_held(minutes: int) -> dict[str, Any]:
    """What the stamp of a page with the grace is made from."""
    return {"grace": minutes}


def grant(
    db: Session,
    user_id: UUID,
    quiz: str,
    given: Grant,
    *,
    seen: str | None = None,
    actor_id: UUID | None,
    now: datetime,
) -> list[Moved]:
    """Give one person more time or attempts at one quiz, or take it back; their running attempt follows at once.

    Raises ``NothingGranted`` or ``ChangedMeanwhile``. What was granted before is replaced and stays in the audit.
    """
    conditions.lock_for_change(db.connection(), [user_id])
    held = db.scalars(select(Allowance).where(Allowance.user_id == user_id, Allowance.quiz == quiz)).one_or_none()
    before = _granted(held)
    if before != asdict(given):
        stale.check(db, seen, before, action="allowance.grant", subject=str(user_id), quiz=quiz)
    if held is None:
        if not given.extra_minutes and not given.extra_attempts:
            says = NothingGranted.message
            raise NothingGranted(fields={"extra_minutes": says, "extra_attempts": says})
        held = Allowance(user_id=user_id, quiz=quiz)
        db.add(held)
    held.extra_minutes, held.extra_attempts = given.extra_minutes, given.extra_attempts
    held.reason, held.granted_at = given.reason, now
    _flush(db)
    audit.record(
        db,
        now=now,
        actor_id=actor_id,
        action="allowance.grant",
        subject=str(user_id),
        quiz=quiz,
        before=before,
        after=asdict(given),
    )
    owed_scores.look_again(db, select(Enrolment.id).where(Enrolment.user_id == user_id), quiz)
    return deadlines.move(db, user_id, quiz, now=now)


def _granted(held: Allowance | None) -> dict[str, Any] | None:
    if held is None:
        return None
    return {name: getattr(held, name) for name in ("extra_minutes", "extra_attempts", "reason")}


def _locked(db: Session, cohort_id: UUID) -> Cohort:
    """The cohort, for this transaction alone: two decisions about it come one after the other."""
    return db.get_one(Cohort, cohort_id, with_for_update={"key_share": True})


def _nobody_starts(db: Session, cohort_id: UUID) -> None:
    """None of those whose conditions change with the cohort's starts an attempt until that is done."""
    conditions.lock_for_change(db.connection(), participants([cohort_id]))


def _plain(row: CohortQuiz | Row[Any] | None) -> dict[str, Any]:
    def iso(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    if row is None:
        return {"opens_at": None, "closes_at": None, "review": None}
    return {"opens_at": iso(row.opens_at), "closes_at": iso(row.closes_at), "review": row.review}


def _flush(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError as error:
        raise DecidedMeanwhile from error


# --- read ------------------------------------------------------------------------------------------------------------


class UnknownParticipant(NotFound):
    message = "Orang ini bukan peserta angkatan ini."


@dataclass(frozen=True, slots=True)
class Different:
    """What a cohort has different about a quiz; None: as the quiz says. ``stamp``: a page that shows it has it."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    review: ReviewRules | None = None
    stamp: str = field(default_factory=lambda: stale.stamp(_plain(None)))


@dataclass(frozen=True, slots=True)
class CohortRules:
    """The grace of a cohort in minutes, and its rules by quiz."""

    grace: int
    quizzes: dict[str, Different]


def cohort_rules(db: Connection, cohort_id: UUID) -> CohortRules:
    rows = db.execute(
        select(Cohort.grace_minutes, CohortQuiz.quiz, CohortQuiz.opens_at, CohortQuiz.closes_at, CohortQuiz.review)
        .outerjoin(CohortQuiz, CohortQuiz.cohort_id == Cohort.id)
        .where(Cohort.id == cohort_id)
    ).all()
    quizzes = {
        row.quiz: Different(row.opens_at, row.closes_at, _review(row.review), stale.stamp(_plain(row)))
        for row in rows
        if row.quiz
    }
    return CohortRules(rows[0].grace_minutes, quizzes)


def _review(stored: dict[str, Any] | None) -> ReviewRules | None:
    return None if stored is None else load_review(stored)


@dataclass(frozen=True, slots=True)
class Participant:
    """``extra_minutes``: what the enrolment adds to every time limit. ``disabled_at`` None: they can sign in."""

    user_id: UUID
    name: str
    login: str
    disabled_at: datetime | None
    extra_minutes: int


def participant(db: Connection, cohort_id: UUID, user_id: UUID) -> Participant:
    """Raises ``UnknownParticipant``."""
    row = db.execute(
        select(User.id, User.name, User.login, User.disabled_at, Enrolment.extra_minutes)
        .join(
            Enrolment,
            and_(Enrolment.user_id == User.id, Enrolment.cohort_id == cohort_id, TAKES_PART),
        )
        .where(User.id == user_id)
    ).first()
    if row is None:
        raise UnknownParticipant
    return Participant(*row)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person was granted at a quiz."""

    extra_minutes: int
    extra_attempts: int
    reason: str
    granted_at: datetime

    @property
    def stamp(self) -> str:
        """What a page that shows it carries."""
        names = ("extra_minutes", "extra_attempts", "reason")
        return stale.stamp({name: getattr(self, name) for name in names})


#: The same where nothing was granted.
NOTHING = stale.stamp(None)


def allowances(db: Connection, user_id: UUID) -> dict[str, Allowed]:
    rows = db.execute(
        select(
            Allowance.quiz,
            Allowance.extra_minutes,
            Allowance.extra_attempts,
            Allowance.reason,
            Allowance.granted_at,
        )
        .where(Allowance.user_id == user_id)
        .order_by(Allowance.granted_at.desc())
    )
    return {row.quiz: Allowed(row.extra_minutes, row.extra_attempts, row.reason, row.granted_at) for row in rows}


def running(db: Connection, user_id: UUID) -> dict[str, datetime | None]:
    """The quizzes at which a person has an open attempt, with its deadline."""
    rows = db.execute(
        select(Attempt.quiz, Attempt.deadline_at).where(Attempt.user_id == user_id, Attempt.submitted_at.is_(None))
    )
    return {row.quiz: row.deadline_at for row in rows}
