"""Questions that come back to a person until they are remembered (docs/adr/0023).

Which cards there are is derived whenever somebody asks: a question is one that was missed, or answered with doubt, in
an attempt whose review its participant may read by now, or in a practice, or missed in a self-check. What is written
are reviews alone, and beside them what follows from them, so that no page goes through all of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Date,
    Double,
    Row,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.catalog.model import Catalog, Lesson
from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, Confidence, QuestionVersion, Response
from lms.db.base import UtcDateTime
from lms.db.cards import CardReview, CardState
from lms.db.learning import SelfCheck
from lms.learning import deeds, practice, schedule
from lms.learning.membership import COUNTS
from lms.learning.person_attempts import AttemptLine
from lms.learning.plan import MOST_CARDS
from lms.learning.schedule import Grade, Recall, Review
from lms.learning.standing import Standing
from lms.quiz import marking
from lms.quiz.definition import major
from lms.quiz.item import Item
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Quiz
from lms.quiz.review import EVERYTHING, NOTHING, Visible


@dataclass(frozen=True, slots=True)
class Card:
    """A question that comes back. ``home``: the quiz or the lesson in whose file it stands.

    ``visible``: what may be seen of it besides the key; ``reviewed_at``: when it was reviewed last; None: never.
    """

    item: Item
    home: Quiz | Lesson
    visible: Visible
    recall: Recall
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deck:
    """All cards of a person, those first that have been due longest. ``midnight``: when the day ``today`` began.

    ``resting_for``: the quizzes that they have not handed in yet. What these ask is no card meanwhile, and nothing here
    says which questions that are.
    """

    cards: tuple[Card, ...]
    today: date
    midnight: datetime
    resting_for: tuple[AttemptLine, ...] = ()

    @property
    def due(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.recall.due_on <= self.today)

    @property
    def learnt(self) -> int:
        return sum(card.recall.is_learnt for card in self.cards)

    @property
    def reviewed_today(self) -> int:
        return sum(card.reviewed_at is not None and card.reviewed_at >= self.midnight for card in self.cards)

    @property
    def todays(self) -> tuple[Card, ...]:
        """What is left of today's share."""
        return self.due[: max(0, MOST_CARDS - self.reviewed_today)]

    def on_days(self, days: int) -> tuple[tuple[Card, ...], ...]:
        """The share of today, and of each of the days after it: what was too much waits a day."""
        shares = [self.todays]
        left = self.cards[len(self.todays) :]
        for ahead in range(1, days):
            day = self.today + timedelta(days=ahead)
            shares.append(tuple(card for card in left[:MOST_CARDS] if card.recall.due_on <= day))
            left = left[len(shares[-1]) :]
        return tuple(shares)

    def shares(self, days: int) -> tuple[int, ...]:
        """How many cards these are."""
        return tuple(map(len, self.on_days(days)))


# --- what is read ---------------------------------------------------------------------------------------------------

_MISSED, _CHECKED, _KEPT = "missed", "checked", "kept"
_DOUBTS = (Confidence.UNSURE, Confidence.GUESS)


def _word(what: str) -> Any:
    """Written into the statement: a parameter would be bound anew at every request."""
    return literal_column(f"'{what}'", String)


def _none(kind: Any) -> Any:
    return cast(null(), kind)


# One statement: what was missed or doubted, what quizzes are asking, self-checks answered wrongly, and states.
_OF = union_all(
    select(
        _word(_MISSED).label("what"),
        AttemptItem.item,
        QuestionVersion.major,
        Attempt.submitted_at.label("at"),
        Attempt.id.label("attempt"),
        Attempt.quiz,
        AttemptItem.fraction,
        Response.confidence,
        _none(Double).label("stability"),
        _none(Double).label("difficulty"),
        _none(UtcDateTime).label("reviewed_at"),
        _none(Date).label("due_on"),
    )
    .select_from(Attempt)
    .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
    .outerjoin(Response, (Response.attempt_id == AttemptItem.attempt_id) & (Response.item == AttemptItem.item))
    .where(
        Attempt.user_id == bindparam("user_id"),
        or_(
            and_(Attempt.submitted_at.is_(None), COUNTS),  # a practice asks only what may be read already
            and_(
                AttemptItem.pending.is_(False),
                AttemptItem.maximum > 0,  # 0: it was dropped
                or_(AttemptItem.fraction < 1, Response.confidence.in_(_DOUBTS)),
            ),
        ),
    ),
    select(
        _word(_CHECKED),
        SelfCheck.item,
        _none(String),
        SelfCheck.missed_at,
        *map(_none, (Uuid, String, Double, String, Double, Double, UtcDateTime, Date)),
    ).where(SelfCheck.user_id == bindparam("user_id"), SelfCheck.missed_at.is_not(None)),
    select(
        _word(_KEPT),
        CardState.item,
        CardState.major,
        CardState.last_at,
        *map(_none, (Uuid, String, Double, String)),
        CardState.stability,
        CardState.difficulty,
        CardState.reviewed_at,
        CardState.due_on,
    ).where(CardState.user_id == bindparam("user_id")),
)


