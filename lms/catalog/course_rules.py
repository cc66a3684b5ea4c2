"""What a module, a lesson and a question must have besides being readable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lms.catalog import course, register
from lms.catalog.dead_ends import DeadEnds, lesson_file
from lms.catalog.model import Catalog, Goal, Lesson, Module
from lms.catalog.modules import words
from lms.catalog.reading import Originals
from lms.catalog.store import FOLDERS, MODULES, QUIZZES
from lms.citations import citation
from lms.fields import Problems
from lms.quiz import draw_rules
from lms.quiz.quiz import Quiz

EXAMPLE = "TULIS:"  # begins what an author is to replace in a new file
SHORTEST, LONGEST = 700, 1_400  # words of a lesson


def check(catalog: Catalog, originals: Originals, dead_ends: DeadEnds, problems: Problems) -> None:
    _check_course(catalog, originals, dead_ends)
    _check_days(catalog, originals, problems)
    _check_examples(originals, problems)
    for agenda in catalog.agendas:
        if agenda.id != course.UNPLACED.id:
            _check_orders(agenda.modules, problems)
    for module in catalog.modules.values():
        _check_module(catalog, module, problems.at(module.path))
    for lesson in catalog.every_lesson:
        if not lesson.broken:
            _check_lesson(catalog, lesson, problems.at(lesson.path))
    whole = catalog.is_sound(QUIZZES) and catalog.is_sound(MODULES)
    for quiz in catalog.quizzes.values():
        path = f"{QUIZZES}/{quiz.id}.md"
        if quiz.is_drawn:
            line = originals.line(path, "draw" if quiz.draws else "asks")
            draw_rules.check(quiz, catalog.bank, problems.at(path), line, whole=whole)
            draw_rules.check_uninvited(quiz, catalog.quizzes.values(), catalog.bank, problems.at(path), line)
        if quiz.after:
            _check_after(catalog, quiz, path, originals.line(path, "after"), dead_ends, problems)
    for path, item in catalog.items():
        for cite in item.cites:
            dead_ends.add_citation(citation(cite), path, item.line)
        for outcome in item.outcomes:
            _check_outcome(catalog, outcome, path, item.line, dead_ends)


def _check_course(catalog: Catalog, originals: Originals, dead_ends: DeadEnds) -> None:
    """What the course leads to must be there: the pre-test, the simulation, the lesson about the goal."""
    goal = catalog.course.goal or Goal(title="", reason="")
    for id, keys in ((catalog.course.pretest, ("pretest",)), (goal.simulation, ("goal", "simulation"))):
        if id and id not in catalog.quizzes:
            dead_ends.add_quiz(id, course.PATH, originals.line(course.PATH, *keys))
    if goal.lesson and not catalog.lesson_called(goal.lesson):
        dead_ends.add_lesson(goal.lesson, course.PATH, originals.line(course.PATH, "goal", "lesson"))


def _check_after(catalog: Catalog, quiz: Quiz, path: str, line: int, dead_ends: DeadEnds, problems: Problems) -> None:
    """The quiz it is compared with must be there, and nothing comes after itself."""
    if quiz.after not in catalog.quizzes:
        dead_ends.add_quiz(quiz.after, path, line)
    elif quiz.id in _befores(catalog, quiz):
        message = f"`after: {quiz.after}` membuat kuis ini mengikuti dirinya sendiri; hapus salah satunya"
        problems.at(path).error(line, "X012", message)


def _befores(catalog: Catalog, quiz: Quiz) -> set[str]:
    """The quizzes that come before one, before that, and so on."""
    found: set[str] = set()
    before = catalog.quizzes.get(quiz.after)
    while before and before.id not in found:
        found.add(before.id)
        before = catalog.quizzes.get(before.after)
    return found


def _check_outcome(catalog: Catalog, outcome: str, path: str, line: int, dead_ends: DeadEnds) -> None:
    lesson, place = catalog.outcome_called(outcome)
    id = outcome.rpartition(".")[0]
    if lesson is None:
        message = f"tujuan `{outcome}` menunjuk materi `{id}` yang tidak ada"
        dead_ends.add(path, line, "X011", message, file=lesson_file(catalog, id))
    elif place > len(lesson.outcomes):
        message = f"tujuan `{outcome}` tidak ada; {lesson.path} menyebut {len(lesson.outcomes)} tujuan"
        dead_ends.add(path, line, "X011", message, file=lesson.path)


def _check_days(catalog: Catalog, originals: Originals, problems: Problems) -> None:
    """Whoever writes 2062 for 2026 silences every warning about changed law."""
    written: list[tuple[str, str, date | None]] = [(course.PATH, "as_of", catalog.course.as_of)]
    written += [(f"{register.FOLDER}/{one.id}.yml", "changed", one.changed) for one in catalog.regulations.values()]
    written += [(f"{register.FOLDER}/{one.id}.yml", "as_of", one.as_of) for one in catalog.regulations.values()]
    written += [(one.path, "reviewed", one.reviewed) for one in catalog.modules.values()]
    written += [(one.path, "reviewed", one.reviewed) for one in catalog.every_lesson]
    written += [(f"{QUIZZES}/{one.id}.md", "reviewed", one.reviewed) for one in catalog.quizzes.values()]
    latest = datetime.now(UTC).date() + timedelta(days=1)  # somewhere on earth it is tomorrow
    for path, key, day in written:
        if day and day > latest:
            message = f"`{key}: {day}` belum tiba; periksa tahunnya"
            problems.at(path).error(originals.line(path, key), "C012", message)


def _check_examples(originals: Originals, problems: Problems) -> None:
    """What ``lms new`` wrote for an author to replace."""
    for path in (path for folder in FOLDERS for path in originals.paths(folder)):
        if not path.endswith((".md", ".yml")) or (source := originals.source(path)) is None:
            continue
        if left := source.text.count(EXAMPLE):
            line = source.text.count("\n", 0, source.text.index(EXAMPLE)) + 1
            message = f"`{EXAMPLE}` masih ada {left} kali; ganti dengan teks Anda sendiri"
            problems.at(path).warning(line, "C013", message)


def _check_orders(modules: tuple[Module, ...], problems: Problems) -> None:
    first: dict[int, Module] = {}
    for module in modules:
        if (other := first.setdefault(module.order, module)) is not module and not module.broken:
            message = f"nomor urut {module.order} sudah dipakai modul `{other.id}`; beri nomor lain"
            problems.at(module.path).warning(1, "M003", message)


def _check_module(catalog: Catalog, module: Module, notes: Problems) -> None:
    if module.broken:
        return
    if not module.lessons and catalog.is_sound(f"{MODULES}/{module.id}"):
        notes.warning(1, "M004", "modul ini belum memuat materi; tambahkan berkas 01-….md")
    if not module.quizzes and catalog.is_sound(QUIZZES):
        notes.warning(1, "M005", f"modul ini belum punya kuis; tulis quizzes/{module.id}.md yang menyebutnya")
    if not module.outcomes:
        notes.error(1, "M006", "tujuan pembelajaran (`outcomes`) modul ini belum ditulis")


def _check_lesson(catalog: Catalog, lesson: Lesson, notes: Problems) -> None:
    if not lesson.outcomes:
        notes.error(1, "L010", "tujuan pembelajaran (`outcomes`) materi ini belum ditulis")
    if not lesson.checks:
        notes.warning(1, "L013", "materi ini belum punya cek mandiri; tulis sedikitnya satu blok ```quiz")
    if not lesson.citations:
        notes.warning(1, "L015", "materi ini belum merujuk satu pasal pun; tulis mis. [Pasal 2](reg:uu-20-2023#2)")
    length = words(lesson.body)
    if length < SHORTEST:
        notes.warning(1, "L011", f"materi ini {length} kata; tulis sedikitnya {SHORTEST}")
    if length > LONGEST:
        notes.warning(1, "L012", f"materi ini {length} kata; bagi menjadi dua, paling banyak {LONGEST}")
    if catalog.is_sound(register.FOLDER):
        _check_history(catalog, lesson, notes)


def _check_history(catalog: Catalog, lesson: Lesson, notes: Problems) -> None:
    """Whoever reads about a revoked regulation is to meet what replaced it on the same page."""
    cited: dict[str, int] = {}
    for (id, _locator), line in lesson.cited_in_text:
        cited.setdefault(id, line)
    for id, line in cited.items():
        regulation = catalog.regulations.get(id)
        if regulation and not regulation.stands and not cited.keys() & set(regulation.revoked_by):
            message = f"{regulation.short} sudah dicabut; rujuk juga penggantinya di materi ini"
            notes.warning(line, "L014", message)
