"""Who of a cohort needs somebody, and why: rules, each with the evidence it rests on.

One statement asks for what the rules look at, of everybody at once; what follows is plain Python, so that a rule can be
read, and its reasons sorted by urgency and not by their words. Who finished the course needs nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Connection,
    String,
    bindparam,
    case,
    distinct,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from lms.catalog.model import Catalog
from lms.db.accounts import User
from lms.db.attempts import Attempt, Confidence, QuizRecord, Response
from lms.db.cohorts import Enrolment
from lms.db.learning import LessonRecord
from lms.learning.members import Member
from lms.learning.membership import TAKES_PART

#: Without a sign of life for so long, somebody has gone quiet.
QUIET = timedelta(days=7)
#: A lesson that was opened so long ago, was opened again since, and is not at its end holds somebody up.
STUCK = timedelta(days=3)
#: So many attempts at a quiz without a pass.
TRIES = 2
#: So many answers of the last days that somebody was not sure of.
DOUBTS = 10
#: How far behind the pace somebody may be, as a share of the course.
BEHIND = 0.15


class Reason(StrEnum):
    """Why somebody needs attention, the most urgent first."""

    FAILED = "failed"
    ABSENT = "absent"
    QUIET = "quiet"
    WAITING = "waiting"
    STUCK = "stuck"
    BEHIND = "behind"
    UNSURE = "unsure"


_REASONS = {reason.value: reason for reason in Reason}
_URGENCY = {reason: len(Reason) - place for place, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Sign:
    """A reason and its evidence. ``about``: id of a quiz or lesson; ``count``: tries, answers, attempts, or steps that
    are missing; ``since``: when it began, as far as that is known.
    """

    reason: Reason
    about: str = ""
    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Needy:
    """A participant and every reason to look after them, the most urgent first. ``last_seen_at`` None: never."""

    member: Member
    signs: tuple[Sign, ...]
    last_seen_at: datetime | None

    @property
    def urgency(self) -> tuple[int, ...]:
        """To sort by, the highest first: the worst reason, then how many there are, then how often it happened."""
        return _URGENCY[self.signs[0].reason], len(self.signs), self.signs[0].count


@dataclass(frozen=True, slots=True)
class Pace:
    """What the course consists of, and how much of it should be done by now (0…1); None: no last day is known.

    ``doubtable``: ids of the quizzes that ask how sure one is; ``former``: former ids of lessons -> their ids today.
    """

    lessons: Collection[str]
    quizzes: Collection[str]
    share: float | None
    doubtable: Collection[str] = ()
    former: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, catalog: Catalog, share: float | None) -> Pace:
        """Of the lessons of a pack, and the quizzes of its modules."""
        return cls(
            lessons=[lesson.id for lesson in catalog.every_lesson],
            quizzes=[quiz.id for module in catalog.modules.values() for quiz in module.quizzes],
            share=share,
            doubtable=[quiz.id for quiz in catalog.quizzes.values() if quiz.confidence],
            former=catalog.aliases,
        )

    @property
    def steps(self) -> int:
        return len(self.lessons) + len(self.quizzes)


def expected(today: date, *, starts_on: date | None, ends_on: date | None) -> float | None:
    """Which share of its days a cohort has behind it: what should be done of the course by the end of yesterday."""
    if starts_on is None or ends_on is None:
        return None
    days = (ends_on - starts_on).days + 1
    return min(1.0, max(0.0, (today - starts_on).days / days))


# --- what the rules look at -----------------------------------------------------------------------------------------

_TAKING_PART = (
    select(Enrolment.id, Enrolment.cohort_id, Enrolment.user_id)
    .where(
        Enrolment.cohort_id.in_(bindparam("cohorts", expanding=True)),
        TAKES_PART,
        or_(bindparam("everybody", type_=Boolean), Enrolment.id.in_(bindparam("people", expanding=True))),
    )
    .cte("taking_part")
)
_OWN_LESSON = LessonRecord.user_id == _TAKING_PART.c.user_id
_DID = "did"


def _as_kept(id: Any) -> Any:
    """An id as the engine hands it over: thousands are only compared, which costs less than making a UUID of each."""
    return type_coerce(id, String)


def _uuid(kept: Any) -> UUID:
    return kept if isinstance(kept, UUID) else UUID(int=int(kept, 16))


def _word(what: str) -> Any:
    return literal_column(f"'{what}'")


def _how_many(what: Any, name: str) -> Any:
    """Counted, not selected: of a list in WHERE, SQLite would look up each entry for each person."""
    return func.count(case((what.in_(bindparam(name, expanding=True)), 1)))


def _of_lessons(what: Any, *which: Any) -> Any:
    return select(what).where(_OWN_LESSON, *which).correlate(_TAKING_PART).scalar_subquery()


def _of_quizzes(what: Any) -> Any:
    return select(what).where(_OWN_RECORD).correlate(_TAKING_PART).scalar_subquery()


_OWN_RECORD = QuizRecord.enrolment_id == _TAKING_PART.c.id
_COUNT = func.count().label("count")
_DOUBTS = (
    select(Attempt.enrolment_id.label("id"), _COUNT)
    .join(Response, Response.attempt_id == Attempt.id)
    .where(
        Attempt.quiz.in_(bindparam("doubtable", expanding=True)),
        Attempt.submitted_at >= bindparam("quiet_since"),
        Attempt.enrolment_id.in_(select(_TAKING_PART.c.id)),
        Response.confidence.in_((Confidence.UNSURE, Confidence.GUESS)),
    )
    .group_by(Attempt.enrolment_id)
    .having(_COUNT >= DOUBTS)
    .subquery()
)
_NO_COHORT: Any = null()
_NEVER: Any = null()
_NOTHING: Any = literal_column("''")


def _read(former: frozenset[tuple[str, str]]) -> Any:
    """How many lessons were read; one that was read under two names, once."""
    if not former:
        return _how_many(LessonRecord.lesson, "lessons")
    today = case(dict(former), value=LessonRecord.lesson, else_=LessonRecord.lesson)
    return func.count(distinct(case((today.in_(bindparam("lessons", expanding=True)), today))))


@cache
def _rows(former: frozenset[tuple[str, str]]) -> Any:
    """How much of the course everybody did, and when they were last seen in lessons and at quizzes; then what is a
    reason by itself.

    ``former``: former and present ids of lessons.
    """
    passed = case((QuizRecord.passed > 0, QuizRecord.quiz))
    return union_all(
        select(
            _as_kept(_TAKING_PART.c.id),
            _as_kept(_TAKING_PART.c.cohort_id),
            _word(_DID),
            _NOTHING,
            _of_lessons(_read(former), LessonRecord.read_at.is_not(None)) + _of_quizzes(_how_many(passed, "quizzes")),
            _of_lessons(func.max(LessonRecord.last_seen_at)),
            _of_quizzes(func.max(QuizRecord.started_at)),
        ),
        _of_record(Reason.FAILED, QuizRecord.judged, QuizRecord.started_at).where(
            QuizRecord.passed == 0, QuizRecord.judged >= TRIES
        ),
        _of_record(Reason.WAITING, QuizRecord.closed - QuizRecord.judged, QuizRecord.waiting_since).where(
            QuizRecord.closed > QuizRecord.judged
        ),
        select(
            _TAKING_PART.c.id,
            _NO_COHORT,
            _word(Reason.STUCK),
            LessonRecord.lesson,
            literal(0),
            LessonRecord.first_seen_at,
            _NEVER,
        )
        .join(LessonRecord, _OWN_LESSON)
        .where(
            LessonRecord.read_at.is_(None),
            LessonRecord.first_seen_at < bindparam("stuck_since"),
            LessonRecord.last_seen_at >= bindparam("stuck_since"),
        ),
        select(_DOUBTS.c.id, _NO_COHORT, _word(Reason.UNSURE), _NOTHING, _DOUBTS.c.count, _NEVER, _NEVER),
    )


def _of_record(reason: Reason, count: Any, at: Any) -> Any:
    return select(_TAKING_PART.c.id, _NO_COHORT, _word(reason), QuizRecord.quiz, count, at, _NEVER).join(
        QuizRecord, _OWN_RECORD
    )


# --- the rules ------------------------------------------------------------------------------------------------------


def of(db: Connection, cohort_id: UUID, pace: Pace, *, now: datetime) -> list[Needy]:
    """Everybody who needs somebody, the most urgent first, those alike by name."""
    found = _stands(db, {cohort_id: pace}, now)[cohort_id]
    people = [
        Needy(Member(_uuid(id), cohort_id, _uuid(user_id), name, login), _ordered(stand.signs), stand.seen)
        for id, user_id, name, login in db.execute(_MEMBERS, {"cohort_id": cohort_id})
        if (stand := found.get(id)) and stand.signs
    ]
    people.sort(key=lambda one: one.member.name.lower())
    return sorted(people, key=lambda one: one.urgency, reverse=True)


def signs(
    db: Connection, cohort_id: UUID, pace: Pace, people: Collection[UUID], *, now: datetime
) -> dict[UUID, tuple[Sign, ...]]:
    """The same of a few: by enrolment the reasons, the most urgent first; without those who need nobody."""
    found = _stands(db, {cohort_id: pace}, now, people)[cohort_id]
    return {_uuid(id): _ordered(stand.signs) for id, stand in found.items() if stand.signs}


def _ordered(signs: Sequence[Sign]) -> tuple[Sign, ...]:
    return tuple(sorted(signs, key=lambda one: (-_URGENCY[one.reason], -one.count)) if len(signs) > 1 else signs)


@dataclass(frozen=True, slots=True)
class Need:
    """How many of a cohort need somebody, and of these how many for each reason: one person may have several.

    Beside it, of everybody: how many were seen lately (``active``), and the share of the course that is ``done``, 0…1.
    """

    people: int = 0
    reasons: Mapping[Reason, int] = field(default_factory=dict)
    active: int = 0
    done: float = 0.0


def counts(db: Connection, paces: Mapping[UUID, Pace], *, now: datetime) -> dict[UUID, Need]:
    """The same for the cohorts of an overview, in one statement; ``paces``: by cohort, all of the same course.

    Takes a tenth of a millisecond for each person in them: ask it of the cohorts on one page, and not of all.
    """
    return {
        cohort_id: _need(list(found.values()), paces[cohort_id].steps, now)
        for cohort_id, found in _stands(db, paces, now).items()
    }


def _need(stands: Sequence[_Stand], steps: int, now: datetime) -> Need:
    return Need(
        people=sum(bool(one.signs) for one in stands),
        reasons=Counter(reason for one in stands for reason in {sign.reason for sign in one.signs}),
        active=sum(one.seen is not None and now - one.seen < QUIET for one in stands),
        done=sum(one.done for one in stands) / (steps * len(stands)) if steps and stands else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a participant stands: how many steps are ``done``, when they were ``seen`` last, and what is a reason."""

    done: int
    seen: datetime | None
    signs: Sequence[Sign]


