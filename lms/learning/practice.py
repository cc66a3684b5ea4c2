"""What one person may practise now, and how a practice begins.

All self-checks may be practised, and of the quizzes those questions whose keys the person may read already; no question
of which some exam, taken or still to come, keeps anything back (docs/adr/0024). A practice counts nowhere but for the
person: passed instead of a quiz of which no attempt is left, it makes that step one that was learnt.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Connection, and_, bindparam, case, null, select, union_all
from sqlalchemy.orm import Session

from lms.catalog.exercises import Exercise, exercises
from lms.catalog.law import Citation
from lms.catalog.model import Catalog
from lms.citations import citation
from lms.db.attempts import Attempt, AttemptItem, QuizRevision
from lms.db.learning import SelfCheck
from lms.errors import Conflict
from lms.learning import attempts, plan, standing, visibility
from lms.learning.conditions import Availability, Conditions
from lms.learning.membership import COUNTS
from lms.learning.person_attempts import AttemptLine, under
from lms.learning.standing import Standing
from lms.learning.visibility import Tried
from lms.quiz import draw
from lms.quiz.item import Item
from lms.quiz.practice import About, Shape, Subject, chosen, made_up
from lms.quiz.quiz import OF_LATSAR, Quiz
from lms.quiz.review import EVERYTHING, NOTHING, Visible

#: Of questions like one that was missed: few, so that one goes back to what one was reading.
FEW = 5
#: How near a question is to what a practice is about, the smallest is the nearest; None: it does not belong to it.
Nearness = Callable[[Exercise], int | None]
_NEVER = datetime.min.replace(tzinfo=UTC)


class NothingToPractise(Conflict):
    message = "Untuk pilihan ini sedang tidak ada soal yang boleh dilatih."


class NotInstead(Conflict):
    message = "Kuis ini belum perlu diganti latihan: kuisnya sudah lulus, atau masih dapat dikerjakan."


# --- what is kept back from one person ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a person was asked. ``attempt`` None: in a lesson; ``fraction``: how right; None: not marked."""

    item: str
    attempt: UUID | None
    fraction: float | None
    at: datetime


#: Neither waiting for a person nor dropped.
_JUDGED = and_(AttemptItem.pending.is_(False), AttemptItem.maximum > 0)
_ASKED: CompoundSelect[Any] = union_all(
    select(AttemptItem.item, AttemptItem.attempt_id, case((_JUDGED, AttemptItem.fraction)), Attempt.started_at)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .where(Attempt.user_id == bindparam("user_id")),
    select(SelfCheck.item, null(), SelfCheck.fraction, SelfCheck.answered_at).where(
        SelfCheck.user_id == bindparam("user_id")
    ),
)


class Keeps(StrEnum):
    """Which of its questions a quiz keeps to itself: nobody is to practise what it asks and does not show."""

    NOTHING = "nothing"
    UNMET = "unmet"  # those that the person was not asked yet
    ALL = "all"


def hidden(stands: Standing, asked: Sequence[Asked]) -> AbstractSet[str]:
    """Ids of all questions of which something is kept from a person, or will be asked of them in a quiz.

    A quiz keeps those questions to itself that the person cannot read the key of: all of them until an attempt was
    handed in and shows everything; then, as long as another attempt may count, those that were not met yet. Where
    nothing is at stake, it keeps none but while it is taken.
    """
    shows = {one.id: _shows_all(stands, one) for one in stands.attempts}
    kept = {one.item for one in asked if one.attempt in shows and not shows[one.attempt]}
    quizzes = {one.id: one.quiz for one in stands.attempts}
    met: defaultdict[str, set[str]] = defaultdict(set)
    for one in asked:
        if one.attempt in quizzes:
            met[quizzes[one.attempt]].add(one.item)
    keeps = {quiz.id: _keeps(stands, quiz, shows) for quiz in stands.catalog.quizzes.values()}

    def is_kept(id: str, quiz: str) -> bool:
        return keeps[quiz] is Keeps.ALL or (keeps[quiz] is Keeps.UNMET and id not in met[quiz])

    asking = exercises(stands.catalog).items()
    return kept | {id for id, exercise in asking if any(is_kept(id, quiz) for quiz in exercise.quizzes)}


def _shows_all(stands: Standing, attempt: AttemptLine) -> bool:
    quiz = stands.catalog.quizzes.get(attempt.quiz)
    if attempt.submitted_at is None:
        return False
    if quiz is not None:
        return stands.visible(attempt, quiz) == EVERYTHING
    allowed = stands.participation.conditions(attempt.quiz)  # of a quiz that is offered no more nobody knows the limit
    shown = visibility.shown(attempt.review, Tried(), allowed, limit=None, submitted=True, now=stands.now)
    return shown == EVERYTHING


