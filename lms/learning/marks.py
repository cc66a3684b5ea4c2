"""From answers to marks: when an attempt closes, when a person judges a text, when a decision changes a question.

Marks are added and never overwritten; the newest of an item counts, and the score is their sum. This is the only writer
of marks: it keeps the one that counts at its item, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.attempts import Attempt, AttemptItem, ClosedBy, Mark, QuizRevision, Regrade
from lms.db.base import uuid7
from lms.db.cohorts import Enrolment
from lms.errors import Conflict, Invalid
from lms.learning import attempt_records, frozen, noticing, owed_scores, question_sums, quiz_records
from lms.learning.attempt_records import MarkRow
from lms.learning.judgement import ByCriterion, Given
from lms.learning.stale import ChangedMeanwhile
from lms.quiz import marking, regrade
from lms.quiz.definition import load_quiz, major
from lms.quiz.item import Item, Response
from lms.quiz.marking import ItemMark, Score
from lms.quiz.practice import stands_for
from lms.quiz.quiz import Quiz


class NothingToJudge(Conflict):
    message = "Jawaban ini tidak menunggu penilaian orang."


def close(db: Session, attempt_id: UUID, *, now: datetime, closed_by: ClosedBy) -> bool:
    """Mark and close; False when it was closed already. The lock makes a late save see that it is too late."""
    return close_all(db, [attempt_id], now=now, closed_by=closed_by) == 1


def close_all(db: Session, attempts: Sequence[UUID], *, now: datetime, closed_by: ClosedBy) -> int:
    """Mark and close those of them that are open; returns how many."""
    locked = db.execute(
        select(Attempt.id, Attempt.deadline_at, QuizRevision.definition)
        .join(QuizRevision, QuizRevision.digest == Attempt.revision)
        .where(Attempt.id.in_(attempts), Attempt.submitted_at.is_(None))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    ).all()
    if not locked:
        return 0
    with noticing.of_attempts(db, [one.id for one in locked], now=now):
        _close(db, locked, now=now, closed_by=closed_by)
    return len(locked)


def _close(db: Session, locked: Sequence[Any], *, now: datetime, closed_by: ClosedBy) -> None:
    rows, closed, instead = list[dict[str, Any]](), list[dict[str, Any]](), list[UUID]()
    for one in locked:
        at = one.deadline_at if closed_by is ClosedBy.DEADLINE else now
        marks, new = _mark_items(db.connection(), one.id, at=at)
        rules = load_quiz(one.definition)
        score = score_columns(marking.total(marks, rules.pass_mark, rules.sections))
        rows += new
        closed.append({"id": one.id, "submitted_at": at, "closed_by": closed_by, **score})
        if stands_for(rules.id) and score["passed"]:
            instead.append(one.id)
    _write(db, rows)
    db.execute(update(Attempt), closed)
    quiz_records.follow(db, [one.id for one in locked])
    if instead:
        owed_scores.owe_learnt(db, instead)
    question_sums.add(db, [one.id for one in locked])


def mark_again(
    db: Session, attempt_id: UUID, rules: Quiz, *, items: Collection[str], now: datetime, reason: str
) -> None:
    """Mark some items of a closed attempt anew, after answers were put in that had been made in time.

    Belongs into ``question_sums.following``, together with the answers.
    """
    connection = db.connection()
    _marks, rows = _mark_items(connection, attempt_id, items=items, at=now, reason=reason)
    with noticing.of_attempts(db, [attempt_id], now=now):
        _write(db, rows)
        questions = frozen.questions_of(connection, attempt_records.items(connection, attempt_id))
        _store_score(db, attempt_id, score_of(attempt_records.marks(connection, attempt_id), questions, rules))


def _mark_items(
    db: Connection,
    attempt_id: UUID,
    *,
    items: Collection[str] | None = None,
    at: datetime,
    reason: str = "",
) -> tuple[list[ItemMark], list[dict[str, Any]]]:
    """A mark for each of ``items``, or for all, and the rows that keep them."""
    rows = [row for row in attempt_records.items(db, attempt_id) if items is None or row.item in items]
    questions = frozen.questions_of(db, rows)
    decisions = _decisions(db, attempt_id, questions)
    marks = [
        _mark(question, frozen.response_of(row), decisions.get(row.item))
        for row, question in zip(rows, questions, strict=True)
    ]
    regrades = {id: decided.id for id, decided in decisions.items()}
    return marks, [
        _row(
            attempt_id,
            mark,
            row.question_version,
            at=at,
            author_id=None,
            regrade_id=regrades.get(row.item),
            reason=reason,
        )
        for row, mark in zip(rows, marks, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Decided:
    id: UUID
    decision: regrade.Decision


def _mark(item: Item, response: Response | None, decided: _Decided | None) -> ItemMark:
    if decided is None:
        return marking.mark_item(item, response)
    return regrade.mark(item, response, decided.decision)


def fits(item: Item, decision: regrade.Decision) -> bool:
    """Whether a decision can be applied to a version of the question that it is about."""
    try:
        regrade.check(item, decision)
    except Invalid:
        return False
    return True


def _decisions(db: Connection, attempt_id: UUID, items: Sequence[Item]) -> dict[str, _Decided]:
    """The newest decision on each item that holds in the cohort of this attempt and is about the version it asked."""
    cohort = select(Enrolment.cohort_id).join(Attempt, Attempt.enrolment_id == Enrolment.id)
    rows = db.execute(
        select(Regrade.id, Regrade.item, Regrade.majors, Regrade.action)
        .where(
            Regrade.item.in_([item.id for item in items]),
            or_(Regrade.cohort_id.is_(None), Regrade.cohort_id.in_(cohort.where(Attempt.id == attempt_id))),
        )
        .order_by(Regrade.decided_at, Regrade.id)
    ).all()
    by_id = {item.id: item for item in items}
    about = [row for row in rows if major(by_id[row.item]) in row.majors]
    decided = [(row.item, _Decided(row.id, regrade.load(row.action))) for row in about]
    return {id: one for id, one in decided if fits(by_id[id], one.decision)}


def _write(db: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add marks to the history, and keep each at its item as the one that counts."""
    db.execute(insert(Mark), rows)
    db.execute(update(AttemptItem), [{name: row[column] for name, column in _CURRENT.items()} for row in rows])


