"""A quiz of a cohort, counted once for all figures that are told of it.

What is counted are whole numbers of attempts (``AnalysisCell``), so that every figure – medians, groups, the best
attempt of each person – follows exactly, and counting again gives the same. It is never done on a participant's way:
``refresh`` runs when staff look at a page whose counts are old, or from ``lms tick``.

A new attempt changes what the others of its person are (the best, the last), and nothing of anybody else. So where
nothing but new attempts came, only their persons are counted: as they stand now, less as they stood, which are their
attempts up to the number that ``AnalysedPerson`` keeps – nobody has two open at once, so attempts are closed in order.
Whatever else happens (a mark is replaced, an essay judged, somebody leaves) is a recount to ``question_sums``, and all
is counted anew: beside what holds, in pieces, until the last of them puts it in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, AttemptItem, QuizRecord, Response
from lms.db.base import uuid7
from lms.db.cohorts import Enrolment
from lms.db.engine import PAUSE, Database
from lms.db.statistics import AnalysedPerson, AnalysedQuiz, AnalysisCell, QuestionSum
from lms.learning.membership import MADE_UNDER, TAKES_PART
from lms.learning.quiz_records import Which, place
from lms.quiz.distribution import BILLION

# --- what is counted ------------------------------------------------------------------------------------------------

#: Attempts that are read at once, and those that are counted in one transaction, which keeps others from writing.
SLICE, PIECE = 3_500, 70
#: Rows that are written in one transaction.
ROWS = 1_000
#: So many persons with new attempts, and counting everybody is quicker.
MANY = 400

_QUIZ: Any = bindparam("quiz_id", type_=Text)


def _is(which: Which) -> ColumnElement[int]:
    """The flag for the attempt that is this to its participant."""
    return case((place(which) == 1, int(which)), else_=0)


def _billionths(number: Any) -> ColumnElement[int]:
    return cast(func.round(number * BILLION), BigInteger)


_CHOSEN = case((cast(AttemptItem.option_order, Text) != "[]", func.coalesce(Response.value, "")), else_="")
_NOTHING, _NO_POINTS = literal("", Text), literal(0, BigInteger)
_PERSON = -1  # ``which`` of a row that tells up to which number the attempts of a person are counted


def _counted(*of: Any) -> Any:
    """What the attempts of ``persons`` that count and are judged to the end contribute; ``of``: some of them."""
    judged = (
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Attempt.number,
            _billionths(Attempt.score).label("score"),
            _billionths(Attempt.maximum).label("maximum"),
            (_is(Which.FIRST) + _is(Which.BEST) + _is(Which.LAST)).label("which"),
        )
        .join(Enrolment, MADE_UNDER)
        .where(TAKES_PART, Enrolment.id.in_(bindparam("persons", expanding=True)))
        .where(Attempt.quiz == _QUIZ, Attempt.score.is_not(None), *of)
        .cte("judged")
    )
    of_question = (
        AttemptItem.item,
        AttemptItem.question_version,
        judged.c.which,
        _CHOSEN,
        _billionths(AttemptItem.points),
        _billionths(AttemptItem.maximum),
        judged.c.score,
    )
    of_attempt = (judged.c.which, judged.c.score, judged.c.maximum)
    person = cast(judged.c.enrolment_id, Text)
    return union_all(
        select(*of_question, func.count())
        .select_from(judged)
        .join(AttemptItem, AttemptItem.attempt_id == judged.c.id)
        .outerjoin(Response, and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item))
        .where(AttemptItem.maximum > 0)  # 0: it was dropped
        .group_by(*of_question),
        select(
            _NOTHING, _NOTHING, judged.c.which, _NOTHING, judged.c.score, judged.c.maximum, judged.c.score, func.count()
        ).group_by(*of_attempt),
        select(
            _NOTHING, _NOTHING, literal(_PERSON), person, _NO_POINTS, _NO_POINTS, _NO_POINTS, func.max(judged.c.number)
        ).group_by(person),
    )


_MADE = AnalysedPerson.made == bindparam("made", type_=AnalysedPerson.made.type)
#: Up to which number the attempts of a person stand in the rows that hold.
_KNOWN = (
    select(AnalysedPerson.number)
    .where(_MADE, AnalysedPerson.enrolment_id == Attempt.enrolment_id)
    .correlate(Attempt)
    .scalar_subquery()
)
_NOW = _counted()
_BEFORE = _counted(Attempt.number <= func.coalesce(_KNOWN, 0))
#: Everybody with an attempt that is judged to the end, and how many of these they have.
_PERSONS = (
    select(Enrolment.id, QuizRecord.judged)
    .join(QuizRecord, QuizRecord.enrolment_id == Enrolment.id)
    .where(Enrolment.cohort_id == bindparam("cohort", type_=Enrolment.cohort_id.type), TAKES_PART)
    .where(QuizRecord.quiz == _QUIZ, QuizRecord.judged > 0)
    .order_by(Enrolment.id)
)
#: Those of them with new ones; the last of a record is the last that is judged, where one is.
_NEWCOMERS = _PERSONS.outerjoin(AnalysedPerson, and_(_MADE, AnalysedPerson.enrolment_id == Enrolment.id)).where(
    QuizRecord.last > func.coalesce(AnalysedPerson.number, 0)
)


@dataclass(frozen=True, slots=True)
class Sums:
    """``changes``: another number whenever an attempt is counted, counts no more or is marked anew; ``recounts``: the
    same for all but new attempts.
    """

    changes: int
    recounts: int


def sums_of(db: Connection, cohort_id: UUID, quiz: str) -> Sums:
    found = select(func.sum(QuestionSum.changes), func.sum(QuestionSum.recounts))
    row = db.execute(found.where(QuestionSum.cohort_id == cohort_id, QuestionSum.quiz == quiz)).one()
    return Sums(*(int(number or 0) for number in row))


class _Cells(Counter[tuple[Any, ...]]):
    """Attempts by what ``AnalysisCell`` keeps them by, and by enrolment up to which number they are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[UUID, int] = {}

    def read(self, rows: Iterable[Any], sign: int = 1) -> None:
        for *key, count in rows:
            if key[2] == _PERSON:
                self.numbers[UUID(key[3])] = count
            else:
                self[tuple(key)] += sign * count