def _keeps(stands: Standing, quiz: Quiz, shows: Mapping[UUID, bool]) -> Keeps:
    """``shows``: by attempt, whether the person may see everything of it."""
    mine = [one for one in stands.attempts if one.quiz == quiz.id]
    allowed = stands.participation.conditions(quiz.id)
    if _stakes_nothing(quiz, allowed) and all(one.submitted_at for one in mine):
        return Keeps.NOTHING
    if not all(shows[one.id] for one in mine):
        return Keeps.ALL
    is_over = allowed.left(quiz, mine) == 0 or any(one.passed for one in under(mine, allowed.enrolment_id))
    return Keeps.NOTHING if is_over else Keeps.UNMET


def _stakes_nothing(quiz: Quiz, allowed: Conditions) -> bool:
    """Whether whoever likes may read its keys at any time: as often as one likes, of no module, shown at once."""
    if quiz.module is not None or quiz.attempts is not None:
        return False
    return (allowed.review or quiz.review).visible(submitted=True, last=False) == EVERYTHING


def can_be_learnt(stands: Standing, quiz: Quiz) -> bool:
    """Whether a practice may be taken instead of a quiz: no attempt is left, and the person knows that they failed."""
    if stands.records.settled(quiz) or stands.availability(quiz) is not Availability.USED_UP:
        return False
    return all(one.passed is False for one in stands.attempts if one.quiz == quiz.id)


# --- what one person may practise -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pool:
    """The questions that one person may practise now. ``asked``: all that they were asked before."""

    stands: Standing
    asked: Sequence[Asked]

    @cached_property
    def open(self) -> tuple[Exercise, ...]:
        kept = hidden(self.stands, self.asked)
        return tuple(one for id, one in exercises(self.stands.catalog).items() if id not in kept)

    @cached_property
    def instead(self) -> tuple[Quiz, ...]:
        """The quizzes of the course that can only be learnt."""
        return tuple(
            quiz
            for module in self.stands.catalog.modules.values()
            for quiz in module.quizzes
            if can_be_learnt(self.stands, quiz)
        )

    @cached_property
    def _goal(self) -> frozenset[str]:
        return plan.goal_modules(self.stands.catalog)

    @cached_property
    def last(self) -> Mapping[str, Asked]:
        """By item, the last time that it was asked and judged."""
        judged = sorted((one for one in self.asked if one.fraction is not None), key=lambda one: one.at)
        return {one.item: one for one in judged}

    @cached_property
    def _asked_at(self) -> Mapping[str, datetime]:
        return {one.item: one.at for one in sorted(self.asked, key=lambda one: one.at)}

    @cached_property
    def _misses(self) -> Counter[str]:
        """By item, how often it was judged and not right."""
        return Counter(one.item for one in self.asked if one.fraction is not None and one.fraction < 1)

    def missed(self, item: Item) -> bool:
        """Whether the person did not get it right the last time; what is better or worse, only without any points."""
        last = self.last.get(item.id)
        if last is None or last.fraction is None:
            return False
        return last.fraction <= 0 if item.in_degrees else last.fraction < 1

    def about(self, about: About) -> list[Exercise]:
        """The questions that a practice about this may ask."""
        near = self._nearness(about)
        return [one for one in self.open if near(one) is not None]

    def has(self, about: About) -> bool:
        """Whether there is a question that such a practice may ask."""
        near = self._nearness(about)
        return any(near(one) is not None for one in self.open)

    def count(self, about: About) -> int:
        return draw.independent(one.item for one in self.about(about))

    def _nearness(self, about: About) -> Nearness:
        catalog, id = self.stands.catalog, about.id
        quiz = catalog.quizzes.get(id)
        module = quiz.module if quiz else None
        belongs: Mapping[Subject, Callable[[Exercise], bool]] = {
            Subject.MODULE: lambda one: id in one.modules,
            Subject.LESSON: lambda one: id in one.lessons,
            Subject.ARTICLE: lambda one: citation(id) in one.articles,
            Subject.MIXED: lambda one: bool(one.modules),
            Subject.EVALUATION: lambda one: bool(one.modules & self._goal),
            Subject.QUIZ: lambda one: module in one.modules,
        }
        if about.subject is Subject.LIKE:
            return self._likeness(id)
        if about.subject is Subject.MISSED:  # what was missed most often
            return lambda one: -self._misses[one.item.id] if self.missed(one.item) else None
        belongs_to = belongs[about.subject]
        return lambda one: 0 if belongs_to(one) else None

    def _likeness(self, id: str) -> Nearness:
        """Other questions: of the same outcome, of the same lesson, about the same article, of the same module."""
        model = exercises(self.stands.catalog).get(id)

        def near(one: Exercise) -> int | None:
            if model is None or one.item.id == id:
                return None
            alike = (
                set(one.item.outcomes) & set(model.item.outcomes),
                one.lessons & model.lessons,
                one.articles & model.articles,
                one.modules & model.modules,
            )
            return next((place for place, shared in enumerate(alike) if shared), None)

        return near

    def shape(self, about: About) -> Shape:
        """How a practice about this is taken."""
        catalog = self.stands.catalog
        quiz, exam = catalog.quizzes.get(about.id), catalog.simulation
        if about.subject is Subject.QUIZ and quiz:
            return Shape(most=quiz.length, pass_mark=quiz.pass_mark or OF_LATSAR)
        if about.subject is Subject.EVALUATION and exam:
            return Shape(
                most=exam.length,
                time_limit=exam.time_limit,
                layout=exam.layout,
                layout_choice=exam.layout_choice,
                confidence=exam.confidence,
            )
        return Shape(most=FEW) if about.subject is Subject.LIKE else Shape()

    def quiz(self, about: About, rng: random.Random) -> Quiz:
        """A practice about this: the nearest questions, of these what was asked longest ago or never.

        Raises ``NothingToPractise``, or ``NotInstead`` for a quiz that can be taken itself.
        """
        if about.subject is Subject.QUIZ and about.id not in {quiz.id for quiz in self.instead}:
            raise NotInstead
        near, shape = self._nearness(about), self.shape(about)
        found = {one.item.id: near(one) for one in self.about(about)}
        items = [one.item for one in self.open if one.item.id in found]
        rng.shuffle(items)
        asked = chosen(items, shape.most, lambda item: (found[item.id], self._asked_at.get(item.id, _NEVER)))
        if not asked:
            raise NothingToPractise
        return made_up(about, title(self.stands.catalog, about), asked, shape, self._module(about))

    def _module(self, about: About) -> str | None:
        """The module that all questions of a practice belong to, where there is one."""
        catalog = self.stands.catalog
        match about.subject:
            case Subject.MODULE:
                return about.id
            case Subject.LESSON:
                return catalog.lesson(about.id).module
            case Subject.QUIZ:
                return catalog.quiz(about.id).module
        return None


