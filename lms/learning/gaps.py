"""What is missed most, by article of the law and by topic: of a cohort, and of one person.

A question counts for every article that it cites, once, and for every tag it has. What is missed is the share of the
marks that were not earned, each answer weighing the same. Of a person only those questions count of which nothing is
kept from them (``practice.hidden``): what they miss in an exam that still hides its marks shows nowhere here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from lms.catalog import readings
from lms.catalog.law import Citation
from lms.catalog.model import Catalog, Lesson
from lms.catalog.readings import Reading
from lms.citations import citation
from lms.learning import frozen, question_sums
from lms.learning.practice import Pool
from lms.quiz.item import Item

#: Of fewer answers a share would mislead more than it tells.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of a quiz, and how it was answered. ``quiz`` "": wherever. ``fractions``: the sum of the marks."""

    item: Item
    quiz: str
    answers: int
    fractions: float

    @property
    def missed(self) -> float:
        """Which share of the marks was not earned, 0…1."""
        return min(1.0, max(0.0, 1 - self.fractions / self.answers))


@dataclass(frozen=True, slots=True)
class Gap:
    """What belongs to one article or one tag. ``questions``: those first of which most was missed.

    ``about``: the citation of an article, or a tag. ``reading``: the lesson to give to whoever misses it.
    """

    about: str
    questions: Sequence[Answered]
    reading: Reading | None

    @property
    def answers(self) -> int:
        return sum(one.answers for one in self.questions)

    @property
    def lost(self) -> float:
        """So many whole answers were missed."""
        return sum(one.missed * one.answers for one in self.questions)

    @property
    def missed(self) -> float:
        return self.lost / self.answers


# --- of whom --------------------------------------------------------------------------------------------------------


def of_cohort(db: Connection, cohort_id: UUID, catalog: Catalog) -> list[Answered]:
    """How the questions of quizzes were answered in the closed attempts that the cohort counts, as they read today."""
    sums = [one for one in question_sums.by_quiz(db, cohort_id) if one.marked]
    gone = [one.question_version for one in sums if one.item not in catalog.homes]
    asked = {item.id: item for item in frozen.questions(db, gone)} if gone else {}
    found: dict[tuple[str, str], Answered] = {}
    for one in sums:
        item = catalog.homes[one.item][0] if one.item in catalog.homes else asked[one.item]
        before = found.get((one.quiz, one.item), Answered(item, one.quiz, 0, 0.0))
        counted = Answered(item, one.quiz, before.answers + one.marked, before.fractions + one.fractions)
        found[one.quiz, one.item] = counted
    return list(found.values())


def of_person(pool: Pool) -> list[Answered]:
    """How one person answered what they may know of: each question as they answered it last."""
    judged = pool.last
    mine = ((one.item, judged[one.item.id]) for one in pool.open if one.item.id in judged)
    return [Answered(item, "", 1, last.fraction) for item, last in mine if last.fraction is not None]


# --- by what --------------------------------------------------------------------------------------------------------


def by_article(answered: Iterable[Answered], catalog: Catalog) -> list[Gap]:
    """What is missed most first. ``about``: ``uu-20-2023#24``, the article of whatever a question cites."""
    found = _by(answered, lambda item: {_written(readings.article(citation(cite))) for cite in item.cites})
    return _in_order(Gap(about, some, _of_article(catalog, citation(about), some)) for about, some in found.items())


def by_tag(answered: Iterable[Answered], catalog: Catalog) -> list[Gap]:
    """What is missed most first."""
    found = _by(answered, lambda item: set(item.tags))
    return _in_order(Gap(about, some, _of_questions(catalog, some)) for about, some in found.items())


def _written(article: Citation) -> str:
    regulation, locator = article
    return f"{regulation}#{locator}" if locator else regulation


def _by(answered: Iterable[Answered], about: Callable[[Item], Iterable[str]]) -> Mapping[str, list[Answered]]:
    found: defaultdict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        for what in about(one.item):
            found[what].append(one)
    for some in found.values():
        some.sort(key=lambda one: (-one.missed, -one.answers, one.item.id))
    return found


def _in_order(gaps: Iterable[Gap]) -> list[Gap]:
    return sorted(gaps, key=lambda gap: (-gap.missed, -gap.answers, gap.about))


# --- what to give to whoever misses it --------------------------------------------------------------------------------


def _of_article(catalog: Catalog, article: Citation, questions: Sequence[Answered]) -> Reading | None:
    """Of the lessons that cite the article the one which most of what was missed is about, else what that is about."""
    teaching = _teaching(catalog).get(article, {})
    tested = _tested(catalog, questions)
    lesson = max(teaching, key=lambda id: tested.get(id, 0.0), default=None)  # of equals the first of the course
    return teaching[lesson] if lesson else _of_questions(catalog, questions)


def _of_questions(catalog: Catalog, questions: Sequence[Answered]) -> Reading | None:
    """The lesson which most of what was missed is about; None where no question says."""
    tested = _tested(catalog, questions)
    most = max(tested, key=lambda id: tested[id], default=None)
    return Reading(catalog.lessons[most], None) if most else None


def _tested(catalog: Catalog, questions: Iterable[Answered]) -> Mapping[str, float]:
    """By lesson, how many whole answers of what it teaches were missed."""
    missed: defaultdict[str, float] = defaultdict(float)
    for one in questions:
        for lesson in readings.lessons(catalog, one.item):
            missed[lesson.id] += one.missed * one.answers
    return missed


def _teaching(catalog: Catalog) -> Mapping[Citation, Mapping[str, Reading]]:
    """By article, the lessons that cite it, or a part of it, in the order of the course; worked out once a catalog."""
    return catalog.memory.remember("teaching", lambda: _teach(catalog.every_lesson))


def _teach(lessons: Iterable[Lesson]) -> Mapping[Citation, Mapping[str, Reading]]:
    found: defaultdict[Citation, dict[str, Reading]] = defaultdict(dict)
    for lesson in lessons:
        for cited in lesson.citations:
            heading = lesson.cited_below.get(cited)
            first = found[readings.article(cited)].setdefault(lesson.id, Reading(lesson, heading))
            if first.heading is None and heading:
                found[readings.article(cited)][lesson.id] = Reading(lesson, heading)
    return found
