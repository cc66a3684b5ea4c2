"""A decision about a faulty question: what it would change, and doing exactly that.

``preview`` makes a plan and names it by a digest; ``decide`` refuses when the plan is another by now, so nobody
confirms what they have not seen. From then on the decision holds: whatever closes is marked by it, and ``go_on`` marks
what was closed before, a few attempts at a time, so that nobody's answer waits. A kill in between loses nothing:
``go_on`` goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.attempts import Regrade
from lms.errors import Conflict, NotFound
from lms.learning import frozen, marks, question_records
from lms.learning.question_records import Affected, Others, Stamp
from lms.quiz import marking
from lms.quiz import regrade as decisions
from lms.quiz.definition import major
from lms.quiz.item import Item
from lms.quiz.marking import ItemMark, Score
from lms.quiz.quiz import Quiz
from lms.quiz.regrade import Decision

#: So many attempts are marked in one transaction. It holds the lock for a fraction of the 100 ms that anybody may wait.
PIECE = 20


class UnknownQuestion(NotFound):
    message = "Soal ini belum pernah dijawab dalam percobaan yang sudah dikumpulkan di angkatan ini."


class MovedOn(Conflict):
    message = (
        "Ada percobaan yang berubah sejak pratinjau ini dibuat, jadi belum ada yang dinilai ulang. "
        "Kembali ke soalnya, lalu buat pratinjau baru."
    )


class AnotherDecision(Conflict):
    message = "Pratinjau ini sudah dipakai untuk keputusan lain. Buat pratinjau baru."


class StillRunning(Conflict):
    message = "Keputusan sebelumnya tentang soal ini masih dijalankan. Tunggu sampai selesai, lalu buat pratinjau baru."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an instructor wants to decide, for the participants of a cohort or, with None, for everybody."""

    item: str
    cohort_id: UUID | None
    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What counts of one attempt. ``score`` and ``passed`` are None while a text waits for a person."""

    points: float
    maximum: float
    pending: bool
    score: float | None
    total: float  # the maximum of the attempt
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision makes of one closed attempt."""

    attempt: Affected
    before: Outcome
    after: Outcome

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """What a decision would do. ``untouched``: attempts with a version of the question that it does not fit.

    ``majors``: what the decision is about, the major versions that were answered and that it fits. ``still_open``:
    attempts with one of these that are not closed yet; they will be marked by it, too. ``stamp``: what the plan was
    made from.
    """

    changes: tuple[Change, ...]
    untouched: tuple[Affected, ...]
    majors: tuple[str, ...]
    still_open: int
    stamp: Stamp
    digest: str

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if change.changes]


def question(db: Connection, item: str, version: str) -> Item:
    """A kept version of a question. Raises ``UnknownQuestion``."""
    if not question_records.is_version(db, version, item):
        raise UnknownQuestion
    (found,) = frozen.questions(db, [version])
    return found


# --- a preview ------------------------------------------------------------------------------------------------------


def preview(db: Connection, asked: Asked) -> Plan:
    """Changes nothing. Raises ``UnknownQuestion``, or ``Invalid`` for a decision that fits no answered version."""
    stamp = question_records.stamp(db, asked.cohort_id, asked.item)
    held = question_records.affected(db, asked.cohort_id, asked.item)
    if not held:
        raise UnknownQuestion
    items = _versions(db, held)
    fitting = _fitting(held, items, asked.decision)
    marked = _marked(db, asked, items, fitting)
    after = _outcomes(db, asked, marked)
    changes = tuple(Change(one, _before(one), after[one.id]) for one, _mark in marked)
    touched = {one.id for one in fitting}
    untouched = tuple(one for one in held if one.id not in touched)
    majors = sorted({major(items[version]) for version in {one.question_version for one in fitting}})
    return Plan(
        changes=changes,
        untouched=untouched,
        majors=tuple(majors),
        still_open=question_records.still_open(db, asked.cohort_id, asked.item, majors),
        stamp=stamp,
        digest=_digest(asked, changes, untouched, stamp),
    )


def _versions(db: Connection, held: Iterable[Affected]) -> dict[str, Item]:
    """The answered versions of the question, by digest."""
    digests = sorted({one.question_version for one in held})
    return dict(zip(digests, frozen.questions(db, digests), strict=True))


def _fitting(held: Sequence[Affected], items: Mapping[str, Item], decision: Decision) -> list[Affected]:
    fits = {version for version, item in items.items() if marks.fits(item, decision)}
    if not fits:
        decisions.check(items[held[-1].question_version], decision)  # says why
    return [one for one in held if one.question_version in fits]