#: Column of an item of an attempt -> column of its newest mark.
_CURRENT = {"attempt_id": "attempt_id", "item": "item", "mark_id": "id"} | {
    name: name for name in ("fraction", "points", "maximum", "answered", "pending")
}


def _row(
    attempt_id: UUID,
    mark: ItemMark,
    version: str,
    *,
    at: datetime,
    author_id: UUID | None = None,
    regrade_id: UUID | None = None,
    reason: str = "",
    criteria: ByCriterion | None = None,
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "attempt_id": attempt_id,
        "item": mark.item_id,
        "question_version": version,
        "fraction": mark.fraction,
        "points": mark.points,
        "maximum": mark.maximum,
        "answered": mark.answered,
        "pending": mark.pending,
        "marked_at": at,
        "author_id": author_id,
        "regrade_id": regrade_id,
        "reason": reason,
        "criteria": criteria.stored() if criteria else None,
    }


def _store_score(db: Session, attempt_id: UUID, score: Score) -> None:
    db.execute(update(Attempt).where(Attempt.id == attempt_id).values(score_columns(score)))
    quiz_records.follow(db, [attempt_id])


def score_columns(score: Score) -> dict[str, Any]:
    """What an attempt keeps of its score. Neither score nor verdict stands while a text waits for a person."""
    waiting = score.pending > 0
    return {
        "score": None if waiting else score.points,
        "maximum": score.maximum,
        "passed": None if waiting else score.passed,
    }


# --- after the attempt was closed -----------------------------------------------------------------------------------


def item_mark(row: MarkRow, section: str) -> ItemMark:
    """A stored judgement as the pure room knows it."""
    return ItemMark(
        item_id=row.item,
        fraction=row.fraction,
        points=row.points,
        maximum=row.maximum,
        answered=row.answered,
        pending=row.pending,
        section=section,
    )