@dataclass(slots=True)
class _Found:
    """What is known of one question: when it was missed, what follows from its reviews, what may be seen of it."""

    misses: list[Review] = field(default_factory=list)
    kept: Recall | None = None
    reviewed_at: datetime | None = None
    visible: Visible = NOTHING
    is_asked: bool = False  # a quiz asks it that is not handed in: until then it rests


class _Looks:
    """What may be seen of the questions that were asked of a person; looked up once for each attempt and quiz."""

    def __init__(self, db: Connection, user_id: UUID, stands: Standing) -> None:
        self._db, self._user_id, self._stands = db, user_id, stands
        self._attempts = {one.id: one for one in stands.attempts}
        self._seen: dict[tuple[UUID, str], Visible] = {}

    def of(self, row: Row[Any], home: Quiz | Lesson) -> Visible:
        """Of a question in an attempt, or in a practice; ``home``: where it stands."""
        if is_practice(row.quiz):
            return EVERYTHING if row.item in self._practised else NOTHING
        return self._of_quiz(row.attempt, home) if isinstance(home, Quiz) else NOTHING

    def _of_quiz(self, attempt: UUID, home: Quiz) -> Visible:
        """What both show, the attempt and the quiz where its question stands: neither gives the other away."""
        pair = attempt, home.id
        if pair not in self._seen:
            self._seen[pair] = self._of_attempt(self._attempts.get(attempt)) & self._stands.of_questions(home)
        return self._seen[pair]

    def _of_attempt(self, attempt: AttemptLine | None) -> Visible:
        quiz = self._stands.catalog.quizzes.get(attempt.quiz) if attempt else None
        return self._stands.visible(attempt, quiz) if attempt and quiz else NOTHING

    @cached_property
    def _practised(self) -> frozenset[str]:
        """What a practice may ask today: asked for only by whoever missed something in one, in one more statement."""
        return frozenset(one.item.id for one in practice.pool(self._db, self._user_id, self._stands).open)


def of(db: Connection, user_id: UUID, stands: Standing, *, today: date, midnight: datetime, zone: tzinfo) -> Deck:
    """The cards of a person, in one statement, and one more where something was missed in a practice.

    ``zone``: by whose days they come back.
    """
    cards = []
    for id, found in _found(db, user_id, stands).items():
        item, home = stands.catalog.homes[id]
        recall = schedule.after(found.misses, zone=zone, since=found.kept)
        if found.misses and recall and not found.is_asked:
            cards.append(Card(item, home, found.visible, recall, found.reviewed_at))
    cards.sort(key=lambda card: (card.recall.due_on, card.item.id))
    return Deck(tuple(cards), today, midnight, tuple(one for one in stands.attempts if one.is_open))


def _found(db: Connection, user_id: UUID, stands: Standing) -> dict[str, _Found]:
    """By question, of those that are asked today and have a key to compare with."""
    looks, found = _Looks(db, user_id, stands), defaultdict[str, _Found](_Found)
    for row in db.execute(_OF, {"user_id": user_id}):
        known = _known(stands.catalog, row.item)
        if known is None:
            continue
        item, home, now_major = known
        if row.what == _KEPT:
            if row.major == now_major:
                _keep(found[row.item], row)
        elif row.what == _CHECKED:
            found[row.item].misses.append(Review(row.at, Grade.AGAIN))
            found[row.item].visible = EVERYTHING
        elif row.at is None:
            found[row.item].is_asked = True
        elif row.major == now_major:
            _miss(found[row.item], item, row, looks.of(row, home))
    return found


