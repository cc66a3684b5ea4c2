"""What the pages of review read. An instructor's questions always pass through the cohorts they teach."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuizRecord
from lms.db.cohorts import Enrolment
from lms.learning.attempt_records import Scored
from lms.learning.membership import TAKES_PART, attempts_of, attempts_taught_by, records_taught_by
from lms.learning.quiz_records import NUMBER, SHARE, UNJUDGED, Which

# --- the results of a quiz ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line(Scored):
    """One attempt in the results of a quiz."""

    id: UUID
    name: str
    login: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    score: float | None
    maximum: float
    passed: bool | None

    @property
    def state(self) -> str:
        return "open" if self.submitted_at is None else "submitted"


#: What the results may be sorted by; a column that a request names must stand here.
SORTS: dict[str, Any] = {
    "name": func.lower(User.name),
    "login": User.login,
    "number": Attempt.number,
    "submitted_at": Attempt.submitted_at,
    "score": SHARE,
}


def _at(cohort_id: UUID, quiz: str, search: str = "") -> ColumnElement[bool]:
    """Whether an attempt is one of a cohort at a quiz; ``search``: by somebody with this in their name or login."""
    at = and_(attempts_of(cohort_id), Attempt.quiz == quiz)
    return and_(at, Attempt.user_id.in_(_called(search))) if search else at


def _called(search: str) -> Select[Any]:
    pattern = search.lower()
    named = or_(func.lower(User.name).contains(pattern, autoescape=True), User.login.contains(pattern, autoescape=True))
    return select(User.id).where(named)


def _chosen(which: Which, cohort_id: UUID, quiz: str, search: str = "") -> ColumnElement[bool]:
    """Whether such an attempt is the first, best or last of its person."""
    if not which:
        return _at(cohort_id, quiz, search)
    its = (
        select(QuizRecord.enrolment_id, NUMBER[which])
        .join(Enrolment, Enrolment.id == QuizRecord.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, TAKES_PART, QuizRecord.quiz == quiz)
    )
    if search:
        its = its.where(Enrolment.user_id.in_(_called(search)))
    return and_(Attempt.quiz == quiz, tuple_(Attempt.enrolment_id, Attempt.number).in_(its))


def _of_quiz(cohort_id: UUID, quiz: str, search: str, which: Which) -> Select[Any]:
    return cast(
        "Select[Any]",
        select(
            Attempt.id,
            User.name,
            User.login,
            Attempt.number,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.score,
            Attempt.maximum,
            Attempt.passed,
        )
        .join(User, User.id == Attempt.user_id)
        .where(_chosen(which, cohort_id, quiz, search)),
    )


def results(
    db: Connection,
    cohort_id: UUID,
    quiz: str,
    *,
    search: str = "",
    sort: str = "submitted_at",
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
    which: Which = Which.EVERY,
) -> list[Line]:
    statement = _of_quiz(cohort_id, quiz, search, which).order_by(*_order(sort, descending)).offset(offset)
    if limit is not None:
        statement = statement.limit(limit)
    return [Line(*row) for row in db.execute(statement)]


def each(
    db: Connection,
    cohort_id: UUID,
    quiz: str,
    *,
    search: str = "",
    sort: str,
    descending: bool,
    which: Which = Which.EVERY,
) -> Generator[Line]:
    """All of them, however many: no more than a few hundred are held at a time.

    ``db``: a ``streaming`` connection, open until the generator is closed.
    """
    with db.execute(_of_quiz(cohort_id, quiz, search, which).order_by(*_order(sort, descending))) as found:
        for rows in found.partitions(500):
            yield from (Line(*row) for row in rows)


def _order(sort: str, descending: bool) -> tuple[Any, ...]:
    """Open attempts have neither score nor time: they stand last either way, on both engines alike."""
    column = SORTS[sort]
    return (column.is_(None), column.desc() if descending else column.asc(), Attempt.id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """So many attempts that ended alike. ``share``: of the points, None while there is nothing to tell.

    ``people``: of how many persons it is the attempt that speaks for them, the best one where all are asked for.
    """

    share: float | None
    passed: bool | None
    attempts: int
    people: int


def outcomes(
    db: Connection, cohort_id: UUID, quiz: str, search: str = "", which: Which = Which.EVERY
) -> Sequence[Outcome]:
    """How the attempts that the search finds ended, those still open among them; the lowest shares first."""
    one = _ended(_chosen(which or Which.BEST, cohort_id, quiz, search), 1 if which else 0, 1)
    ended = (one if which else union_all(_ended(_at(cohort_id, quiz, search), 1, 0), one)).subquery().c
    found = select(ended.share, ended.passed, func.sum(ended.attempts), func.sum(ended.people))
    alike = (ended.share, ended.passed)
    rows = db.execute(found.group_by(*alike).order_by(*alike))
    return [Outcome(share, passed, int(attempts), int(people)) for share, passed, attempts, people in rows]


def _ended(which: ColumnElement[bool], attempts: int, people: int) -> Select[Any]:
    """How these attempts ended, and as what each of them counts."""
    counts = (
        literal(attempts, literal_execute=True).label("attempts"),
        literal(people, literal_execute=True).label("people"),
    )
    return cast("Select[Any]", select(SHARE.label("share"), Attempt.passed, *counts).where(which))


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a quiz in its attempts. ``versions`` of its questions; the points to reach, or the share of them."""

    versions: Collection[str]
    points: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class PartDone:
    """``mean``: of the shares of the points; None where nobody took it. ``passed``: how many of the attempts reached
    the threshold."""

    attempts: int
    mean: float | None
    passed: int