def score_of(marks: Mapping[str, Sequence[MarkRow]], items: Sequence[Item], rules: Quiz) -> Score:
    """The sum of the newest marks, with its sections."""
    newest = [item_mark(marks[item.id][-1], item.section) for item in items if item.id in marks]
    return marking.total(newest, rules.pass_mark, rules.sections)


#: Decisions after which nobody's judgement on a single answer counts any more.
_SETTLING = {regrade.Drop.action, regrade.FullMarks.action}


def judgeable(history: Sequence[MarkRow]) -> bool:
    """Whether a person may judge the answer: it waits for one, or a person judged it before."""
    if not history or (history[-1].action or {}).get("action") in _SETTLING:
        return False
    return any(mark.pending for mark in history)


def judge(
    db: Session,
    attempt_id: UUID,
    item_id: str,
    fraction: float,
    *,
    seen: str | None = None,
    author_id: UUID,
    comment: str,
    criteria: ByCriterion | None = None,
    now: datetime,
) -> None:
    """A person's judgement on an answer that the key cannot judge, or on one they judged before.

    ``fraction``: of the maximum, 0…1. ``criteria``: what those of a rubric earned, together so much. ``seen``: the id
    of the mark that the page showed. Saying the same twice changes nothing. Raises ``NothingToJudge`` or
    ``ChangedMeanwhile``.
    """
    if not 0 <= fraction <= 1:
        raise Invalid("Nilai harus di antara nol dan poin penuh soal ini.")
    lock(db, attempt_id)
    connection = db.connection()
    attempt = attempt_records.attempt(connection, attempt_id)
    held = attempt_records.marks(connection, attempt_id).get(item_id, [])
    if attempt is None or not judgeable(held):
        raise NothingToJudge
    newest = held[-1]
    if newest.author and not newest.pending and newest.given == Given(fraction, comment, criteria):
        return
    if seen is not None and seen != str(newest.id):
        raise ChangedMeanwhile(newest.author, newest.marked_at)
    rows = attempt_records.items(connection, attempt_id)
    items = frozen.questions_of(connection, rows)
    version = next(row.question_version for row in rows if row.item == item_id)
    judged = marking.judged(item_mark(newest, ""), fraction)
    with (
        noticing.of_attempts(db, [attempt_id], now=now),
        question_sums.following(db, [attempt_id], item=item_id),
    ):
        row = _row(attempt_id, judged, version, at=now, author_id=author_id, reason=comment, criteria=criteria)
        _write(db, [row])
        _store_score(db, attempt_id, score_of(attempt_records.marks(connection, attempt_id), items, attempt.rules))
    audit.record(
        db,
        now=now,
        actor_id=author_id,
        action="mark.judge",
        subject=str(attempt_id),
        item=item_id,
        points=judged.points,
        maximum=judged.maximum,
    )


def lock(db: Session, attempt_id: UUID) -> None:
    """Judgements on one attempt come one after the other, each seeing the one before."""
    db.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())


def standing(decided: ItemMark, judged: ItemMark | None) -> ItemMark:
    """The mark that counts after a decision: where it leaves an answer to a person, what a person said of it stays."""
    return judged if decided.pending and judged else decided


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a decision makes of one attempt: the mark of the item, and the score with it."""

    attempt_id: UUID
    question_version: str
    mark: ItemMark
    score: Score


def replace_marks(
    db: Session, replaced: Sequence[Replaced], *, regrade_id: UUID, author_id: UUID | None, now: datetime
) -> None:
    """Add the marks that a decision on one item gives, and keep the scores that follow: a few statements for all."""
    if not replaced:
        return
    rows = [
        _row(one.attempt_id, one.mark, one.question_version, at=now, author_id=author_id, regrade_id=regrade_id)
        for one in replaced
    ]
    attempts, passing = [one.attempt_id for one in replaced], {one.attempt_id for one in replaced if one.score.passed}
    with noticing.of_attempts(db, attempts, now=now, passing=passing):
        db.execute(update(Attempt), [{"id": one.attempt_id, **score_columns(one.score)} for one in replaced])
        quiz_records.follow(db, attempts)
        with question_sums.following(db, attempts, item=replaced[0].mark.item_id):
            _write(db, rows)
