"""A decision about a faulty question: what it would change, and doing exactly that.

``preview`` makes a plan and names it by a digest; ``decide`` refuses when the plan is another by now, so nobody
confirms what they have not seen. From then on the decision holds: whatever closes is marked by it, and ``go_on`` marks
what was closed before, a few attempts at a time, so that nobody's answer waits. A kill in between loses nothing:
``go_on`` goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.attempts import Regrade
from lms.errors import Conflict, NotFound
from lms.learning import effects, frozen, marks, question_records
from lms.learning.effects import Asked as Asked
from lms.learning.effects import Change as Change
from lms.learning.effects import Effect
from lms.learning.effects import Outcome as Outcome
from lms.learning.question_records import Affected, Stamp
from lms.quiz import regrade as decisions
from lms.quiz.definition import major
from lms.quiz.item import Item

#: So many attempts are marked in one transaction. It holds the lock for a fraction of the 100 ms that anybody may wait.
PIECE = 20


class UnknownQuestion(NotFound):
    message = "Soal ini belum pernah dijawab dalam percobaan yang sudah dikumpulkan di angkatan ini."


class UnknownDecision(NotFound):
    message = "Keputusan ini tidak ditemukan, atau bukan tentang angkatan ini."


class MovedOn(Conflict):
    message = (
        "Ada percobaan yang berubah sejak pratinjau itu dibuat, jadi belum ada yang dinilai ulang. "
        "Periksa pratinjau yang baru, lalu jalankan."
    )


class AnotherDecision(Conflict):
    message = "Pratinjau itu sudah dipakai untuk keputusan lain. Periksa pratinjau yang baru, lalu jalankan."


class StillRunning(Conflict):
    message = "Keputusan sebelumnya tentang soal ini masih dijalankan. Tunggu sampai selesai, lalu jalankan lagi."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a decision would do: how many attempts it marks anew, and what of them changes how.

    ``untouched``: attempts with a version of the question that it does not fit. ``majors``: what the decision is about,
    the major versions that were answered and that it fits. ``still_open``: attempts with one of these that are not
    closed yet; they will be marked by it, too. ``stamp``: what the plan was made from. ``answers``: the responses, as
    JSON text, of those who change; None: whatever they answered.
    """

    turns: Mapping[tuple[Outcome, Outcome], int]
    untouched: int
    majors: tuple[str, ...]
    still_open: int
    stamp: Stamp
    digest: str
    answers: frozenset[str | None] | None

    @property
    def marked(self) -> int:
        return sum(self.turns.values())

    @property
    def changed(self) -> int:
        return self.count(lambda before, after: before != after)

    def count(self, which: Callable[[Outcome, Outcome], bool]) -> int:
        """How many attempts a decision changes in some way."""
        return sum(count for (before, after), count in self.turns.items() if which(before, after))


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
    by_response = decisions.reads_responses(asked.decision)
    cases = question_records.cases(db, asked.cohort_id, asked.item, responses=by_response)
    if not cases:
        raise UnknownQuestion
    items = effects.versions(db, (case for case, _count in cases))
    fits = {version for version, item in items.items() if marks.fits(item, asked.decision)}
    if not fits:
        decisions.check(next(iter(items.values())), asked.decision)  # says why
    held = [(case, count) for case, count in cases if case.question_version in fits]
    made = effects.effect(db, asked, {version: items[version] for version in fits}, held)
    untouched = sum(count for case, count in cases if case.question_version not in fits)
    majors = sorted({major(items[version]) for version in fits})
    return Plan(
        turns=made.turns,
        untouched=untouched,
        majors=tuple(majors),
        still_open=question_records.still_open(db, asked.cohort_id, asked.item, majors),
        stamp=stamp,
        digest=_digest(asked, made, untouched, stamp),
        answers=frozenset(made.answers) if by_response else None,
    )


def _digest(asked: Asked, made: Effect, untouched: int, stamp: Stamp) -> str:
    """Names a plan: the decision, how the attempts stand, and what follows for how many."""
    decision = json.dumps(decisions.dump(asked.decision), sort_keys=True)
    named = hashlib.sha256(repr((asked.item, str(asked.cohort_id), asked.reason, decision, stamp, untouched)).encode())
    for line in sorted(f"{turn!r} {count}" for turn, count in made.turns.items()):
        named.update(line.encode())
    return named.hexdigest()


#: So few attempts that change are looked for among all; of more there are some among any few people.
FEW = 1_000
#: So many people at a time are looked at.
PEOPLE = 25


def changed(db: Connection, asked: Asked, plan: Plan, *, offset: int, limit: int) -> list[Change]:
    """A part of the list of attempts that change, by name; it is read no further than it is asked for."""
    found: list[Change] = []
    for held in _read(db, asked, plan):
        some = [one for one in effects.changes(db, asked, held) if one.before != one.after]
        found += some[offset : offset + limit - len(found)]
        offset = max(0, offset - len(some))
        if len(found) == limit:
            break
    return found


def _read(db: Connection, asked: Asked, plan: Plan) -> Iterator[Sequence[Affected]]:
    """Attempts among which all that change are, by name."""
    if not plan.changed:
        return
    if plan.changed <= FEW and plan.answers is not None:
        yield question_records.who_gave(db, asked.cohort_id, asked.item, plan.answers)
        return
    for some in question_records.in_slices(question_records.people(db, asked.cohort_id), PEOPLE):
        yield question_records.of_people(db, asked.cohort_id, asked.item, some)


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
        marked=plan.marked,
        changed=plan.changed,
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


def require(db: Connection, regrade_id: UUID, cohort_id: UUID) -> None:
    """Raises ``UnknownDecision`` unless this decision holds in this cohort."""
    here = or_(Regrade.cohort_id.is_(None), Regrade.cohort_id == cohort_id)
    if db.execute(select(Regrade.id).where(Regrade.id == regrade_id, here)).first() is None:
        raise UnknownDecision


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
    held = question_records.of_attempts(connection, row.cohort_id, row.item, ids)
    items = effects.versions(connection, held)
    decision = decisions.load(row.action)
    about = {version for version, item in items.items() if major(item) in row.majors and marks.fits(item, decision)}
    left = [one for one in held if one.question_version in about and one.regrade_id != row.id]
    asked = Asked(item=row.item, cohort_id=row.cohort_id, decision=decision, reason=row.reason)
    marked = effects.marked(connection, asked, items, left)
    rules = question_records.rules(connection, {one.revision for one in left})
    replaced = [one for one, _held in effects.scored(connection, marked, rules)]
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
