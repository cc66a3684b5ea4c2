"""How a crowd answers real questions: the quizzes of a pack, and people who know more or less of what is asked."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, combinations

from lms.catalog.model import Catalog
from lms.errors import Invalid
from lms.quiz import marking
from lms.quiz.definition import version
from lms.quiz.item import Item, Response
from lms.quiz.items.essay import Essay
from lms.quiz.marking import ItemMark
from lms.quiz.quiz import Quiz
from lms.quiz.source import sample

OMITTED = 0.02  # the share of questions that somebody leaves out
TYPED = 40  # different wrong answers to a question that is answered in text
ESSAY = "Keputusan yang baik menimbang aturan, akibat, dan orang yang terkena. " * 8


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that somebody may give. ``text``: as a response stores it; None: left out."""

    values: Response | None
    text: str | None
    mark: ItemMark


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answers that are given to it. ``ease``: how much it adds to what a person knows.

    ``odds``: of the wrong answers, cumulative: the first is the most frequent, as a tempting option is.
    """

    item: Item
    version: str
    ease: float
    nothing: Given
    right: Given
    wrong: tuple[Given, ...]
    odds: tuple[float, ...]

    def answered(self, rng: random.Random, knows: float) -> Given:
        """``knows``: 0…1."""
        if rng.random() < OMITTED:
            return self.nothing
        if rng.random() < knows + self.ease or not self.wrong:
            return self.right
        return rng.choices(self.wrong, cum_weights=self.odds)[0]


def question(item: Item, rng: random.Random) -> Question:
    wrong = [given for given in _candidates(item) if given.mark.fraction < 1 and not given.mark.pending]
    rng.shuffle(wrong)
    return Question(
        item=item,
        version=version(item),
        ease=rng.uniform(-0.2, 0.2),
        nothing=_given(item, None),
        right=_given(item, item.key() or (ESSAY,)),
        wrong=tuple(wrong),
        odds=tuple(accumulate(1 / place for place in range(1, len(wrong) + 1))),
    )


def _candidates(item: Item) -> Iterator[Given]:
    """Answers of every sort; what the question cannot have is left out."""
    ids = [option.id for option in item.choices()]
    most = 3 if item.takes_several else 1
    chosen = chain.from_iterable(combinations(ids, size) for size in range(1, most + 1))
    for values in chosen if ids else ((str(number),) for number in range(2, 2 + TYPED)):
        try:
            read = item.accept(list(values))
        except Invalid:
            continue
        if read:
            yield _given(item, read)


def _given(item: Item, values: Response | None) -> Given:
    text = None if values is None else json.dumps(list(values), ensure_ascii=False)
    return Given(values, text, marking.mark_item(item, values))


@dataclass(frozen=True, slots=True)
class Exam:
    """A quiz as it is taken and frozen, with its questions by id."""

    quiz: Quiz
    questions: dict[str, Question]


def quizzes(catalog: Catalog) -> list[Quiz]:
    """Those of the modules, in the order of the course."""
    return [quiz for quiz in catalog.quizzes.values() if quiz.module and quiz.items]


def exams(catalog: Catalog, items: int, rng: random.Random) -> list[Exam]:
    """The quizzes of the modules with ``items`` questions each; a short one is filled up from the next ones.

    The last question of the second quiz is an essay, of which the shipped pack has none: it waits for a person.
    """
    asked = quizzes(catalog)
    bank = [item for quiz in asked for item in quiz.items]
    made = [replace(quiz, items=_filled(quiz.items, bank, items)) for quiz in asked]
    made[1] = replace(made[1], items=(*made[1].items[:-1], sample(Essay)))
    return [_exam(quiz, rng) for quiz in made]


def timed(catalog: Catalog, items: int, rng: random.Random) -> Exam:
    """The quiz with a time limit, with questions from the whole pack instead of drawn ones."""
    quiz = next(quiz for quiz in catalog.quizzes.values() if quiz.time_limit)
    bank = [item for other in quizzes(catalog) for item in other.items]
    return _exam(replace(quiz, items=_filled((), bank[::7], items), draws=()), rng)


def _filled(own: Sequence[Item], bank: Sequence[Item], items: int) -> tuple[Item, ...]:
    ids = {item.id for item in own}
    others = (item for item in bank if item.id not in ids)
    return tuple(chain(own, others))[:items]


def _exam(quiz: Quiz, rng: random.Random) -> Exam:
    return Exam(quiz, {item.id: question(item, rng) for item in quiz.items})
