"""Which learning outcomes are tested: lesson -> outcome -> the questions and self-checks that name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from lms.catalog.coverage import Asked
from lms.catalog.model import Catalog, Lesson


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """An outcome of a lesson, the ``place``-th from 1, and what tests it."""

    lesson: Lesson
    place: int
    text: str
    checks: tuple[Asked, ...]
    questions: tuple[Asked, ...]

    @property
    def empty(self) -> bool:
        """No quiz asks for it."""
        return not self.questions


def tested(catalog: Catalog) -> list[Tested]:
    """Every outcome of every lesson, in the order of the course."""
    checks = _by_outcome(catalog, (Asked(item, one) for one in catalog.every_lesson for item in one.checks))
    questions = _by_outcome(catalog, (Asked(item, one) for one in catalog.quizzes.values() for item in one.items))
    return [
        Tested(
            lesson=lesson,
            place=place,
            text=text,
            checks=tuple(checks.get((lesson.id, place), ())),
            questions=tuple(questions.get((lesson.id, place), ())),
        )
        for lesson in catalog.every_lesson
        for place, text in enumerate(lesson.outcomes, 1)
    ]


def _by_outcome(catalog: Catalog, asking: Iterable[Asked]) -> dict[tuple[str, int], list[Asked]]:
    found: dict[tuple[str, int], list[Asked]] = defaultdict(list)
    for asked in asking:
        for outcome in dict.fromkeys(asked.item.outcomes):
            lesson, place = catalog.outcome_called(outcome)
            if lesson:
                found[lesson.id, place].append(asked)
    return found


def told(outcomes: Iterable[Tested]) -> str:
    """For a terminal: a line an outcome, with ``–`` where nothing tests it."""
    return "\n".join(_lines(outcomes))


def _lines(outcomes: Iterable[Tested]) -> Iterator[str]:
    yield f"{'cek':>6} {'soal':>5}  tujuan pembelajaran"
    for lesson, group in groupby(outcomes, key=lambda one: one.lesson):
        yield f"\n{lesson.title} ({lesson.id})"
        for one in group:
            yield f"{len(one.checks) or '–':>6} {len(one.questions) or '–':>5}  {one.place}. {one.text}"
