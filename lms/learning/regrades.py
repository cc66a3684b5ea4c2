"""A decision about a faulty question: what it would change, and doing exactly that.

``preview`` and ``apply`` make the same plan. A preview names its plan by a digest, and ``apply`` refuses when the
plan is another by now – so nobody confirms what they have not seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.attempts import Regrade
from lms.errors import Conflict, NotFound
from lms.learning import frozen, question_records
from lms.learning import marks as judging
from lms.learning.question_records import Affected, Standing
from lms.quiz import marking
from lms.quiz import regrade as decisions
from lms.quiz.canonical import digest
from lms.quiz.definition import major
from lms.quiz.item import Item, Response
from lms.quiz.marking import ItemMark, Score
from lms.quiz.quiz import Quiz
from lms.quiz.regrade import Decision


class UnknownQuestion(NotFound):
    message = "Soal ini belum pernah dijawab dalam percobaan yang sudah dikumpulkan di angkatan ini."


class MovedOn(Conflict):
    message = (
        "Ada percobaan yang berubah sejak pratinjau ini dibuat, jadi belum ada yang dinilai ulang. "
        "Kembali ke soalnya, lalu buat pratinjau baru."
    )


class AnotherDecision(Conflict):
    message = "Pratinjau ini sudah dipakai untuk keputusan lain. Buat pratinjau baru."


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
    replaced: judging.Replaced

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """What a decision would do. ``untouched``: attempts with a version of the question that it does not fit.

    ``majors``: what the decision is about, the major versions that were answered and that it fits. ``still_open``:
    attempts with one of these that are not closed yet; they will be marked by it, too.
    """

    changes: tuple[Change, ...]
    untouched: tuple[Affected, ...]
    majors: tuple[str, ...]
    still_open: int
    digest: str

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if change.changes]


def question(db: Connection, item: str, version: str) -> Item:
    """A kept version of a question. Raises ``UnknownQuestion``."""
    if version not in {one.digest for one in question_records.versions(db, [version], item=item)}:
        raise UnknownQuestion
    (found,) = frozen.questions(db, [version])
    return found


def preview(db: Connection, asked: Asked, *, besides: UUID | None = None) -> Plan:
    """Changes nothing. ``besides``: a decision that is being made, not one to take into account.

    Raises ``UnknownQuestion``, or ``Invalid`` for a decision that fits none of the answered versions.
    """
    held = question_records.affected(db, asked.cohort_id, asked.item)
    if not held:
        raise UnknownQuestion
    stands = question_records.standing(db, asked.cohort_id, asked.item)
    items = _items(db, held, stands)
    fitting = _fitting(held, items, asked.decision)
    rules = question_records.rules(db, [one.revision for one in fitting])
    persons = _judgements(db, asked, [items[one.question_version] for one in fitting])
    changes = tuple(
        _change(one, asked, items, stands[one.id], rules[one.revision], persons.get(one.id)) for one in fitting
    )
    touched = {one.id for one in fitting}
    untouched = tuple(one for one in held if one.id not in touched)
    majors = sorted({major(items[one.question_version]) for one in fitting})
    earlier = [one.id for one in question_records.decisions(db, asked.cohort_id, [asked.item]) if one.id != besides]
    return Plan(
        changes=changes,
        untouched=untouched,
        majors=tuple(majors),
        still_open=question_records.still_open(db, asked.cohort_id, asked.item, majors),
        digest=_digest(asked, changes, untouched, stands, earlier[:1]),
    )


def _items(db: Connection, held: Sequence[Affected], stands: Mapping[UUID, Mapping[str, Standing]]) -> dict[str, Item]:
    """Every version of every question in these attempts, by digest."""
    digests = {one.question_version for one in held}
    digests |= {one.question_version for marks in stands.values() for one in marks.values()}
    listed = list(digests)
    return dict(zip(listed, frozen.questions(db, listed), strict=True))


def _fitting(held: Sequence[Affected], items: Mapping[str, Item], decision: Decision) -> list[Affected]:
    versions = {one.question_version for one in held}
    fits = {version for version in versions if judging.fits(items[version], decision)}
    if not fits:
        decisions.check(items[held[-1].question_version], decision)  # says why
    return [one for one in held if one.question_version in fits]


def _judgements(db: Connection, asked: Asked, versions: Sequence[Item]) -> dict[UUID, ItemMark]:
    """What persons judged, where only a person can tell."""
    if all(item.key() is not None for item in versions):
        return {}
    return question_records.judgements(db, asked.cohort_id, asked.item)


def _change(
    attempt: Affected,
    asked: Asked,
    items: Mapping[str, Item],
    stands: Mapping[str, Standing],
    rules: Quiz,
    judgement: ItemMark | None,
) -> Change:
    item = items[attempt.question_version]
    response: Response | None = None if attempt.value is None else tuple(json.loads(attempt.value))
    mark = replace(judging.decide(item, response, asked.decision, judgement), section=item.section)
    others = [
        replace(one.mark, section=items[one.question_version].section) for id, one in stands.items() if id != item.id
    ]
    score = marking.total([*others, mark], rules.pass_mark, rules.sections)
    before = stands[item.id].mark
    return Change(
        attempt=attempt,
        before=Outcome(before.points, before.maximum, before.pending, attempt.score, attempt.maximum, attempt.passed),
        after=_outcome(mark, score),
        replaced=judging.Replaced(attempt.id, attempt.question_version, mark, score),
    )


def _outcome(mark: ItemMark, score: Score) -> Outcome:
    kept = judging.kept(score)
    return Outcome(mark.points, mark.maximum, mark.pending, kept["score"], kept["maximum"], kept["passed"])


def _digest(
    asked: Asked,
    changes: Sequence[Change],
    untouched: Sequence[Affected],
    stands: Mapping[UUID, Mapping[str, Standing]],
    earlier: Sequence[UUID],
) -> str:
    """Names a plan: the decision, every attempt with all its judgements, and what follows for each."""
    return digest(
        (
            (
                asked.item,
                str(asked.cohort_id),
                asked.reason,
                json.dumps(decisions.dump(asked.decision), sort_keys=True),
            ),
            tuple((str(one.attempt.id), one.attempt.value or "", one.before, one.after) for one in changes),
            tuple(str(one.id) for one in untouched),
            tuple(sorted(str(mark.id) for marks in stands.values() for mark in marks.values())),
            tuple(map(str, earlier)),
        )
    )


def apply(
    db: Session, asked: Asked, *, regrade_id: UUID, seen: str, quiz: str, author_id: UUID, now: datetime
) -> Plan | None:
    """Decide, and mark every closed attempt by the decision. None when this very decision was made already.

    ``regrade_id``: made with the preview, so that confirming twice, even at once, decides once. ``seen``: the digest
    of the plan that the instructor saw. Raises ``MovedOn`` when it is another by now, ``AnotherDecision``, and what
    ``preview`` raises; then nothing was changed.
    """
    if not _decide(db, asked, regrade_id, author_id=author_id, now=now):
        return None
    question_records.lock(db, asked.cohort_id, asked.item)
    plan = preview(db.connection(), asked, besides=regrade_id)
    if plan.digest != seen:
        raise MovedOn
    db.execute(update(Regrade).where(Regrade.id == regrade_id).values(majors=list(plan.majors), finished_at=now))
    judging.replace_marks(
        db, [change.replaced for change in plan.changes], regrade_id=regrade_id, author_id=author_id, now=now
    )
    audit.record(
        db,
        now=now,
        actor_id=author_id,
        action="regrade.decide",
        subject=asked.item,
        regrade=str(regrade_id),
        quiz=quiz,
        cohort=str(asked.cohort_id) if asked.cohort_id else None,
        decision=decisions.dump(asked.decision),
        reason=asked.reason,
        marked=len(plan.changes),
        changed=len(plan.changed),
    )
    return plan


def _decide(db: Session, asked: Asked, regrade_id: UUID, *, author_id: UUID, now: datetime) -> bool:
    """Write the decision; False when it stands already. Its key makes a second confirmation wait for the first."""
    row = Regrade(
        id=regrade_id,
        item=asked.item,
        cohort_id=asked.cohort_id,
        majors=[],
        action=decisions.dump(asked.decision),
        reason=asked.reason,
        author_id=author_id,
        decided_at=now,
    )
    if _decided(db, row):
        return False
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        if _decided(db, row):
            return False
        raise
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