def _marked(
    db: Connection, asked: Asked, items: Mapping[str, Item], held: Sequence[Affected]
) -> list[tuple[Affected, ItemMark]]:
    """The mark that the decision gives each attempt. The same answer is marked once, however many gave it."""
    judged = _judgements(db, asked, held, items)
    known: dict[tuple[str, str | None], ItemMark] = {}

    def mark(one: Affected) -> ItemMark:
        given = (one.question_version, one.value)
        if given not in known:
            response = frozen.decoded(one.value)
            known[given] = decisions.mark(items[one.question_version], response, asked.decision)
        return marks.standing(known[given], judged.get(one.id))

    return [(one, mark(one)) for one in held]


def _judgements(
    db: Connection, asked: Asked, held: Sequence[Affected], items: Mapping[str, Item]
) -> dict[UUID, ItemMark]:
    """What persons judged, where only a person can tell."""
    if all(items[version].key() is not None for version in {one.question_version for one in held}):
        return {}
    return question_records.judgements(db, [one.id for one in held], asked.item)


def _before(one: Affected) -> Outcome:
    return Outcome(one.mark.points, one.mark.maximum, one.mark.pending, one.score, one.maximum, one.passed)


def _outcomes(db: Connection, asked: Asked, marked: Sequence[tuple[Affected, ItemMark]]) -> dict[UUID, Outcome]:
    """What follows for each attempt. Most follow from the score alone; for the others all their marks are read."""
    rules = question_records.rules(db, {one.revision for one, _mark in marked})
    outcomes = {one.id: _before(one) for one, _mark in marked}
    changed = [(one, mark) for one, mark in marked if _differs(one.mark, mark)]
    divided = [(one, mark) for one, mark in changed if rules[one.revision].sections]
    for replaced, one in _scored(db, divided, rules):
        outcomes[one.id] = _outcome(replaced.mark, replaced.score)
    whole = [(one, mark) for one, mark in changed if not rules[one.revision].sections]
    others = _others(db, asked.item, [one for one, _mark in whole])
    for one, mark in whole:
        outcomes[one.id] = _added(mark, others[one.id], rules[one.revision])
    return outcomes


def _differs(one: ItemMark, other: ItemMark) -> bool:
    return (one.points, one.maximum, one.pending) != (other.points, other.maximum, other.pending)


def _others(db: Connection, item: str, attempts: Sequence[Affected]) -> dict[UUID, Others]:
    """The sum of the other marks of each attempt, from its score where that is the sum of all of them.

    It is not while a text waits for a person, nor where it was raised to 0: there the marks are added up.
    """
    known = {
        one.id: Others(one.score - one.mark.points, one.maximum - one.mark.maximum, 0) for one in attempts if one.score
    }
    return known | question_records.others(db, [one.id for one in attempts if one.id not in known], item)


def _added(mark: ItemMark, others: Others, rules: Quiz) -> Outcome:
    """The outcome without sections: the new mark and the sum of the others."""
    points, total = max(0.0, others.points + mark.points), others.maximum + mark.maximum
    if others.pending or mark.pending:
        return Outcome(mark.points, mark.maximum, mark.pending, None, total, None)
    passed = marking.reaches(points, total, rules.pass_mark)
    return Outcome(mark.points, mark.maximum, mark.pending, points, total, passed)


def _outcome(mark: ItemMark, score: Score) -> Outcome:
    kept = marks.score_columns(score)
    return Outcome(mark.points, mark.maximum, mark.pending, kept["score"], kept["maximum"], kept["passed"])


def _scored(
    db: Connection, marked: Sequence[tuple[Affected, ItemMark]], rules: Mapping[str, Quiz]
) -> Iterable[tuple[marks.Replaced, Affected]]:
    """The exact score of each attempt with its new mark: all marks of the attempt are added up."""
    stands = question_records.standing(db, [one.id for one, _mark in marked])
    digests = sorted({version for held in stands.values() for version, _mark in held})
    sections = {version: item.section for version, item in zip(digests, frozen.questions(db, digests), strict=True)}
    for one, mark in marked:
        others = [
            replace(other, section=sections[version])
            for version, other in stands[one.id]
            if other.item_id != mark.item_id
        ]
        own = replace(mark, section=sections[one.question_version])
        score = marking.total([*others, own], rules[one.revision].pass_mark, rules[one.revision].sections)
        yield marks.Replaced(one.id, one.question_version, mark, score), one


def _digest(asked: Asked, changes: Sequence[Change], untouched: Sequence[Affected], stamp: Stamp) -> str:
    """Names a plan: the decision, every attempt as it stands, and what follows for each."""
    decision = json.dumps(decisions.dump(asked.decision), sort_keys=True)
    named = hashlib.sha256(repr((asked.item, str(asked.cohort_id), asked.reason, decision, stamp)).encode())
    for one in changes:
        named.update(repr((one.attempt.id.int, one.attempt.value, one.before, one.after)).encode())
    named.update(repr([one.id.int for one in untouched]).encode())
    return named.hexdigest()


