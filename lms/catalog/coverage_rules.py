"""Whether the core of the law is taught and asked, and what was written before a regulation's status changed."""

from __future__ import annotations

from lms.catalog import course
from lms.catalog.coverage import survey
from lms.catalog.dead_ends import DeadEnds
from lms.catalog.law import Regulation
from lms.catalog.model import Catalog
from lms.catalog.reading import Originals
from lms.catalog.store import MODULES, QUIZZES
from lms.citations import citation
from lms.fields import Problems
from lms.quiz.quiz import Quiz


def check(catalog: Catalog, originals: Originals, dead_ends: DeadEnds, problems: Problems) -> None:
    _check_core(catalog, originals, dead_ends, problems)
    for lesson in catalog.every_lesson:
        for regulation in catalog.changed_since(lesson.citations, lesson.reviewed):
            line = min(line for (id, _), line in lesson.citations.items() if id == regulation.id)
            problems.at(lesson.path).warning(line, "R020", f"{_told(regulation)}; baca ulang materi ini")
    for quiz in catalog.quizzes.values():
        _check_quiz(catalog, quiz, problems.at(f"{QUIZZES}/{quiz.id}.md"))


def _check_quiz(catalog: Catalog, quiz: Quiz, notes: Problems) -> None:
    for item in quiz.items:
        for regulation in catalog.changed_since(map(citation, item.cites), quiz.reviewed):
            notes.warning(item.line, "R021", f"{_told(regulation)}; periksa lagi kunci dan pembahasan `{item.id}`")


def _told(regulation: Regulation) -> str:
    return f"status {regulation.short} berubah pada {regulation.changed}, sesudah berkas ini ditinjau"


def _check_core(catalog: Catalog, originals: Originals, dead_ends: DeadEnds, problems: Problems) -> None:
    notes = problems.at(course.PATH)
    rows = {(one.regulation.id, row.locator): row for one in survey(catalog) for row in one.rows}
    for index, cited in enumerate(catalog.course.core):
        row, name = rows.get(cited), "#".join(filter(None, cited))
        if row is None:
            dead_ends.add_citation(cited, course.PATH, originals.line(course.PATH, "core", index))
            continue
        if not row.lessons and catalog.is_sound(MODULES):
            message = f"pasal inti `{name}` belum dirujuk satu materi pun"
            notes.error(originals.line(course.PATH, "core", index), "C010", message)
        if not row.questions and catalog.is_sound(QUIZZES):
            message = f"pasal inti `{name}` belum ditanyakan dalam satu kuis pun; tulis di `cites` sebuah soal"
            notes.error(originals.line(course.PATH, "core", index), "C011", message)
