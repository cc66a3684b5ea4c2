"""What is asked about the questions of a quiz and the answers given to them. ``cohort_id`` None: all cohorts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, false, func, null, or_, select, true
from sqlalchemy.orm import Session

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, Mark, QuestionVersion, QuizRevision, Regrade, Response
from lms.learning import question_sums
from lms.learning.membership import attempts_of, few_attempts_of, participants
from lms.quiz.definition import load_quiz
from lms.quiz.marking import ItemMark
from lms.quiz.quiz import Quiz

_ANSWERS = and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item)


# --- what was asked and decided ---------------------------------------------------------------------------------------


def is_version(db: Connection, digest: str, item: str) -> bool:
    """Whether it is a kept version of this item."""
    statement = select(QuestionVersion.digest).where(QuestionVersion.digest == digest, QuestionVersion.item == item)
    return db.execute(statement).first() is not None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision that was made on an item. ``finished``: everybody it is about is marked by it."""

    id: UUID
    item: str
    cohort_id: UUID | None
    action: dict[str, Any]
    reason: str
    author: str | None
    decided_at: datetime
    finished: bool

    def holds_in(self, cohort_id: UUID) -> bool:
        return self.cohort_id in (None, cohort_id)


def decisions(
    db: Connection, cohort_id: UUID | None, items: Iterable[str], *, or_running: bool = False
) -> list[DecisionRow]:
    """The decisions on these items that hold in a cohort, newest first; all of them when ``cohort_id`` is None.

    ``or_running``: and those of other cohorts by which attempts are still being marked.
    """
    holds = true() if cohort_id is None else or_(Regrade.cohort_id.is_(None), Regrade.cohort_id == cohort_id)
    if or_running:
        holds = or_(holds, Regrade.finished_at.is_(None))
    rows = db.execute(
        select(
            Regrade.id,
            Regrade.item,
            Regrade.cohort_id,
            Regrade.action,
            Regrade.reason,
            User.name,
            Regrade.decided_at,
            Regrade.finished_at.is_not(None),
        )
        .outerjoin(User, User.id == Regrade.author_id)
        .where(Regrade.item.in_(set(items)), holds)
        .order_by(Regrade.decided_at.desc(), Regrade.id.desc())
    )
    return [DecisionRow(*row) for row in rows]


