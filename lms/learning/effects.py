"""What a decision about a question makes of the attempts that asked it; nothing here is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection

from lms.learning import frozen, marks, question_records
from lms.learning.question_records import Affected, Case, Counted, Others
from lms.quiz import marking
from lms.quiz import regrade as decisions
from lms.quiz.item import Item
from lms.quiz.marking import ItemMark, Score
from lms.quiz.quiz import Quiz
from lms.quiz.regrade import Decision


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

    @property
    def share(self) -> float:
        return 0.0 if not self.score or not self.total else self.score / self.total


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision makes of one closed attempt."""

    attempt: Affected
    before: Outcome
    after: Outcome


# --- of all attempts ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Effect:
    """How often one outcome becomes another; ``answers``: JSON texts of the responses of those for whom it does."""

    turns: dict[tuple[Outcome, Outcome], int] = field(default_factory=dict)
    answers: set[str | None] = field(default_factory=set)

    def add(self, before: Outcome, after: Outcome, answer: str | None, count: int = 1) -> None:
        self.turns[before, after] = self.turns.get((before, after), 0) + count
        if before != after:
            self.answers.add(answer)


def effect(db: Connection, asked: Asked, items: Mapping[str, Item], cases: Sequence[tuple[Case, int]]) -> Effect:
    """Attempts that stand alike are judged once, those whose score does not follow from how they stand one by one."""
    rules = question_records.rules(db, {case.revision for case, _count in cases})
    made, singly = Effect(), False
    for case, count in cases:
        if after := _follows(asked, case, items, rules):
            made.add(_before(case), after, case.value, count)
        else:
            singly = True
    for some in question_records.in_slices(question_records.people(db, asked.cohort_id) if singly else ()):
        held = question_records.unfollowed(db, asked.cohort_id, asked.item, some, *_unfollowed(items, rules))
        for one in changes(db, asked, [one for one in held if not _follows(asked, one, items, rules)]):
            made.add(one.before, one.after, one.attempt.value)
    return made


def _unfollowed(items: Mapping[str, Item], rules: Mapping[str, Quiz]) -> tuple[list[str], list[str]]:
    """The versions of the question that a person judges, and the rules that divide a quiz into sections."""
    keyless = [version for version, item in items.items() if item.key() is None]
    return keyless, [revision for revision, quiz in rules.items() if quiz.sections]


def _follows(asked: Asked, case: Case, items: Mapping[str, Item], rules: Mapping[str, Quiz]) -> Outcome | None:
    """The outcome where it follows from how the attempt stands: no person judges, and its score is a plain sum."""
    item = items.get(case.question_version)
    if item is None or item.key() is None:
        return None
    mark = decisions.mark(item, frozen.decoded(case.value), asked.decision)
    if not _differs(case.mark, mark):
        return _before(case)
    if not case.score or rules[case.revision].sections:
        return None
    return _added(mark, _rest(case), rules[case.revision])


def changes(db: Connection, asked: Asked, held: Sequence[Affected]) -> list[Change]:
    """What becomes of each of these attempts, where the decision fits the version that was asked."""
    items = versions(db, held)
    fits = {version for version, item in items.items() if marks.fits(item, asked.decision)}
    judged = marked(db, asked, items, [one for one in held if one.question_version in fits])
    after = _outcomes(db, asked, judged)
    return [Change(one, _before(one), after[one.id]) for one, _mark in judged]


# --- of each attempt ------------------------------------------------------------------------------------------------


def versions(db: Connection, held: Iterable[Case]) -> dict[str, Item]:
    """The answered versions of the question, by digest."""
    digests = sorted({one.question_version for one in held})
    return dict(zip(digests, frozen.questions(db, digests), strict=True))


def marked(
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


def _before(one: Case) -> Outcome:
    return Outcome(one.mark.points, one.mark.maximum, one.mark.pending, one.score, one.maximum, one.passed)


def _outcomes(db: Connection, asked: Asked, marked: Sequence[tuple[Affected, ItemMark]]) -> dict[UUID, Outcome]:
    """What follows for each attempt. Most follow from the score alone; for the others all their marks are read."""
    rules = question_records.rules(db, {one.revision for one, _mark in marked})
    outcomes = {one.id: _before(one) for one, _mark in marked}
    changed = [(one, mark) for one, mark in marked if _differs(one.mark, mark)]
    divided = [(one, mark) for one, mark in changed if rules[one.revision].sections]
    for replaced, one in scored(db, divided, rules):
        outcomes[one.id] = _outcome(replaced.mark, replaced.score)
    whole = [(one, mark) for one, mark in changed if not rules[one.revision].sections]
    others = _others(db, asked.item, [one for one, _mark in whole])
    for one, mark in whole:
        outcomes[one.id] = _added(mark, others[one.id], rules[one.revision])
    return outcomes


def _differs(one: Counted, other: ItemMark) -> bool:
    return (one.points, one.maximum, one.pending) != (other.points, other.maximum, other.pending)


def _others(db: Connection, item: str, attempts: Sequence[Affected]) -> dict[UUID, Others]:
    """The sum of the other marks of each attempt, from its score where that is the sum of all of them.

    It is not while a text waits for a person, nor where it was raised to 0: there the marks are added up.
    """
    known = {one.id: _rest(one) for one in attempts if one.score}
    return known | question_records.others(db, [one.id for one in attempts if one.id not in known], item)


def _rest(case: Case) -> Others:
    return Others((case.score or 0) - case.mark.points, case.maximum - case.mark.maximum, 0)


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


def scored(
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