def _known(catalog: Catalog, id: str) -> tuple[Item, Quiz | Lesson, str] | None:
    """A question that can be a card, with its home and its major version."""
    return catalog.memory.remember(("card", id), lambda: _look_up(catalog, id))


def _look_up(catalog: Catalog, id: str) -> tuple[Item, Quiz | Lesson, str] | None:
    item, home = catalog.homes.get(id, (None, None))
    return None if item is None or home is None or item.key() is None else (item, home, major(item))


def _keep(found: _Found, row: Row[Any]) -> None:
    found.kept = Recall(row.stability, row.difficulty, row.at, row.due_on)
    found.reviewed_at = row.reviewed_at


def _miss(found: _Found, item: Item, row: Row[Any], visible: Visible) -> None:
    """A mistake, or a doubt, that its participant may know of."""
    if not (visible.marks and visible.answers):
        return
    missed = marking.missed(row.fraction, in_degrees=item.in_degrees)
    if missed or row.confidence in _DOUBTS:
        found.misses.append(Review(row.at, Grade.AGAIN if missed else Grade.HARD))
        found.visible = visible


# --- what is written ------------------------------------------------------------------------------------------------

_REVIEWS = select(CardReview.made_at, CardReview.grade).where(
    CardReview.user_id == bindparam("user_id"),
    CardReview.item == bindparam("item"),
    CardReview.major == bindparam("major"),
)


def _keep_review(dialect: Any) -> Any:
    return dialect.insert(CardReview.__table__).on_conflict_do_nothing()


def _keep_state(dialect: Any) -> Any:
    statement = dialect.insert(CardState.__table__)
    follows = ("major", "stability", "difficulty", "last_at", "reviewed_at", "due_on")
    return statement.on_conflict_do_update(
        index_elements=["user_id", "item"], set_={name: getattr(statement.excluded, name) for name in follows}
    )


_KEEP = {
    name: (_keep_review(dialect), _keep_state(dialect))
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def review(
    db: Session,
    user_id: UUID,
    item: str,
    grade: Grade,
    *,
    stands: Standing,
    zone: tzinfo,
    now: datetime,
    made_at: datetime | None = None,
    shown_at: datetime | None = None,
) -> None:
    """How well a person remembered a question. ``made_at``: when, as their device says (``deeds``).

    Reviews may arrive in any order and more than once. One of a question that is no card at this moment, because an
    attempt asks it or a regrade made its answer right, is kept as well and nobody is told: it may be a card again.
    ``shown_at``: when its page was made; a card that was reviewed since is left as it is (a button pressed twice).
    """
    known = _known(stands.catalog, item)
    if known is None:
        return
    of_card = {"user_id": user_id, "item": item, "major": known[2]}
    connection = db.connection()
    keep_review, keep_state = _KEEP[connection.dialect.name]
    # one after the other, so that each sees those before it
    connection.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
    made = {Review(row.made_at, Grade(row.grade)) for row in connection.execute(_REVIEWS, of_card)}
    if shown_at and any(one.at >= shown_at for one in made):
        return
    new = Review(deeds.done_at(made_at, now=now), grade)
    connection.execute(keep_review, {**of_card, "made_at": new.at, "grade": new.grade})
    made.add(new)
    misses = _found(connection, user_id, stands).get(item, _Found()).misses
    recall = schedule.after([*made, *misses], zone=zone)
    if recall:
        reviewed_at = max(one.at for one in made)
        connection.execute(keep_state, {**of_card, **_columns(recall), "reviewed_at": reviewed_at})


def _columns(recall: Recall) -> dict[str, Any]:
    return {name: getattr(recall, name) for name in ("stability", "difficulty", "last_at", "due_on")}


# --- what is told beforehand ----------------------------------------------------------------------------------------


def waits(card: Card, *, now: datetime, zone: tzinfo) -> dict[Grade, int]:
    """In how many days a card would come back, by how well it is remembered now."""
    today = now.astimezone(zone).date()
    after = {grade: schedule.after([Review(now, grade)], zone=zone, since=card.recall) for grade in Grade}
    return {grade: (recall.due_on - today).days for grade, recall in after.items() if recall}
