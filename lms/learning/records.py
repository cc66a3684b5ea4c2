"""What a person did, as far as they may know it: all that progress is derived from, in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from lms.db.attempts import Attempt
from lms.db.cohorts import CohortQuiz, Enrolment
from lms.db.learning import LessonRecord, SelfCheck
from lms.db.notes import LessonMark, Note
from lms.learning import frozen, visibility
from lms.learning.membership import COUNTS, TAKES_PART
from lms.learning.progress import Records
from lms.learning.visibility import Known
from lms.quiz.practice import INSTEAD, stands_for
from lms.quiz.quiz import Quiz

_SEEN, _READ, _ANSWERED, _GUARDED, _NOTED = "seen", "read", "answered", "guarded", "noted"
_KEPT = (_SEEN, _READ, _ANSWERED, _GUARDED, _NOTED, *Known)

# The quizzes of which rules of a cohort may hide the marks.
_GUARDED_BY_COHORT = (
    select(CohortQuiz.quiz)
    .join(Enrolment, Enrolment.cohort_id == CohortQuiz.cohort_id)
    .where(Enrolment.user_id == bindparam("user_id"), TAKES_PART, CohortQuiz.review.is_not(None))
)


def _word(what: str) -> ColumnElement[str]:
    """Written into the statement: a parameter would be bound anew at every request."""
    return literal_column(f"'{what}'", String)


# One statement for all that progress is derived from: (what, id), and for an attempt the revision it began under.
_RECORDS = union_all(
    select(
        case((LessonRecord.read_at.is_not(None), _word(_READ)), else_=_word(_SEEN)),
        LessonRecord.lesson,
        null(),
    ).where(LessonRecord.user_id == bindparam("user_id")),
    select(
        case(
            (Attempt.quiz.in_(_GUARDED_BY_COHORT), _word(_GUARDED)),
            (Attempt.passed.is_(True), _word(Known.PASSED)),
            else_=_word(Known.TRIED),
        ),
        Attempt.quiz,
        Attempt.revision,
    ).where(
        Attempt.user_id == bindparam("user_id"),
        or_(COUNTS, and_(Attempt.quiz.startswith(INSTEAD, autoescape=True), Attempt.passed.is_(True))),
    ),
    select(_word(_ANSWERED), SelfCheck.item, null()).where(SelfCheck.user_id == bindparam("user_id")),
    select(_word(_NOTED), Note.lesson, null()).where(Note.user_id == bindparam("user_id")).distinct(),
    select(_word(_NOTED), LessonMark.lesson, null())
    .where(LessonMark.user_id == bindparam("user_id"), LessonMark.is_set)
    .distinct(),
)


def records(db: Connection, user_id: UUID, offered: Mapping[str, Quiz], *, now: datetime) -> Records:
    """What a person did, as far as they may know: of a quiz whose marks are hidden not whether it was passed.

    ``offered``: the quizzes as they are today. One statement, and two more where rules may hide marks: those of an
    attempt, or those of a cohort.
    """
    found: dict[str, set[str]] = {what: set() for what in _KEPT}
    began: list[tuple[str, str]] = []
    for what, name, revision in db.execute(_RECORDS, {"user_id": user_id}):
        found[what].add(name)
        if revision is not None:
            began.append((revision, name))
    if began:
        rules = frozen.reviews(db, {revision for revision, _ in began})
        found[_GUARDED].update(name for revision, name in began if rules[revision].may_hide_marks)
    if guarded := found[_GUARDED]:
        found[Known.PASSED] -= guarded
        found[Known.TRIED] -= guarded
        for quiz, known in visibility.known(db, user_id, guarded, offered, now=now).items():
            found[known].add(quiz)
    hidden = found[Known.TAKEN] | found[Known.WAITING]
    learnt = {quiz: name for name in found[Known.PASSED] if (quiz := stands_for(name))}
    found[Known.PASSED] -= set(learnt.values())
    return Records(
        seen=frozenset(found[_SEEN] | found[_READ]),
        read=frozenset(found[_READ]),
        answered=frozenset(found[_ANSWERED]),
        passed=frozenset(found[Known.PASSED]),
        tried=frozenset(found[Known.TRIED] | found[Known.PASSED] | hidden),
        taken=frozenset(hidden),
        waiting=frozenset(found[Known.WAITING]),
        noted=frozenset(found[_NOTED]),
        learnt=frozenset(learnt),
    )
