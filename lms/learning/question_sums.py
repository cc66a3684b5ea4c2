"""How the questions of a quiz were answered, as sums that follow every change in the transaction that makes it.

An attempt contributes while it is closed and counts in its cohort (``membership``). Whoever changes one of both says so
with ``following``: what its attempts contributed before is taken off, what they contribute afterwards is added.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, bindparam, case, cast, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, AttemptItem, QuestionVersion, Response
from lms.db.cohorts import Enrolment
from lms.db.statistics import QuestionSum, ResponseCount
from lms.learning.membership import MADE_UNDER, TAKES_PART

#: Longer answers are counted, not listed: nobody ticks such a text as one of several accepted answers.
LISTED = 2_100
#: What a fraction is multiplied by to be kept.
BILLION = 1_000_000_000


# --- as they are kept -----------------------------------------------------------------------------------------------


@contextmanager
def following(db: Session, attempts: Sequence[UUID], *, item: str | None = None) -> Iterator[None]:
    """Keep the sums true to whatever this block does to these attempts; ``item``: to one of their questions only.

    Their rows must be locked before, so that nobody else changes them meanwhile. The last thing a transaction does: on
    PostgreSQL everybody else whose attempt asked the same question waits for its end.
    """
    own = and_(Attempt.id.in_(attempts), AttemptItem.item == item if item is not None else true())
    before = _contributed(db.connection(), own)
    yield
    db.flush()
    _add(db, removed=before, added=_contributed(db.connection(), own), recounts=1)


def add(db: Session, attempts: Sequence[UUID]) -> None:
    """Count attempts that were closed in this transaction."""
    if attempts:
        _add(db, removed=(), added=_contributed(db.connection(), Attempt.id.in_(attempts)))


def fill(db: Session) -> None:
    """Count all attempts, where none is counted yet."""
    _add(db, removed=(), added=_contributed(db.connection(), true()))


_COUNTS = and_(AttemptItem.maximum > 0, AttemptItem.pending.is_(False))
_WHAT = (
    Enrolment.cohort_id,
    AttemptItem.item,
    AttemptItem.question_version,
    Attempt.quiz,
    case((func.length(Response.value) <= LISTED, Response.value)),
)
#: What attempts add: of each cohort, item, version, quiz and response what the columns of ``QuestionSum`` say.
#: Built once, like the statements below: building them took as long as running them.
_CONTRIBUTED = (
    select(
        *_WHAT,
        func.count(),
        func.count(Response.value),
        func.count(case((_COUNTS, 1))),
        func.coalesce(func.sum(case((_COUNTS, cast(func.round(AttemptItem.fraction * BILLION), BigInteger)))), 0),
    )
    .select_from(Attempt)
    .join(Enrolment, MADE_UNDER)
    .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    .outerjoin(Response, and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item))
    .where(TAKES_PART, Attempt.submitted_at.is_not(None))
    .group_by(*_WHAT)
)


def _contributed(db: Connection, attempts: ColumnElement[bool]) -> Sequence[Any]:
    return db.execute(_CONTRIBUTED.where(attempts)).all()


def _add(db: Session, *, removed: Iterable[Any], added: Iterable[Any], recounts: int = 0) -> None:
    """Everybody adds in the same order: no deadlocks. ``recounts``: 1 for whatever is no new attempt."""
    sums: dict[tuple[Any, ...], Counter[str]] = {}
    counts: Counter[tuple[Any, ...]] = Counter()
    for sign, rows in ((-1, removed), (1, added)):
        for *key, value, attempts, answered, marked, fractions in rows:
            one = sums.setdefault(tuple(key), Counter())
            for name, number in zip(_NUMBERS, (attempts, answered, marked, int(fractions)), strict=True):
                one[name] += sign * number
            if value is not None:
                counts[*key, _digest(value), value] += sign * attempts
    _write(db, QuestionSum, [(*key, *(one[name] for name in _NUMBERS), 1, recounts) for key, one in sums.items()])
    _write(db, ResponseCount, [(*key, count) for key, count in counts.items() if count])


_NUMBERS = ("attempts", "answered", "marked", "fractions")


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _upsert(dialect: Any, model: type[QuestionSum | ResponseCount]) -> Any:
    """Add numbers to those of a row, or begin one with them."""
    table: Any = model.__table__
    new = dialect.insert(table)
    numbers = {
        name: table.c[name] + new.excluded[name] for name in (*_NUMBERS, "changes", "recounts") if name in table.c
    }
    return new.on_conflict_do_update(index_elements=[*table.primary_key], set_=numbers)


_UPSERT = {
    name: {model: _upsert(dialect, model) for model in (QuestionSum, ResponseCount)}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def _write(db: Session, model: type[QuestionSum | ResponseCount], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        names = [column.name for column in model.__table__.c]
        values = [dict(zip(names, row, strict=True)) for row in sorted(rows)]
        db.connection().execute(_UPSERT[db.get_bind().dialect.name][model], values)


# --- as they are asked for ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """How one version of a question was answered in closed attempts. ``major`` stays while only wording changes.

    ``marked``: how many of them have a mark that counts, ``fractions``: the sum of these.
    """

    item: str
    question_version: str
    major: str
    attempts: int
    answered: int
    marked: int
    fractions: float


def sums(db: Connection, cohort_id: UUID, *, quiz: str | None = None, item: str | None = None) -> list[Sum]:
    """Of all questions of a quiz, or of one question in whatever quiz it was asked; the oldest versions first."""
    numbers = [func.sum(getattr(QuestionSum, name)) for name in _NUMBERS]
    rows = db.execute(
        select(QuestionSum.item, QuestionVersion.digest, QuestionVersion.major, *numbers)
        .join(QuestionVersion, QuestionVersion.digest == QuestionSum.question_version)
        .where(
            QuestionSum.cohort_id == cohort_id,
            QuestionSum.quiz == quiz if quiz is not None else true(),
            QuestionSum.item == item if item is not None else true(),
        )
        .group_by(QuestionSum.item, QuestionVersion.digest)
        .having(numbers[0] > 0)
        .order_by(QuestionVersion.created_at, QuestionVersion.digest)
    )
    return [
        Sum(item, version, major, int(attempts), int(answered), int(marked), int(fractions) / BILLION)
        for item, version, major, attempts, answered, marked, fractions in rows
    ]


@dataclass(frozen=True, slots=True)
class AtQuiz:
    """How one version of a question was answered at one quiz; ``marked`` and ``fractions`` as in ``Sum``."""

    quiz: str
    item: str
    question_version: str
    marked: int
    fractions: float


_BY_QUIZ = (
    select(QuestionSum.quiz, QuestionSum.item, QuestionSum.question_version, QuestionSum.marked, QuestionSum.fractions)
    .where(QuestionSum.cohort_id == bindparam("cohort"), QuestionSum.attempts > 0)
    .order_by(QuestionSum.quiz, QuestionSum.item, QuestionSum.question_version)
)


def by_quiz(db: Connection, cohort_id: UUID) -> list[AtQuiz]:
    """Every question that a cohort was asked, in one statement and without the questions themselves."""
    rows: Iterable[Any] = db.execute(_BY_QUIZ, {"cohort": cohort_id})
    return [AtQuiz(row.quiz, row.item, row.question_version, row.marked, int(row.fractions) / BILLION) for row in rows]


def changes(db: Connection, cohort_id: UUID, item: str) -> int:
    """Another number whenever an attempt with this question is counted, counts no more or is marked anew."""
    mine = (QuestionSum.cohort_id == cohort_id, QuestionSum.item == item)
    found: int = db.execute(select(func.coalesce(func.sum(QuestionSum.changes), 0)).where(*mine)).scalar_one()
    return int(found)


@dataclass(frozen=True, slots=True)
class Given:
    """In how many closed attempts one response was given. ``value``: JSON text."""

    item: str
    value: str
    count: int


def given(
    db: Connection,
    cohort_id: UUID,
    items: Iterable[str],
    versions: Iterable[str],
    *,
    quiz: str | None = None,
    most: int | None = None,
) -> list[Given]:
    """The responses to these versions of these questions, the most frequent first; ``most``: so many of them."""
    count = func.sum(ResponseCount.attempts)
    rows = db.execute(
        select(ResponseCount.item, func.max(ResponseCount.value), count)
        .where(
            ResponseCount.cohort_id == cohort_id,
            ResponseCount.item.in_(set(items)),
            ResponseCount.question_version.in_(set(versions)),
            ResponseCount.quiz == quiz if quiz is not None else true(),
        )
        .group_by(ResponseCount.item, ResponseCount.digest)
        .having(count > 0)
        .order_by(count.desc(), ResponseCount.digest)
        .limit(most)
    )
    return [Given(item, value, int(number)) for item, value, number in rows]
