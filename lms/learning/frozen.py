"""What an attempt froze at its start: the rules of the quiz and its questions, each kept once under its digest."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.attempts import QuestionVersion, QuizRevision
from lms.learning import attempt_records
from lms.learning.attempt_records import ItemRow
from lms.quiz.definition import dump, dump_quiz, load, load_review, major, version
from lms.quiz.item import Item, Response
from lms.quiz.quiz import Quiz
from lms.quiz.review import ReviewRules


def rules_of(quiz: Quiz) -> Quiz:
    """What an attempt keeps of a quiz besides its questions."""
    return replace(quiz, items=(), introduction="", draws=(), asks=None)


def store(db: Session, quiz: Quiz, *, now: datetime) -> dict[str, str]:
    """Keep the rules and questions under their digests; those already kept are left alone.

    Returns the version of each question, by its id.
    """
    upsert = {"sqlite": sqlite, "postgresql": postgresql}[db.get_bind().dialect.name].insert
    rules = rules_of(quiz)
    revision = {"digest": rules.digest, "quiz": quiz.id, "definition": dump_quiz(rules), "created_at": now}
    _REVIEWS[rules.digest] = rules.review
    db.execute(upsert(QuizRevision).on_conflict_do_nothing(), revision)
    items = {version(item): item for item in quiz.items}
    kept = set(db.connection().execute(_KEPT, {"digests": list(items)}).scalars())
    versions = [
        {
            "digest": digest,
            "major": major(items[digest]),
            "item": items[digest].id,
            "definition": dump(items[digest]),
            "created_at": now,
        }
        for digest in sorted(items.keys() - kept)  # one order for everybody: no deadlocks
    ]
    if versions:
        db.execute(upsert(QuestionVersion).on_conflict_do_nothing(), versions)
    return {item.id: digest for digest, item in items.items()}


_KEPT = select(QuestionVersion.digest).where(QuestionVersion.digest.in_(bindparam("digests", expanding=True)))

#: Review rules by the digest of their revision. They never change, and are as many as quizzes and edits of their heads.
_REVIEWS: dict[str, ReviewRules] = {}


def reviews(db: Connection, digests: Collection[str]) -> Mapping[str, ReviewRules]:
    """The review rules of at least these revisions, from memory where they have been met before."""
    if missing := [digest for digest in digests if digest not in _REVIEWS]:
        for digest, review in db.execute(_REVIEW, {"digests": missing}):
            _REVIEWS[digest] = load_review(review or {})
    return _REVIEWS


_REVIEW = select(QuizRevision.digest, QuizRevision.definition["review"]).where(
    QuizRevision.digest.in_(bindparam("digests", expanding=True))
)

#: Question versions by digest. They never change, so every thread and every attempt may share them.
_QUESTIONS: dict[str, Item] = {}
_MOST_QUESTIONS = 20_000


def questions(db: Connection, digests: Sequence[str]) -> list[Item]:
    """The questions behind these digests, in this order, from memory where they have been met before.

    A digest that nobody froze is left out.
    """
    missing = set(digests) - _QUESTIONS.keys()
    if missing:
        if len(_QUESTIONS) > _MOST_QUESTIONS:
            _QUESTIONS.clear()
            missing = set(digests)
        _QUESTIONS.update(
            {one.digest: load(one.definition, decisive=one.major) for one in attempt_records.definitions(db, missing)}
        )
    return [_QUESTIONS[digest] for digest in digests if digest in _QUESTIONS]


def questions_of(db: Connection, rows: Sequence[ItemRow]) -> list[Item]:
    return questions(db, [row.question_version for row in rows])


def response_of(row: ItemRow) -> Response | None:
    return decoded(row.value)


def decoded(value: str | None) -> Response | None:
    """A response from the text it is stored as; None: not answered."""
    return None if value is None else tuple(json.loads(value))


def encoded(values: Sequence[str] | None) -> str | None:
    """The text as which a response is stored."""
    return None if values is None else json.dumps(list(values), ensure_ascii=False)