# --- counting -------------------------------------------------------------------------------------------------------


def refresh(database: Database, cohort_id: UUID, quiz: str, *, now: datetime) -> None:
    """Count what changed since a quiz was counted, in transactions of its own that keep nobody waiting.

    Whoever refreshes the same meanwhile does no harm: what holds is always true of each person in it.
    """
    with database.reading() as db:
        sums = sums_of(db, cohort_id, quiz)  # before what it stands for: never newer than that
        known = _held(db, cohort_id, quiz)
        few = known is not None and known.recounts == sums.recounts
        persons = _newcomers(db, cohort_id, quiz, known.made) if few else ()
    if few and len(persons) < MANY:
        _count_some(database, known, persons, sums, now)
    else:
        _count_all(database, cohort_id, quiz, sums, now)


def refresh_old(
    database: Database, *, now: Callable[[], datetime], cohort_id: UUID | None = None, seconds: float = inf
) -> int:
    """The same for all that changed, of one cohort or of everybody, what waits longest first; how many quizzes it were.

    What is left after ``seconds`` stays old.
    """
    ends = monotonic() + seconds
    with database.reading() as db:
        found = [one for one in old(db) if cohort_id in (None, one[0])]
    for done, (of, quiz) in enumerate(found):
        if monotonic() >= ends:
            return done
        refresh(database, of, quiz, now=now())
    return len(found)


def _held(db: Connection, cohort_id: UUID, quiz: str) -> Any:
    mine = (AnalysedQuiz.cohort_id == cohort_id, AnalysedQuiz.quiz == quiz)
    return db.execute(select(AnalysedQuiz.__table__).where(*mine)).one_or_none()


def _newcomers(db: Connection, cohort_id: UUID, quiz: str, made: UUID) -> Sequence[Any]:
    """Asked for outside of any writing transaction: everybody in the cohort is looked at."""
    return db.execute(_NEWCOMERS.limit(MANY), {"cohort": cohort_id, "quiz_id": quiz, "made": made}).all()


def _together(persons: Iterable[Any], most: int) -> Iterator[list[UUID]]:
    """Persons with at most so many attempts of them all, or one person."""
    some, attempts = list[UUID](), 0
    for id, judged in persons:
        if some and attempts + judged > most:
            yield some
            some, attempts = [], 0
        some.append(id)
        attempts += judged
    if some:
        yield some


def _count_some(database: Database, known: Any, persons: Sequence[Any], sums: Sums, now: datetime) -> None:
    """A few persons a transaction; where something else changed meanwhile, it stays old until all is counted."""
    of_quiz = {"cohort_id": known.cohort_id, "quiz": known.quiz}
    for piece in _together(persons, PIECE):
        if not database.commit(partial(_count_persons, key=of_quiz, made=known.made, persons=piece)):
            return
        sleep(PAUSE)
    database.commit(partial(_put, **of_quiz, sums=sums, made=known.made, now=now))


def _count_persons(db: Session, key: dict[str, Any], made: UUID, persons: Sequence[UUID]) -> bool:
    """As they stand now, less as they stood, which is nothing where another was quicker; whether that could be told."""
    known = db.get(AnalysedQuiz, key, with_for_update=True)
    if known is None or known.made != made:
        return False
    connection, asked = db.connection(), {"quiz_id": known.quiz, "made": made, "persons": persons}
    more = _Cells()
    more.read(connection.execute(_BEFORE, asked), -1)
    more.read(connection.execute(_NOW, asked))
    if sums_of(connection, known.cohort_id, known.quiz).recounts != known.recounts:
        return False
    _write(db, _cell_rows(more, known.cohort_id, known.quiz, made))
    _write(db, _person_rows(more, known.cohort_id, known.quiz, made))
    db.execute(delete(AnalysisCell).where(*_of(known), AnalysisCell.attempts == 0))
    return True