def title(catalog: Catalog, about: About) -> str:
    """As its page is headed; written down when it starts, like the title of a quiz."""
    named = {
        Subject.MISSED: "Latihan: yang sering meleset",
        Subject.MIXED: "Latihan campuran",
        Subject.EVALUATION: "Latihan seperti evaluasi",
    }
    return named.get(about.subject) or f"Latihan: {_name(catalog, about)}"


def _name(catalog: Catalog, about: About) -> str:
    match about.subject:
        case Subject.MODULE:
            return catalog.module(about.id).title
        case Subject.LESSON:
            return catalog.lesson(about.id).title
        case Subject.QUIZ:
            return catalog.quiz(about.id).title
        case Subject.ARTICLE:
            return article_name(catalog, citation(about.id))
    return f"seperti “{exercises(catalog)[about.id].item.title}”"


def article_name(catalog: Catalog, cited: Citation) -> str:
    """ "Pasal 24 UU 20/2023"."""
    regulation, locator = catalog.regulations.get(cited[0]), cited[1]
    short = regulation.short if regulation else cited[0]
    article = regulation.articles.get(locator) if regulation else None
    return f"{article.label if article else f'Pasal {locator}'} {short}" if locator else short


# --- asking and starting --------------------------------------------------------------------------------------------


def of(db: Connection, user_id: UUID, catalog: Catalog, *, now: datetime) -> Pool:
    """As many statements as ``standing.of``, and one more."""
    return pool(db, user_id, standing.of(db, user_id, catalog, now=now))


def pool(db: Connection, user_id: UUID, stands: Standing) -> Pool:
    """The same for somebody of whom it is known where they stand: one statement."""
    return Pool(stands, [Asked(*row) for row in db.execute(_ASKED, {"user_id": user_id})])


def start(
    db: Session, user_id: UUID, catalog: Catalog, about: About, *, now: datetime, seed: int | None = None
) -> UUID:
    """Start a practice, or return the one about the same that is not handed in yet.

    Raises ``NothingToPractise`` or ``NotInstead``.
    """
    mine = of(db.connection(), user_id, catalog, now=now)
    quiz = mine.quiz(about, random.Random(seed))  # noqa: S311 – a choice of questions, not a secret
    return attempts.start(db, quiz, user_id, now=now, seed=seed)


def visible(mine: Pool, items: Sequence[Item]) -> Visible:
    """What may be seen of a practice that was handed in and asked these: nothing while one of them is hidden again.

    For staff may grant another attempt at a quiz, or a new exam may ask what was open when the practice began.
    """
    kept = hidden(mine.stands, mine.asked)
    return NOTHING if any(item.id in kept for item in items) else EVERYTHING


@dataclass(frozen=True, slots=True)
class Begun:
    """A practice that was begun; ``submitted_at`` None: it goes on."""

    id: UUID
    title: str
    started_at: datetime
    submitted_at: datetime | None


_BEGUN = (
    select(Attempt.id, QuizRevision.definition["title"], Attempt.started_at, Attempt.submitted_at)
    .join(QuizRevision, QuizRevision.digest == Attempt.revision)
    .where(Attempt.user_id == bindparam("user_id"), ~COUNTS)
    .order_by(Attempt.submitted_at.is_not(None), Attempt.started_at.desc())
    .limit(bindparam("most"))
)


def begun(db: Connection, user_id: UUID, *, most: int) -> list[Begun]:
    """The last ones, those that go on first."""
    return [Begun(*row) for row in db.execute(_BEGUN, {"user_id": user_id, "most": most})]