# --- a decision -----------------------------------------------------------------------------------------------------


def decide(
    db: Session, asked: Asked, plan: Plan, *, regrade_id: UUID, seen: str, quiz: str, author_id: UUID, now: datetime
) -> bool:
    """Write the decision down; from now on it holds, and ``go_on`` marks by it. False when it stands already.

    ``plan``: made a moment ago. ``regrade_id``: made with the preview, so that confirming twice, even at once, decides
    once. ``seen``: the digest of the plan that the instructor saw. Raises ``MovedOn`` when it is another by now,
    ``StillRunning``, or ``AnotherDecision``; then nothing was changed.
    """
    question_records.lock(db, asked.item)
    row = Regrade(
        id=regrade_id,
        item=asked.item,
        cohort_id=asked.cohort_id,
        majors=list(plan.majors),
        action=decisions.dump(asked.decision),
        reason=asked.reason,
        author_id=author_id,
        decided_at=now,
    )
    if _decided(db, row):
        return False
    if plan.digest != seen or question_records.stamp(db.connection(), asked.cohort_id, asked.item) != plan.stamp:
        raise MovedOn
    if running(db.connection(), asked.item):
        raise StillRunning
    db.add(row)
    audit.record(
        db,
        now=now,
        actor_id=author_id,
        action="regrade.decide",
        subject=asked.item,
        regrade=str(regrade_id),
        quiz=quiz,
        cohort=str(asked.cohort_id) if asked.cohort_id else None,
        decision=row.action,
        reason=asked.reason,
        marked=len(plan.changes),
        changed=len(plan.changed),
    )
    return True


def _decided(db: Session, row: Regrade) -> bool:
    """Whether the same decision was made under this key; raises ``AnotherDecision`` when another was."""
    held = db.execute(
        select(Regrade.item, Regrade.cohort_id, Regrade.action, Regrade.reason, Regrade.author_id).where(
            Regrade.id == row.id
        )
    ).first()
    if held is None:
        return False
    if tuple(held) != (row.item, row.cohort_id, row.action, row.reason, row.author_id):
        raise AnotherDecision
    return True


def running(db: Connection, item: str | None = None) -> list[UUID]:
    """Decisions, on one item or on any, by which closed attempts are still being marked."""
    statement = select(Regrade.id).where(Regrade.finished_at.is_(None)).order_by(Regrade.decided_at)
    return list(db.execute(statement if item is None else statement.where(Regrade.item == item)).scalars())


def go_on(db: Session, regrade_id: UUID, *, now: datetime) -> int:
    """Mark the next few attempts by a decision; 0 when there is nothing left to do.

    Open attempts are passed over: they will be marked when they close. Whoever is closing one right now is waited for,
    since they may have begun before the decision stood.
    """
    row = db.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update(key_share=True)).one_or_none()
    if row is None or row.finished_at is not None:
        return 0
    ids, reached = question_records.lock_attempts(db, row.cohort_id, row.item, after=row.reached, most=PIECE)
    if ids:
        _mark(db, row, ids, now=now)
    if reached is None:
        row.finished_at = now
    else:
        row.reached = reached
    return 1


def _mark(db: Session, row: Regrade, ids: Sequence[UUID], *, now: datetime) -> None:
    connection = db.connection()
    held = question_records.affected(connection, row.cohort_id, row.item, ids)
    items = _versions(connection, held)
    decision = decisions.load(row.action)
    about = {version for version, item in items.items() if major(item) in row.majors and marks.fits(item, decision)}
    left = [one for one in held if one.question_version in about and one.regrade_id != row.id]
    asked = Asked(item=row.item, cohort_id=row.cohort_id, decision=decision, reason=row.reason)
    marked = _marked(connection, asked, items, left)
    rules = question_records.rules(connection, {one.revision for one in left})
    replaced = [one for one, _held in _scored(connection, marked, rules)]
    marks.replace_marks(db, replaced, regrade_id=row.id, author_id=row.author_id, now=now)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a decision has come: attempts looked at, of all that hold the question."""

    done: int
    total: int


def progress(db: Connection, regrade_id: UUID) -> Progress | None:
    """None for a decision that is done, or unknown."""
    row = db.execute(
        select(Regrade.item, Regrade.cohort_id, Regrade.reached).where(
            Regrade.id == regrade_id, Regrade.finished_at.is_(None)
        )
    ).first()
    return row and Progress(*question_records.counts(db, row.cohort_id, row.item, up_to=row.reached))
