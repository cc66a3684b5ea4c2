"""Which law is taught and asked: regulation -> article -> the lessons, self-checks and quiz questions that cite it.

What cites a part cites the whole it stands in: who reads Pasal 3 ayat (2) reads Pasal 3 and its regulation, not the
other way round.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from lms.catalog.law import Article, Citation, Regulation
from lms.catalog.model import Catalog, Lesson
from lms.citations import citation
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it is asked: in a quiz, or in a lesson as a self-check."""

    item: Item
    place: Lesson | Quiz


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What rests on an article, or on anything of a regulation where ``article`` is None.

    ``lessons`` cite it in their text or in a self-check. ``core``: it is one of those that everybody must know.
    """

    article: Article | None
    core: bool
    lessons: tuple[Lesson, ...]
    checks: tuple[Asked, ...]
    questions: tuple[Asked, ...]

    @property
    def empty(self) -> bool:
        """No lesson teaches it, or no quiz asks it."""
        return not self.lessons or not self.questions

    @property
    def is_cited(self) -> bool:
        return bool(self.lessons or self.checks or self.questions)

    @property
    def locator(self) -> str:
        return self.article.locator if self.article else ""

    @property
    def label(self) -> str:
        return self.article.label if self.article else "Keseluruhan"

    @property
    def title(self) -> str:
        return self.article.title if self.article else ""


@dataclass(frozen=True, slots=True)
class Covered:
    """A regulation with a row for the whole, then one for each of its articles in the order of the register."""

    regulation: Regulation
    rows: tuple[Row, ...]


def survey(catalog: Catalog) -> list[Covered]:
    """How well every regulation of the register is covered."""
    resting = _Resting(catalog)
    return [
        Covered(regulation, tuple(resting.row(regulation, one) for one in (None, *regulation.articles.values())))
        for regulation in catalog.regulations.values()
    ]


def empty_only(covered: Iterable[Covered]) -> list[Covered]:
    """Only the rows that lack a lesson or a question, and only the regulations that have such rows."""
    gaps = (replace(one, rows=tuple(row for row in one.rows if row.empty)) for one in covered)
    return [one for one in gaps if one.rows]


class _Resting:
    """Who cites what, by regulation and locator; the values keep the order of the course, each once."""

    def __init__(self, catalog: Catalog) -> None:
        self._core = frozenset(catalog.course.core)
        self._lessons = _index((lesson, lesson.citations) for lesson in catalog.every_lesson)
        self._checks = _index(
            (Asked(item, lesson), map(citation, item.cites))
            for lesson in catalog.every_lesson
            for item in lesson.checks
        )
        self._questions = _index(
            (Asked(item, quiz), map(citation, item.cites)) for quiz in catalog.quizzes.values() for item in quiz.items
        )

    def row(self, regulation: Regulation, article: Article | None) -> Row:
        place = regulation.id, article.locator if article else ""
        return Row(
            article=article,
            core=place in self._core,
            lessons=tuple(self._lessons.get(place, ())),
            checks=tuple(self._checks.get(place, ())),
            questions=tuple(self._questions.get(place, ())),
        )


def _index(citing: Iterable[tuple[T, Iterable[Citation]]]) -> Mapping[Citation, list[T]]:
    found: dict[Citation, list[T]] = defaultdict(list)
    for one, citations in citing:
        for place in dict.fromkeys(whole for cited in citations for whole in _wholes(cited)):
            found[place].append(one)
    return found


def _wholes(cited: Citation) -> Iterator[Citation]:
    """``3.2.a`` -> itself, ``3.2``, ``3`` and the regulation."""
    regulation, locator = cited
    while locator:
        yield regulation, locator
        locator = locator.rpartition(".")[0]
    yield regulation, ""


# --- told -----------------------------------------------------------------------------------------------------------

COLUMNS = ("regulation", "locator", "label", "core", "lessons", "checks", "questions")


def table(covered: Iterable[Covered]) -> str:
    """For a terminal: a line a row, with ``–`` where nothing is."""
    return "\n".join(_lines(covered))


def _lines(covered: Iterable[Covered]) -> Iterator[str]:
    yield f"{'materi':>6} {'cek':>5} {'soal':>5}"
    for one in covered:
        yield f"\n{one.regulation.short} ({one.regulation.id})"
        yield from map(line, one.rows)
    yield "\n* pasal inti; – belum ada"


def line(row: Row) -> str:
    """How many lessons, self-checks and questions rest on it, and its name."""
    lessons, checks, questions = (len(found) or "–" for found in (row.lessons, row.checks, row.questions))
    name = f"{row.label}{' *' if row.core else ''}{f': {row.title}' if row.title else ''}"
    return f"{lessons:>6} {checks:>5} {questions:>5}  {name}"


def as_csv(covered: Iterable[Covered]) -> str:
    """A line a row with the ids of what cites it, separated by spaces; the row of a whole regulation has no locator."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in covered:
        lines.writerows((one.regulation.id, *_cells(row)) for row in one.rows)
    return written.getvalue()


def _cells(row: Row) -> tuple[str, ...]:
    lessons = " ".join(lesson.id for lesson in row.lessons)
    checks, questions = (" ".join(asked.item.id for asked in found) for found in (row.checks, row.questions))
    return row.locator, row.label, "yes" if row.core else "", lessons, checks, questions