def _stands(
    db: Connection, paces: Mapping[UUID, Pace], now: datetime, people: Collection[UUID] | None = None
) -> dict[UUID, dict[Any, _Stand]]:
    """By cohort and enrolment (``_as_kept``), of everybody or of some ``people``; ``signs`` are empty of those who need
    nobody.
    """
    own: defaultdict[Any, list[Sign]] = defaultdict(list)
    everybody: list[tuple[Any, Any, int, datetime | None]] = []
    for id, cohort_id, what, about, count, at, also_at in db.execute(*_question(paces, now, people)).all():
        if what == _DID:
            everybody.append((id, cohort_id, int(count), max(filter(None, (at, also_at)), default=None)))
        else:
            own[id].append(Sign(_REASONS[what], about, int(count), at))
    found: dict[UUID, dict[Any, _Stand]] = {cohort_id: {} for cohort_id in paces}
    cohort = {kept: _uuid(kept) for kept in {kept for _id, kept, *_rest in everybody}}
    of_cohort = {kept: (paces[id], paces[id].steps, found[id]) for kept, id in cohort.items()}
    for id, kept, done, seen in everybody:
        pace, steps, theirs = of_cohort[kept]
        complete = steps and done >= steps
        why = [] if complete else [*own.get(id, ()), *_silence(seen, now), *_slowness(done, pace, steps)]
        theirs[id] = _Stand(done, seen, why)
    return found


def _question(paces: Mapping[UUID, Pace], now: datetime, people: Collection[UUID] | None) -> tuple[Any, dict[str, Any]]:
    course = next(iter(paces.values()), Pace((), (), None))
    return _rows(frozenset(course.former.items())), {
        "cohorts": list(paces),
        "everybody": people is None,
        "people": list(people or ()),
        "lessons": list(course.lessons),
        "quizzes": list(course.quizzes),
        "doubtable": list(course.doubtable),
        "stuck_since": now - STUCK,
        "quiet_since": now - QUIET,
    }


def _silence(last: datetime | None, now: datetime) -> Iterator[Sign]:
    if last is None:
        yield Sign(Reason.ABSENT)
    elif now - last >= QUIET:
        yield Sign(Reason.QUIET, count=(now - last).days, since=last)


def _slowness(done: int, pace: Pace, steps: int) -> Iterator[Sign]:
    if pace.share is not None and steps and done / steps < pace.share - BEHIND:
        yield Sign(Reason.BEHIND, count=round(pace.share * steps) - done)


_MEMBERS = (
    select(_as_kept(Enrolment.id), _as_kept(User.id), User.name, User.login)
    .join(User, User.id == Enrolment.user_id)
    .where(Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART)
)