# --- what a decision would change -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of the item; ``pending``: a person has yet to judge it."""

    points: float
    maximum: float
    pending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a closed attempt that holds the item stands: all that the effect of a decision on it depends on.

    ``value``: JSON text of the response.
    """

    revision: str
    question_version: str
    value: str | None
    score: float | None
    maximum: float
    passed: bool | None
    mark: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected(Case):
    """One attempt, and how it stands. ``regrade_id``: the decision that gave its mark, if one did."""

    id: UUID
    name: str
    login: str
    quiz: str
    number: int
    regrade_id: UUID | None


_STANDS = (
    Attempt.revision,
    AttemptItem.question_version,
    Attempt.score,
    Attempt.maximum,
    Attempt.passed,
)
#: Columns of ``ix_attempt_item_stands``.
_COUNTED = (AttemptItem.points, AttemptItem.maximum, AttemptItem.pending)


def _stands(row: Sequence[Any]) -> dict[str, Any]:
    """The response, and what ``_STANDS`` and ``_COUNTED`` select, by the names of a ``Case``."""
    value, *stands = row
    mark = Counted(*stands[len(_STANDS) :])
    return {"value": value, "mark": mark} | {column.key: value for column, value in zip(_STANDS, stands, strict=False)}


def _closed(statement: Any, counted: ColumnElement[bool], item: str) -> Any:
    return (
        statement.select_from(Attempt)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(counted, AttemptItem.item == item, Attempt.submitted_at.is_not(None))
    )


def cases(db: Connection, cohort_id: UUID | None, item: str, *, responses: bool) -> list[tuple[Case, int]]:
    """How many attempts stand in each way; without ``responses`` whatever was answered, which is half as long."""
    what: list[Any] = [*_STANDS, *_COUNTED]
    counted = attempts_of(cohort_id)
    statement = _closed(select(Response.value if responses else null(), *what, func.count()), counted, item)
    if responses:
        statement, what = statement.outerjoin(Response, _ANSWERS), [Response.value, *what]
    rows = db.execute(statement.group_by(*what))
    return [(Case(**_stands(row[:-1])), row[-1]) for row in rows]


def _affected(db: Connection, counted: ColumnElement[bool], item: str, among: ColumnElement[bool]) -> list[Affected]:
    """Some of those that count, by name."""
    who = (Attempt.id, User.name, User.login, Attempt.quiz, Attempt.number, Mark.regrade_id)
    statement = (
        _closed(select(*who, Response.value, *_STANDS, *_COUNTED), counted, item)
        .join(User, User.id == Attempt.user_id)
        .outerjoin(Response, _ANSWERS)
        .outerjoin(Mark, Mark.id == AttemptItem.mark_id)
        .where(among)
        .order_by(func.lower(User.name), User.login, Attempt.quiz, Attempt.number, Attempt.id)
    )
    rows: Iterable[Any] = db.execute(statement)
    return [
        Affected(**dict(zip((column.key for column in who), row, strict=False)), **_stands(row[len(who) :]))
        for row in rows
    ]


def of_attempts(db: Connection, cohort_id: UUID | None, item: str, attempts: Sequence[UUID]) -> list[Affected]:
    return _affected(db, few_attempts_of(cohort_id), item, AttemptItem.attempt_id.in_(attempts))


def of_people(db: Connection, cohort_id: UUID | None, item: str, people: Sequence[UUID]) -> list[Affected]:
    """Those of some people, by name."""
    return _affected(db, few_attempts_of(cohort_id), item, _taken_by(people))


def _taken_by(people: Sequence[UUID]) -> ColumnElement[bool]:
    """By the key of an item: SQLite would go through all that hold it."""
    return AttemptItem.attempt_id.in_(select(Attempt.id).where(Attempt.user_id.in_(people)))


def who_gave(db: Connection, cohort_id: UUID | None, item: str, answers: Collection[str | None]) -> list[Affected]:
    """Those who gave one of these responses, by name."""
    return _affected(db, attempts_of(cohort_id), item, _gave(answers))


def _gave(answers: Collection[str | None]) -> ColumnElement[bool]:
    gave = Response.value.in_([one for one in answers if one is not None])
    return or_(gave, Response.value.is_(None)) if None in answers else gave


def unfollowed(
    db: Connection,
    cohort_id: UUID | None,
    item: str,
    people: Sequence[UUID],
    versions: Sequence[str],
    revisions: Sequence[str],
) -> list[Affected]:
    """Those of some people without a score above 0, with one of these versions of the question or of these rules."""
    found = or_(
        AttemptItem.question_version.in_(versions),
        Attempt.revision.in_(revisions),
        Attempt.score.is_(None),
        Attempt.score == 0,
    )
    return _affected(db, few_attempts_of(cohort_id), item, and_(_taken_by(people), found))


def people(db: Connection, cohort_id: UUID | None) -> Sequence[UUID]:
    """Whose attempts count, by name."""
    statement = select(User.id).order_by(func.lower(User.name), User.login)
    if cohort_id is not None:
        statement = statement.where(User.id.in_(participants([cohort_id])))
    return db.execute(statement).scalars().all()


def still_open(db: Connection, cohort_id: UUID | None, item: str, majors: Sequence[str]) -> int:
    """How many attempts that hold the item in one of these major versions are not closed yet."""
    holding = (
        select(AttemptItem.item)
        .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
        .where(AttemptItem.attempt_id == Attempt.id, AttemptItem.item == item, QuestionVersion.major.in_(majors))
    )
    running = select(Attempt.id).where(few_attempts_of(cohort_id), Attempt.submitted_at.is_(None))
    count: int = db.execute(select(func.count()).select_from(running.where(holding.exists()).subquery())).scalar_one()
    return count


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes whenever an answer to the item is marked, or a decision is made about it."""

    changes: str
    newest_decision: str


def stamp(db: Connection, cohort_id: UUID | None, item: str) -> Stamp:
    """Cheap enough to be asked again under a lock."""
    changes = _marks(db, item) if cohort_id is None else str(question_sums.changes(db, cohort_id, item))
    decided = decisions(db, cohort_id, [item])
    return Stamp(changes, str(decided[0].id) if decided else "")


def _marks(db: Connection, item: str) -> str:
    """Everywhere, also where no cohort counts. Keys are ordered by time, so the greatest mark is the newest."""
    newest = func.max(cast(AttemptItem.mark_id, String))
    held = select(func.count(AttemptItem.mark_id), newest).join(Attempt, Attempt.id == AttemptItem.attempt_id)
    closed, mark = db.execute(held.where(AttemptItem.item == item, attempts_of(None))).one()
    return f"{closed} {mark or ''}"


def lock(db: Session, item: str) -> None:
    """Decisions about an item come one after the other. Nobody who takes or closes an attempt waits for that."""
    versions = select(QuestionVersion.digest).where(QuestionVersion.item == item).order_by(QuestionVersion.digest)
    db.execute(versions.with_for_update(key_share=True))


