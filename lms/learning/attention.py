"""Who of a cohort needs somebody, and why: rules, each with the evidence it rests on.

One statement asks for what the rules look at, of everybody at once; what follows is plain Python, so that a rule can be
read, and its reasons sorted by urgency and not by their words. Who finished the course needs nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, func, literal, literal_column, null, select, union_all

from lms.db.accounts import User
from lms.db.attempts import Attempt, Confidence, Response
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
    """A participant and every reason to look after them, the most urgent first."""

    member: Member
    signs: tuple[Sign, ...]

    @property
    def urgency(self) -> tuple[int, ...]:
        """To sort by, the highest first: the worst reason, then how many there are, then how often it happened."""
        return _URGENCY[self.signs[0].reason], len(self.signs), self.signs[0].count


@dataclass(frozen=True, slots=True)
class Pace:
    """What the course consists of, and how much of it should be done by now (0…1); None: no last day is known."""

    lessons: Collection[str]
    quizzes: Collection[str]
    share: float | None

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
    select(Enrolment.id, Enrolment.user_id)
    .where(Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART)
    .cte("taking_part")
)
_OWN_ATTEMPT = Attempt.enrolment_id == _TAKING_PART.c.id
_OWN_LESSON = LessonRecord.user_id == _TAKING_PART.c.user_id
_SEEN, _DONE = "seen", "done"


def _word(what: str) -> Any:
    return literal_column(f"'{what}'")


def _of(what: str, about: Any, count: Any, at: Any) -> Any:
    return select(_TAKING_PART.c.id, _word(what), about, count, at)


_NO_SUBJECT: Any = literal_column("''")
_EACH_QUIZ = (
    select(
        _TAKING_PART.c.id,
        Attempt.quiz,
        func.max(case((Attempt.passed.is_(True), 1), else_=0)).label("passed"),
        func.count(Attempt.passed).label("tries"),  # judged: who waits for a mark has not failed
        func.max(Attempt.started_at).label("last"),
    )
    .join(Attempt, _OWN_ATTEMPT)
    .group_by(_TAKING_PART.c.id, Attempt.quiz)
    .cte("each_quiz")
)
_ROWS = union_all(
    _of(_SEEN, _NO_SUBJECT, func.count(), func.max(LessonRecord.last_seen_at))
    .join(LessonRecord, _OWN_LESSON)
    .group_by(_TAKING_PART.c.id),
    select(_EACH_QUIZ.c.id, _word(_SEEN), _NO_SUBJECT, func.count(), func.max(_EACH_QUIZ.c.last)).group_by(
        _EACH_QUIZ.c.id
    ),
    _of(_DONE, _NO_SUBJECT, func.count(), null())
    .join(LessonRecord, _OWN_LESSON)
    .where(LessonRecord.read_at.is_not(None), LessonRecord.lesson.in_(bindparam("lessons", expanding=True)))
    .group_by(_TAKING_PART.c.id),
    select(_EACH_QUIZ.c.id, _word(_DONE), _NO_SUBJECT, func.count(), null())
    .where(_EACH_QUIZ.c.passed == 1, _EACH_QUIZ.c.quiz.in_(bindparam("quizzes", expanding=True)))
    .group_by(_EACH_QUIZ.c.id),
    select(_EACH_QUIZ.c.id, _word(Reason.FAILED), _EACH_QUIZ.c.quiz, _EACH_QUIZ.c.tries, _EACH_QUIZ.c.last).where(
        _EACH_QUIZ.c.passed == 0, _EACH_QUIZ.c.tries >= TRIES
    ),
    _of(Reason.WAITING, Attempt.quiz, func.count(), func.min(Attempt.submitted_at))
    .join(Attempt, _OWN_ATTEMPT)
    .where(Attempt.submitted_at.is_not(None), Attempt.score.is_(None))
    .group_by(_TAKING_PART.c.id, Attempt.quiz),
    _of(Reason.STUCK, LessonRecord.lesson, literal(0), LessonRecord.first_seen_at)
    .join(LessonRecord, _OWN_LESSON)
    .where(
        LessonRecord.read_at.is_(None),
        LessonRecord.first_seen_at < bindparam("stuck_since"),
        LessonRecord.last_seen_at >= bindparam("stuck_since"),
    ),
    _of(Reason.UNSURE, _NO_SUBJECT, func.count(), null())
    .join(Attempt, _OWN_ATTEMPT)
    .join(Response, Response.attempt_id == Attempt.id)
    .where(
        Attempt.submitted_at >= bindparam("quiet_since"),
        Response.confidence.in_((Confidence.UNSURE, Confidence.GUESS)),
    )
    .group_by(_TAKING_PART.c.id)
    .having(func.count() >= DOUBTS),
)


# --- the rules ------------------------------------------------------------------------------------------------------


def of(db: Connection, cohort_id: UUID, pace: Pace, *, now: datetime) -> list[Needy]:
    """Everybody who needs somebody, the most urgent first, those alike by name."""
    asked = {
        "cohort_id": cohort_id,
        "lessons": list(pace.lessons),
        "quizzes": list(pace.quizzes),
        "stuck_since": now - STUCK,
        "quiet_since": now - QUIET,
    }
    signs: defaultdict[UUID, list[Sign]] = defaultdict(list)
    seen: dict[UUID, datetime] = {}
    done = Counter[UUID]()
    for enrolment_id, what, about, count, at in db.execute(_ROWS, asked):
        if what == _SEEN:
            seen[enrolment_id] = max(seen.get(enrolment_id, at), at)
        elif what == _DONE:
            done[enrolment_id] += count
        else:
            signs[enrolment_id].append(Sign(Reason(what), about, count, at))
    people = [
        Needy(member, tuple(sorted(found, key=lambda one: (-_URGENCY[one.reason], -one.count))))
        for member in _members(db, cohort_id)
        if (found := _signs(member, signs, seen, done, pace, now))
    ]
    return sorted(people, key=lambda one: (*(-part for part in one.urgency), one.member.name.lower()))


def _signs(
    member: Member,
    signs: Mapping[UUID, Sequence[Sign]],
    seen: Mapping[UUID, datetime],
    done: Mapping[UUID, int],
    pace: Pace,
    now: datetime,
) -> list[Sign]:
    id = member.enrolment_id
    if pace.steps and done.get(id, 0) >= pace.steps:
        return []
    return [*signs.get(id, ()), *_silence(seen.get(id), now), *_slowness(done.get(id, 0), pace)]


def _silence(last: datetime | None, now: datetime) -> Iterator[Sign]:
    if last is None:
        yield Sign(Reason.ABSENT)
    elif now - last >= QUIET:
        yield Sign(Reason.QUIET, count=(now - last).days, since=last)


def _slowness(done: int, pace: Pace) -> Iterator[Sign]:
    if pace.share is not None and pace.steps and done / pace.steps < pace.share - BEHIND:
        yield Sign(Reason.BEHIND, count=round(pace.share * pace.steps) - done)


_MEMBERS = (
    select(Enrolment.id, Enrolment.cohort_id, User.id, User.name, User.login)
    .join(User, User.id == Enrolment.user_id)
    .where(Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART)
)


def _members(db: Connection, cohort_id: UUID) -> list[Member]:
    return [Member(*row) for row in db.execute(_MEMBERS, {"cohort_id": cohort_id})]