#: Thirds of a point add up to a little less than a whole.
_ROUNDING = 1e-9


def parts(db: Connection, cohort_id: UUID, quiz: str, asked: Sequence[Part], which: Which) -> list[PartDone]:
    """How the sections of a quiz went, over the attempts that are judged to the end."""
    earned = [
        func.sum(case((AttemptItem.question_version.in_(part.versions), column), else_=0)).label(f"{name}{place}")
        for place, part in enumerate(asked)
        for name, column in (("points", AttemptItem.points), ("maximum", AttemptItem.maximum))
    ]
    sums = (
        select(*earned)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(_chosen(which, cohort_id, quiz), Attempt.score.is_not(None))
        .group_by(AttemptItem.attempt_id)
        .subquery()
    )
    told = [one for place, part in enumerate(asked) for one in _done(part, *_sums(sums, place))]
    row = db.execute(select(*told)).one()
    return [PartDone(*row[place : place + 3]) for place in range(0, len(row), 3)]


def _sums(sums: Any, place: int) -> tuple[Any, Any]:
    """Points, which are never below 0, and their maximum."""
    points = sums.c[f"points{place}"]
    return case((points > 0, points), else_=0), sums.c[f"maximum{place}"]


def _done(part: Part, points: Any, maximum: Any) -> tuple[Any, Any, Any]:
    threshold = maximum * part.share if part.share is not None else part.points or 0
    asked = maximum > 0
    return (
        func.count(case((asked, 1))),
        func.avg(case((asked, points / maximum))),
        func.count(case((and_(asked, points >= threshold - _ROUNDING), 1))),
    )


def quiz_summaries(db: Connection, cohort_id: UUID) -> dict[str, Any]:
    """For each quiz of a cohort: ``attempts``, ``people``, ``mean`` share and how many people ``passed``."""
    record = QuizRecord
    summed = (
        select(
            record.quiz,
            func.sum(record.closed).label("attempts"),
            func.count().label("people"),
            (func.sum(record.shares) / func.nullif(func.sum(record.judged), 0)).label("mean"),
            func.count(case((record.passed > 0, 1))).label("passed"),
        )
        .join(Enrolment, Enrolment.id == record.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, TAKES_PART, record.closed > 0)
        .group_by(record.quiz)
    )
    return {row.quiz: row for row in db.execute(summed)}


# --- answers that wait for a person ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed attempt that has no score yet, because a person has to judge some of its answers."""

    id: UUID
    name: str
    login: str
    quiz: str
    number: int
    submitted_at: datetime | None


def _waiting(instructor_id: UUID | None) -> Any:
    """Of the cohorts somebody teaches; of everybody when ``instructor_id`` is None."""
    return and_(Attempt.submitted_at.is_not(None), UNJUDGED, attempts_taught_by(instructor_id))


def count_waiting(db: Connection, instructor_id: UUID | None) -> int:
    if instructor_id is None:
        counted = select(func.count()).select_from(Attempt).where(_waiting(None))
    else:  # of people in cohorts, of whom there are records
        taught = records_taught_by(instructor_id)
        counted = select(func.coalesce(func.sum(QuizRecord.closed - QuizRecord.judged), 0)).where(taught)
    return int(db.execute(counted).scalar_one())


def waiting(db: Connection, instructor_id: UUID | None, *, offset: int = 0, limit: int) -> list[Waiting]:
    """Oldest first."""
    statement = (
        select(Attempt.id, User.name, User.login, Attempt.quiz, Attempt.number, Attempt.submitted_at)
        .join(User, User.id == Attempt.user_id)
        .where(_waiting(instructor_id))
        .order_by(Attempt.submitted_at, Attempt.id)
        .offset(offset)
        .limit(limit)
    )
    if instructor_id is not None:  # of people with thousands of attempts, where to look for those that wait
        record = and_(QuizRecord.enrolment_id == Attempt.enrolment_id, QuizRecord.quiz == Attempt.quiz)
        statement = statement.join(QuizRecord, record).where(QuizRecord.closed > QuizRecord.judged)
    return [Waiting(*row) for row in db.execute(statement)]