def _holding(cohort_id: UUID | None, item: str) -> Select[UUID]:
    return (
        select(AttemptItem.attempt_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(attempts_of(cohort_id), AttemptItem.item == item)
    )


#: How many attempts that hold an item are looked at to find a few of one cohort.
WINDOW = 200


def lock_attempts(
    db: Session, cohort_id: UUID | None, item: str, *, after: UUID | None, most: int
) -> tuple[Sequence[UUID], UUID | None]:
    """The next attempts that hold the item, in the order of their ids, and how far was looked: None when to the end.

    Open ones are among them. Nobody judges or closes them until this transaction ends. Looked for in two steps, each
    led by a key: a plan that PostgreSQL makes for any cohort alike would go through all attempts of a large one.
    """
    holding = select(AttemptItem.attempt_id).where(AttemptItem.item == item)
    if after is not None:
        holding = holding.where(AttemptItem.attempt_id > after)
    near = list(db.execute(holding.order_by(AttemptItem.attempt_id).limit(WINDOW)).scalars())
    counted = select(Attempt.id, few_attempts_of(cohort_id)).where(Attempt.id.in_(near)).order_by(Attempt.id)
    ids = [id for id, counts in db.execute(counted) if counts][:most]
    db.execute(select(Attempt.id).where(Attempt.id.in_(ids)).order_by(Attempt.id).with_for_update())
    if len(ids) == most:
        return ids, ids[-1]
    return ids, near[-1] if len(near) == WINDOW else None


def counts(db: Connection, cohort_id: UUID | None, item: str, *, up_to: UUID | None) -> tuple[int, int]:
    """How many attempts that hold the item have an id up to this one (None: none has), and how many hold it."""
    passed = AttemptItem.attempt_id <= up_to if up_to is not None else false()
    holding = _holding(cohort_id, item).with_only_columns(func.count(case((passed, 1))), func.count())
    done, total = db.execute(holding).one()
    return done, total


_MARK = (AttemptItem.fraction, AttemptItem.points, AttemptItem.maximum, AttemptItem.answered, AttemptItem.pending)


def _item_mark(item: str, fraction: float, points: float, maximum: float, answered: bool, pending: bool) -> ItemMark:
    """What ``_MARK`` selects, as the pure room knows it."""
    return ItemMark(item_id=item, fraction=fraction, points=points, maximum=maximum, answered=answered, pending=pending)


def standing(db: Connection, attempts: Sequence[UUID]) -> dict[UUID, list[tuple[str, ItemMark]]]:
    """Of each of these attempts: the version of every question, and the mark that counts."""
    found: dict[UUID, list[tuple[str, ItemMark]]] = {}
    for some in in_slices(attempts):
        rows: Iterable[Sequence[Any]] = db.execute(
            select(AttemptItem.attempt_id, AttemptItem.question_version, AttemptItem.item, *_MARK).where(
                AttemptItem.attempt_id.in_(some)
            )
        )
        for attempt_id, version, *mark in rows:
            found.setdefault(attempt_id, []).append((version, _item_mark(*mark)))
    return found


@dataclass(frozen=True, slots=True)
class Others:
    """The sum of all marks of an attempt but one; ``pending``: how many of them wait for a person."""

    points: float
    maximum: float
    pending: int


def others(db: Connection, attempts: Sequence[UUID], item: str) -> dict[UUID, Others]:
    """Of each of these attempts, without the item."""
    found = dict.fromkeys(attempts, Others(0, 0, 0))
    for some in in_slices(attempts):
        rows: Iterable[Any] = db.execute(
            select(
                AttemptItem.attempt_id,
                func.sum(AttemptItem.points),
                func.sum(AttemptItem.maximum),
                func.count(case((AttemptItem.pending.is_(True), 1))),
            )
            .where(AttemptItem.attempt_id.in_(some), AttemptItem.item != item)
            .group_by(AttemptItem.attempt_id)
        )
        found.update({row[0]: Others(row[1], row[2], row[3]) for row in rows})
    return found


def judgements(db: Connection, attempts: Sequence[UUID], item: str) -> dict[UUID, ItemMark]:
    """By attempt, what a person judged last of the item; decisions do not count as that."""
    found: dict[UUID, ItemMark] = {}
    for some in in_slices(attempts):
        rows: Iterable[Sequence[Any]] = db.execute(
            select(Mark.attempt_id, Mark.fraction, Mark.points, Mark.maximum, Mark.answered, Mark.pending)
            .where(
                Mark.attempt_id.in_(some),
                Mark.item == item,
                Mark.author_id.is_not(None),
                Mark.regrade_id.is_(None),
                Mark.pending.is_(False),
            )
            .order_by(Mark.marked_at, Mark.id)
        )
        found.update({attempt_id: _item_mark(item, *mark) for attempt_id, *mark in rows})
    return found


def in_slices(ids: Sequence[UUID], size: int = 500) -> Iterator[Sequence[UUID]]:
    """Databases take a bounded number of variables in one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def rules(db: Connection, digests: Iterable[str]) -> dict[str, Quiz]:
    rows = db.execute(select(QuizRevision.digest, QuizRevision.definition).where(QuizRevision.digest.in_(set(digests))))
    return {row.digest: load_quiz(row.definition) for row in rows}
