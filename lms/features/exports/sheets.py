"""What the tables of a cohort hold: results, answers, item analysis, progress.

Their words are Indonesian whoever asks, as those of the letters and forms are that such files go with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from lms.catalog.model import Catalog
from lms.db.attempts import Confidence
from lms.features.exports.book import Add, Book, Cell, Share
from lms.learning.api import analyses, frozen, progress, quiz_records, whole_cohort
from lms.markup import plain_sections
from lms.quiz.item import Item, Response
from lms.quiz.item_analysis import FEWEST
from lms.web.language import ZONES

_WHO = ("Nama", "NIP/login")
_VERDICT = {True: "ya", False: "tidak", None: None}
_CONFIDENCE = {Confidence.SURE: "yakin", Confidence.UNSURE: "ragu", Confidence.GUESS: "menebak"}
#: So many answers in words are kept: those to questions with options repeat themselves, texts do not.
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Clock:
    """By whose clock the moments of a file are told."""

    zone: ZoneInfo

    @property
    def name(self) -> str:
        """What people call it."""
        return ZONES.get(self.zone.key, self.zone.key)

    def at(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(self.zone).replace(tzinfo=None)


def write(
    book: Book, db: Connection, cohort_id: UUID, catalog: Catalog, clock: Clock, *, told: Callable[[int], None]
) -> None:
    """All tables of a cohort. ``told`` hears how many people are done, again and again."""
    results = book.table(*_results(clock))
    answers = book.table(*_answers(clock))
    items = book.table(*_items(clock))
    progressed = book.table(*_progress(catalog, clock))
    words, done = Words(db), 0
    for people in whole_cohort.people(db, cohort_id):
        for one in people:
            _add_attempts(one, catalog, clock, words, results, answers)
            progressed(_progress_row(one, catalog, clock))
        done += len(people)
        told(done)
    for row in _analysed(db, cohort_id, catalog, clock):
        items(row)


# --- attempts and answers ---------------------------------------------------------------------------------------------


def _results(clock: Clock) -> tuple[str, tuple[str, ...]]:
    when = (f"Mulai ({clock.name})", f"Dikumpulkan ({clock.name})")
    return "Hasil", (*_WHO, "Kuis", "Percobaan", *when, "Poin", "Maksimum", "Nilai", "Lulus")


def _answers(clock: Clock) -> tuple[str, tuple[str, ...]]:
    asked = ("Kuis", "Percobaan", "Nomor", "Soal", "Judul soal")
    given = ("Jawaban", "Jawaban mentah", "Keyakinan", f"Dijawab ({clock.name})")
    return "Jawaban", (*_WHO, *asked, *given, "Poin", "Maksimum")


def _add_attempts(
    one: whole_cohort.Person, catalog: Catalog, clock: Clock, words: Words, results: Add, answers: Add
) -> None:
    who = (one.member.name, one.member.login)
    for taken in one.attempts:
        offered = catalog.quizzes.get(taken.quiz)
        quiz = offered.title if offered else taken.quiz
        passed = taken.passed if offered is None or offered.can_be_failed else None
        which = (*who, quiz, taken.number)
        when = (clock.at(taken.started_at), clock.at(taken.submitted_at))
        share = None if taken.share is None else Share(taken.share)
        results((*which, *when, taken.score, taken.maximum, share, _VERDICT[passed]))
        for answer in taken.answers:
            title, given = words.of(answer)
            asked = (answer.position + 1, answer.item, title)
            sure = _CONFIDENCE[Confidence(answer.confidence)] if answer.confidence else None
            answers(
                (*which, *asked, given, answer.value, sure, clock.at(answer.made_at), answer.points, answer.maximum)
            )


class Words:
    """Questions and answers as people read them, without their Markdown."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._given: dict[tuple[str, str | None], tuple[str, str]] = {}

    def of(self, answer: whole_cohort.Answer) -> tuple[str, str]:
        """The title of the question, and what was answered; empty: nothing."""
        key = answer.question_version, answer.value
        if key not in self._given:
            if len(self._given) >= _MOST_WORDS:
                self._given.clear()
            self._given[key] = self._say(answer)
        return self._given[key]

    def _say(self, answer: whole_cohort.Answer) -> tuple[str, str]:
        (item,) = frozen.questions(self._db, [answer.question_version])
        response = frozen.decoded(answer.value)
        return item.title, in_words(item, response) if response else ""