def _count_all(database: Database, cohort_id: UUID, quiz: str, sums: Sums, now: datetime) -> None:
    made, cells = uuid7(), _Cells()
    with database.reading() as db:
        persons = db.execute(_PERSONS, {"cohort": cohort_id, "quiz_id": quiz}).all()
        for some in _together(persons, SLICE):
            cells.read(db.execute(_NOW, {"quiz_id": quiz, "persons": some}))
    for model, rows in (_cell_rows(cells, cohort_id, quiz, made), _person_rows(cells, cohort_id, quiz, made)):
        for start in range(0, len(rows), ROWS):
            database.commit(partial(_write, rows=(model, rows[start : start + ROWS])))
            sleep(PAUSE)
    database.commit(partial(_put, cohort_id=cohort_id, quiz=quiz, sums=sums, made=made, now=now))
    database.in_pieces(partial(_forget, cohort_id=cohort_id, quiz=quiz))


def _put(db: Session, cohort_id: UUID, quiz: str, sums: Sums, made: UUID, now: datetime) -> None:
    """Let these rows hold for ``sums``, unless somebody began later and was done before."""
    key = {"cohort_id": cohort_id, "quiz": quiz}
    known = db.get(AnalysedQuiz, key, with_for_update=True)
    if known is None or known.made <= made:
        values = {"changes": sums.changes, "recounts": sums.recounts, "made": made, "computed_at": now}
        db.merge(AnalysedQuiz(**key, **values))


def _forget(db: Session, cohort_id: UUID, quiz: str) -> int:
    """Rows of earlier countings, those of one question at a time; how many."""
    known = _held(db.connection(), cohort_id, quiz)
    mine = (AnalysisCell.cohort_id == cohort_id, AnalysisCell.quiz == quiz, AnalysisCell.made < known.made)
    found = db.execute(select(AnalysisCell.made, AnalysisCell.item).where(*mine).limit(1)).one_or_none()
    if found is None:
        mine = (AnalysedPerson.cohort_id == cohort_id, AnalysedPerson.quiz == quiz, AnalysedPerson.made < known.made)
        db.execute(delete(AnalysedPerson).where(*mine))
        return 0
    one = (AnalysisCell.made == found.made, AnalysisCell.item == found.item)
    return db.connection().execute(delete(AnalysisCell).where(*mine, *one)).rowcount


_Rows = tuple[type[AnalysisCell | AnalysedPerson], list[dict[str, Any]]]


def _cell_rows(cells: _Cells, cohort_id: UUID, quiz: str, made: UUID) -> _Rows:
    key = ("item", "question_version", "which", "response", "points", "maximum", "score")
    mine = {"cohort_id": cohort_id, "quiz": quiz, "made": made}
    return AnalysisCell, [
        {**mine, **dict(zip(key, one, strict=True)), "attempts": count} for one, count in cells.items() if count
    ]


def _person_rows(cells: _Cells, cohort_id: UUID, quiz: str, made: UUID) -> _Rows:
    mine = {"cohort_id": cohort_id, "quiz": quiz, "made": made}
    return AnalysedPerson, [{**mine, "enrolment_id": id, "number": number} for id, number in cells.numbers.items()]


def _upsert(dialect: Any, model: type[AnalysisCell | AnalysedPerson]) -> Any:
    """Begin a row; where there is one, add to its attempts, or let its number be the new one."""
    table: Any = model.__table__
    new = dialect.insert(table)
    if model is AnalysisCell:
        values = {"attempts": table.c.attempts + new.excluded.attempts}
    else:
        values = {"number": new.excluded.number}
    return new.on_conflict_do_update(index_elements=[*table.primary_key], set_=values)


_UPSERT = {
    name: {model: _upsert(dialect, model) for model in (AnalysisCell, AnalysedPerson)}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def _write(db: Session, rows: _Rows) -> None:
    model, values = rows
    if values:
        db.connection().execute(_UPSERT[db.get_bind().dialect.name][model], values)


def _of(known: AnalysedQuiz) -> tuple[ColumnElement[bool], ...]:
    cell = AnalysisCell
    return cell.cohort_id == known.cohort_id, cell.quiz == known.quiz, cell.made == known.made


def old(db: Connection) -> list[tuple[UUID, str]]:
    """Cohort and quiz of all that changed since it was counted, or was never counted; what waits longest first."""
    now = (
        select(QuestionSum.cohort_id, QuestionSum.quiz, func.sum(QuestionSum.changes).label("changes"))
        .group_by(QuestionSum.cohort_id, QuestionSum.quiz)
        .subquery()
    )
    then = and_(AnalysedQuiz.cohort_id == now.c.cohort_id, AnalysedQuiz.quiz == now.c.quiz)
    rows = db.execute(
        select(now.c.cohort_id, now.c.quiz)
        .outerjoin(AnalysedQuiz, then)
        .where(func.coalesce(AnalysedQuiz.changes, -1) != now.c.changes)
        .order_by(AnalysedQuiz.computed_at.is_not(None), AnalysedQuiz.computed_at, now.c.quiz, now.c.cohort_id)
    )
    return [(cohort_id, quiz) for cohort_id, quiz in rows]