def in_words(item: Item, response: Response) -> str:
    """``Penyalah guna + Pecandu``, or ``Pasal 3 → ayat (1); …`` where several things are asked."""
    options = {option.id: option.text for option in item.choices()}
    if not item.rows():
        return " + ".join(_plain(options[part]) if part in options else part for part in response)
    given = item.by_row(response)
    said = []
    for place, row in enumerate((row for row in item.rows() if row.id in given), start=1):
        of_row = {option.id: option.text for option in row.options}
        value = given[row.id]
        said.append(f"{_plain(row.text) or place} → {_plain(of_row[value]) if value in of_row else value}")
    return "; ".join(said)


def _plain(text: str) -> str:
    parts = [part for one in plain_sections(text) for part in (one.heading.title if one.heading else "", one.text)]
    return " ".join(filter(None, parts))


# --- item analysis ----------------------------------------------------------------------------------------------------


def _items(clock: Clock) -> tuple[str, tuple[str, ...]]:
    figures = (
        "Indeks kesukaran",
        "Simpangan baku",
        "Peluang menebak",
        "Bobot dimaksud",
        "Bobot efektif",
        "Daya beda",
        "Efisiensi daya beda",
    )
    return "Analisis soal", (
        "Kuis",
        "Soal",
        "Judul soal",
        "Versi",
        "Percobaan pertama",
        *figures,
        f"Dihitung ({clock.name})",
    )


def _analysed(db: Connection, cohort_id: UUID, catalog: Catalog, clock: Clock) -> Iterator[tuple[Cell, ...]]:
    """A row for each question and major version, of first attempts; of too few of them without figures."""
    for quiz in catalog.quizzes.values():
        found = analyses.of(db, cohort_id, quiz.id, quiz_records.Which.FIRST)
        if found is None:
            continue
        for (id, major), one in sorted(found.quiz.items.items()):
            item = catalog.homes[id][0] if id in catalog.homes else None
            named = (quiz.title, id, item.title if item else None, major[:8], one.attempts)
            figures = _figures(found.quiz, (id, major), item) if one.attempts >= FEWEST else (None,) * 7
            yield (*named, *figures, clock.at(found.computed_at))


def _figures(quiz: Any, key: tuple[str, str], item: Item | None) -> tuple[Cell, ...]:
    one = quiz.items[key]
    shares = (one.facility, one.deviation, item.guess() if item else None)
    weights = (quiz.intended_weights.get(key), quiz.effective_weights.get(key))
    told = (*shares, *weights, one.discrimination, one.efficiency)
    return tuple(None if figure is None else Share(figure) for figure in told)


# --- progress ---------------------------------------------------------------------------------------------------------

_LESSON = {"done": "selesai", "started": "dibuka", "open": None}


def _progress(catalog: Catalog, clock: Clock) -> tuple[str, tuple[str, ...]]:
    lessons = [f"Materi: {lesson.title}" for lesson in catalog.every_lesson]
    quizzes = [f"Kuis: {quiz.title}" for quiz in catalog.quizzes.values()]
    return "Progres", (*_WHO, "Progres", f"Terakhir terlihat ({clock.name})", *lessons, *quizzes)


def _progress_row(one: whole_cohort.Person, catalog: Catalog, clock: Clock) -> tuple[Cell, ...]:
    records = one.standing.records
    return (
        one.member.name,
        one.member.login,
        Share(progress.course_share(catalog, records).value),
        clock.at(one.standing.last_seen_at),
        *(_LESSON[progress.lesson_state(lesson, records).word] for lesson in catalog.every_lesson),
        *(_quiz(quiz, records.passed, records.tried) for quiz in catalog.quizzes),
    )


def _quiz(quiz: str, passed: frozenset[str], tried: frozenset[str]) -> str | None:
    return "lulus" if quiz in passed else "dicoba" if quiz in tried else None
